"""Building a company's views anew from the facts, beside the ones that serve, then switching.

The old views serve until the new ones have caught up; the digests over what both have read are
compared; the switch is a rename.
"""

import gc
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kafka.errors import KafkaError

from services.chassis.failpoint import failpoint
from services.chassis.position_rule import Delivery
from services.chassis.refusal import Refusal
from services.reporting.archive.reading import Archive
from services.reporting.bulk_reading import read_in_bulk
from services.reporting.fact_column import BATCH, FactColumn
from services.reporting.fact_store import FactStore
from services.reporting.ingestion import Ingestion, column_of
from services.reporting.shape import HEARD
from services.reporting.store_files import remove

if TYPE_CHECKING:
    from services.reporting.service import Reporting

Batch = TypeVar("Batch")


class RebuildStopped(Refusal):
    status = 409
    slug = "rebuild-stopped"
    title = "Reconstruction interrompue"


class RebuildWouldGoBack(Refusal):
    status = 409
    slug = "rebuild-would-go-back"
    title = "Reconstruction plus courte que les vues"


class Source:
    """Where facts are read again from: `batches(publisher, offset)` yields lists of deliveries.

    `rest`: where to read on when the views in service have read further than this goes.
    `behind`: what to do where nothing has the rest.
    """

    rest: "Source | None" = None
    behind = "Relancez Kafka, ou archivez de nouveau."

    def batches(self, publisher: str, offset: int) -> Iterator[list[Delivery]]:
        raise AssertionError("a source says how")

    def feed(self, ingestion: Ingestion, publisher: str, offset: int) -> None:
        """Take what is there from an offset on.   Refuses: RebuildStopped."""
        for batch, column in read_ahead(with_columns(self.batches(publisher, offset))):
            progress = ingestion.take(publisher, batch, column)
            if progress.held:
                raise RebuildStopped(f"{publisher} : {progress.held}. Les vues en service restent.")


class FromKafka(Source):
    """The topics, whatever the state of the publishers' databases."""

    behind = "Le topic a perdu sa fin\u00a0: le relais la renvoie du journal, puis recommencez."

    def __init__(self, bootstrap_servers: str, reporting: "Reporting") -> None:
        self.bootstrap_servers = bootstrap_servers
        self.company = reporting.company
        self.given_up = reporting.given_up

    def batches(self, publisher: str, offset: int) -> Iterator[list[Delivery]]:
        topic = self.company.topic(publisher)
        for batch in gather(read_in_bulk(self.bootstrap_servers, topic, offset)):
            if self.given_up.is_set():
                raise RebuildStopped(
                    "Le service s'arrête, ou la société passe à un autre. Les vues en service "
                    "restent."
                )
            yield batch


class FromLog(Source):
    """The publishers' own logs; `lines(publisher, first)` yields a fact's bytes after another."""

    behind = "Le journal vient d'une sauvegarde plus ancienne\u00a0: « referent mend » le complète."

    def __init__(self, lines: Any) -> None:
        self.lines = lines

    def batches(self, publisher: str, offset: int) -> Iterator[list[Delivery]]:
        # The log has no offsets and no repeats: a position is as good a place.
        def numbered() -> Iterator[list[Delivery]]:
            for place, content in enumerate(self.lines(publisher, offset + 1), offset):
                yield [Delivery(place, content)]

        yield from gather(numbered())


class FromArchive(Source):
    """An archive, with the topics for what the views in service have read beyond its end.

    Refuses: ArchiveNotWhole for a file that is not read here, as for one that is.
    """

    def __init__(self, archive: Archive, rest: Source) -> None:
        archive.check_beside(HEARD)
        self.archive = archive
        self.rest = rest

    def feed(self, ingestion: Ingestion, publisher: str, offset: int) -> None:
        """Refuses: ArchiveNotWhole."""
        end = ingestion.store.standing(publisher).last.position
        # An archive that is added to every day is thousands of small files.
        pieces = (facts for _, facts in self.archive.facts(publisher, end))
        for facts in read_ahead(FactColumn.batches(pieces)):
            end += len(facts)
            self.archive.refuse_gap(publisher, end, ingestion.take_column(publisher, facts))


def with_columns(
    batches: Iterable[list[Delivery]],
) -> Iterator[tuple[list[Delivery], FactColumn | None]]:
    """Each with its column: made while the one before it is taken in."""
    for batch in batches:
        yield batch, column_of(batch)


def gather(pieces: Iterable[list[Delivery]]) -> Iterator[list[Delivery]]:
    """The same deliveries, `BATCH` at a time."""
    batch: list[Delivery] = []
    for piece in pieces:
        batch += piece
        while len(batch) >= BATCH:
            yield batch[:BATCH]
            batch = batch[BATCH:]
    if batch:
        yield batch


