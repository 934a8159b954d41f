"""`referent archive`: what the logs hold and an archive does not yet, as files beside those there.

Nothing that is archived is touched again. A pair of files (Parquet and NDJSON) is moved into place,
then the manifest that names it: whatever is killed, what the manifest names is whole, and the next
run removes what it does not name and goes on from there.
"""

import fcntl
import os
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import orjson

from contracts.envelope import fact_id, hash_of
from services.chassis.failpoint import failpoint
from services.chassis.settings import SERVICES
from services.embedded import wording
from services.embedded.client import reached
from services.embedded.refusals import EmbeddedError
from services.embedded.shown import Shown
from services.reporting.archive.manifest import (
    NDJSON,
    PARQUET,
    ArchivedFile,
    Manifest,
    NotAManifest,
    not_listed,
    path_of,
    put,
    read_manifest,
    write_manifest,
)

FACTS_A_FILE = 122_880
"""Held in memory at once, one row group of the Parquet file, and what a rebuild takes at once."""


def archive(home: Path, given: Namespace, shown: Shown) -> int:
    """Bring a folder up to what the logs hold; 1 when a log and the archive tell two histories."""
    path, auditor = f"/api/{quote(given.company, safe='')}/facts", f"auditor.{given.company}"
    with reached(home, shown.say) as client:
        # A company that is not known gets no folder.
        client.call("GET", SERVICES[0], path, auditor, params={"to": 1})
        with archive_in(given.to, given.company) as archiving:
            before = archiving.manifest.facts
            for service in SERVICES:
                params = {"from": archiving.wants_from(service)}
                with client.lines(service, path, auditor, params=params) as lines:
                    archiving.add(service, lines)
    manifest = archiving.manifest
    answer = {
        "company": manifest.company,
        "facts": manifest.facts,
        "added": manifest.facts - before,
        "files": [file.model_dump() for file in manifest.files],
        "ignored": list(not_listed(given.to, manifest)),
    }
    shown.answer(answer, lambda told: wording.archive_text(told, given.to))
    return 0


@contextmanager
def archive_in(folder: Path, company: str) -> Iterator["Archiving"]:
    """The archive of a company in a folder, new or begun, for this process alone.

    Errors: EmbeddedError.
    """
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedError(
                f"Another run archives into {folder}: wait for it, or choose another folder."
            ) from None
        with _writing(folder):
            archiving = Archiving(folder, _begun(folder, company))
        yield archiving
    finally:
        os.close(descriptor)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EmbeddedError(
            f"{error.filename or folder} cannot be written ({error.strerror or error}): free some "
            "space or choose another folder with --to. What was archived before is whole."
        ) from None


def _begun(folder: Path, company: str) -> Manifest:
    """The manifest of a folder; that of nothing is written first, so that none means none."""
    try:
        manifest = read_manifest(folder)
    except NotAManifest as error:
        raise EmbeddedError(
            f"{folder}/manifest.json is not the manifest of a whole archive ({error}): put the "
            "right one back, or archive into an empty folder."
        ) from None
    except FileNotFoundError:
        manifest = Manifest.of_nothing(company)
        if stray := next((path for path in not_listed(folder, manifest) if "/" in path), None):
            raise EmbeddedError(
                f"{folder} holds {stray} and no manifest.json: put the manifest back, or archive "
                "into an empty folder."
            ) from None
        write_manifest(folder, manifest)
    if manifest.company != company:
        raise EmbeddedError(
            f"{folder} holds the archive of {manifest.company}: give each company its own folder."
        )
    return manifest


class Archiving:
    """Adds to an archive. Errors: OSError; EmbeddedError when a file of it is not there."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        for file in manifest.files:
            path = folder / file.path
            if not path.is_file() or path.stat().st_size != file.bytes:
                raise EmbeddedError(
                    f"{path} is missing or cut, and the manifest names it: put it back, or archive "
                    "into an empty folder."
                )
        for service in SERVICES:
            self._remove_leftovers(service)

    def _remove_leftovers(self, service: str) -> None:
        """What a killed run wrote past the end of the manifest, and drafts."""
        end = self.manifest.log(service).last
        for path in (self.folder / service).glob("*.draft"):
            path.unlink()
        for kind in (PARQUET, NDJSON):
            for path in (self.folder / service).glob(f"{end + 1:012}-*.{kind}"):
                path.unlink()

    def wants_from(self, service: str) -> int:
        """The first position to be given to `add`: the last one that is archived, to compare."""
        return max(self.manifest.log(service).last, 1)

    def add(self, service: str, contents: Iterable[bytes]) -> None:
        """Archive the facts of a service from `wants_from` on; the manifest grows with each pair.

        Errors: EmbeddedError when they do not follow each other, or what is archived.
        """
        following = iter(contents)
        log = self.manifest.log(service)
        if log.last:
            again = next(following, None)
            if again is None or hash_of(again).hex() != log.hash:
                raise EmbeddedError(
                    f"{service}: the archive's fact {log.last} is not the log's. One of the two is "
                    "of another history: « referent status », then « referent mend », or an empty "
                    "folder. Nothing was added."
                )
        while part := list(islice(following, FACTS_A_FILE)):
            self._follow(service, part)
            with _writing(self.folder):
                self._write(service, part)

    def _follow(self, service: str, part: list[bytes]) -> None:
        log = self.manifest.log(service)
        previous = log.hash
        for position, content in enumerate(part, log.last + 1):
            fact = orjson.loads(content)
            identity = fact_id(self.manifest.company, service, position)
            if fact["id"] != identity or fact["previous"] != previous:
                raise EmbeddedError(
                    f"{service}: position {position} does not follow the bytes of the one before. "
                    f"It is not archived: « referent facts --company {self.manifest.company} "
                    f"--service {service} » says more, « referent mend » mends it."
                )
            previous = hash_of(content).hex()

    def _write(self, service: str, part: list[bytes]) -> None:
        # DuckDB and Arrow are slow to load, and no other command needs them.
        from services.reporting.archive.fact_columns import as_columns, as_lines

        log = self.manifest.log(service)
        first, last, end = log.last + 1, log.last + len(part), hash_of(part[-1]).hex()
        (self.folder / service).mkdir(exist_ok=True)
        files = []
        for kind, content in ((PARQUET, as_columns(service, part)), (NDJSON, as_lines(part))):
            path = path_of(service, first, last, kind)
            files.append(
                ArchivedFile(
                    path=path,
                    service=service,
                    sha256=put(self.folder / path, content, "archive.drafted"),
                    bytes=len(content),
                    first=first,
                    last=last,
                    count=len(part),
                    previous=log.hash,
                    hash=end,
                )
            )
        failpoint("archive.before-manifest")
        self.manifest.add(files)
        write_manifest(self.folder, self.manifest)
        failpoint("archive.after-manifest")
