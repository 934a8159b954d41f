"""The JSON routes of policies: adopted ones, the adoption of another, a run over history."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import BaseModel, Field

from services.arrears.api import READERS
from services.arrears.casework import agreeing
from services.arrears.casework.explaining import policies_of
from services.arrears.casework.policy_shelf import (
    PolicyAlreadyAdopted,
    PolicyNotPossible,
    read_document,
)
from services.arrears.casework.rehearsing import rehearse
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import Day
from services.chassis.identity import Role
from services.chassis.refusal import Malformed
from services.chassis.routes import Routes

ROUTES = Routes()
MANAGER = {Role.MANAGER}


class PolicyBody(BaseModel):
    """A policy document, YAML or JSON, as `referent check-policy` reads it."""

    document: Annotated[str, Field(min_length=1, max_length=200_000)]


class RehearsalBody(PolicyBody):
    """A policy document and the days it is run over, both included."""

    first: Day
    last: Day


@ROUTES.api(
    "POST",
    "/api/{company}/policies/rehearsal",
    roles=READERS,
    refusals=(PolicyNotPossible, Malformed),
)
def rehearse_policy(asked: Asked, body: RehearsalBody) -> dict[str, Any]:
    """What a policy would have proposed over recorded history, against what was done."""
    policy = read_document(body.document)
    return rehearse(asked.service, policy, body.first, body.last)


@ROUTES.api("GET", "/api/{company}/policies", roles=READERS)
def policies(asked: Asked) -> dict[str, Any]:
    """The policies adopted, in the order of their adoption."""
    return {
        "policies": [
            {
                "policy": policy.policy,
                "policy_version": policy.version,
                "title": policy.title,
                "adopted_on": policy.adopted_on,
                "applies_from": policy.applies_from,
            }
            for policy in policies_of(asked.service)
        ]
    }


@ROUTES.api(
    "POST",
    "/api/{company}/policies",
    roles=MANAGER,
    answer=ReceiptBody,
    refusals=(PolicyNotPossible, PolicyAlreadyAdopted),
)
def adopt_policy(asked: Asked, body: PolicyBody) -> Response:
    """Adopt a policy document, from today on or from the day that it says."""
    return asked.receipt(agreeing.adopt_policy(asked.service, asked.caller(), body.document))
