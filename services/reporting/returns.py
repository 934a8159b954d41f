"""A company's yearly returns: prepared, validated, restated; each signed version as it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from duckdb import DuckDBPyConnection

from services.chassis.act import Act
from services.chassis.caller import Caller, Receipt
from services.chassis.refusal import Busy
from services.reporting.completeness import Lack, lacks_of_a_return
from services.reporting.figures import known_on, period_of
from services.reporting.pending_differences import differing, pending
from services.reporting.reconciliation import Checked, reconciled
from services.reporting.returns_by_year import (
    SELECT_VERSIONS,
    Row,
    keep_reason,
    select_last_versions,
    select_return,
    select_returns,
)
from services.reporting.signing import Signed, again, as_known, moment_of, signed_by
from services.reporting.yearly_return import (
    FiguresHaveMoved,
    ReasonNeeded,
    ReturnNotComplete,
    UnknownReturn,
    YearlyReturn,
    YearNotOver,
)

if TYPE_CHECKING:
    from services.reporting.service import Reporting

YEARS_LOOKED_AFTER = 5
"""As long as a contract runs: what is older is looked at on its own page."""
BEING_READ = "Les faits de cette déclaration sont en cours de relecture. Réessayez."
NOT_READ = (
    "Tous les faits de cette déclaration ne sont pas lus ici : attendez la fin de la relecture, ou "
    "relisez-les (« referent rebuild --from archive:… »)."
)


@dataclass(frozen=True)
class Standing:
    """Where a return stands. `row`: its state; `today`: the figures as they are now; `lacks`: what
    stands in the way of signing them; `checks`: whether they hold together; `pending`: what differs
    from the last signed version.
    """

    row: Row
    versions: list[Row]
    today: Signed
    lacks: list[Lack]
    checks: list[Checked]
    is_over: bool
    pending: list[Row]


class Returns:
    """The returns of the company that `reporting` works for."""

    def __init__(self, reporting: "Reporting") -> None:
        self.reporting = reporting

    # Acts

    def prepare(self, caller: Caller, year: int) -> Receipt:
        """Open the return of a year that has begun.   Records: YearlyReturn.Prepared.

        Refuses: Malformed (422), StaleEdit (412). Prepared already, it stays as it is.
        """

        def decide(act: Act) -> UUID:
            period_of(year, known_on(None, act.now))
            identity = YearlyReturn.id_of(act.service.company.slug, year)
            known = act.find(YearlyReturn, identity)
            if known is not None:
                known.refuse_if_stale(caller.expected_version)
                return identity
            opening = YearlyReturn.Prepared
            return act.save(YearlyReturn.open(opening, identity, year=year, occurred_on=act.today))

        return self.reporting.perform(caller, decide)

    def validate(self, caller: Caller, year: int, reason: str = "", seen: str = "") -> Receipt:
        """Sign off the figures as they are now.   Records: YearlyReturn.Validated.

        `seen`: the digest of the figures that the manager had before their eyes, if any.
        Refuses: UnknownReturn (404), StaleEdit (412), ReturnAlreadyValidated, YearNotOver,
        ReturnNotComplete, FiguresHaveMoved (409), ReasonNeeded (422).
        """

        def decide(act: Act) -> UUID:
            found = self._load(act, year)
            found.refuse_if_validated()
            found.refuse_if_stale(caller.expected_version)
            with self.reporting.store.read() as cursor:
                signed, despite = self._sign(cursor, act, year, reason)
            _refuse_if_moved(signed, seen)
            kept = {"reason_digest": keep_reason(act, reason), "despite": despite}
            found.validate(
                signed.recorded() | kept,
                occurred_on=act.today,
            )
            return act.save(found)

        return self.reporting.perform(caller, decide)

    def restate(self, caller: Caller, year: int, reason: str, seen: str = "") -> Receipt:
        """Sign off a new version, with a written reason.   Records: YearlyReturn.Restated.

        Refuses: as `validate`; ReturnNotValidated, NothingToRestate (409), Busy (503).
        """

        def decide(act: Act) -> UUID:
            found = self._load(act, year)
            found.refuse_unless_validated()
            if not reason:
                raise ReasonNeeded("Écrivez pourquoi la déclaration est rectifiée.")
            with self.reporting.store.read() as cursor:
                signed, despite = self._sign(cursor, act, year, reason)
                (last,) = self._named(act.rows(SELECT_VERSIONS, (year,))[-1:])
                self._refuse_until_read([last])
                reckoned = again(cursor, last["company"], last, self.reporting.bands.attach)
                changes = pending(cursor, last, reckoned, signed)
            if changes:  # without any there is nothing to confirm, whoever restated it
                found.refuse_if_stale(caller.expected_version)
                _refuse_if_moved(signed, seen)
            kept = {"reason_digest": keep_reason(act, reason), "despite": despite}
            found.restate(
                signed.recorded() | kept,
                changes,
                occurred_on=act.today,
            )
            return act.save(found)

        return self.reporting.perform(caller, decide)

    def _load(self, act: Act, year: int) -> YearlyReturn:
        found = act.find(YearlyReturn, YearlyReturn.id_of(act.service.company.slug, year))
        if found is None:
            raise _unknown(year)
        return found

    def _sign(
        self, cursor: DuckDBPyConnection, act: Act, year: int, reason: str
    ) -> tuple[Signed, list[str] | None]:
        """The figures as they are at the moment of the act, if they can be signed, and what they
        are signed despite.
        """
        if not _is_over(year, act.today):
            raise YearNotOver(
                f"L'année {year} se termine le 31 décembre : sa déclaration se valide ensuite."
            )
        known = known_on(None, act.now)
        period = period_of(year, known)
        checks = reconciled(self.reporting, cursor, period, known)
        missing = [*lacks_of_a_return(self.reporting, cursor, period, known, checks)]
        if any(lack.may_come for lack in missing):
            raise ReturnNotComplete(_sentences(lack for lack in missing if lack.may_come))
        if missing and not reason:
            raise ReasonNeeded(
                f"{_sentences(missing)} Écrivez pourquoi la déclaration peut être signée ainsi."
            )
        slug, attach = act.service.company.slug, self.reporting.bands.attach
        signed = as_known(cursor, slug, year, known, attach)
        return signed, [lack.sentence for lack in missing] or None

    # Lookups

    def all(self) -> list[Row]:
        """Every return, the latest year first."""
        with self.reporting.datastore.reading() as rows:
            return select_returns(rows)

    def moved(self) -> dict[int, int]:
        """By year, of the last ones that were signed, how many figures of today are others; of none
        before the views have read all that was signed.
        """
        with self.reporting.datastore.reading() as rows:
            versions = select_last_versions(rows, YEARS_LOOKED_AFTER)
        try:
            self._refuse_until_read(versions)
        except Busy:
            return {}
        reporting, known = self.reporting, known_on(None, self.reporting.now())
        how = (known, reporting.bands.attach, reporting.figures)
        with reporting.store.read() as cursor:
            return {
                signed["year"]: len(
                    differing(
                        signed["figures"],
                        as_known(cursor, reporting.company.slug, signed["year"], *how).figures,
                    )
                )
                for signed in versions
            }

    def standing(self, year: int, today: date) -> Standing:
        """Where a return stands, reckoned now. Errors: UnknownReturn, Busy."""
        row, versions = self._read(year)
        self._refuse_until_read(versions)
        reporting, slug = self.reporting, self.reporting.company.slug
        how = (reporting.bands.attach, reporting.figures)
        with reporting.store.read() as cursor:
            known = known_on(None, reporting.now())
            figures = as_known(cursor, slug, year, known, *how)
            period = period_of(year, known)
            checks = [*reconciled(reporting, cursor, period, known)]
            missing = [*lacks_of_a_return(reporting, cursor, period, known, checks)]
            changes: list[Row] = []
            if versions:
                reckoned = again(cursor, slug, versions[-1], *how)
                changes = pending(cursor, versions[-1], reckoned, figures)
        return Standing(row, versions, figures, missing, checks, _is_over(year, today), changes)

    def version(self, year: int, number: int | None = None) -> tuple[Row, Signed]:
        """A signed version (the last one unless said), and the same reckoned again today by the
        definitions it was signed by, from the facts up to its cut-off. Errors: UnknownReturn, Busy.
        """
        found = self.signed(year, number)
        attach, names = self.reporting.bands.attach, signed_by(found)
        with self.reporting.store.read() as cursor:
            return found, again(cursor, found["company"], found, attach, names=names)

    def reckoned(
        self, year: int, moment: str, cutoff: dict[str, int], names: Iterable[str] = ()
    ) -> Signed:
        """The figures as known at a moment, from the facts up to a cut-off, by these definitions.

        Errors: Malformed for what is no moment, or to come; UnknownIndicator; Busy.
        """
        known = moment_of(known_on(moment, self.reporting.now()))
        version = {"year": year, "known_on": known, "cutoff": cutoff}
        self._refuse_until_read([version], NOT_READ)
        slug, attach = self.reporting.company.slug, self.reporting.bands.attach
        with self.reporting.store.read() as cursor:
            return again(cursor, slug, version, attach, names=names)

    def signed(self, year: int, number: int | None = None) -> Row:
        """A signed version as it was published. Errors: UnknownReturn; Busy until the views have
        read all that it was signed on.
        """
        row, versions = self._read(year)
        chosen = row["published"] if number is None else number
        if not 1 <= chosen <= len(versions):
            raise UnknownReturn(
                f"La déclaration de {year} est provisoire : aucune version n'est signée."
                if not versions
                else f"La déclaration de {year} n'a pas de version {chosen} : la dernière est la "
                f"version {len(versions)}."
            )
        found = versions[chosen - 1]
        self._refuse_until_read([found])
        return found

    def _read(self, year: int) -> tuple[Row, list[Row]]:
        with self.reporting.datastore.reading() as rows:
            row = select_return(rows, year)
            if row is None:
                raise _unknown(year)
            return row, self._named(rows.execute(SELECT_VERSIONS, (year,)).fetchall())

    def _refuse_until_read(self, versions: list[Row], sentence: str = BEING_READ) -> None:
        """A file that is filled anew has not all that was signed yet: it would tell of differences
        that are none.   Refuses: Busy (503).
        """
        read = self.reporting.store.positions()
        if any(read[name] < place for v in versions for name, place in v["cutoff"].items()):
            raise Busy(sentence)

    def _named(self, versions: list[Row]) -> list[Row]:
        return [{**version, "company": self.reporting.company.slug} for version in versions]


def _is_over(year: int, today: date) -> bool:
    return today > date(year, 12, 31)


def _refuse_if_moved(signed: Signed, seen: str) -> None:
    if seen and seen != signed.figures_digest:
        raise FiguresHaveMoved(
            "Des faits sont arrivés pendant que vous lisiez\u00a0: relisez les chiffres, puis "
            "confirmez."
        )


def _sentences(missing: Iterable[Lack]) -> str:
    return " ".join(lack.sentence for lack in missing)


def _unknown(year: int) -> UnknownReturn:
    return UnknownReturn(f"La déclaration de {year} n'est pas établie.")
