"""Repayment plans watched over time: each change of state once, in order.

Two methods. *Balance reduction*: an instalment, or the lump sum, counts from its due day plus the
tolerance, that day included; the expected balance is the starting balance less what counts, at
least 0. *Instalments only*: what was allocated to the plan against what is due, without tolerance.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from services.arrears.ladder.books import Books
from services.arrears.ladder.case import Payment, Plan, PlanEnded, Reversal
from services.arrears.ladder.moments import Lines, Moment
from services.arrears.ladder.refused_line import LineRefused
from services.arrears.ladder.spans import Frequency, count_until, nth_day

OVER = ("completed", "cancelled", "broken")
LIVE = ("live", "on-time")
BREACHED = ("breached", "late", "late-by-more")
INSTALMENTS_MAX = 1_200


@dataclass(frozen=True, slots=True)
class Change:
    """From `on`, the plan is in a state; `expected_cents`: what was to be owed, or paid, then."""

    on: date
    state: str
    expected_cents: int


@dataclass
class Watched:
    """A plan, with its changes of state up to a day."""

    terms: Plan
    starting_cents: int
    tolerance_days: int
    changes: list[Change] = field(default_factory=list)
    expected_cents: int = 0
    shortfall_cents: int = 0

    @property
    def state(self) -> str:
        return self.changes[-1].state

    @property
    def over(self) -> bool:
        return self.state in OVER

    def formal_on(self, day: date) -> bool:
        """Whether it is formal on a day: no longer from its strike-out date on."""
        strike_out = self.terms.strike_out_on
        return self.terms.formal and (strike_out is None or day < strike_out)

    def note(self, on: date, state: str, expected: int) -> None:
        if not self.changes or self.changes[-1].state != state:
            self.changes.append(Change(on, state, expected))

    def cancel(self, on: date) -> None:
        """What else came to be on that day is no state at its end."""
        while len(self.changes) > 1 and self.changes[-1].on == on:
            self.changes.pop()
        self.note(on, "cancelled", self.expected_cents)


def watch(
    lines: Lines, books: Books, until: Moment, tolerance_days: Callable[[date], int]
) -> list[Watched]:
    """Every plan agreed by a moment, in order, as it stands then.

    `tolerance_days`: of a plan agreed on a day, where it names none.   Errors: LineRefused.
    """
    watched: list[Watched] = []
    plans = lines.of_kind(Plan)
    for number, terms in enumerate(plans):
        plan = _agree(terms, books, watched, tolerance_days)
        if watched and not watched[-1].over:
            watched[-1].cancel(terms.on)
        following = Moment(plans[number + 1].on) if number + 1 < len(plans) else until
        _follow(plan, lines, books, min(until, following))
        watched.append(plan)
    return watched


def _agree(
    terms: Plan, books: Books, earlier: list[Watched], tolerance_days: Callable[[date], int]
) -> Watched:
    starting = terms.starting_balance_cents
    if starting is None:
        starting = books.balance(Moment(terms.on))
    days = terms.tolerance_days
    if days is None:
        days = tolerance_days(terms.on)
    plan = Watched(terms, starting, days)
    if any(known.terms.plan == terms.plan for known in earlier):
        raise LineRefused(terms, "plan", "Un autre plan porte ce nom.")
    _refuse_impossible_days(terms)
    _refuse_without_end(plan)
    last = earlier[-1] if earlier else None
    if last and not last.over and last.formal_on(terms.on) and not terms.formal:
        raise LineRefused(terms, "formal", f"Le plan formel {last.terms.plan} court encore.")
    return plan


def _refuse_impossible_days(terms: Plan) -> None:
    if terms.instalment_cents > 0 and None in (terms.frequency, terms.first_due_on):
        missing = "frequency" if terms.frequency is None else "first_due_on"
        raise LineRefused(terms, missing, "Des versements demandent frequency et first_due_on.")
    if terms.lump_sum_cents > 0 and terms.lump_sum_on is None:
        raise LineRefused(terms, "lump_sum_on", "Donnez la date du versement unique.")
    for name in ("first_due_on", "lump_sum_on", "strike_out_on", "ends_on"):
        day = getattr(terms, name)
        if day is not None and day < terms.on:
            raise LineRefused(terms, name, f"Le {day} précède l'accord, du {terms.on}.")
    if terms.suspended_years is not None and not terms.formal:
        raise LineRefused(terms, "suspended_years", "Seul un plan formel est suspendu.")
    if terms.strike_out_on is not None and not terms.formal:
        raise LineRefused(terms, "strike_out_on", "Seul un plan formel est rayé du rôle.")
    if (terms.count or 0) > INSTALMENTS_MAX:
        raise LineRefused(terms, "count", f"{INSTALMENTS_MAX} versements au plus.")


def _refuse_without_end(plan: Watched) -> None:
    terms = plan.terms
    if terms.instalment_cents == 0 and terms.lump_sum_cents == 0:
        raise LineRefused(terms, "instalment_cents", "Ni versements, ni versement unique.")
    if terms.suspended_years is not None or plan.starting_cents <= 0:
        return
    rest = plan.starting_cents - terms.lump_sum_cents
    count = 1 if terms.frequency is Frequency.ONE_OFF else _instalments(terms)
    left = rest - count * terms.instalment_cents
    if left > 0:
        field = "instalment_cents" if terms.instalment_cents else "lump_sum_cents"
        reason = f"{left} cents de la dette ne seraient jamais payés."
        if count == INSTALMENTS_MAX and terms.instalment_cents:
            reason = f"Il faudrait plus de {INSTALMENTS_MAX} versements."
        raise LineRefused(terms, field, reason)


def _follow(plan: Watched, lines: Lines, books: Books, until: Moment) -> None:
    """State each change of state once, on the day's end on which it came."""
    terms = plan.terms
    ends = [end for end in lines.of_kind(PlanEnded) if end.plan == terms.plan]
    paid = _paid_to(terms, lines)
    for day in sorted(_days(plan, books, until, ends)):
        if day < terms.on or day > until.day:
            continue
        moment = until if day == until.day else Moment(day)
        expected, shortfall, state = _judge(plan, books, moment, paid)
        plan.expected_cents, plan.shortfall_cents = expected, shortfall
        if ends and ends[0].on <= day:
            state = ends[0].how
        plan.note(day, state, expected)
        if plan.over:
            return


