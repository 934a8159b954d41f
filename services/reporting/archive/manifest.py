"""`manifest.json`: which files an archive is made of, what each holds, how they follow each other.

An archive is a folder for one company: below each service, a pair of files for a range of
positions. Whoever has the manifest knows what is missing, what was altered and what is not of it.
"""

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.envelope import FIRST_HASH
from services.chassis.failpoint import failpoint
from services.chassis.settings import SERVICES

NAME, DRAFT = "manifest.json", ".draft"
PARQUET, NDJSON = "parquet", "ndjson.zst"
KINDS = (PARQUET, NDJSON)
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, le=2**62, strict=True)]


class NotAManifest(Exception):
    """This is not the manifest of a whole archive; the message says where it goes wrong."""


class ArchivedFile(BaseModel):
    """One file. `previous`: the hash that fact `first` names; `hash`: that of fact `last`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    path: str
    service: str
    sha256: Hash
    bytes: Count
    first: Count
    last: Count
    count: Count
    previous: Hash
    hash: Hash

    @property
    def kind(self) -> str:
        return self.path.partition(".")[2]


class ArchivedLog(BaseModel):
    """The facts of one service: always from position 1 on. `hash`: of the bytes of the last one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    facts: Count = 0
    first: Count = 1
    last: Count = 0
    previous: Hash = FIRST_HASH.hex()
    hash: Hash = FIRST_HASH.hex()


class Manifest(BaseModel):
    """See the module. Errors: ValidationError, NotAManifest (`checked`)."""

    model_config = ConfigDict(extra="ignore")

    archive: Literal["referent-facts"] = "referent-facts"
    version: Literal[1] = 1
    company: str
    services: dict[str, ArchivedLog]
    files: list[ArchivedFile]

    @classmethod
    def of_nothing(cls, company: str) -> "Manifest":
        logs = {publisher: ArchivedLog() for publisher in SERVICES}
        return cls(company=company, services=logs, files=[])

    @property
    def facts(self) -> int:
        return sum(log.facts for log in self.services.values())

    def log(self, service: str) -> ArchivedLog:
        return self.services.get(service, ArchivedLog())

    def of(self, service: str, kind: str) -> list[ArchivedFile]:
        return [one for one in self.files if one.service == service and one.kind == kind]

    def add(self, pair: list[ArchivedFile]) -> None:
        """What follows the files of a service that are there."""
        self.files += pair
        last = pair[-1]
        self.services[last.service] = ArchivedLog(facts=last.last, last=last.last, hash=last.hash)

    def checked(self) -> "Manifest":
        """Itself, when its files have their names and follow each other to what it says."""
        for file in self.files:
            named = file.path == path_of(file.service, file.first, file.last, file.kind)
            if not named or file.kind not in KINDS or file.service not in self.services:
                raise NotAManifest(file.path)
        for service, log in self.services.items():
            if service not in SERVICES:
                raise NotAManifest(f"« {service} »")
            for kind in KINDS:
                end = ArchivedLog()
                for file in self.of(service, kind):
                    follows = file.first == end.last + 1 <= file.last
                    whole = file.count == file.last - file.first + 1
                    if not (follows and whole and file.previous == end.hash):
                        raise NotAManifest(file.path)
                    end = ArchivedLog(facts=file.last, last=file.last, hash=file.hash)
                if end != log:
                    raise NotAManifest(f"{service}, {kind}, position {end.last + 1}")
        stray = [
            f.path for f in self.files if f.service not in self.services or f.kind not in KINDS
        ]
        if stray:
            raise NotAManifest(stray[0])
        return self


def path_of(service: str, first: int, last: int, kind: str) -> str:
    """Where the facts of a range of positions lie, below the archive's folder."""
    return f"{service}/{first:012}-{last:012}.{kind}"


def read_manifest(folder: Path) -> Manifest:
    """Errors: FileNotFoundError; OSError; NotAManifest."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_bytes()).checked()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise NotAManifest(".".join(map(str, first["loc"])) or "JSON") from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace it in one step. Errors: OSError."""
    document: dict[str, Any] = manifest.model_dump()
    content = json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
    put(folder / NAME, content, "archive.manifest-drafted")


def put(path: Path, content: bytes, drafted: str) -> str:
    """Write a file under a draft name and move it; its SHA-256. It survives a power cut.

    Errors: OSError, and then nothing of it is left.
    """
    draft = path.with_name(path.name + DRAFT)
    half = len(content) // 2
    try:
        with draft.open("wb") as file:
            file.write(content[:half])
            file.flush()
            failpoint("archive.mid-file")
            file.write(content[half:])
            file.flush()
            os.fsync(file.fileno())
        failpoint(drafted)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    _settle(path.parent)
    return sha256(content).hexdigest()


def _settle(folder: Path) -> None:
    """A name in a folder is on the disk once the folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def not_listed(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Files in the archive's folder, and folders beside those of its services, that its manifest
    does not name.
    """
    known = {NAME, f"{NAME}{DRAFT}", *SERVICES, *(file.path for file in manifest.files)}
    of_services = (path for service in SERVICES for path in (folder / service).glob("*"))
    for path in sorted([*folder.glob("*"), *of_services]):
        if (place := path.relative_to(folder).as_posix()) not in known:
            yield place