def rebuild(reporting: "Reporting", source: Source, *, by_log: bool) -> dict[str, Any]:
    """Rebuild, compare, switch. The answer is the command line's contract.

    Errors: RebuildStopped when the source has a gap or another history.
    """
    with reporting.swapping:
        started = time.monotonic()
        path = next_path(reporting.folder, reporting.company.slug)
        remove(path)
        new = FactStore(path)
        try:
            ingestion = Ingestion(
                reporting.company.slug, new, reporting.parking.decisions, reporting.parking.park
            )
            with _uncollected():
                _read_all(new, ingestion, source)
            read_in = time.monotonic() - started
            with reporting.store.writing:
                reporting.store.type_kept()
                _read_all(new, ingestion, source)
                _reach(reporting, ingestion, source)
                answer = _compare(reporting, new, read_in)
                new.note_rebuilt(datetime.now(UTC))
                failpoint("reporting.before-switch")
                _switch(reporting, new, path, by_log=by_log)
        except BaseException:
            new.close()
            remove(path)
            raise
        return answer


@contextmanager
def _uncollected() -> Iterator[None]:
    """Millions of records come and go by reference count: looking for cycles costs a third."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read_all(store: FactStore, ingestion: Ingestion, source: Source) -> None:
    for publisher in HEARD:
        source.feed(ingestion, publisher, store.standing(publisher).next_offset)


def _reach(reporting: "Reporting", ingestion: Ingestion, source: Source) -> None:
    """Read on where the views in service know more: figures never go back behind a source's end.

    Refuses: RebuildWouldGoBack.
    """
    for publisher, wanted in reporting.store.positions().items():
        standing = ingestion.store.standing(publisher)
        if standing.last.position >= wanted:
            continue
        if source.rest is not None:
            with suppress(KafkaError, TimeoutError):
                source.rest.feed(ingestion, publisher, standing.next_offset)
        reached = ingestion.store.standing(publisher).last.position
        if reached < wanted:
            raise RebuildWouldGoBack(
                f"{publisher} : on arrive à la position {reached}, les vues en service en sont à "
                f"{wanted} et rien ne donne la suite. {source.behind} Les vues en service restent.",
            )


def read_ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Read the next batch while the last one is taken in: reading is Python, taking in is not."""
    ready: queue.Queue[Batch | BaseException | None] = queue.Queue(maxsize=1)
    abandoned = threading.Event()

    def put(item: Batch | BaseException | None) -> None:
        while not abandoned.is_set():
            try:
                ready.put(item, timeout=0.2)
            except queue.Full:
                continue
            return

    def read() -> None:
        try:
            for batch in batches:
                put(batch)
            put(None)
        except BaseException as error:  # noqa: BLE001 - handed to the reader, raised there
            put(error)

    threading.Thread(target=read, name="read-ahead", daemon=True).start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        abandoned.set()


def _compare(reporting: "Reporting", new: FactStore, read_in: float) -> dict[str, Any]:
    before = reporting.store.positions()
    # Rows of another version do not have every column: what both have is compared.
    own = reporting.store.lacking
    identical = reporting.store.digest(before, own) == new.digest(before, own)
    facts = sum(new.positions().values())
    return {
        "facts": facts,
        "seconds": round(read_in, 3),
        "facts_per_s": round(facts / read_in) if read_in else 0,
        "digest": new.digest(),
        "identical_to_previous": identical,
        "facts_before": sum(before.values()),
    }


def _switch(reporting: "Reporting", new: FactStore, path: Path, *, by_log: bool) -> None:
    if by_log:
        # Offsets of the topics are not known from the log: read the topic again, positions decide.
        for publisher in HEARD:
            new.forget_offset(publisher)
    old = reporting.store
    reporting.hold(new)
    _point_to(path)
    old.retire()
    for file in path.parent.glob(f"{reporting.company.slug}-[0-9]*.duckdb*"):
        # The generation before stays until the next rebuild; what is older goes.
        if file.name.split(".")[0] not in {path.stem, old.path.stem}:
            file.unlink(missing_ok=True)


def current_path(folder: Path, slug: str) -> Path:
    """The file of the generation in service."""
    pointer = folder / f"{slug}.current"
    name = pointer.read_text("utf-8").strip() if pointer.exists() else f"{slug}-1.duckdb"
    return folder / name


def next_path(folder: Path, slug: str) -> Path:
    generation = int(current_path(folder, slug).stem.rpartition("-")[2])
    return folder / f"{slug}-{generation + 1}.duckdb"


def _point_to(path: Path) -> None:
    slug = path.stem.rpartition("-")[0]
    draft = path.with_name(f"{slug}.current.draft")
    draft.write_text(path.name, "utf-8")
    draft.replace(path.with_name(f"{slug}.current"))
