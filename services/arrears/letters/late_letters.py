"""Letters that were due and have not gone: a sender that is silent is an alarm.

What was due is told day by day against what became of it; a letter counts on the day from which it
waits, whatever day it went. An account is judged again before its letter goes, however late.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from psycopg import Cursor
from psycopg.rows import DictRow

from services.arrears.casework.looking import replayed
from services.arrears.letters.letter_rows import select_open
from services.arrears.letters.template_book import LetterTemplates
from services.arrears.letters.template_shelf import TemplateShelf

if TYPE_CHECKING:
    from services.arrears.service import Arrears

DAYS_SHOWN = 31
SELECT_DAYS = """
SELECT queued_on AS day, count(*) AS due,
       count(*) FILTER (WHERE state = 'sent') AS sent,
       count(*) FILTER (WHERE state = 'sent' AND ended_on > queued_on + %(limit)s) AS sent_late,
       count(*) FILTER (WHERE state IN ('stopped', 'cancelled')) AS not_to_go,
       count(*) FILTER (WHERE state IN ('draft', 'waiting', 'handed-over', 'failed')) AS waiting
FROM letter WHERE queued_on > %(since)s
    OR queued_on IN (SELECT queued_on FROM letter
        WHERE state IN ('draft', 'waiting', 'handed-over', 'failed'))
GROUP BY queued_on ORDER BY queued_on DESC
"""
SELECT_LATE = """
SELECT count(*) AS letters, min(queued_on) AS oldest FROM letter
WHERE state IN ('draft', 'waiting', 'handed-over', 'failed') AND queued_on < %s
"""


@dataclass(frozen=True, slots=True)
class Silence:
    """How many letters have waited longer than the company's limit, and since when."""

    letters: int
    oldest: date | None
    limit_days: int


def book_in_use(arrears: "Arrears") -> LetterTemplates | None:
    """The templates that letters are made from today; None when none were adopted."""
    shelf_id = TemplateShelf.id_of(arrears.company.slug)
    shelf = replayed(arrears, [shelf_id]).get(shelf_id)
    return shelf.in_use if shelf else None


def silence(rows: Cursor[DictRow], book: LetterTemplates | None, today: date) -> Silence | None:
    """The alarm, if there is one: something has waited beyond the limit."""
    if book is None:
        return None
    limit = book.waits_at_most_days
    found = rows.execute(SELECT_LATE, (today - timedelta(days=limit),)).fetchone()
    if not found or not found["letters"]:
        return None
    return Silence(found["letters"], found["oldest"], limit)


def due_against_sent(rows: Cursor[DictRow], limit_days: int, today: date) -> list[DictRow]:
    """Per day what was due and what became of it, newest day first; older days that still wait."""
    since = today - timedelta(days=DAYS_SHOWN)
    return rows.execute(SELECT_DAYS, {"since": since, "limit": limit_days}).fetchall()


def late_letters(rows: Cursor[DictRow], limit_days: int, today: date) -> list[dict[str, Any]]:
    """Those that have waited beyond the limit, oldest first, each with its age in days."""
    aged: list[dict[str, Any]] = [
        row | {"age_days": (today - row["queued_on"]).days} for row in select_open(rows)
    ]
    return [row for row in aged if row["age_days"] > limit_days]