def _days(plan: Watched, books: Books, until: Moment, ends: list[PlanEnded]) -> set[date]:
    """The days on which its state may change."""
    terms, tolerance = plan.terms, timedelta(days=plan.tolerance_days)
    days = {terms.on, until.day}
    if terms.method == "instalments-only":
        tolerance = timedelta(days=1)  # the day after a due day is the first on which it is late
    days |= {*books.days(until.day), *(end.on for end in ends)}
    if terms.first_due_on is not None and terms.frequency is not None:
        number = count_until(terms.first_due_on, terms.frequency, until.day)
        due = (nth_day(terms.first_due_on, terms.frequency, n) for n in range(number))
        for day in filter(None, due):
            days |= {day, day + tolerance}
    for special in filter(None, (terms.lump_sum_on, terms.strike_out_on)):
        days |= {special, special + tolerance}
    return days | {day for day in (_served_on(terms), _lump_sum_late_on(terms)) if day is not None}


def next_day_of(plan: Watched, day: date) -> date | None:
    """The first day after `day` on which its state may change though no money moves."""
    terms, tolerance = plan.terms, timedelta(days=plan.tolerance_days)
    days: list[date | None] = [_served_on(terms), _lump_sum_late_on(terms)]
    for apart in {timedelta(0), timedelta(days=1), tolerance}:
        days += [each and each + apart for each in (terms.lump_sum_on, terms.strike_out_on)]
        if terms.first_due_on is not None and terms.frequency is not None:
            number = count_until(terms.first_due_on, terms.frequency, day - apart)
            due = nth_day(terms.first_due_on, terms.frequency, number)
            days.append(due and due + apart)
    return min((each for each in days if each is not None and each > day), default=None)


