"""I25 as the generator's notes have it: dwellings without a lease that runs, lettable or not."""

from datetime import date

from services.demonstration.books import DwellingKnown, LettableAgain, Unlettable
from services.demonstration.steps import Day
from services.demonstration.truth import Truth


def vacancy(
    days: list[Day], truth: Truth, last: date, known_on: date
) -> dict[str, tuple[int, int]]:
    known, out = set(), set()
    for note in (note for page in days if page.day <= known_on for note in page.notes):
        if isinstance(note, DwellingKnown) and note.registered_on <= last:
            known.add(note.dwelling)
        elif isinstance(note, Unlettable) and note.since <= last:
            out.add(note.dwelling)
        elif isinstance(note, LettableAgain) and note.since <= last:
            out.discard(note.dwelling)
    vacant = known - {b.dwelling for b in truth.leases_in_force(last, known_on).values()}
    return {"I25A": (len(vacant - out), len(known)), "I25B": (len(vacant & out), len(known))}
