"""The objectives contracts of a company: adopted, agreed, amended, evaluated; and looked up."""

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contracts.objectives import ObjectiveTheme, TargetDirection
from services.chassis.act import Act
from services.chassis.caller import Caller, Receipt
from services.chassis.refusal import Malformed
from services.chassis.templating import counted
from services.chassis.written import DocumentRefused, Written
from services.reporting.indicators.register import indicator
from services.reporting.objectives.bounds import beyond
from services.reporting.objectives.contract_document import WrittenContract, read_contract
from services.reporting.objectives.contracts_by_year import (
    Row,
    select_contract,
    select_contracts,
    select_objectives,
)
from services.reporting.objectives.objectives_contract import (
    YEARS,
    ContractYearsOverlap,
    ObjectivesContract,
    UnknownContract,
)
from services.reporting.objectives.targets import refuse_wrong
from services.reporting.returns_by_year import keep_reason

if TYPE_CHECKING:
    from services.reporting.service import Reporting


class ContractNotPossible(Malformed):
    slug = "contract-not-possible"
    title = "Contrat à corriger"


@dataclass(frozen=True)
class Agreeing:
    """What becomes an objective; `comment` in words."""

    theme: ObjectiveTheme
    indicator: str
    direction: TargetDirection
    baseline: str | None
    targets: list[dict[str, Any]]
    comment: str = ""


