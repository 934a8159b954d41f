"""The JSON API of intake: the same acts and lists as the pages."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import JSONResponse

from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import plain
from services.chassis.keyring import PersonErased
from services.chassis.refusal import Malformed, NameUnavailable, NotFound
from services.chassis.routes import Routes
from services.intake import lookups
from services.intake.dwelling import DwellingAlreadyLet, LettingIsSuspended
from services.intake.history import history_of
from services.intake.imports import FileKind, import_file
from services.intake.lease import (
    LeaseAlreadySigned,
    LeaseHasEnded,
    LeaseWasWithdrawn,
    TenantAlreadyWelcomed,
    TenantNotWelcomedYet,
)
from services.intake.lease_bodies import (
    CorrectionBody,
    DwellingBody,
    EndBody,
    LeaseholdersBody,
    SigningBody,
    TransferBody,
    WelcomeBody,
)
from services.intake.lease_terms import DayNotPossible
from services.intake.letting import HouseholdHasMoved, SameDwelling, UnknownDwelling
from services.intake.lookups import LeaseList, LeaseRow, ToWelcomeList
from services.intake.roles import OFFICERS, READERS

ROUTES = Routes()
LEASE = "/api/{company}/leases/{lease_id}"


@ROUTES.api("GET", "/api/{company}/new-tenants-to-welcome", roles=READERS, answer=ToWelcomeList)
def new_tenants_to_welcome(asked: Asked) -> Any:
    return lookups.to_welcome(asked.service, asked.today)


@ROUTES.api("GET", "/api/{company}/leases", roles=READERS, answer=LeaseList)
def leases(asked: Asked, q: Annotated[str, Query(max_length=200)] = "") -> Any:
    return lookups.leases(asked.service, plain(q, "q"), asked.today)


@ROUTES.api("GET", LEASE, roles=READERS, answer=LeaseRow, refusals=[NotFound])
def lease(asked: Asked, lease_id: UUID) -> Response:
    found = lookups.lease(asked.service, lease_id)
    version = history_of(asked.service, lease_id).version
    return JSONResponse(found.model_dump(mode="json"), headers={"etag": f'"{version}"'})


@ROUTES.api("POST", "/api/{company}/dwellings", roles=OFFICERS, answer=ReceiptBody, status=201)
def register_dwelling(asked: Asked, body: DwellingBody) -> Response:
    receipt = asked.service.register_dwelling(
        asked.caller(), body.reference, body.registered_on, body.bedrooms
    )
    return asked.receipt(receipt, f"dwellings/{receipt.id}")


@ROUTES.api(
    "POST",
    "/api/{company}/leases",
    roles=OFFICERS,
    answer=ReceiptBody,
    status=201,
    refusals=[
        LeaseAlreadySigned,
        DwellingAlreadyLet,
        LettingIsSuspended,
        UnknownDwelling,
        DayNotPossible,
        PersonErased,
        NameUnavailable,
    ],
)
def sign_lease(asked: Asked, body: SigningBody) -> Response:
    receipt = asked.service.sign_lease(
        asked.caller(),
        body.reference,
        body.dwelling_reference,
        body.start_on,
        body.rent_cents,
        body.charges_cents,
        [holder.person() for holder in body.leaseholders],
        rent_period=body.rent_period,
    )
    return asked.receipt(receipt, f"leases/{receipt.id}")


@ROUTES.api(
    "POST",
    f"{LEASE}/welcome-meeting",
    roles=OFFICERS,
    answer=ReceiptBody,
    status=201,
    refusals=[NotFound, TenantAlreadyWelcomed, LeaseHasEnded, LeaseWasWithdrawn, DayNotPossible],
)
def hold_welcome_meeting(asked: Asked, lease_id: UUID, body: WelcomeBody) -> Response:
    receipt = asked.service.hold_welcome_meeting(asked.caller(), lease_id, body.held_on, body.mode)
    return asked.receipt(receipt, f"leases/{lease_id}")


@ROUTES.api(
    "POST",
    f"{LEASE}/welcome-meeting/correction",
    roles=OFFICERS,
    answer=ReceiptBody,
    refusals=[NotFound, TenantNotWelcomedYet, DayNotPossible],
)
def correct_welcome(asked: Asked, lease_id: UUID, body: WelcomeBody) -> Response:
    return asked.receipt(
        asked.service.correct_welcome(asked.caller(), lease_id, body.held_on, body.mode)
    )


@ROUTES.api(
    "POST",
    f"{LEASE}/welcome-meeting/withdrawal",
    roles=OFFICERS,
    answer=ReceiptBody,
    refusals=[NotFound, TenantNotWelcomedYet],
)
def withdraw_welcome(asked: Asked, lease_id: UUID) -> Response:
    return asked.receipt(asked.service.withdraw_welcome(asked.caller(), lease_id))


@ROUTES.api(
    "POST",
    f"{LEASE}/end",
    roles=OFFICERS,
    answer=ReceiptBody,
    status=201,
    refusals=[NotFound, LeaseHasEnded, LeaseWasWithdrawn, DayNotPossible],
)
def end_lease(asked: Asked, lease_id: UUID, body: EndBody) -> Response:
    receipt = asked.service.end_lease(asked.caller(), lease_id, body.ended_on, body.reason)
    return asked.receipt(receipt, f"leases/{lease_id}")


@ROUTES.api(
    "POST",
    f"{LEASE}/end/withdrawal",
    roles=OFFICERS,
    answer=ReceiptBody,
    refusals=[NotFound, DwellingAlreadyLet, LettingIsSuspended, HouseholdHasMoved],
)
def withdraw_end(asked: Asked, lease_id: UUID) -> Response:
    return asked.receipt(asked.service.withdraw_end(asked.caller(), lease_id))


@ROUTES.api(
    "POST",
    f"{LEASE}/correction",
    roles=OFFICERS,
    answer=ReceiptBody,
    refusals=[
        *(NotFound, UnknownDwelling, DwellingAlreadyLet, LettingIsSuspended),
        *(LeaseWasWithdrawn, DayNotPossible),
    ],
)
def correct_lease(asked: Asked, lease_id: UUID, body: CorrectionBody) -> Response:
    return asked.receipt(
        asked.service.correct_lease(
            asked.caller(),
            lease_id,
            body.start_on,
            body.rent_cents,
            body.charges_cents,
            body.dwelling_reference,
            body.rent_period,
        )
    )


@ROUTES.api(
    "POST",
    f"{LEASE}/leaseholders/correction",
    roles=OFFICERS,
    answer=ReceiptBody,
    refusals=[NotFound, LeaseWasWithdrawn, PersonErased, NameUnavailable, Malformed],
)
def correct_leaseholders(asked: Asked, lease_id: UUID, body: LeaseholdersBody) -> Response:
    persons = [holder and holder.person() for holder in body.leaseholders]
    return asked.receipt(asked.service.correct_leaseholders(asked.caller(), lease_id, persons))


@ROUTES.api("POST", f"{LEASE}/withdrawal", roles=OFFICERS, answer=ReceiptBody, refusals=[NotFound])
def withdraw_lease(asked: Asked, lease_id: UUID) -> Response:
    return asked.receipt(asked.service.withdraw_lease(asked.caller(), lease_id))


@ROUTES.api(
    "POST",
    f"{LEASE}/transfer",
    roles=OFFICERS,
    answer=ReceiptBody,
    status=201,
    refusals=[
        NotFound,
        UnknownDwelling,
        DwellingAlreadyLet,
        LettingIsSuspended,
        LeaseAlreadySigned,
        LeaseHasEnded,
        LeaseWasWithdrawn,
        DayNotPossible,
        SameDwelling,
        PersonErased,
        NameUnavailable,
    ],
)
def transfer_household(asked: Asked, lease_id: UUID, body: TransferBody) -> Response:
    receipt = asked.service.transfer_household(
        asked.caller(),
        lease_id,
        body.reference,
        body.dwelling_reference,
        body.start_on,
        body.rent_cents,
        body.charges_cents,
        body.address or "",
        body.rent_period,
    )
    return asked.receipt(receipt, f"leases/{receipt.id}")


@ROUTES.api("POST", "/api/{company}/imports/{kind}", roles=OFFICERS, uploads=True)
def import_stock(
    asked: Asked,
    kind: FileKind,
    filename: Annotated[str, Query(max_length=200)] = "",
    *,
    dry_run: bool = False,
    partial: bool = False,
) -> Response:
    """The file is the body, as it is. Answers the report, whatever it says: see its `state`."""
    report = import_file(
        asked.service,
        asked.caller(),
        kind,
        plain(filename, "filename"),
        asked.body,
        dry_run=dry_run,
        partial=partial,
    )
    return JSONResponse(report.as_json())
