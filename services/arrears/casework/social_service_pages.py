"""The pages of telling the social service of a debt: whether it may be, and what is missing."""

from uuid import UUID

from fastapi import Response

from services.arrears.api import OFFICER
from services.arrears.casework import informing
from services.arrears.casework.case_forms import case_form, to_case
from services.arrears.casework.pages import CASE
from services.arrears.casework.social_service_api import TransferAnswer
from services.chassis.asked import Asked
from services.chassis.routes import Routes

ROUTES = Routes()
ANSWERS = [
    (TransferAnswer.ACCEPTED.value, "Accepte que le service social soit prévenu"),
    (TransferAnswer.OBJECTED.value, "S'y oppose"),
]


@ROUTES.page(f"{CASE}/social-service", roles=OFFICER)
def telling(asked: Asked, lease_id: UUID) -> Response:
    told = informing.may_inform(asked.service, lease_id, asked.today)
    return case_form(asked, "social_service.html", lease_id, told=told)


@ROUTES.act(f"{CASE}/social-service", roles=OFFICER, form=telling)
def tell(asked: Asked, lease_id: UUID) -> Response:
    informing.inform_social_service(asked.service, asked.caller(), lease_id)
    return to_case(asked, lease_id)


@ROUTES.page(f"{CASE}/social-service/answer", roles=OFFICER)
def answering(asked: Asked, lease_id: UUID) -> Response:
    return case_form(
        asked,
        "case_choice.html",
        lease_id,
        question="Que répond le ménage ?",
        consequence="Son opposition arrête toute transmission à venir au service social. Ce qui a "
        "été transmis avant reste dans l'histoire.",
        field="answer",
        label="Le ménage",
        choices=ANSWERS,
        button="Noter la réponse",
    )


@ROUTES.act(f"{CASE}/social-service/answer", roles=OFFICER, form=answering)
def answer(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        said = form.choice("answer", "ce que le ménage répond", TransferAnswer)
    accepted = said is TransferAnswer.ACCEPTED
    informing.answer_transfer(asked.service, asked.caller(), lease_id, accepted=accepted)
    return to_case(asked, lease_id)
