"""Facts that arrears publishes of telling the social service (CPAS) of a debt, and of what the
household said to it.

They carry codes and ids of facts: what was told stays with the social service.
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from contracts.arrears_cases import InCase, PolicyName, StepName
from contracts.words import CONTRACT

FactId = Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z]+/[1-9][0-9]*$")]
"""`<company>/<service>/<position>`."""


class Proof(BaseModel):
    """A precondition that held, and the facts that prove it."""

    model_config = CONTRACT
    precondition: StepName
    """Its name in the policy."""
    facts: list[FactId]
    """Empty where it rests on no single fact: what is owed, how old bank data is."""


class DataTransferAccepted(InCase):
    """The household agrees that the social service is told of its debt."""

    TYPE: ClassVar[str] = "arrears.data-transfer-accepted"
    answered_on: date
    """The day on which its answer was noted."""


class DataTransferObjected(InCase):
    """The household objects: from then on nothing is told to the social service any more."""

    TYPE: ClassVar[str] = "arrears.data-transfer-objected"
    answered_on: date
    """The day on which its answer was noted."""


class SocialServiceInformed(InCase):
    """The social service was told of the debt, each precondition of the policy holding then."""

    TYPE: ClassVar[str] = "arrears.social-service-informed"
    informed_on: date
    """The day on which it was told."""
    proofs: list[Proof]
    """Every precondition of the policy, with what proves it."""
    policy: PolicyName
    """The policy's name."""
    policy_version: PolicyName
    """The version of the policy's document."""
