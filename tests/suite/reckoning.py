"""What the figures must be, reckoned slowly from the generator's notes and steps.

Arrears visits alone are not in the notes: officers decide them as they come up. They are read from
the bytes of followup's log, fact by fact.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from dateutil.relativedelta import relativedelta

from contracts.followup import VisitPlace
from contracts.intake import EndReason
from services.chassis.aggregate import natural_id
from services.demonstration.books import Assigned, LeaseBegun, LeaseNeverWas, Paid, TakenBack
from services.demonstration.steps import Day, FileKind, HoldWelcome, ImportFile, RecordVisit
from services.demonstration.truth import Truth
from tests.suite.before_court import Side, legal_figures
from tests.suite.empty_dwellings import vacancy
from tests.suite.first_reactions import first_reaction, standing
from tests.suite.supported import supported_households

BRUSSELS = ZoneInfo("Europe/Brussels")
FIRST_YEAR_MONTHS = {"m1": 1, "m6": 6, "m12": 12}
Figure = tuple[int, Side]


@dataclass
class Money:
    """A payment on an account; `cents` is what the bank has not taken back. What is written off
    pays charges as if it were money.
    """

    value_date: date
    cents: int
    is_money: bool = True


@dataclass(frozen=True)
class Reckoning:
    """The figures of a year as known at the end of a day. `log`: facts of followup, in order;
    `arrears_log`: of arrears, read for the plans that officers agreed.
    """

    slug: str
    days: list[Day]
    log: list[bytes]
    arrears_log: list[bytes]
    year: int
    known_on: date

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        return min(date(self.year, 12, 31), self.known_on)

    def figures(self) -> dict[str, Figure]:
        truth = Truth(self.days)
        in_force = truth.leases_in_force(self.last, self.known_on)
        owed = truth.arrears_on(self.last, self.known_on)
        for lease, gone in self._written_off(truth):
            if gone.value_date <= self.last:
                owed[lease] = max(0, owed.get(lease, 0) - gone.cents)
        month = truth.month_cents(self.last, self.known_on)
        late = {lease: cents for lease, cents in owed.items() if lease in in_force and cents}
        grave = [lease for lease, cents in late.items() if cents >= 3 * month[lease] > 0]
        return {
            "I01": (sum(late.values()), self._charged_in_twelve_months(truth)),
            "I02": (self._owed_by_departed(truth, owed), self._charged_in_twelve_months(truth)),
            "I03": (len(late), len(in_force)),
            "I04": (len(grave), len(in_force)),
            "I05": self._collected(truth),
            "I06": first_reaction(
                [*self.arrears_log, *self.log], self.first, self.last, self.known_on
            )[:2],
            "I07": self._covered(late, month),
            "I08": self._plans_kept(),
            "I09": (self._supported(truth, grave), len(grave)),
            **legal_figures(self.arrears_log, truth, self.first, self.last, self.known_on),
            "I19": self._welcomed(truth),
            "I20": self._visited(truth),
            "I21": self._made(truth),
            "I22": self._kept(truth),
            **vacancy(self.days, truth, self.last, self.known_on),
        }

    def _owed_by_departed(self, truth: Truth, owed: dict[str, int]) -> int:
        ends = truth.ends(self.known_on)
        return sum(
            owed.get(lease, 0)
            for lease, begun in truth.leases(self.known_on).items()
            if begun.start_on <= self.last and lease in ends and ends[lease].ended_on <= self.last
        )

    def _kept(self, truth: Truth) -> Figure:
        """I22: the leases of the year before, a year later; a death until then counts for none."""
        ends = truth.ends(self.known_on)
        kept = counted = 0
        for lease, begun in self._new_tenants(truth).items():
            anniversary = begun.start_on + relativedelta(years=1)
            if begun.start_on.year != self.year - 1 or anniversary > self.last:
                continue
            end = ends.get(lease)
            ran = end is None or end.ended_on > anniversary
            if ran or end.reason is not EndReason.DEATH:
                counted += 1
                kept += ran or end.reason is EndReason.TRANSFER
        return kept, counted

    def _charged_in_twelve_months(self, truth: Truth) -> int:
        first = self.last + timedelta(days=1) - relativedelta(months=12)
        since = first - timedelta(days=1)
        ends = truth.ends(self.known_on)
        counted = {
            lease
            for lease, begun in truth.leases(self.known_on).items()
            if begun.start_on <= self.last and (lease not in ends or ends[lease].ended_on > since)
        }
        charged = truth.charged(since, self.last, self.known_on)
        return sum(cents for lease, cents in charged.items() if lease in counted)

    def _collected(self, truth: Truth) -> Figure:
        """I05: euro by euro, the oldest open charge first, with the oldest money first."""
        charges = truth.charges(self.known_on).values()
        accounts = self._accounts()
        for lease, gone in self._written_off(truth):
            accounts.setdefault(lease, []).append(gone)
        paid = 0
        for lease in {charge.lease for charge in charges}:
            own = sorted((c for c in charges if c.lease == lease), key=lambda c: c.due_on)
            unpaid = [[charge.due_on, charge.cents] for charge in own]
            for money in sorted(accounts.get(lease, []), key=lambda m: m.value_date):
                left = money.cents
                for charge in unpaid:
                    part = min(left, charge[1])
                    charge[1] -= part
                    left -= part
                    counts = money.is_money and self._in_period(money.value_date)
                    if counts and self._in_period(charge[0]):
                        paid += part
        return paid, sum(charge.cents for charge in charges if self._in_period(charge.due_on))

    def _covered(self, late: dict[str, int], month: dict[str, int]) -> Figure:
        """I07: of those who owe a month, who has a plan that is not over on the last evening."""
        owing = {lease for lease, cents in late.items() if cents >= month[lease] > 0}
        by_id = {natural_id(self.slug, "lease", lease): lease for lease in owing}
        live = {
            by_id.get(UUID(plan["lease_id"]))
            for plan in self._plans()
            if plan["agreed_on"] <= self.last.isoformat()
            and not ("ended_on" in plan and plan["ended_on"] <= self.last.isoformat())
        }
        return len(owing & live), len(owing)

    def _supported(self, truth: Truth, grave: list[str]) -> int:
        """I09: of those who owe three months, whose household has support on the last evening."""
        households = supported_households(self.log, self.last, self.known_on)
        begun = truth.leases(self.known_on)
        ids = [natural_id(self.slug, "household", begun[lease].household) for lease in grave]
        return sum(str(identity) in households for identity in ids)

    def _plans_kept(self) -> Figure:
        """I08: plans with an instalment due, less those that missed one and were not completed."""
        kept = counted = 0
        for plan in self._plans():
            over = min(self.last, date.fromisoformat(plan.get("ended_on", "9999-12-31")))
            dues = (
                date.fromisoformat(plan["first_due_on"]) + relativedelta(months=n)
                for n in range(plan.get("count", 1_200))
            )
            if not any(self.first <= due <= over for due in dues):
                continue
            counted += 1
            missed = [due for due in plan["missed"] if self._in_period(date.fromisoformat(due))]
            done = plan.get("how") == "completed" and plan["ended_on"] <= self.last.isoformat()
            kept += done or not missed
        return kept, counted

    def _plans(self) -> list[dict[str, Any]]:
        """Each plan as known, with when and how it ended and the instalments it missed."""
        plans: dict[str, dict[str, Any]] = {}
        for fact in map(orjson.loads, self.arrears_log):
            at = datetime.fromisoformat(fact["time"]).astimezone(BRUSSELS).date()
            kind, data = fact["type"].removeprefix("arrears."), fact["data"]
            if at > self.known_on or "plan_id" not in data:
                continue
            plan = plans.setdefault(data["plan_id"], {"missed": []})
            how = kind.removeprefix("repayment-plan-")
            if how == "agreed":
                plan |= data
            elif how in ("completed", "broken", "cancelled"):
                plan |= {"how": how, "ended_on": data[f"{how}_on"]}
            elif kind == "instalment-missed":
                plan["missed"].append(data["due_on"])
        return list(plans.values())

    def _written_off(self, truth: Truth) -> Iterable[tuple[str, Money]]:
        """What officers wrote off by the day, as the log tells it."""
        by_id = {natural_id(self.slug, "lease", lease): lease for lease in truth.leases()}
        for fact in standing(self.arrears_log, self.known_on):
            if fact["type"] == "arrears.arrears-written-off":
                data = fact["data"]
                on = date.fromisoformat(data["written_off_on"])
                yield by_id[UUID(data["lease_id"])], Money(on, data["amount_cents"], is_money=False)

    def _in_period(self, day: date) -> bool:
        return self.first <= day <= self.last

    def _accounts(self) -> dict[str, list[Money]]:
        notes = list(self._known_notes())
        undone = {note.lease for note in notes if isinstance(note, LeaseNeverWas)}
        assigned = {note.payment: note.lease for note in notes if isinstance(note, Assigned)}
        accounts: dict[str, list[Money]] = {}
        for note in notes:
            if isinstance(note, Paid):
                lease = assigned.get(note.payment, note.named)
                if lease is not None and lease not in undone:
                    accounts.setdefault(lease, []).append(Money(note.value_date, note.cents))
            elif isinstance(note, TakenBack):
                same = [m for m in accounts[note.lease] if m.cents == note.cents]
                max(same, key=lambda m: m.value_date).cents = 0
        return accounts

    def _known_notes(self) -> Iterable[Any]:
        return (note for page in self.days if page.day <= self.known_on for note in page.notes)

    def _known_steps(self, kind: type[Any]) -> list[Any]:
        pages = [page for page in self.days if page.day <= self.known_on]
        return [step for page in pages for step in page.steps if isinstance(step, kind)]

    def _new_tenants(self, truth: Truth) -> dict[str, LeaseBegun]:
        leases = truth.leases(self.known_on)
        return {lease: begun for lease, begun in leases.items() if begun.transfer_of is None}

    def _welcomed(self, truth: Truth) -> Figure:
        """I19. Of stock taken over, the file of leases says when its tenant was welcomed."""
        due = {
            lease: begun.start_on + timedelta(days=30)
            for lease, begun in self._new_tenants(truth).items()
            if self._in_period(begun.start_on + timedelta(days=30))
        }
        meetings = [(s.lease_reference, s.held_on) for s in self._known_steps(HoldWelcome)]
        meetings += self._welcomed_before()
        in_time = {lease for lease, held_on in meetings if lease in due and held_on <= due[lease]}
        return len(in_time), len(due)

    def _welcomed_before(self) -> Iterable[tuple[str, date]]:
        for file in self._known_steps(ImportFile):
            if file.kind is FileKind.LEASES:
                for row in csv.DictReader(file.content.decode().splitlines(), delimiter=";"):
                    if row["welcomed_on"]:
                        day, month, year = map(int, row["welcomed_on"].split("/"))
                        yield row["reference"], date(year, month, day)

    def _visited(self, truth: Truth) -> Figure:
        ends = truth.ends(self.known_on)
        due = {}
        for lease, begun in self._new_tenants(truth).items():
            day = begun.start_on + relativedelta(months=6) + timedelta(days=15)
            if self._in_period(day) and (lease not in ends or ends[lease].ended_on > day):
                due[lease] = begun.start_on, day
        home = [
            (step.lease_reference, step.done_on)
            for step in self._known_steps(RecordVisit)
            if step.place is VisitPlace.HOME
        ]
        by_id = {natural_id(self.slug, "lease", lease): lease for lease in due}
        home += [
            (by_id[UUID(made["lease_id"])], date.fromisoformat(made["done_on"]))
            for made in self._arrears_visits("followup.visit-recorded").values()
            if made["place"] == "home" and UUID(made["lease_id"]) in by_id
        ]
        visited = {
            lease for lease, done_on in home if lease in due and _between(done_on, *due[lease])
        }
        return len(visited), len(due)

    def _made(self, truth: Truth) -> Figure:
        leases, ends = truth.leases(self.known_on), truth.ends(self.known_on)
        last_days = {natural_id(self.slug, "lease", n): end.ended_on for n, end in ends.items()}
        planned: dict[Any, tuple[UUID, date]] = {}
        begins_on = self.days[0].day
        for lease, begun in self._new_tenants(truth).items():
            for kind, months in FIRST_YEAR_MONTHS.items():
                day = begun.start_on + relativedelta(months=months)
                if not begun.imported or day >= begins_on:
                    planned[lease, kind] = natural_id(self.slug, "lease", lease), day
        made = {
            (step.lease_reference, step.kind.value): step.done_on
            for step in self._known_steps(RecordVisit)
            if step.lease_reference in leases
        }
        for visit, plan in self._arrears_visits("followup.visit-planned").items():
            planned[visit] = UUID(plan["lease_id"]), date.fromisoformat(plan["planned_on"])
        for visit, record in self._arrears_visits("followup.visit-recorded").items():
            made[visit] = date.fromisoformat(record["done_on"])  # type: ignore[index]
        counted = {
            visit
            for visit, (lease, day) in planned.items()
            if self._in_period(day) and last_days.get(lease, date.max) >= day
        }
        return sum(1 for v in counted if v in made and made[v] <= self.last), len(counted)

    def _arrears_visits(self, kind: str) -> dict[Any, dict[str, Any]]:
        """The last word on each arrears visit among the facts of a type, withdrawals obeyed."""
        roots: dict[str, dict[str, Any]] = {}
        for content in self.log:
            fact = orjson.loads(content)
            known_on = datetime.fromisoformat(fact["time"]).astimezone(BRUSSELS).date()
            arrears = fact["data"].get("kind") == "arrears"
            if fact["type"] == kind and arrears and known_on <= self.known_on:
                roots[fact.get("corrects", fact["id"])] = fact
        told = [fact["data"] for fact in roots.values() if not fact.get("withdrawn")]
        return {data["visit_id"]: data for data in told}


def _between(day: date, first: date, last: date) -> bool:
    return first <= day <= last
