"""The page of the policies that a company adopted, and the adoption of another."""

from fastapi import Response

from services.arrears.adoption import Source, chosen_document
from services.arrears.api import READERS
from services.arrears.casework import agreeing
from services.arrears.casework.explaining import policies_of
from services.arrears.casework.policy_api import MANAGER
from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.ladder.judging import ruling
from services.chassis.asked import Asked
from services.chassis.forms import choices_of
from services.chassis.routes import Routes

ROUTES = Routes()


SOURCES = {
    Source.WALLONIE: "L'échelle wallonne livrée avec Référent",
    Source.FILE: "Un document de la société",
}


@ROUTES.page("/{company}/policies", roles=READERS)
def policies(asked: Asked) -> Response:
    adopted = policies_of(asked.service)
    return asked.render(
        "policies.html",
        policies=list(reversed(adopted)),
        in_force=ruling(adopted, asked.today, asked.today),
        sources=choices_of(SOURCES),
        may_act=asked.may("/{company}/policies", "POST"),
    )


@ROUTES.act("/{company}/policies", roles=MANAGER, form=policies, uploads=True)
def adopt_policy(asked: Asked) -> Response:
    with asked.form as form:
        document = chosen_document(form, SHIPPED)
    agreeing.adopt_policy(asked.service, asked.caller(), document)
    return asked.redirect("policies")