def _judge(
    plan: Watched, books: Books, moment: Moment, paid: list[tuple[date, int]]
) -> tuple[int, int, str]:
    """What is expected, what is short of it, and the state at a moment."""
    terms, day = plan.terms, moment.day
    served_on = _served_on(terms)
    served = served_on is not None and day >= served_on
    if terms.method == "instalments-only":
        total = _total(plan)
        due = min(_fallen_due(terms, day), total)
        got = sum(cents for on, cents in paid if on <= day)
        if served or (got >= total and not _kept_alive(plan, day)):
            return due, 0, "completed"
        earlier = _due_a_period_ago(plan, day)
        state = "on-time" if got >= due else "late" if got >= earlier else "late-by-more"
        return due, max(0, due - got), state
    expected, balance = _expected(plan, day), books.balance(moment)
    shortfall = max(0, balance - expected)
    if served or (balance <= 0 and not _kept_alive(plan, day)):
        return expected, shortfall, "completed"
    return expected, shortfall, "breached" if shortfall else "live"


def _served_on(terms: Plan) -> date | None:
    """When a suspension on terms is over."""
    if terms.suspended_years is None:
        return None
    return terms.on + relativedelta(years=terms.suspended_years)


def _kept_alive(plan: Watched, day: date) -> bool:
    """A plan with a strike-out date ahead stays live at zero."""
    return plan.terms.strike_out_on is not None and day < plan.terms.strike_out_on


def _expected(plan: Watched, day: date) -> int:
    counted_until = day - timedelta(days=plan.tolerance_days)
    return max(0, plan.starting_cents - _fallen_due(plan.terms, counted_until))


def _fallen_due(terms: Plan, day: date) -> int:
    """Lump sum and instalments due by a day."""
    cents = 0
    if terms.lump_sum_on is not None and terms.lump_sum_on <= day:
        cents += terms.lump_sum_cents
    if terms.first_due_on is not None and terms.frequency is not None:
        number = count_until(terms.first_due_on, terms.frequency, day)
        cents += terms.instalment_cents * min(number, _instalments(terms))
    return cents


def dues(terms: Plan, until: date) -> Iterator[tuple[int, date, int]]:
    """What is due by a day: number, day, cents. The lump sum has the number 0."""
    if terms.lump_sum_on is not None and terms.lump_sum_on <= until:
        yield 0, terms.lump_sum_on, terms.lump_sum_cents
    if terms.first_due_on is not None and terms.frequency is not None and terms.instalment_cents:
        number = count_until(terms.first_due_on, terms.frequency, until)
        for n in range(min(number, _instalments(terms))):
            due = nth_day(terms.first_due_on, terms.frequency, n)
            if due is not None:
                yield n + 1, due, terms.instalment_cents


def _instalments(terms: Plan) -> int:
    """How many there are at most."""
    most = terms.count or INSTALMENTS_MAX
    if terms.ends_on is not None and terms.first_due_on and terms.frequency:
        most = min(most, count_until(terms.first_due_on, terms.frequency, terms.ends_on))
    return most


def _due_a_period_ago(plan: Watched, day: date) -> int:
    """What has been due for more than a period."""
    terms, cents = plan.terms, 0
    if terms.frequency is None or terms.frequency is Frequency.ONE_OFF:
        return 0
    late_on = _lump_sum_late_on(terms)
    if late_on is not None and late_on <= day:
        cents += terms.lump_sum_cents
    if terms.first_due_on is not None:
        yesterday = day - timedelta(days=1)
        number = max(0, count_until(terms.first_due_on, terms.frequency, yesterday) - 1)
        cents += terms.instalment_cents * min(number, _instalments(terms))
    return min(cents, _total(plan))


def _lump_sum_late_on(terms: Plan) -> date | None:
    """The first day on which the lump sum has been due for more than a period."""
    if terms.lump_sum_on is None or terms.frequency is None:
        return None
    following = nth_day(terms.lump_sum_on, terms.frequency, 1)
    return following and following + timedelta(days=1)


def _total(plan: Watched) -> int:
    """What the plan is to bring in all."""
    terms = plan.terms
    if terms.starting_balance_cents is None and terms.count is not None:
        return terms.lump_sum_cents + terms.count * terms.instalment_cents
    return max(0, plan.starting_cents)


def _paid_to(terms: Plan, lines: Lines) -> list[tuple[date, int]]:
    """Money allocated to the plan, by day; what the bank took back of it is less than 0."""
    return [
        (line.on, line.cents if isinstance(line, Payment) else -line.cents)
        for line in lines
        if isinstance(line, Payment | Reversal) and line.plan == terms.plan
    ]
