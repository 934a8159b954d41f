"""The history and the letters of a case as they were known at the end of a past day."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from services.arrears.casework.looking import recorded
from services.arrears.letters.letter import Letter
from services.arrears.letters.letter_rows import columns_of
from services.chassis.clock import end_of

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]


def entries_known(arrears: "Arrears", found: Sequence[Row], day: date) -> list[Row]:
    """Those entries of a case that were recorded by a day's end; what was taken back later still
    stands.
    """
    case_ids = list({row["case_id"] for row in found})
    events = [event for _, event in recorded(arrears, case_ids, end_of(day))]
    versions = {event.originator_version for event in events}
    taken_back = {getattr(event, "corrects_version", None) for event in events}
    return [
        row | {"withdrawn": row["version"] in taken_back}
        for row in found
        if row["version"] in versions
    ]


def letters_known(arrears: "Arrears", found: Sequence[Row], day: date) -> list[Row]:
    """Those letters that waited or had gone by a day's end, each where it stood then."""
    by_id = {row["letter_id"]: row | {"ended_on": None} for row in found}
    known = set()
    for letter_id, event in recorded(arrears, list(by_id), end_of(day)):
        known.add(letter_id)
        if isinstance(event, Letter.Queued):
            by_id[letter_id] |= {"state": event.state}
        by_id[letter_id] |= columns_of(event)
    return [row for letter_id, row in by_id.items() if letter_id in known]
