"""Finding a person by name: names are unsealed for whoever may read them, and never indexed."""

import re
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
    """At most 50 rows with their `names`, whose `numbers` or names hold `text`.

    `select(text, limit)` gives the rows by number alone: a company's numbers hold a digit, so that
    what holds none is a name, and is looked for in all of them.
    """
    if any(map(str.isdigit, text)):
        return with_names(select(text, FOUND_MAX))
    named = with_names(select("", None))
    found = [row for row in named if holds(text, *row["names"], *(row[n] for n in numbers))]
    return found[:FOUND_MAX]


def holds(text: str, *told: str | None) -> bool:
    """Whether what is told holds `text`, or its words each begin a word: a surname typed first."""
    sought, within = plain_name(text), plain_name("\n".join(filter(None, told)))
    begun = {*within.split(), *re.split(r"\W+", within)}
    return sought in within or all(
        any(one.startswith(word) for one in begun) for word in sought.split()
    )


def plain_name(text: str) -> str:
    """Without accents and capitals."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
