"""The pages of intake: whom to welcome, leases and what happens to them."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Response
from stdnum.be import ogm_vcs

from contracts.intake import EndReason, Language, WelcomeMode
from services.chassis.asked import Asked, Asking
from services.chassis.forms import Form, plain
from services.chassis.routes import Routes
from services.intake import lookups, rent_periods
from services.intake.history import MODES, REASONS, history_of
from services.intake.leaseholders import Person
from services.intake.roles import OFFICERS, READERS

START = "new-tenants-to-welcome"
MENU = (
    (START, "À accueillir"),
    ("leases", "Baux"),
    ("leases/signing", "Signer un bail"),
    ("vacant-dwellings", "Logements vides"),
    ("imports", "Importer"),
)
ROUTES = Routes()
LEASE = "/{company}/leases/{lease_id}"
REFERENCE_MAX = 40
DWELLING = "/{company}/dwellings/registration"
MODE_CHOICES = [(mode.value, MODES[mode].capitalize()) for mode in WelcomeMode]
REASON_CHOICES = [(reason.value, text.capitalize()) for reason, text in REASONS.items()]
LANGUAGES = [
    ("", "Pas encore connue"),
    (Language.FR.value, "Français"),
    (Language.NL.value, "Néerlandais"),
    (Language.DE.value, "Allemand"),
    (Language.EN.value, "Anglais"),
]
ENDING_CHOICES = [choice for choice in REASON_CHOICES if choice[0] != EndReason.TRANSFER]


@ROUTES.page("/{company}/new-tenants-to-welcome", roles=READERS)
def new_tenants_to_welcome(asked: Asked) -> Response:
    listed = lookups.to_welcome(asked.service, asked.today)
    return asked.render("new_tenants_to_welcome.html", listed=listed)


@ROUTES.page("/{company}/leases", roles=READERS)
def search(asked: Asked, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    found = lookups.leases(asked.service, plain(q.strip(), "q"), asked.today) if q.strip() else None
    return asked.render("leases.html", found=found, q=q.strip())


@ROUTES.page(DWELLING, roles=OFFICERS)
def dwelling_registration(asked: Asked) -> Response:
    return asked.render("dwelling_registration.html")


@ROUTES.act(DWELLING, roles=OFFICERS, form=dwelling_registration)
def register_dwelling(asked: Asked) -> Response:
    with asked.form as form:
        reference = form.text("reference", "le numéro du logement", REFERENCE_MAX)
        on = form.day("registered_on", "depuis quand il est au patrimoine")
        bedrooms = None
        if form.texts.get("bedrooms", "").strip():
            bedrooms = form.integer("bedrooms", "le nombre de chambres", 0, 20)
    asked.service.register_dwelling(asked.caller(), reference, on, bedrooms)
    return asked.redirect(f"leases/signing?dwelling={quote(reference)}")


@ROUTES.page("/{company}/leases/signing", roles=OFFICERS)
def signing(
    asked: Asked, dwelling: Annotated[str, Query(max_length=REFERENCE_MAX)] = ""
) -> Response:
    return asked.render(
        "signing.html",
        dwelling=plain(dwelling, "dwelling"),
        languages=LANGUAGES,
        periods=rent_periods.CHOICES,
    )


@ROUTES.act("/{company}/leases/signing", roles=OFFICERS, form=signing)
def sign(asked: Asked) -> Response:
    with asked.form as form:
        reference = form.text("reference", "le numéro du bail", REFERENCE_MAX)
        dwelling = form.text("dwelling_reference", "le numéro du logement", REFERENCE_MAX)
        start_on = form.day("start_on", "le début du bail")
        rent = form.cents("rent", "le loyer")
        charges = form.cents("charges", "les charges")
        period = rent_periods.period_of(form)
        name = form.text("name", "le nom du locataire")
        contact = form.text("contact", "le téléphone ou le courriel", required=False)
        second = form.text("second_name", "le nom du second locataire", required=False)
        address, language = _letters(form)
    persons = [Person(name, contact, address, language)]
    persons += [Person(second, "", address, language)] if second else []
    receipt = asked.service.sign_lease(
        asked.caller(), reference, dwelling, start_on, rent, charges, persons, rent_period=period
    )
    return asked.redirect(f"leases/{receipt.id}")


@ROUTES.page(LEASE, roles=READERS)
def lease_page(asked: Asked, lease_id: UUID) -> Response:
    found = lookups.lease(asked.service, lease_id)
    return asked.render(
        "lease.html",
        lease=found,
        history=history_of(asked.service, lease_id),
        around=lookups.around(asked.service, found),
        languages=dict(LANGUAGES),
        communication=f"+++{ogm_vcs.format(found.payment_reference)}+++",
        reasons={reason.value: text for reason, text in REASONS.items()},
        asked_for=rent_periods.words_of(found.rent_period),
        may_act=asked.may(f"{LEASE}/correction", "POST"),
    )


def _form(asked: Asking, template: str, lease_id: UUID, **context: Any) -> Response:
    found = lookups.lease(asked.service, lease_id)
    history = history_of(asked.service, lease_id)
    context |= {"version": history.version, "mode": history.welcome_mode or WelcomeMode.OFFICE}
    return asked.render(template, lease=found, **context)


@ROUTES.page(f"{LEASE}/welcome-meeting", roles=OFFICERS)
def welcome_meeting(asked: Asked, lease_id: UUID) -> Response:
    return _form(asked, "welcome_meeting.html", lease_id, modes=MODE_CHOICES, correcting=False)


@ROUTES.act(f"{LEASE}/welcome-meeting", roles=OFFICERS, form=welcome_meeting)
def hold_welcome_meeting(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        held_on = form.day("held_on", "la date de l'accueil")
        mode = form.choice("mode", "où l'accueil a eu lieu", WelcomeMode)
    asked.service.hold_welcome_meeting(asked.caller(), lease_id, held_on, mode)
    return asked.redirect(f"leases/{lease_id}")


@ROUTES.page(f"{LEASE}/welcome-meeting/correction", roles=OFFICERS)
def welcome_correction(asked: Asked, lease_id: UUID) -> Response:
    return _form(asked, "welcome_meeting.html", lease_id, modes=MODE_CHOICES, correcting=True)


@ROUTES.act(f"{LEASE}/welcome-meeting/correction", roles=OFFICERS, form=welcome_correction)
def correct_welcome(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        held_on = form.day("held_on", "la date de l'accueil")
        mode = form.choice("mode", "où l'accueil a eu lieu", WelcomeMode)
    receipt = asked.service.correct_welcome(asked.caller(), lease_id, held_on, mode)
    return asked.redirect(f"leases/{lease_id}", receipt)


@ROUTES.page(f"{LEASE}/welcome-meeting/withdrawal", roles=OFFICERS)
def welcome_withdrawal(asked: Asked, lease_id: UUID) -> Response:
    return _confirm(
        asked,
        lease_id,
        "Annuler l'accueil ?",
        "L'accueil noté n'a pas eu lieu. Le ménage revient dans la liste de ceux à accueillir.",
        "Annuler l'accueil",
    )


@ROUTES.act(f"{LEASE}/welcome-meeting/withdrawal", roles=OFFICERS, form=welcome_withdrawal)
def withdraw_welcome(asked: Asked, lease_id: UUID) -> Response:
    asked.service.withdraw_welcome(asked.caller(), lease_id)
    return asked.redirect(f"leases/{lease_id}")


@ROUTES.page(f"{LEASE}/end", roles=OFFICERS)
def ending(asked: Asked, lease_id: UUID) -> Response:
    return _form(asked, "ending.html", lease_id, reasons=ENDING_CHOICES)


@ROUTES.act(f"{LEASE}/end", roles=OFFICERS, form=ending)
def end_lease(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        ended_on = form.day("ended_on", "le dernier jour du bail")
        reason = form.choice("reason", "le motif", EndReason)
    asked.service.end_lease(asked.caller(), lease_id, ended_on, reason)
    return asked.redirect(f"leases/{lease_id}")


@ROUTES.page(f"{LEASE}/end/withdrawal", roles=OFFICERS)
def end_withdrawal(asked: Asked, lease_id: UUID) -> Response:
    return _confirm(
        asked,
        lease_id,
        "Annuler la fin du bail ?",
        "Le bail continue comme si sa fin n'avait pas été notée.",
        "Annuler la fin",
    )


@ROUTES.act(f"{LEASE}/end/withdrawal", roles=OFFICERS, form=end_withdrawal)
def withdraw_end(asked: Asked, lease_id: UUID) -> Response:
    asked.service.withdraw_end(asked.caller(), lease_id)
    return asked.redirect(f"leases/{lease_id}")


@ROUTES.page(f"{LEASE}/correction", roles=OFFICERS)
def correction(asked: Asked, lease_id: UUID) -> Response:
    return _form(asked, "correction.html", lease_id, periods=rent_periods.CHOICES)


@ROUTES.act(f"{LEASE}/correction", roles=OFFICERS, form=correction)
def correct_lease(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        dwelling = form.text("dwelling_reference", "le numéro du logement", REFERENCE_MAX)
        start_on = form.day("start_on", "le début du bail")
        rent = form.cents("rent", "le loyer")
        charges = form.cents("charges", "les charges")
        period = rent_periods.period_of(form)
    terms = (start_on, rent, charges, dwelling, period)
    receipt = asked.service.correct_lease(asked.caller(), lease_id, *terms)
    return asked.redirect(f"leases/{lease_id}", receipt)


@ROUTES.page(f"{LEASE}/leaseholders/correction", roles=OFFICERS)
def leaseholders(asked: Asked, lease_id: UUID) -> Response:
    persons = lookups.leaseholders(asked.service, lease_id)
    return _form(asked, "leaseholders.html", lease_id, persons=persons, languages=LANGUAGES)


@ROUTES.act(f"{LEASE}/leaseholders/correction", roles=OFFICERS, form=leaseholders)
def correct_leaseholders(asked: Asked, lease_id: UUID) -> Response:
    known = len(lookups.leaseholders(asked.service, lease_id))
    with asked.form as form:
        letters = _letters(form)
        persons = [_person(form, number, *letters) for number in range(1, known + 2)]
        if not any(persons):
            form.wrong("name-1", "Un bail a au moins un locataire : indiquez son nom.")
    receipt = asked.service.correct_leaseholders(asked.caller(), lease_id, persons)
    return asked.redirect(f"leases/{lease_id}", receipt)


def _letters(form: Form) -> tuple[str, Language | None]:
    """Where the household is written to, and in which language."""
    address = form.text("address", "l'adresse des lettres", required=False)
    chosen = form.texts.get("language", "")
    return address, form.choice("language", "une langue", Language) if chosen else None


def _person(form: Form, number: int, address: str, language: Language | None) -> Person | None:
    """The person of one pair of fields; None when both are empty."""
    contact = form.text(f"contact-{number}", "le téléphone ou le courriel", required=False)
    name = form.text(f"name-{number}", "le nom de cette personne", required=bool(contact))
    return Person(name, contact, address, language) if name else None


@ROUTES.page(f"{LEASE}/withdrawal", roles=OFFICERS)
def withdrawal(asked: Asked, lease_id: UUID) -> Response:
    return _confirm(
        asked,
        lease_id,
        "Annuler ce bail ?",
        "À utiliser quand le bail a été encodé par erreur : il n'aura jamais existé, et ses loyers "
        "seront annulés. Pour un locataire qui part, notez plutôt la fin du bail.",
        "Annuler le bail",
    )


@ROUTES.act(f"{LEASE}/withdrawal", roles=OFFICERS, form=withdrawal)
def withdraw_lease(asked: Asked, lease_id: UUID) -> Response:
    asked.service.withdraw_lease(asked.caller(), lease_id)
    return asked.redirect(f"leases/{lease_id}")


@ROUTES.page(f"{LEASE}/transfer", roles=OFFICERS)
def transfer(asked: Asked, lease_id: UUID) -> Response:
    return _form(asked, "transfer.html", lease_id, periods=rent_periods.CHOICES)


@ROUTES.act(f"{LEASE}/transfer", roles=OFFICERS, form=transfer)
def transfer_household(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        dwelling = form.text("dwelling_reference", "le numéro du nouveau logement", REFERENCE_MAX)
        reference = form.text("reference", "le numéro du nouveau bail", REFERENCE_MAX)
        start_on = form.day("start_on", "le début du nouveau bail")
        rent = form.cents("rent", "le loyer")
        charges = form.cents("charges", "les charges")
        period = rent_periods.period_of(form)
        address = form.text("address", "la nouvelle adresse", required=False)
    terms = (reference, dwelling, start_on, rent, charges, address, period)
    receipt = asked.service.transfer_household(asked.caller(), lease_id, *terms)
    return asked.redirect(f"leases/{receipt.id}")


def _confirm(
    asked: Asking, lease_id: UUID, question: str, consequence: str, button: str
) -> Response:
    return _form(
        asked, "confirm.html", lease_id, question=question, consequence=consequence, button=button
    )
