"""Reading an archive again: every file against the manifest, every fact against the one before."""

from collections.abc import Collection, Iterator
from hashlib import file_digest, sha256
from pathlib import Path

from contracts.envelope import Envelope, UnreadableFact, log_of, read_envelope
from services.chassis.position_rule import LastTaken, Verdict
from services.chassis.receiving import Progress
from services.chassis.refusal import Refusal
from services.reporting.archive.fact_columns import NotFacts, read_contents
from services.reporting.archive.manifest import (
    NDJSON,
    PARQUET,
    ArchivedFile,
    Manifest,
    NotAManifest,
    not_listed,
    read_manifest,
)
from services.reporting.fact_column import FactColumn

FOLLOWS_NOT = "le fait ne suit pas celui d'avant"
STAYS = "Rien n'a changé : les vues en service restent."


class ArchiveNotFound(Refusal):
    status = 404
    slug = "archive-not-found"
    title = "Archive introuvable"


class ArchiveOfAnotherCompany(Refusal):
    status = 409
    slug = "archive-of-another-company"
    title = "Archive d'une autre société"


class ArchiveNotWhole(Refusal):
    status = 409
    slug = "archive-not-whole"
    title = "Archive incomplète ou altérée"


class Archive:
    """A folder that `referent archive` filled, for one company.

    Errors: ArchiveNotFound, ArchiveOfAnotherCompany, ArchiveNotWhole when a file is missing.
    """

    def __init__(self, folder: Path, company: str) -> None:
        self.folder = folder
        self.manifest = _manifest(folder)
        if self.manifest.company != company:
            raise ArchiveOfAnotherCompany(
                f"{folder} est l'archive de « {self.manifest.company} », non de « {company} »."
            )
        for file in self.manifest.files:
            if not (folder / file.path).is_file():
                raise _not_whole(file, "ce fichier du manifeste manque")

    @property
    def ignored(self) -> list[str]:
        """Files beside those of the manifest: they are not read."""
        return list(not_listed(self.folder, self.manifest))

    def facts(self, publisher: str, after: int) -> Iterator[tuple[ArchivedFile, FactColumn]]:
        """The facts after a position, which is the end of a file or nothing.

        Errors: ArchiveNotWhole.
        """
        twins = self.manifest.of(publisher, NDJSON)
        for file, twin in zip(self.manifest.of(publisher, PARQUET), twins, strict=True):
            if file.last > after:
                self._check(twin)
                yield from self._columns(file)

    def refuse_gap(self, publisher: str, wanted: int, progress: Progress) -> None:
        """Refuse when not every fact up to the position `wanted` could be taken."""
        if progress.held or progress.last != wanted:
            files = self.manifest.of(publisher, PARQUET)
            file = next(file for file in files if file.last > progress.last)
            raise _not_whole(file, FOLLOWS_NOT, progress.last + 1)

    def check_beside(self, publishers: Collection[str]) -> None:
        """The bytes of the files of other logs, of which whoever reads these makes nothing.

        Errors: ArchiveNotWhole.
        """
        for file in self.manifest.files:
            if file.service not in publishers:
                self._check(file)

    def envelopes(self, publisher: str) -> Iterator[Envelope]:
        """Every fact of a log, read one by one: for a short one.   Errors: ArchiveNotWhole."""
        log, last = log_of(self.manifest.company, publisher), LastTaken()
        for file, facts in self.facts(publisher, 0):
            for _, content in facts.deliveries(0):
                try:
                    fact = read_envelope(content, log)
                except UnreadableFact as error:
                    raise _not_whole(file, str(error), last.position + 1) from None
                if last.judge(fact.position, fact.previous) is not Verdict.TAKE:
                    raise _not_whole(file, FOLLOWS_NOT, last.position + 1)
                last = LastTaken.after(fact.position, content)
                yield fact

    def _check(self, file: ArchivedFile) -> None:
        try:
            with (self.folder / file.path).open("rb") as content:
                found = file_digest(content, "sha256").hexdigest()
        except OSError as error:
            raise _not_whole(file, f"il ne peut être lu ({error.strerror})") from None
        if found != file.sha256:
            raise _not_whole(file, "ses octets ne sont pas ceux du manifeste")

    def _columns(self, file: ArchivedFile) -> Iterator[tuple[ArchivedFile, FactColumn]]:
        try:
            content = (self.folder / file.path).read_bytes()
        except OSError as error:
            raise _not_whole(file, f"il ne peut être lu ({error.strerror})") from None
        if sha256(content).hexdigest() != file.sha256:
            raise _not_whole(file, "ses octets ne sont pas ceux du manifeste")
        count, facts = 0, None
        try:
            for column in read_contents(content):
                facts = FactColumn.of_text(column)
                count += len(facts)
                yield file, facts
        except NotFacts:
            raise _not_whole(file, "ce n'est pas un fichier de faits") from None
        if facts is None or count != file.count or facts.hashes[-1] != file.hash:
            raise _not_whole(file, "il ne contient pas les faits que dit le manifeste", file.last)


def _manifest(folder: Path) -> Manifest:
    try:
        return read_manifest(folder)
    except NotAManifest as error:
        raise ArchiveNotWhole(
            f"{folder}/manifest.json n'est pas le manifeste d'une archive entière ({error}) : "
            f"remettez celui d'origine. {STAYS}"
        ) from None
    except OSError as error:
        raise ArchiveNotFound(
            f"{folder}/manifest.json ne peut être lu ({error.strerror}) : donnez le dossier que "
            "« referent archive » a rempli."
        ) from None


def _not_whole(file: ArchivedFile, what: str, position: int | None = None) -> ArchiveNotWhole:
    place = file.first if position is None else position
    return ArchiveNotWhole(
        f"{file.path}, position {place} : {what}. Remettez l'original de ce fichier, ou archivez "
        f"de nouveau dans un dossier vide. {STAYS}",
        file=file.path,
        position=place,
    )
