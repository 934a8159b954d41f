"""Finding a person by name: names are unsealed for whoever may read them, and never indexed."""

import unicodedata
from collections.abc import Iterable

FOUND_MAX = 50


def is_name(text: str) -> bool:
    """Whether what was typed to search may be a name: numbers of a company hold a digit."""
    return not any(map(str.isdigit, text))


def mentions(told: Iterable[str | None], text: str) -> bool:
    """Whether one of `told` holds `text`, whatever its accents and capitals."""
    sought = _plain(text)
    return any(sought in _plain(one) for one in told if one)


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
