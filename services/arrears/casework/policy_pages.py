"""The page of the policies that a company adopted, and the adoption of another."""

from enum import StrEnum

from fastapi import Response

from services.arrears.api import READERS
from services.arrears.casework import agreeing
from services.arrears.casework.explaining import policies_of
from services.arrears.casework.policy_api import MANAGER
from services.arrears.casework.policy_shelf import SHIPPED
from services.chassis.asked import Asked
from services.chassis.routes import Routes

ROUTES = Routes()


class Source(StrEnum):
    """Where a document to adopt comes from: shipped with the product, or a file."""

    WALLONIE = "wallonie"
    FILE = "file"


SOURCES = {
    Source.WALLONIE: "L'échelle wallonne livrée avec Référent",
    Source.FILE: "Un document de la société",
}


@ROUTES.page("/{company}/policies", roles=READERS)
def policies(asked: Asked) -> Response:
    return asked.render(
        "policies.html",
        policies=list(reversed(policies_of(asked.service))),
        sources=[(source.value, text) for source, text in SOURCES.items()],
        may_act=asked.may("/{company}/policies", "POST"),
    )


@ROUTES.act("/{company}/policies", roles=MANAGER, form=policies, uploads=True)
def adopt_policy(asked: Asked) -> Response:
    with asked.form as form:
        source = form.choice("source", "un document", Source)
        document = ""
        if source is Source.FILE:
            _, content = form.upload("file", "le fichier du document")
            try:
                document = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                form.wrong("file", "Enregistrez le document en UTF-8.")
    if source is Source.WALLONIE:
        document = (SHIPPED / "wallonie.yaml").read_text("utf-8")
    agreeing.adopt_policy(asked.service, asked.caller(), document)
    return asked.redirect("policies")
