"""The policies that a company adopted: who, when, from which day, and the document itself."""

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from services.arrears.adoption import read_adoptable, refuse_unwritable
from services.arrears.ladder.policy import Policy, read_policy
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.refusal import Malformed, Refusal
from services.chassis.written import Written

SHIPPED = Path(__file__).parents[1] / "policies"


class PolicyNotPossible(Malformed):
    slug = "policy-not-possible"
    title = "Politique impossible"


class PolicyAlreadyAdopted(Refusal):
    slug = "policy-already-adopted"
    title = "Politique déjà adoptée"


class PolicyShelf(Aggregate):
    """One a company; `adopted` in the order of adoption."""

    TOPIC = "arrears.policy-shelf"
    adopted: "list[PolicyShelf.PolicyAdopted]"

    @staticmethod
    def id_of(company: str) -> UUID:
        return natural_id(company, "policy-shelf", "arrears")

    class Opened(Opening):
        TOPIC = "arrears.policy-shelf-opened"

        def apply(self, shelf: "PolicyShelf") -> None:
            shelf.adopted = []

    class PolicyAdopted(Event):
        TOPIC = "arrears.policy-adopted"
        policy: str
        policy_version: str
        adopted_on: date
        applies_from: date
        earlier_days: bool
        earlier_steps: bool
        sha256: str
        document: str

        def apply(self, shelf: "PolicyShelf") -> None:
            shelf.adopted.append(self)

    @classmethod
    def open_shelf(cls, company: str, on: date) -> "PolicyShelf":
        opened: PolicyShelf = cls.open(cls.Opened, cls.id_of(company), occurred_on=on)
        return opened

    def adopt(self, document: str, today: date) -> None:
        """Adopt a document, from today on or from the day that it says.

        Records: PolicyAdopted.   Refuses: PolicyNotPossible (422) with each fault and its line,
        PolicyAlreadyAdopted (409) for the same name and version, or where it could not be told
        which of two rules.
        """
        policy = read_document(document)
        for known in self.adopted:
            if (known.policy, known.policy_version) == (policy.policy, policy.version):
                raise PolicyAlreadyAdopted(
                    f"« {policy.policy} {policy.version} » est déjà adoptée : donnez une autre "
                    "version au document."
                )
            if (known.applies_from, known.adopted_on) == (policy.applies_from, today):
                raise PolicyAlreadyAdopted(
                    f"« {known.policy} {known.policy_version} » a été adoptée aujourd'hui pour le "
                    "même jour : on ne saurait pas laquelle vaut. Changez « applies_from »."
                )
        self.trigger_event(
            self.PolicyAdopted,
            policy=policy.policy,
            policy_version=policy.version,
            adopted_on=today,
            applies_from=policy.applies_from,
            earlier_days=policy.scope.earlier_days,
            earlier_steps=policy.scope.earlier_steps,
            sha256=hashlib.sha256(document.encode()).hexdigest(),
            document=document,
            occurred_on=today,
        )

    def policies(self) -> Sequence[Policy]:
        """The documents adopted, each as of the day on which it was."""
        return [adopted_as(each.document, each.adopted_on) for each in self.adopted]


def read_document(document: str) -> Policy:
    """Errors: PolicyNotPossible, with a fault for each thing to mend."""
    return read_adoptable(document, _to_be_adopted, PolicyNotPossible)


@lru_cache(maxsize=4)
def _to_be_adopted(document: str) -> Policy:
    """Errors: DocumentRefused.   A document is tried, then adopted: it is read once."""
    written = Written("policy", document)
    refuse_unwritable(written)
    return read_policy(written)


@lru_cache(maxsize=64)
def adopted_as(document: str, adopted_on: date) -> Policy:
    return _read(document).model_copy(update={"adopted_on": adopted_on})


@lru_cache(maxsize=64)
def _read(document: str) -> Policy:
    return read_policy(Written("policy", document))
