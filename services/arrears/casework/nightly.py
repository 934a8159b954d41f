"""The round: plans are watched and steps proposed, for every account where that may have changed.

An account is looked at when something was recorded of it, or when time alone may change what its
policy proposes; what is recorded of its case is looked at in the act that records it. A round that
is stopped anywhere goes on where it stood: what was stated is not stated again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.arrears import bank_data
from services.arrears.bank_data import completeness
from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.looking import Lookout, Seen, lines_of
from services.arrears.casework.policy_shelf import PolicyShelf
from services.arrears.ladder.plans import BREACHED, Change, Watched, dues
from services.arrears.payment_orders import PaymentOrders, reaching_back
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.caller import Caller
from services.chassis.facts import EVENTS_TABLE

if TYPE_CHECKING:
    from services.arrears.service import Arrears

TIMER = Caller(actor="timer:arrears")
ACCOUNTS_A_TIME = 200

SELECT_MARK = f"""
SELECT u.day, u.events, u.policies,
       (SELECT coalesce(max(notification_id), 0) FROM {EVENTS_TABLE}) AS newest
FROM (SELECT 1) one LEFT JOIN looked_until u ON true
"""
SELECT_WANTED = f"""
WITH touched AS (
    SELECT DISTINCT originator_id FROM {EVENTS_TABLE}
    WHERE notification_id > %(after)s AND notification_id <= %(until)s
), wanted AS (
    SELECT a.lease_id FROM touched t JOIN account a ON a.lease_id = t.originator_id
    UNION SELECT lease_id FROM look_ahead WHERE look_on <= %(day)s OR watch_on <= %(told)s
    UNION SELECT lease_id FROM account_line WHERE kind = 'charge' AND on_day > %(since)s
        AND on_day <= %(day)s
    UNION SELECT lease_id FROM account WHERE %(all)s
)
SELECT w.lease_id FROM wanted w JOIN account a USING (lease_id)
WHERE w.lease_id > %(beyond)s AND (
    EXISTS (SELECT 1 FROM arrears_case c WHERE c.lease_id = w.lease_id)
    OR NOT a.closed AND (SELECT sum(cents) FROM account_line l WHERE l.lease_id = w.lease_id
        AND l.on_day <= %(day)s) > 0
    OR EXISTS (SELECT 1 FROM account_line p WHERE p.lease_id = w.lease_id AND p.kind = 'payment'
        AND p.on_day >= %(ordered_since)s))
