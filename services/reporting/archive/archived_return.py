"""A yearly return as an archive holds it: whoever has the log can reckon its figures again."""

from pathlib import Path
from typing import Any

from contracts.envelope import Envelope
from contracts.reporting import ReturnRestated, ReturnValidated
from services.reporting.archive.reading import Archive
from services.reporting.return_told import told_version
from services.reporting.signing import Signed, signed_by
from services.reporting.yearly_return import UnknownReturn

SIGNATURES = {ReturnValidated.TYPE, ReturnRestated.TYPE}


class ArchivedReturn:
    """One signed version. Of the reason that was written an archive holds the digest alone."""

    def __init__(self, company: str, fact: Envelope) -> None:
        self._row: dict[str, Any] = {"changes": [], "despite": []} | fact.data
        self._row |= {"company": company, "reason": None, "actor": fact.actor, "fact": fact.id}
        self._row |= {"recorded_at": fact.recorded_at}

    @property
    def signed_on(self) -> dict[str, Any]:
        """The moment and the positions that the figures are of, and their definitions."""
        row = self._row
        return {"known_on": row["known_on"], **row["cutoff"], "definition": signed_by(row)}

    def told(self, figures: list[dict[str, Any]]) -> dict[str, Any]:
        """As reporting tells its own, beside the figures as they were reckoned again."""
        names = ("company", "year", "known_on", "cutoff")
        again = Signed(**{name: self._row[name] for name in names}, figures=figures)
        return told_version(self._row, again)


def archived_return(folder: Path, company: str, year: int, number: int | None) -> ArchivedReturn:
    """A signed version of a year, the last one unless said.

    Errors: UnknownReturn, and those of Archive.
    """
    versions = {
        fact.data["return_version"]: fact
        for fact in Archive(folder, company).envelopes("reporting")
        if fact.type in SIGNATURES and fact.data["year"] == year
    }
    found = versions.get(number or max(versions, default=0))
    if found is None:
        named = f"{year}, version {number}," if number else str(year)
        raise UnknownReturn(f"La déclaration de {named} n'est pas signée dans cette archive.")
    return ArchivedReturn(company, found)
