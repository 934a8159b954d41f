"""A company's views from its archive, beside reading and checking the archive alone."""

from pathlib import Path

from measuring import show, timed

from services.embedded.archiving import archive_in
from services.reporting.archive.reading import Archive
from services.reporting.rebuilding import FromArchive, Source, rebuild
from services.reporting.service import Reporting
from services.reporting.shape import HEARD

FACTS_A_DAY, DAILY_MAX = 300, 100_000


def from_the_archive(
    reporting: Reporting, folder: Path, logs: dict[str, list[bytes]], facts: int
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
    if facts <= DAILY_MAX:
        added_to_daily(reporting, folder.with_name(f"{slug}-daily"), logs)


def added_to_daily(reporting: Reporting, folder: Path, logs: dict[str, list[bytes]]) -> None:
    """The same facts as many small files, as they lie where an archive is added to every day."""
    slug, facts = reporting.company.slug, sum(map(len, logs.values()))
    with archive_in(folder, slug) as archiving:
        for name, log in logs.items():
            for end in range(FACTS_A_DAY, len(log) + FACTS_A_DAY, FACTS_A_DAY):
                archiving.add(name, log[archiving.wants_from(name) - 1 : end])
    source = FromArchive(Archive(folder, slug), Source())
    answer = rebuild(reporting, source, by_log=False)
    assert answer["identical_to_previous"]
    days = f"{FACTS_A_DAY} facts a day"
    print(f"{'  the same, added to every day':<34} {facts / answer['seconds']:9.0f}/s   {days}")


def read(archive: Archive) -> None:
    for publisher in HEARD:
        for _ in archive.facts(publisher, 0):
            pass
