"""Every figure, slowly and plainly, from the decoded facts: nothing of the views is used."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import orjson
from dateutil.relativedelta import relativedelta

from tests.suite.first_reactions import first_reaction

Data = dict[str, Any]
Sides = tuple[int, int | Fraction]
YEAR = relativedelta(months=12)
MOVES = (
    ("payment-received", "value_date", -1),
    ("payment-reversed", "value_date", 1),
    ("credit-returned", "returned_on", 1),
    ("other-charge-paid", "value_date", 1),
    ("arrears-written-off", "written_off_on", -1),
)


class Reference:
    """The figures of a year as known before a moment; `known_on` is the last day that is known,
    `as_of` the last one of the year that is to count.
    """

    def __init__(
        self,
        logs: dict[str, list[bytes]],
        year: int,
        before: datetime,
        known_on: date,
        as_of: date = date.max,
    ) -> None:
        self.logs, self.known_on = logs, known_on
        self.facts = self._standing(before)
        self.first, self.last = date(year, 1, 1), min(date(year, 12, 31), known_on, as_of)
        self.leases = {d["lease_id"]: d for d in self.said("intake.lease-signed")}
        self.ends = {d["lease_id"]: d for d in self.said("intake.lease-ended")}

    def _standing(self, before: datetime) -> list[Data]:
        """The last word on each fact, withdrawals obeyed, in the order of their positions."""
        last: dict[str, Data] = {}
        for contents in self.logs.values():
            for fact in map(orjson.loads, contents):
                if datetime.fromisoformat(fact["time"]) < before:
                    last[fact.get("corrects", fact["id"])] = fact
        told = [fact for fact in last.values() if not fact.get("withdrawn")]
        return sorted(told, key=lambda fact: fact["position"])

    def said(self, kind: str) -> list[Data]:
        return [fact["data"] for fact in self.facts if fact["type"] == kind]

    def within(self, text: str) -> bool:
        return self.first <= date.fromisoformat(text) <= self.last

    def start(self, lease: str) -> date:
        return date.fromisoformat(self.leases[lease]["start_on"])

    def ended(self, lease: str) -> date:
        return date.fromisoformat(self.ends.get(lease, {}).get("ended_on", "9999-12-31"))

    def in_force(self, day: date) -> set[str]:
        return {x for x in self.leases if self.start(x) <= day < self.ended(x)}

    def charges(self) -> list[tuple[str, date, int, str]]:
        """Lease, due day, cents and id of each charge."""
        return [
            (
                d["lease_id"],
                date.fromisoformat(d["due_on"]),
                d["rent_cents"] + d["charges_cents"],
                d["charge_id"],
            )
            for d in self.said("arrears.rent-charged")
        ]

    def owed(self) -> dict[str, int]:
        """What each lease owes on the last evening, where it owes anything."""
        owed: dict[str, int] = defaultdict(int)
        for lease, due_on, cents, _ in self.charges():
            owed[lease] += cents if due_on <= self.last else 0
        for kind, day, sign in MOVES:
            for d in self.said(f"arrears.{kind}"):
                if date.fromisoformat(d[day]) <= self.last:
                    owed[d["lease_id"]] += sign * d["amount_cents"]
        return {lease: cents for lease, cents in owed.items() if cents > 0}

    def figures(self) -> dict[str, Sides]:
        return {
            **self._arrears(),
            **self._plans(),
            **self._court(),
            **self._tenants(),
            **self._dwellings(),
        }

    def _arrears(self) -> dict[str, Sides]:
        present, owed = self.in_force(self.last), self.owed()
        late = {lease: cents for lease, cents in owed.items() if lease in present}
        since = self.last + timedelta(days=1) - YEAR
        charged = sum(
            cents
            for lease, due_on, cents, _ in self.charges()
            if since <= due_on <= self.last
            and lease in self.leases
            and self.start(lease) <= self.last
            and self.ended(lease) >= since
        )
        gone = sum(
            cents
            for lease, cents in owed.items()
            if lease in self.leases and self.start(lease) <= self.last >= self.ended(lease)
        )
        months: dict[str, tuple[date, int]] = {}
        for lease, due_on, cents, _ in self.charges():
            if due_on <= self.last and (lease not in months or due_on > months[lease][0]):
                months[lease] = due_on, cents
        month = {lease: cents for lease, (_, cents) in months.items() if cents > 0}
        owing = {lease for lease in late if lease in month and late[lease] >= month[lease]}
        grave = [lease for lease in owing if late[lease] >= 3 * month[lease]]
        contents = [*self.logs["arrears"], *self.logs["followup"]]
        return {
            "I01": (sum(late.values()), charged),
            "I02": (gone, charged),
            "I03": (len(late), len(present)),
            "I04": (len(grave), len(present)),
            "I05": self._collected(),
            "I06": first_reaction(contents, self.first, self.last, self.known_on)[:2],
            "I07": (len(owing & self._with_a_plan()), len(owing)),
            "I09": (sum(self._supported(lease) for lease in grave), len(grave)),
        }

    def _supported(self, lease: str) -> bool:
        """Whether a period of the lease's household is open on the last evening."""
        closed = {
            d["period_id"]: date.fromisoformat(d["closed_on"])
            for d in self.said("followup.support-period-closed")
        }
        for d in self.said("followup.support-period-opened"):
            ends_on = date.fromisoformat(d["ends_on"]) if d.get("ends_on") else date.max
            over_on = min(ends_on, closed.get(d["period_id"], date.max))
            ours = d["household_id"] == self.leases[lease]["household_id"]
            if ours and date.fromisoformat(d["opened_on"]) <= self.last < over_on:
                return True
        return False

    def _collected(self) -> Sides:
        due = {c: cents for _, on, cents, c in self.charges() if self.first <= on <= self.last}
        valued = {
            d["payment_id"]
            for d in self.said("arrears.payment-received")
            if self.within(d["value_date"])
        }
        paid = sum(
            line["cents"]
            for d in self.said("arrears.payment-allocated")
            if d["payment_id"] in valued
            for line in d["lines"]
            if line["charge_id"] in due
        )
        return paid, sum(due.values())

    def _plan_ends(self) -> dict[str, tuple[date, bool]]:
        return {
            d["plan_id"]: (date.fromisoformat(d[f"{how}_on"]), how == "completed")
            for how in ("completed", "broken", "cancelled")
            for d in self.said(f"arrears.repayment-plan-{how}")
        }

    def _with_a_plan(self) -> set[str]:
        ends = self._plan_ends()
        return {
            d["lease_id"]
            for d in self.said("arrears.repayment-plan-agreed")
            if date.fromisoformat(d["agreed_on"]) <= self.last
            and ends.get(d["plan_id"], (date.max, False))[0] > self.last
        }

    def _plans(self) -> dict[str, Sides]:
        missed = {
            d["plan_id"] for d in self.said("arrears.instalment-missed") if self.within(d["due_on"])
        }
        kept = counted = 0
        for plan in self.said("arrears.repayment-plan-agreed"):
            ended_on, completed = self._plan_ends().get(plan["plan_id"], (date.max, False))
            begins = date.fromisoformat(plan["first_due_on"])
            dues = [begins + relativedelta(months=n) for n in range(plan["count"])]
            ends_on = date.fromisoformat(plan.get("ends_on") or date.max.isoformat())
            until = min(self.last, ended_on, ends_on)
            if plan["instalment_cents"] and any(self.first <= due <= until for due in dues):
                counted += 1
                done = completed and ended_on <= self.last
                kept += done or plan["plan_id"] not in missed
        return {"I08": (kept, counted)}

    def _court(self) -> dict[str, Sides]:
        answers: dict[str, tuple[str, int, bool]] = {}
        for fact in self.facts:
            if "budget-guidance" in fact["type"] and self.within(fact["data"]["answered_on"]):
                data, accepted = fact["data"], fact["type"].endswith("accepted")
                own = data["answered_on"], fact["position"], accepted
                lease = data["lease_id"]
                answers[lease] = max(answers.get(lease, own), own)
        filed = [d for d in self.said("arrears.court-petition-filed") if self.within(d["filed_on"])]
        executed = self.said("arrears.eviction-executed")
        done = {d["judgment_id"]: date.fromisoformat(d["executed_on"]) for d in executed}
        cohort = [
            (d["judgment_id"], given)
            for d in self.said("arrears.judgment-given")
            if d["eviction_authorised"]
            and self.first - YEAR <= (given := date.fromisoformat(d["given_on"])) < self.first
            and given + YEAR <= self.last
        ]
        return {
            "I10": (sum(told[2] for told in answers.values()), len(answers)),
            "I11": (len(filed), self._mean_leases()),
            "I12": (sum(self.within(d["executed_on"]) for d in executed), self._mean_leases()),
            "I13": (sum(done.get(j, date.max) <= day + YEAR for j, day in cohort), len(cohort)),
        }

    def _mean_leases(self) -> Fraction:
        after = [self.first + relativedelta(months=n) for n in range(1, 13)]
        evenings = [day - timedelta(1) for day in after if day - timedelta(1) <= self.last]
        counts = [len(self.in_force(evening)) for evening in evenings]
        return Fraction(sum(counts), len(counts)) if counts else Fraction(0)

    def _tenants(self) -> dict[str, Sides]:
        new = [x for x, d in self.leases.items() if d.get("transfer_of") is None]
        welcomes: dict[str, list[date]] = defaultdict(list)
        for d in self.said("intake.tenant-welcomed"):
            welcomes[d["lease_id"]].append(date.fromisoformat(d["held_on"]))
        for lease in new:
            known = self.leases[lease].get("welcomed_on")
            if known and not welcomes[lease]:
                welcomes[lease].append(date.fromisoformat(known))
        due = {x: on for x in new if self._in(on := self.start(x) + timedelta(30))}
        in_time = [x for x, on in due.items() if welcomes[x] and min(welcomes[x]) <= on]
        made = self.said("followup.visit-recorded")
        half = {x: self.start(x) + relativedelta(months=6) + timedelta(15) for x in new}
        first = {x: on for x, on in half.items() if self._in(on) and self.ended(x) > on}
        seen = {
            d["lease_id"]
            for d in made
            if d["lease_id"] in first
            and d["place"] == "home"
            and self.start(d["lease_id"])
            <= date.fromisoformat(d["done_on"])
            <= first[d["lease_id"]]
        }
        return {
            "I19": (len(in_time), len(due)),
            "I20": (len(seen), len(first)),
            "I21": self._made({d["visit_id"]: date.fromisoformat(d["done_on"]) for d in made}),
            "I22": self._kept(new),
        }

    def _in(self, day: date) -> bool:
        return self.first <= day <= self.last

    def _made(self, made: dict[str, date]) -> Sides:
        gone = {
            d["visit_id"]: date.fromisoformat(d["withdrawn_on"])
            for d in self.said("followup.visit-withdrawn")
        }
        counted = []
        for d in self.said("followup.visit-planned"):
            day = date.fromisoformat(d["planned_on"])
            # Of a lease that was withdrawn nothing is known, its end neither.
            over = self.ended(d["lease_id"]) if d["lease_id"] in self.leases else date.max
            if self._in(day) and over >= day and gone.get(d["visit_id"], date.max) > day:
                counted.append(d["visit_id"])
        return sum(made.get(v, date.max) <= self.last for v in counted), len(counted)

    def _kept(self, new: Iterable[str]) -> Sides:
        kept = counted = 0
        for lease in new:
            began, ended = self.start(lease), self.ended(lease)
            anniversary = began + YEAR
            if not (self.first - YEAR <= began < self.first and anniversary <= self.last):
                continue
            reason = self.ends.get(lease, {}).get("reason")
            if reason == "death" and ended <= anniversary:
                continue
            counted += 1
            kept += ended > anniversary or reason == "transfer"
        return kept, counted

    def _dwellings(self) -> dict[str, Sides]:
        known = {
            d["dwelling_id"]
            for d in self.said("intake.dwelling-registered")
            if date.fromisoformat(d["registered_on"]) <= self.last
        }
        out = {
            d["dwelling_id"]
            for d in self.said("intake.letting-suspended")
            if date.fromisoformat(d["unlettable_from"]) <= self.last
        } - {
            d["dwelling_id"]
            for d in self.said("intake.letting-resumed")
            if date.fromisoformat(d["lettable_from"]) <= self.last
        }
        vacant = known - {self.leases[x]["dwelling_id"] for x in self.in_force(self.last)}
        return {"I25A": (len(vacant - out), len(known)), "I25B": (len(vacant & out), len(known))}
