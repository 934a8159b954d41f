"""A small log of three services, and its archive as three daily runs made it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from made_up import chained, charge
from taking import Taker

from services.embedded.archiving import archive_in
from services.reporting.archive.reading import Archive
from services.reporting.rebuilding import FromArchive, FromLog, Source

LOGS = {
    "intake": chained([charge(n, type="intake.of-tomorrow") for n in range(30)], "intake"),
    "followup": chained([charge(n, type="followup.of-tomorrow") for n in range(3)], "followup"),
    "arrears": chained([charge(n) for n in range(900)]),
    "reporting": chained([charge(n, type="reporting.of-tomorrow") for n in range(2)], "reporting"),
}
DAYS = ({"intake": 10, "arrears": 600}, {"intake": 10, "arrears": 880}, {})
"""Where each log stood when it was archived; the last time, it was over."""
FIRST, SECOND, THIRD = (
    f"arrears/{first:012}-{last:012}" for first, last in ((1, 600), (601, 880), (881, 900))
)


def archive_day(folder: Path, upto: dict[str, int] | None = None, company: str = "alpha") -> int:
    """What `referent archive` does, of logs that end at these positions; facts added."""
    with archive_in(folder, company) as archiving:
        before = archiving.manifest.facts
        for service, log in LOGS.items():
            end = len(log) if upto is None else upto.get(service, 0)
            archiving.add(service, log[archiving.wants_from(service) - 1 : end])
        return archiving.manifest.facts - before


def archive_days(folder: Path) -> None:
    for day in DAYS:
        archive_day(folder, day or None)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def read_log(taker: Taker) -> str:
    """The digest of what the logs themselves give."""
    taker.feed(FromLog(lambda publisher, first: iter(LOGS[publisher][first - 1 :])))
    return taker.store.digest()


def read_archive(taker: Taker, folder: Path) -> str:
    taker.feed(FromArchive(Archive(folder, "alpha"), Source()))
    return taker.store.digest()


def with_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Rewrite what the manifest says."""
    path = folder / "manifest.json"
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document), "utf-8")
