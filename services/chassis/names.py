"""Finding a person by name: names are unsealed for whoever may read them, and never indexed."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

Row = dict[str, Any]
FOUND_MAX = 50


def find(
    text: str,
    numbers: Sequence[str],
    select: Callable[[str, int | None], list[Row]],
    with_names: Callable[[list[Row]], list[Row]],
) -> list[Row]:
    """At most 50 rows with their `names`, of which one of `numbers` or a name holds `text`.

    `select(text, limit)` gives the rows by number alone: a company's numbers hold a digit, so that
    what holds none is a name, and is looked for in all of them.
    """
    if any(map(str.isdigit, text)):
        return with_names(select(text, FOUND_MAX))
    sought = plain_name(text)
    named = with_names(select("", None))
    found = [row for row in named if any(sought in told for told in _told(row, numbers))]
    return found[:FOUND_MAX]


def _told(row: Row, numbers: Sequence[str]) -> list[str]:
    return [
        plain_name(told) for told in (*row["names"], *(row[number] for number in numbers)) if told
    ]


def plain_name(text: str) -> str:
    """Without accents and capitals."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
