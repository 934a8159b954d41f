"""Companies that several tests look at, each made once, and doors that lead to the domain."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest

from contracts.arrears import MatchedBy
from contracts.followup import VisitKind
from contracts.intake import EndReason, SuspensionReason
from services.arrears.casework.policy_shelf import read_document
from services.arrears.coda import read_coda
from services.arrears.letters.template_shelf import checked
from services.arrears.policy import due_on
from services.arrears.rent_account import RentAccount
from services.chassis.tabular import Column, Kind, read_table
from services.demonstration.arrears_visits import OpenArrearsVisit
from services.demonstration.company import DemonstrationCompany
from services.demonstration.steps import Day, FileKind, Step
from services.demonstration.support import HouseholdSeen, Late, Period
from services.demonstration.truth import Truth
from services.followup.household_file import HouseholdFile
from services.followup.policy import first_year_visits
from services.intake.dwelling import Dwelling
from services.intake.imports import DWELLING_COLUMNS, LEASE_COLUMNS
from services.intake.lease import Lease
from services.intake.lease_terms import Terms
from services.intake.letting import payment_reference_of

A_DAY = timedelta(days=1)
ROLL = (
    Column("lease"),
    Column("month"),
    Column("rent", Kind.CENTS),
    Column("charges", Kind.CENTS),
    Column("due_on", Kind.DAY, required=False),
)


@dataclass(frozen=True)
class Played:
    """A company with all its days at hand."""

    company: DemonstrationCompany
    days: list[Day]
    truth: Truth

    def steps(self, kind: type[Step]) -> list:
        return [step for page in self.days for step in page.steps if isinstance(step, kind)]


def played(**size: int) -> Played:
    company = DemonstrationCompany(**size)
    days = list(company.days())
    return Played(company, days, Truth(days))


@pytest.fixture(scope="session")
def average() -> Played:
    return played()


@pytest.fixture(scope="session")
def one_year() -> Played:
    return played(leases=200, months=12)


@pytest.fixture(scope="session", params=[(20, 3), (40, 5), (200, 12), (1570, 24)])
def of_any_size(request: pytest.FixtureRequest) -> Played:
    leases, months = request.param
    if (leases, months) == (200, 12):
        return request.getfixturevalue("one_year")
    if (leases, months) == (1570, 24):
        return request.getfixturevalue("average")
    return played(leases=leases, months=months)


class DomainDoors:
    """Aggregates of the services, kept in memory: what a rule forbids is refused as it always is.

    What the officers are shown: `visits` as open arrears visits, `periods` as open support, `late`
    as owing three months; `visited`: whose arrears visit was made.
    """

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.today = date.min
        self.begun: list[date] = []
        self.keys: list[str] = []
        self.leases: dict[str, Lease] = {}
        self.dwellings: dict[str, Dwelling] = {}
        self.files: dict[str, HouseholdFile] = {}
        self.accounts: dict[str, RentAccount] = {}
        self.by_payment_reference: dict[str, str] = {}
        self.unmatched: dict[tuple[date, int], UUID] = {}
        self.visits: list[OpenArrearsVisit] = []
        self.periods: list[Period] = []
        self.late: list[Late] = []
        self.visited: set[str] = set()
        self.support_acts: list[tuple[object, object]] = []
        self.arrears_acts: list[tuple[str, object]] = []

    def adopt_policy(self, key, step):
        self.keys.append(key)
        read_document(step.document)
        checked(step.letters)

    def work_list(self):
        return []

    def write_off(self, key, step):
        self.keys.append(key)

    def send_letters(self, key):
        self.keys.append(key)

    def cases_before_court(self):
        return []

    def begin_day(self, day: date) -> None:
        assert not self.begun or day > self.begun[-1]
        self.today = day
        self.begun.append(day)

    def import_file(self, key, step):
        self.keys.append(key)
        match step.kind:
            case FileKind.DWELLINGS:
                for row in read_table(step.content, DWELLING_COLUMNS).rows:
                    dwelling = Dwelling.register(self.slug, row["reference"], row["registered_on"])
                    if since := row["unlettable_from"]:
                        reason = SuspensionReason(row["unlettable_reason"])
                        dwelling.suspend_letting(since, reason, self.today)
                    self.dwellings[row["reference"]] = dwelling
            case FileKind.LEASES:
                for row in read_table(step.content, LEASE_COLUMNS).rows:
                    amounts = row["rent"], row["charges"]
                    self._sign(row["reference"], row["dwelling"], row["start_on"], *amounts)
                    given = row["payment_reference"]
                    assert given == payment_reference_of(self.slug, row["reference"])
            case FileKind.RENT_ROLL:
                for row in read_table(step.content, ROLL).rows:
                    day = row["due_on"] or due_on(row["month"])
                    amounts = row["rent"], row["charges"]
                    account = self.accounts[row["lease"]]
                    account.charge_rent(self.slug, row["month"], day, *amounts)
            case FileKind.CODA:
                for statement in read_coda(step.content).statements:
                    self._post(statement)

    def _post(self, statement):
        for posting in statement.postings():
            payment = uuid5(UUID(int=0), f"{statement.date}/{posting.key}")
            valid = posting.structured if posting.structured_valid else None
            lease = self.by_payment_reference.get(valid or "")
            if posting.amount_cents > 0 and lease:
                self.accounts[lease].receive_payment(
                    payment,
                    posting.amount_cents,
                    posting.value_date,
                    MatchedBy.STRUCTURED_COMMUNICATION,
                )
            elif posting.amount_cents > 0:
                self.unmatched[posting.value_date, posting.amount_cents] = payment
            elif lease:
                self.accounts[lease].reverse_payment(
                    payment, -posting.amount_cents, posting.value_date
                )

    def _sign(self, reference, dwelling, start_on, rent, charges, household=None, transfer_of=None):
        payment_reference = payment_reference_of(self.slug, reference)
        lease = Lease.sign(
            self.slug,
            Terms(
                reference=reference,
                household_id=uuid5(UUID(int=1), household or reference),
                dwelling_id=Dwelling.id_of(self.slug, dwelling),
                dwelling_reference=dwelling,
                start_on=start_on,
                rent_cents=rent,
                charges_cents=charges,
                payment_reference=payment_reference,
                leaseholders=[],
                transfer_of=transfer_of,
            ),
            self.today,
        )
        assert reference not in self.leases
        self.dwellings[dwelling].let(lease.id, start_on)
        self.leases[reference] = lease
        self.by_payment_reference[payment_reference] = reference
        account = RentAccount.open_account(lease.id, lease.terms.household_id, start_on)
        account.trigger_event(
            RentAccount.LeaseKnown,
            reference=reference,
            dwelling_reference=dwelling,
            start_on=start_on,
            rent_cents=rent,
            charges_cents=charges,
            payment_reference=payment_reference,
            leaseholders=[],
            because="signed",
            occurred_on=start_on,
        )
        self.accounts[reference] = account
        file = HouseholdFile.open_file(lease.terms.household_id, start_on)
        self.files[reference] = file
        if transfer_of is None:
            for kind, day in first_year_visits(start_on).items():
                if day >= self.today:
                    file.plan_visit(self._visit(reference, kind), lease.id, kind, day, self.today)

    def _visit(self, reference: str, kind: VisitKind) -> UUID:
        return uuid5(UUID(int=2), f"{reference}/{kind}")

    def sign_lease(self, key, step):
        self.keys.append(key)
        assert step.names
        assert all(name for name, _ in step.names)
        amounts = step.rent_cents, step.charges_cents
        self._sign(step.reference, step.dwelling, step.start_on, *amounts)

    def transfer(self, key, step):
        self.keys.append(key)
        old = self.leases[step.lease_reference]
        ended_on = date.fromordinal(step.start_on.toordinal() - 1)
        self._end(step.lease_reference, ended_on, EndReason.TRANSFER)
        amounts = step.rent_cents, step.charges_cents
        self._sign(
            step.new_reference,
            step.dwelling,
            step.start_on,
            *amounts,
            step.lease_reference,
            old.id,
        )

    def correct_lease(self, key, step):
        self.keys.append(key)
        lease, account = self.leases[step.lease_reference], self.accounts[step.lease_reference]
        was = lease.terms.rent_cents, lease.terms.charges_cents
        lease.correct(self.today, rent_cents=step.rent_cents, charges_cents=step.charges_cents)
        assert lease.terms.start_on == step.start_on
        assert lease.terms.dwelling_reference == step.dwelling
        for charge in list(account.charges.values()):
            if (charge.rent_cents, charge.charges_cents) == was:
                account.correct_charge(charge.month, step.rent_cents, step.charges_cents)

    def end_lease(self, key, step):
        self.keys.append(key)
        self._end(step.lease_reference, step.ended_on, step.reason)

    def _end(self, reference: str, ended_on: date, reason: EndReason) -> None:
        lease, file = self.leases[reference], self.files[reference]
        lease.end(ended_on, reason, self.today)
        self.dwellings[lease.terms.dwelling_reference].vacate(lease.id, ended_on + A_DAY)
        for visit in list(file.visits.values()):
            if visit.planned_on is not None and visit.planned_on > ended_on:
                file.withdraw_visit(visit, ended_on, "lease-ended")

    def withdraw_lease(self, key, step):
        self.keys.append(key)
        lease, account = self.leases[step.lease_reference], self.accounts[step.lease_reference]
        lease.withdraw()
        self.dwellings[lease.terms.dwelling_reference].withdraw_letting(lease.id, self.today)
        payments = list(account.payments)
        account.close(self.today)
        for payment_id in payments:
            freed = account.release_payment(payment_id)
            self.unmatched[freed.value_date, freed.cents] = payment_id

    def suspend_letting(self, key, step):
        self.keys.append(key)
        self.dwellings[step.dwelling].suspend_letting(step.unlettable_from, step.reason, self.today)

    def resume_letting(self, key, step):
        self.keys.append(key)
        self.dwellings[step.dwelling].resume_letting(step.lettable_from, self.today)

    def hold_welcome(self, key, step):
        self.keys.append(key)
        lease = self.leases[step.lease_reference]
        lease.hold_welcome_meeting(step.held_on, step.mode, self.today)

    def record_visit(self, key, step):
        self.keys.append(key)
        visit = self._visit(step.lease_reference, step.kind)
        file = self.files[step.lease_reference]
        assert visit in file.visits
        file.record_visit(
            visit,
            self.leases[step.lease_reference].id,
            step.kind,
            done_on=step.done_on,
            place=step.place,
            performed_by=step.by,
            result=step.result,
            today=self.today,
        )

    def miss_visit(self, key, step):
        self.keys.append(key)
        visit = self._visit(step.lease_reference, step.kind)
        self.files[step.lease_reference].miss_visit(visit, step.missed_on, step.reason, self.today)

    def assign_unmatched(self, key, step):
        self.keys.append(key)
        payment = self.unmatched.pop((step.value_date, step.amount_cents))
        account = self.accounts[step.lease_reference]
        account.receive_payment(payment, step.amount_cents, step.value_date, MatchedBy.OFFICER)

    def open_arrears_visits(self):
        return self.visits

    def plan_arrears_visit(self, key, visit, plan):
        self.arrears_acts.append((key, plan))

    def record_arrears_visit(self, key, visit, made):
        self.arrears_acts.append((key, made))

    def miss_arrears_visit(self, key, visit, missed):
        self.arrears_acts.append((key, missed))

    def support_periods(self):
        return self.periods

    def three_months_late(self):
        return self.late

    def household_seen(self, late):
        visited = late.lease_reference in self.visited
        return HouseholdSeen(self.today if visited else None, None)

    def open_support(self, key, late, agreed):
        self.support_acts.append((late, agreed))

    def close_support(self, key, period, closed):
        self.support_acts.append((period, closed))

    def withdraw_agreement(self, key, period, withdrawn):
        self.support_acts.append((period, withdrawn))

    def arrears_on(self, day: date) -> dict[str, int]:
        owed = {lease: account.arrears_on(day) for lease, account in self.accounts.items()}
        return {lease: cents for lease, cents in owed.items() if cents > 0}


@pytest.fixture(scope="session")
def domain_doors() -> type[DomainDoors]:
    return DomainDoors