ORDER BY w.lease_id LIMIT %(limit)s
"""
MARK = """
INSERT INTO looked_until VALUES (true, %s, %s, %s) ON CONFLICT (one) DO UPDATE
SET day = excluded.day, events = excluded.events, policies = excluded.policies
"""
FORGET_PASSED = "DELETE FROM look_ahead WHERE look_on <= %s"
"""After a round: of accounts that were to be looked at and owe nothing, nor ever had a case."""

LOOK_AHEAD = """
INSERT INTO look_ahead (lease_id, look_on, watch_on) {values}
ON CONFLICT (lease_id) DO UPDATE SET look_on = excluded.look_on, watch_on = excluded.watch_on
"""


def go_round(arrears: "Arrears", first: Callable[[Act], None]) -> None:
    """Look at every account where something may have changed; nothing to do records nothing.

    `first`: what is done before it, in its first act.
    """
    rounds = Round(arrears, first)
    while not rounds.go_on():
        pass


class Round:
    """One round, act by act. `until`: the last event recorded when it began."""

    def __init__(self, arrears: "Arrears", first: Callable[[Act], None]) -> None:
        self.arrears = arrears
        self.first = first
        self.until: int | None = None
        self.beyond = UUID(int=0)

    def go_on(self) -> bool:
        """Look at the next accounts; after the last, note until when was looked. Whether it was."""
        found: list[UUID] = []

        def decide(act: Act) -> None:
            shelf = act.find(PolicyShelf, PolicyShelf.id_of(act.service.company.slug))
            adopted = len(shelf.adopted) if shelf else 0
            (mark,) = act.rows(SELECT_MARK)
            if self.until is None:
                self.until = mark["newest"]
                self.first(act)
                if _is_over(act, mark, adopted):
                    return
            lookout = lookout_of(act, shelf)
            ordered_since = reaching_back(shelf, mark["policies"] or 0)
            orders = PaymentOrders(act)
            found.extend(self._wanted(act, mark, adopted, lookout, ordered_since))
            for account, case in _with_cases(act, found):
                if ordered_since is not None:
                    orders.order_anew(account, ordered_since)
                look_at(act, lookout, account, case)
            if len(found) < ACCOUNTS_A_TIME:
                act.write(MARK, (act.today, self.until, adopted))
                act.write(FORGET_PASSED, (act.today,))

        self.arrears.perform(TIMER, decide)
        self.beyond = found[-1] if found else self.beyond
        return len(found) < ACCOUNTS_A_TIME

    def _wanted(
        self,
        act: Act,
        mark: Mapping[str, Any],
        adopted: int,
        lookout: Lookout,
        ordered_since: date | None,
    ) -> list[UUID]:
        known = mark["day"] is not None and mark["policies"] == adopted
        wanted = act.rows(
            SELECT_WANTED,
            {
                "all": not known,
                "after": mark["events"] if known else self.until,
                "until": self.until,
                "since": mark["day"] if known else act.today,
                "day": act.today,
                "told": lookout.told_until,
                "ordered_since": ordered_since,
                "beyond": self.beyond,
                "limit": ACCOUNTS_A_TIME,
            },
        )
        return [row["lease_id"] for row in wanted]


def _is_over(act: Act, mark: Mapping[str, Any], adopted: int) -> bool:
    """Whether there was a round today, and nothing since that another would find.

    Facts: in a demonstration that is played there is one round a day, whenever a sweep comes by;
           but who adopts a policy in it sees what it proposes.
    """
    quiet = mark["events"] == mark["newest"]
    goes_on = act.clock.running or mark["policies"] != adopted
    return mark["day"] == act.today and (quiet or not goes_on)


def lookout_of(act: Act, shelf: PolicyShelf | None) -> Lookout:
    """Where an act looks from: what the bank has told is read in the act itself."""
    standing = act.rows(bank_data.SELECT_STANDING)
    until = completeness(standing, act.service.company.bank_accounts).complete_until
    return Lookout(act.today, shelf.policies() if shelf else (), until)


def _with_cases(act: Act, leases: list[UUID]) -> Iterator[tuple[RentAccount, ArrearsCase | None]]:
    accounts = act.find_all(RentAccount, leases)
    slug = act.service.company.slug
    ids = {lease_id: ArrearsCase.id_of(slug, lease_id) for lease_id in leases}
    cases = act.find_all(ArrearsCase, ids.values())
    for lease_id in leases:
        yield accounts[lease_id], cases.get(ids[lease_id])


def look_at(act: Act, lookout: Lookout, account: RentAccount, case: ArrearsCase | None) -> None:
    """Watch the plan, then state what is proposed, where either is news.

    Records: of a plan RepaymentPlanBreached, -Healed, -Completed, -Broken, InstalmentMissed;
    StepProposed.
    """
    watch_on = _watch(lookout, account, case) if case is not None else None
    seen = lookout.look(account, case)
    if seen.policy is not None:
        case = _propose(act, lookout, account, case, seen)
    if case is not None:
        act.save(case)
    act.insert(LOOK_AHEAD, (account.id, lookout.look_next(seen), watch_on))


def _propose(
    act: Act, lookout: Lookout, account: RentAccount, case: ArrearsCase | None, seen: Seen
) -> ArrearsCase | None:
    proposal, policy = seen.proposal, seen.policy
    assert policy is not None
    if case is None:
        if proposal.step is None:
            return None
        slug = act.service.company.slug
        case = ArrearsCase.open_case(slug, account.id, account.household_id, lookout.day)
    case.propose(
        lookout.day,
        step=proposal.step,
        rule=proposal.rule,
        also_matching=list(proposal.also_matching),
        policy=policy.policy,
        policy_version=policy.version,
        balance_cents=seen.state.balance_cents,
        rests_on=act.position,
    )
    return case


def _watch(lookout: Lookout, account: RentAccount, case: ArrearsCase) -> date | None:
    """State what the watch finds of the live plan since it was last stated, day by day.

    Gives the day that the bank must have told of before there can be more to state.
    """
    if case.live_plan is None:
        return None
    plan_id, plan = case.live_plan
    watching = lookout.watch(lines_of(account, case), str(plan_id))
    if watching is None:
        return plan.terms.on
    watched, until, policy = watching.plan, watching.until, watching.policy
    broken_after = policy.broken_after_missed if policy else 0
    since = case.watched_until
    changes = [change for change in watched.changes if change.on > since]
    missed = [m for m in _missed(watched, until) if m[0] not in plan.missed]
    for day in sorted({change.on for change in changes} | {judged for _, _, judged, _ in missed}):
        for change in changes:
            if change.on == day:
                _state(case, plan_id, change, watched)
        for number, due_on, judged_on, cents in missed:
            if judged_on == day:
                case.miss_instalment(plan_id, number, due_on, judged_on, cents, broken_after)
    if not plan.over:
        # What was learnt late may have moved days that were stated before: it shows from now on.
        last = watched.changes[-1]
        _state(case, plan_id, replace(last, on=until), watched)
    return None if plan.over else watching.next_on


def _state(case: ArrearsCase, plan_id: UUID, change: Change, watched: Watched) -> None:
    case.state_plan(
        plan_id, change.state, change.on, change.expected_cents, watched.shortfall_cents
    )


def _missed(watched: Watched, until: date) -> Iterator[tuple[int, date, date, int]]:
    """Instalments whose tolerance was over while the plan was behind: number, due, judged, cents.

    The lump sum has the number 0.
    """
    tolerance = timedelta(days=watched.tolerance_days)
    for number, due, cents in dues(watched.terms, until - tolerance):
        judged = due + tolerance
        if _state_on(watched, judged) in BREACHED:
            yield number, due, judged, cents


def _state_on(watched: Watched, day: date) -> str:
    """Its state at a day's end."""
    return next((c.state for c in reversed(watched.changes) if c.on <= day), "live")
