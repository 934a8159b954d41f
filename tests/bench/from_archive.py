"""A company's views from its archive, beside reading and checking the archive alone."""

from collections.abc import Iterable
from pathlib import Path

from measuring import show, timed

from services.embedded.archiving import archive_in
from services.reporting.archive.reading import Archive
from services.reporting.rebuilding import FromArchive, Source, rebuild
from services.reporting.service import Reporting
from services.reporting.shape import HEARD


def from_the_archive(
    reporting: Reporting, folder: Path, logs: dict[str, Iterable[bytes]], facts: int
) -> None:
    """Archive these logs, rebuild from that; the views must be those that were there before."""
    slug = reporting.company.slug
    with archive_in(folder, slug) as archiving:
        seconds = timed(lambda: [archiving.add(name, log) for name, log in logs.items()])
    archive = Archive(folder, slug)
    bare = facts / min(timed(lambda: read(archive)) for _ in range(2))
    source = FromArchive(archive, Source())
    answers = [rebuild(reporting, source, by_log=False) for _ in range(2)]
    assert all(answer["identical_to_previous"] for answer in answers)
    rate = max(answer["facts"] / answer["seconds"] for answer in answers)
    show(f"rebuild from the archive, {facts} facts", rate, bare, 0)
    size = sum(file.bytes for file in archive.manifest.files) / facts
    print(f"{'  archived':<34} {facts / seconds:9.0f}/s   {size:.0f} bytes a fact, both twins")


def read(archive: Archive) -> None:
    for publisher in HEARD:
        for _ in archive.facts(publisher, 0):
            pass
