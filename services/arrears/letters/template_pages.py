"""The page of the letter templates that a company adopted, and the adoption of others."""

from fastapi import Response

from services.arrears.adoption import Source, chosen_document
from services.arrears.api import READERS
from services.arrears.casework.looking import replayed
from services.arrears.casework.policy_api import MANAGER
from services.arrears.letters.letter_sentences import LANGUAGES
from services.arrears.letters.template_shelf import SHIPPED, TemplateShelf, adopt_templates
from services.chassis.asked import Asked
from services.chassis.forms import choices_of
from services.chassis.routes import Routes

ROUTES = Routes()


SOURCES = {
    Source.WALLONIE: "Les lettres wallonnes livrées avec Référent",
    Source.FILE: "Un document de la société",
}


@ROUTES.page("/{company}/letter-templates", roles=READERS)
def letter_templates(asked: Asked) -> Response:
    shelf_id = TemplateShelf.id_of(asked.company.slug)
    shelf = replayed(asked.service, [shelf_id]).get(shelf_id)
    return asked.render(
        "letter_templates.html",
        adopted=list(reversed(shelf.adopted)) if shelf else [],
        book=shelf.in_use if shelf else None,
        languages=LANGUAGES,
        sources=choices_of(SOURCES),
        may_act=asked.may("/{company}/letter-templates", "POST"),
    )


@ROUTES.act("/{company}/letter-templates", roles=MANAGER, form=letter_templates, uploads=True)
def adopt_letter_templates(asked: Asked) -> Response:
    with asked.form as form:
        document = chosen_document(form, SHIPPED)
    adopt_templates(asked.service, asked.caller(), document)
    return asked.redirect("letter-templates")
