"""A year replayed between two known-on moments: what moved, and the facts that moved it, whole."""

from typing import TYPE_CHECKING, Any

from services.reporting.differences import Moved
from services.reporting.exports.facts_told import facts_of

if TYPE_CHECKING:
    from services.reporting.service import Reporting


def facts_behind(reporting: "Reporting", moved: Moved) -> list[dict[str, Any]]:
    """Every fact that moved a figure, once, with the figures that it moved and how it came.

    Pseudonyms alone: a subject is an id. The bytes are at the service that recorded it.
    """
    moves: dict[str, set[str]] = {}
    kinds: dict[str, str] = {}
    for change in moved["changes"]:
        for cause in change["because"]:
            if cause["fact"] is not None:
                moves.setdefault(cause["fact"], set()).add(change["indicator"])
                kinds[cause["fact"]] = cause["kind"]
    return [
        fact | {"kind": kinds[name], "indicators": ", ".join(sorted(moves[name]))}
        for fact in facts_of(reporting, moves)
        if (name := str(fact["fact"]))
    ]
