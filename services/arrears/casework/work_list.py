"""What is to be done today: the cases for which a step is proposed, and which of them are overdue.

A step is overdue once it has waited longer than the policy that rules today lets it
(`overdue_after_days`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from services.arrears import shown
from services.arrears.accounts_in_arrears import select_since
from services.arrears.casework import promises
from services.arrears.casework.case_rows import select_work
from services.arrears.casework.explaining import policies_of, sentences_of, steps_of
from services.arrears.ladder.judging import ruling
from services.arrears.ladder.policy import Policy
from services.arrears.legal.steps import NOTED_AS

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]
PAUSE_REVIEW = "pause-review"
"""What a step means that asks to look at a pause again: it is resumed or goes on, case by case."""
KEPT = re.compile(r"([a-z0-9-]{0,60})\.(overdue)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which part of the list is looked at: one step or every one; perhaps only what is overdue."""

    step: str = ""
    overdue: bool = False

    @property
    def kept(self) -> str:
        """In one word that a browser keeps."""
        return f"{self.step}.{'overdue' if self.overdue else ''}"

    @classmethod
    def from_kept(cls, word: str) -> Self:
        """The whole list for a word that says nothing."""
        found = KEPT.fullmatch(word)
        return cls(found[1], bool(found[2])) if found else cls()

    def part_of(self, found: Sequence[Row]) -> list[Row]:
        return [
            row
            for row in found
            if self.step in ("", row["step"]) and (row["overdue"] or not self.overdue)
        ]


@dataclass(frozen=True, slots=True)
class WorkList:
    """`every` case, in order; `overdue_after`: days that the policy gives a step, None for ever."""

    every: list[Row]
    policies: list[Policy]
    overdue_after: int | None


def work_list_on(arrears: "Arrears", today: date) -> WorkList:
    """Every case with `overdue`, largest debt first."""
    policies = policies_of(arrears)
    policy = ruling(policies, today, today)
    days = policy.overdue_after_days if policy else None
    with arrears.datastore.reading() as rows:
        found = select_work(rows, today)
    first = today - timedelta(days=days) if days is not None else date.min
    return WorkList(
        [row | {"overdue": row["proposed_on"] < first} for row in found], policies, days
    )


def by_household(found: Sequence[Row]) -> list[Row]:
    """One row a household: its case with the largest debt, the others in `others`, in order."""
    first: dict[UUID, Row] = {}
    for row in found:
        if (known := first.get(row["household_id"])) is None:
            first[row["household_id"]] = row | {"others": []}
        else:
            known["others"].append(row)
    return list(first.values())


def count_by_step(found: Sequence[Row]) -> list[Row]:
    """Of each step how many cases, of how many households, wait for it, what they owe now, since
    when the first of them waits, and how many are overdue; the longest wait first.
    """
    by_step: dict[str, list[Row]] = {}
    for row in found:
        by_step.setdefault(row["step"], []).append(row)
    counted = [
        {
            "step": step,
            "cases": len(rows),
            "households": len({row["household_id"] for row in rows}),
            "cents": sum(row["owed_cents"] for row in rows),
            "oldest": min(row["proposed_on"] for row in rows),
            "overdue": sum(row["overdue"] for row in rows),
        }
        for step, rows in by_step.items()
    ]
    return sorted(counted, key=lambda row: (row["oldest"], row["step"]))


def with_promises(
    arrears: "Arrears", found: Sequence[Row], until: date | None, today: date
) -> list[Row]:
    """Cases with since when money is owed, and the last promise to pay.

    `until`: until when bank data is complete.
    """
    leases = [row["lease_id"] for row in found]
    with arrears.datastore.reading() as rows:
        promised = promises.last_promises(rows, leases, until, today)
        since = select_since(rows, leases, today)
    return [
        row | {"promise": promised.get(row["lease_id"]), "since": since.get(row["lease_id"])}
        for row in found
    ]


def told(
    arrears: "Arrears", work: WorkList, found: Sequence[Row], until: date | None, today: date
) -> list[Row]:
    """The same with the tenants' names, and why the step is proposed."""
    sentences = sentences_of(work.policies)
    return [
        row | {"sentence": sentences.get((row["policy"], row["policy_version"], row["rule"]), "")}
        for row in shown.with_names(arrears, with_promises(arrears, found, until, today))
    ]


def one_by_one(policies: Sequence[Policy]) -> set[str]:
    """The steps that are not taken for several households at once: each case is decided apart."""
    apart = {PAUSE_REVIEW, *NOTED_AS}
    return {name for name, rules in steps_of(policies).items() if rules.means in apart}


def titles_of(policies: Sequence[Policy]) -> dict[str, str]:
    """What each step of the policies adopted is called."""
    return {name: rules.title for name, rules in steps_of(policies).items()}
