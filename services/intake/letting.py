"""A lease and its dwelling, told in one act: signed and let, ended and vacated, moved."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from stdnum.be import ogm_vcs

from contracts.intake import EndReason
from contracts.words import RentPeriod
from services.chassis.act import Act
from services.chassis.refusal import Malformed, Refusal
from services.intake.dwelling import Dwelling
from services.intake.lease import Lease, LeaseAlreadySigned
from services.intake.lease_terms import Terms
from services.intake.rent_periods import kept


class UnknownDwelling(Refusal):
    status = 404
    slug = "unknown-dwelling"
    title = "Logement inconnu"
    field = "dwelling_reference"


class HouseholdHasMoved(Refusal):
    slug = "household-has-moved"
    title = "Ménage déjà muté"


class SameDwelling(Malformed):
    slug = "same-dwelling"
    title = "Même logement"

    def __init__(self, dwelling_reference: str) -> None:
        reason = f"Le ménage habite déjà le logement {dwelling_reference} : choisissez-en un autre."
        super().__init__(reason, [{"field": "dwelling_reference", "reason": reason}])


def terms_of(
    company: str,
    reference: str,
    household_id: UUID,
    dwelling_reference: str,
    start_on: date,
    rent_cents: int,
    charges_cents: int,
    leaseholders: list[dict[str, Any]],
    payment_reference: str | None = None,
    rent_period: RentPeriod | None = None,
    **more: Any,
) -> Terms:
    """The terms of a lease as typed; its structured communication is made unless it has one."""
    return Terms(
        reference=reference,
        household_id=household_id,
        dwelling_id=Dwelling.id_of(company, dwelling_reference),
        dwelling_reference=dwelling_reference,
        start_on=start_on,
        rent_cents=rent_cents,
        charges_cents=charges_cents,
        payment_reference=payment_reference or payment_reference_of(company, reference),
        leaseholders=leaseholders,
        rent_period=kept(rent_period),
        **more,
    )


def sign(act: Act, company: str, terms: Terms) -> UUID:
    dwelling = act.find(Dwelling, terms.dwelling_id)
    if dwelling is None:
        raise UnknownDwelling(
            f"Le logement {terms.dwelling_reference} n'est pas enregistré. "
            "Enregistrez-le d'abord, ou vérifiez son numéro.",
            dwelling=terms.dwelling_reference,
        )
    known = act.find(Lease, Lease.id_of(company, terms.reference))
    if known is not None:
        was = "a déjà servi à un bail annulé" if known.withdrawn else "est déjà celui d'un bail"
        raise LeaseAlreadySigned(
            f"Le numéro {terms.reference} {was} : donnez-en un autre.",
            lease=terms.reference,
        )
    lease = Lease.sign(company, terms, act.today)
    dwelling.let(lease.id, terms.start_on)
    act.save(lease)
    act.save(dwelling)
    return lease.id


def leave(act: Act, lease: Lease, for_dwelling: str, moved_on: date) -> None:
    """End a lease the day before the household moves to another dwelling."""
    if lease.terms.dwelling_reference == for_dwelling:
        raise SameDwelling(for_dwelling)
    end(act, lease, moved_on - timedelta(days=1), EndReason.TRANSFER)


def follow(act: Act, company: str, terms: Terms) -> UUID:
    """Sign the lease that follows the one that was left."""
    lease = act.load(Lease, sign(act, company, terms))
    lease.complete_transfer()
    return act.save(lease)


def end(act: Act, lease: Lease, ended_on: date, reason: EndReason) -> None:
    lease.end(ended_on, reason, act.today)
    act.save(lease)
    dwelling = act.load(Dwelling, lease.terms.dwelling_id)
    dwelling.vacate(lease.id, ended_on + timedelta(days=1))
    act.save(dwelling)


def correct(act: Act, company: str, lease: Lease, **changes: Any) -> None:
    """Replace a lease's terms by the right ones; its dwelling's too, if that was another."""
    before = lease.terms
    dwelling_id = Dwelling.id_of(company, changes["dwelling_reference"])
    lease.correct(act.today, dwelling_id=dwelling_id, **changes)
    act.save(lease)
    if dwelling_id != before.dwelling_id:
        move(act, lease, before)


def move(act: Act, lease: Lease, before: Terms) -> None:
    right = act.find(Dwelling, lease.terms.dwelling_id)
    if right is None:
        raise UnknownDwelling(
            f"Le logement {lease.terms.dwelling_reference} n'est pas enregistré.",
            dwelling=lease.terms.dwelling_reference,
        )
    wrong = act.load(Dwelling, before.dwelling_id)
    wrong.withdraw_letting(lease.id, before.start_on)
    right.let(lease.id, lease.terms.start_on)
    act.save(wrong)
    act.save(right)


def payment_reference_of(company: str, lease_reference: str) -> str:
    """The structured communication of a lease: ten digits from its id, two check digits."""
    ten = f"{Lease.id_of(company, lease_reference).int % 10**10:010d}"
    return ten + ogm_vcs.calc_check_digits(ten)


def refuse_if_moved(act: Act, lease: Lease) -> None:
    following = act.rows(
        "SELECT reference FROM lease WHERE transfer_of = %s AND NOT withdrawn", (lease.id,)
    )
    if following:
        raise HouseholdHasMoved(
            f"Le bail {following[0]['reference']} suit celui-ci : annulez-le d'abord.",
            lease=following[0]["reference"],
        )
