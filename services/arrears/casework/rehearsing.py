"""A policy run over recorded history: what it would have proposed, against what was done.

It judges each day as its evening is known today: steps that were taken count from the day after
they were taken, for they answer what was proposed that day. Nothing is recorded.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.looking import lines_of, replayed
from services.arrears.ladder.case import Case, Done, Line
from services.arrears.ladder.judging import matching_rules
from services.arrears.ladder.moments import Lines, Moment
from services.arrears.ladder.next_change import next_change
from services.arrears.ladder.policy import Policy
from services.arrears.ladder.simulating import Simulation
from services.arrears.rent_account import RentAccount
from services.chassis.refusal import Malformed

if TYPE_CHECKING:
    from services.arrears.service import Arrears

A_DAY = timedelta(days=1)
ACCOUNTS_A_PAGE = 500
YEARS_MAX = 10


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which one step, or nothing, would have been proposed. `until`: the day after."""

    since: date
    until: date
    step: str | None
    rule: str | None


def rehearse(arrears: "Arrears", policy: Policy, first: date, last: date) -> dict[str, Any]:
    """`rows`: per account and proposal what was done of it, and what was done unproposed; `totals`.

    Errors: Malformed for a period that is the wrong way round, or longer than ten years.
    """
    if not first <= last <= first.replace(day=1) + timedelta(days=366 * YEARS_MAX):
        detail = "La fin suit le début, de dix ans au plus."
        raise Malformed(detail, [{"field": "to", "reason": detail}])
    rows = [
        row
        for account, case in _accounts(arrears)
        for row in _rows(account, case, policy, first, last)
    ]
    rows.sort(key=lambda row: (row["on"], row["account"]))
    return {
        "policy": policy.policy,
        "policy_version": policy.version,
        "from": first,
        "to": last,
        "rows": rows,
        "totals": _totals(rows),
    }


def _accounts(arrears: "Arrears") -> Iterator[tuple[RentAccount, ArrearsCase | None]]:
    """Every account that was charged, with its case, read page by page from the events."""
    slug = arrears.company.slug
    with arrears.datastore.reading() as rows:
        leases = [
            row["lease_id"]
            for row in rows.execute(
                "SELECT lease_id FROM account WHERE NOT closed ORDER BY lease_id"
            ).fetchall()
        ]
    for start in range(0, len(leases), ACCOUNTS_A_PAGE):
        page = {lease: ArrearsCase.id_of(slug, lease) for lease in leases[start:][:ACCOUNTS_A_PAGE]}
        found = replayed(arrears, [*page, *page.values()])
        for lease_id, case_id in page.items():
            account, case = found.get(lease_id), found.get(case_id)
            if isinstance(account, RentAccount) and account.charges:
                yield account, case if isinstance(case, ArrearsCase) else None


def _rows(
    account: RentAccount, case: ArrearsCase | None, policy: Policy, first: date, last: date
) -> Iterator[dict[str, Any]]:
    lines = lines_of(account, case)
    taken = sorted(
        (line for line in lines if isinstance(line, Done) and first <= line.on <= last),
        key=lambda line: line.on,
    )
    reference = account.terms.reference if account.terms else ""
    for stretch in _stretches(lines, policy, first, last):
        done = [line for line in taken if stretch.since <= line.on < stretch.until]
        same = next((line for line in done if line.kind == stretch.step), None)
        chosen = same or (done[0] if done and stretch.step else None)
        if stretch.step is not None:
            yield _row(account, reference, stretch.since, stretch, chosen)
        for line in done:
            if line is not chosen:
                yield _row(account, reference, line.on, None, line)


def _row(
    account: RentAccount, reference: str, on: date, stretch: Stretch | None, done: Done | None
) -> dict[str, Any]:
    return {
        "account": reference,
        "lease_id": account.id,
        "on": on,
        "would_propose": stretch.step if stretch else None,
        "rule": stretch.rule if stretch else None,
        "was_done": done.kind if done else None,
        "done_on": done.on if done else None,
    }


def _stretches(lines: list[Line], policy: Policy, first: date, last: date) -> Iterator[Stretch]:
    """The proposals of a policy day after day, each with the days on which it stood."""
    recorded = Case.model_construct(title="", on=None, happenings=tuple(lines))
    simulation = Simulation(recorded, [policy], last)
    answered = {line.on + A_DAY for line in lines if isinstance(line, Done)}
    since, day = first, first
    before: tuple[str | None, str | None] | None = None
    while day <= last:
        known = simulation.lines
        if day + A_DAY in answered:
            known = Lines(line for line in lines if not (isinstance(line, Done) and line.on == day))
        looked = simulation.look(Moment(day), known, policy)
        rule = next(matching_rules(policy, looked.state), None)
        now = (rule.propose, rule.rule) if rule else (policy.default, None)
        if before is not None and now[0] != before[0]:
            yield Stretch(since, day, *before)
            since = day
        if before is None or now[0] != before[0]:
            before = now
        ahead = [later for later in answered if later > day]
        following = next_change(policy, looked, simulation.lines, day, now[1])
        day = min([*ahead, *([following] if following else [])], default=last + A_DAY)
    if before is not None:
        yield Stretch(since, last + A_DAY, *before)


def _totals(rows: list[dict[str, Any]]) -> dict[str, Any]:
    proposed = [row for row in rows if row["would_propose"]]
    return {
        "proposed": len(proposed),
        "done_as_proposed": sum(row["was_done"] == row["would_propose"] for row in proposed),
        "done_otherwise": sum(
            row["was_done"] not in (None, row["would_propose"]) for row in proposed
        ),
        "not_done": sum(row["was_done"] is None for row in proposed),
        "done_unproposed": len(rows) - len(proposed),
        "by_step": dict(sorted(Counter(row["would_propose"] for row in proposed).items())),
    }