class Contracts:
    """The contracts of the company that `reporting` works for."""

    def __init__(self, reporting: "Reporting") -> None:
        self.reporting = reporting

    # Acts

    def adopt(self, caller: Caller, first_year: int, baseline_year: int) -> Receipt:
        """Begin a contract, without objectives yet.   Records: ObjectivesContract.Adopted.

        Refuses: ContractYearsOverlap (409), Malformed (422). The same again changes nothing.
        """

        def decide(act: Act) -> UUID:
            return act.save(self._adopted(act, caller, first_year, baseline_year))

        return self.reporting.perform(caller, decide)

    def adopt_document(self, caller: Caller, document: str) -> Receipt:
        """Adopt a whole contract as it is written, or nothing of it.

        Records: ObjectivesContract.Adopted, ObjectiveAgreed for each of its objectives.
        Refuses: ContractNotPossible (422), ContractYearsOverlap, ObjectiveAlreadyAgreed (409).
        """
        written = contract_of(document)

        def decide(act: Act) -> UUID:
            contract = self._adopted(act, caller, written.contract, written.baseline_year)
            for objective in written.objectives:
                self._agree(
                    act,
                    contract,
                    Agreeing(
                        objective.theme,
                        objective.indicator,
                        objective.direction,
                        objective.baseline,
                        objective.targets,
                        objective.comment or "",
                    ),
                )
            return act.save(contract)

        return self.reporting.perform(caller, decide)

    def agree(self, caller: Caller, first_year: int, agreeing: Agreeing) -> Receipt:
        """Set one figure as an objective, by today's definition.   Records: ObjectiveAgreed.

        Refuses: UnknownContract, UnknownIndicator (404), StaleEdit (412),
        ObjectiveAlreadyAgreed (409), TargetsMisplaced (422).
        """

        def decide(act: Act) -> UUID:
            contract = self._load(act, caller, first_year)
            self._agree(act, contract, agreeing)
            return act.save(contract)

        return self.reporting.perform(caller, decide)

    def amend(
        self,
        caller: Caller,
        first_year: int,
        identity: str,
        direction: TargetDirection,
        targets: list[dict[str, Any]],
        reason: str,
    ) -> Receipt:
        """Other targets from a year on, for a written reason.   Records: ObjectiveAmended.

        Refuses: as `agree`; UnknownObjective (404), TargetOfPastYear, NothingToAmend (409).
        """

        def decide(act: Act) -> UUID:
            contract = self._load(act, caller, first_year)
            contract.objective(identity)
            chosen = indicator(identity)
            refuse_wrong(beyond(targets, chosen))
            digest = keep_reason(act, reason)
            assert digest is not None
            contract.amend(
                identity,
                chosen.version,
                direction,
                targets,
                digest,
                act.today.year,
                occurred_on=act.today,
            )
            return act.save(contract)

        return self.reporting.perform(caller, decide)

    def withdraw(self, caller: Caller, first_year: int) -> Receipt:
        """It was entered by mistake and never was.   Records: as `ObjectivesContract.withdraw`.

        Refuses: UnknownContract (404), StaleEdit (412), StaysAgreed (409).
        """

        def decide(act: Act) -> UUID:
            contract = self._load(act, caller, first_year)
            contract.withdraw(act.today)
            return act.save(contract)

        return self.reporting.perform(caller, decide)

    def withdraw_objective(self, caller: Caller, first_year: int, identity: str) -> Receipt:
        """It was entered by mistake and never was.   Records: AgreementWithdrawn.

        Refuses: UnknownContract, UnknownObjective (404), StaleEdit (412), StaysAgreed (409).
        """

        def decide(act: Act) -> UUID:
            contract = self._load(act, caller, first_year)
            contract.withdraw_objective(identity, act.today)
            return act.save(contract)

        return self.reporting.perform(caller, decide)

    def evaluate(
        self, caller: Caller, first_year: int, identity: str, year: int, comment: str
    ) -> Receipt:
        """Write what is to be said of an objective in a year.   Records: YearEvaluated.

        Refuses: UnknownContract, UnknownObjective (404), YearNotUnderContract (409), Malformed
        (422) for a year that has not begun.
        """

        def decide(act: Act) -> UUID:
            contract = self._load(act, caller, first_year)
            digest = keep_reason(act, comment)
            assert digest is not None
            contract.evaluate(identity, year, digest, occurred_on=act.today)
            if year > act.today.year:
                why = f"L'année {year} n'a pas commencé : elle s'évalue quand elle est là."
                raise Malformed(why, [{"field": "year", "reason": why}])
            return act.save(contract)

        return self.reporting.perform(caller, decide)

    def _adopted(
        self, act: Act, caller: Caller, first_year: int, baseline_year: int
    ) -> ObjectivesContract:
        known, identity = _running(act, first_year)
        if known is not None:
            known.refuse_if_stale(caller.expected_version)
            return known
        if baseline_year >= first_year:
            reason = "L'état des lieux est d'une année d'avant le contrat."
            raise Malformed(reason, [{"field": "baseline_year", "reason": reason}])
        last_year = first_year + YEARS - 1
        for other in act.rows(
            "SELECT first_year, last_year FROM objectives_contract"
            " WHERE first_year <= %s AND last_year >= %s",
            (last_year, first_year),
        ):
            raise ContractYearsOverlap(
                f"Un contrat court déjà de {other['first_year']} à {other['last_year']}."
            )
        opened: ObjectivesContract = ObjectivesContract.open(
            ObjectivesContract.Adopted,
            identity,
            first_year=first_year,
            last_year=last_year,
            baseline_year=baseline_year,
            occurred_on=act.today,
        )
        return opened

    def _agree(self, act: Act, contract: ObjectivesContract, agreeing: Agreeing) -> None:
        chosen = indicator(agreeing.indicator)
        refuse_wrong(beyond(agreeing.targets, chosen, agreeing.baseline))
        contract.agree(
            agreeing.theme,
            chosen.id,
            chosen.version,
            agreeing.direction,
            agreeing.baseline,
            agreeing.targets,
            keep_reason(act, agreeing.comment),
            occurred_on=act.today,
        )

    def _load(self, act: Act, caller: Caller, first_year: int) -> ObjectivesContract:
        found, _ = _running(act, first_year)
        if found is None:
            raise _unknown(first_year)
        found.refuse_if_stale(caller.expected_version)
        return found

    # Lookups

    def all(self) -> list[Row]:
        """Every contract, the latest first."""
        with self.reporting.datastore.reading() as rows:
            return select_contracts(rows)

    def one(self, first_year: int) -> tuple[Row, list[Row]]:
        """A contract and its objectives. Errors: UnknownContract."""
        with self.reporting.datastore.reading() as rows:
            found = select_contract(rows, first_year)
            if found is None:
                raise _unknown(first_year)
            return found, select_objectives(rows, first_year)


def _running(act: Act, first_year: int) -> tuple[ObjectivesContract | None, UUID]:
    """The contract that begins with a year, past those that were withdrawn; or None, and the id of
    the next.
    """
    slug = act.service.company.slug
    ids = (ObjectivesContract.id_of(slug, first_year, number) for number in count(1))
    found = ((act.find(ObjectivesContract, identity), identity) for identity in ids)
    return next((one, identity) for one, identity in found if one is None or not one.withdrawn)


def contract_of(document: str) -> WrittenContract:
    """Errors: ContractNotPossible, with the line of each thing to mend."""
    try:
        return read_contract(Written("contrat", document))
    except DocumentRefused as refused:
        points = counted(len(refused.errors), "point", "points")
        raise ContractNotPossible(
            f"Le contrat ne peut pas être adopté\u00a0: {points} à corriger. "
            f"{refused.errors[0]['reason']}",
            refused.errors,
        ) from None


def _unknown(first_year: int) -> UnknownContract:
    return UnknownContract(f"Aucun contrat d'objectifs ne commence en {first_year}.")
