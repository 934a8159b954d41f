"""The company is the same in every run, and its files are files that the services take."""

import hashlib
import os
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from stdnum import iban
from stdnum.be import ogm_vcs

from contracts.followup import VisitKind
from contracts.intake import EndReason, Language
from services.arrears.bank_movements import Statement
from services.arrears.coda import read_coda
from services.chassis.tabular import Column, Kind, Table, read_table
from services.demonstration.bank_account import ACCOUNT
from services.demonstration.bank_days import is_bank_day
from services.demonstration.company import DemonstrationCompany
from services.demonstration.late_mail import BANK_DAYS
from services.demonstration.people import UNUSED_BANK
from services.demonstration.steps import (
    AssignUnmatched,
    EndLease,
    FileKind,
    HandleWorkList,
    HoldWelcome,
    ImportFile,
    RecordVisit,
    SignLease,
)
from services.intake.imports import DWELLING_COLUMNS, LEASE_COLUMNS

RENT_ROLL_COLUMNS = (
    Column("lease"),
    Column("month"),
    Column("rent", Kind.CENTS),
    Column("charges", Kind.CENTS),
    Column("due_on", Kind.DAY, required=False),
)
DIGEST = """
import hashlib
from services.demonstration.company import DemonstrationCompany
company = DemonstrationCompany(leases=60, months=7, seed={seed})
digest = hashlib.sha256()
for day in company.days():
    digest.update(repr(day).encode())
print(digest.hexdigest(), company.special)
"""


def digest(**size):
    company = DemonstrationCompany(**size)
    found = hashlib.sha256()
    for day in company.days():
        found.update(repr(day).encode())
    return found.hexdigest()


ROOT = Path(__file__).parents[2]


def printed_by_another_process(seed, hash_seed):
    answer = subprocess.run(
        [sys.executable, "-c", DIGEST.format(seed=seed)],
        env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout


def statements(played) -> list[Statement]:
    files = [file for file in played.steps(ImportFile) if file.kind is FileKind.CODA]
    return [statement for file in files for statement in read_coda(file.content).statements]


def tables(played, kind, columns) -> list[tuple[str, Table]]:
    files = [file for file in played.steps(ImportFile) if file.kind is kind]
    return [(file.filename, read_table(file.content, columns)) for file in files]


def test_the_same_seed_gives_the_same_bytes_in_any_process():
    assert printed_by_another_process(1, "1") == printed_by_another_process(1, "2")


def test_another_seed_gives_another_company():
    assert digest(leases=60, months=7, seed=1) != digest(leases=60, months=7, seed=2)


def test_a_few_households_in_a_hundred_have_their_letters_in_another_language(average):
    ((_, leases),) = tables(average, FileKind.LEASES, LEASE_COLUMNS)
    signed = average.steps(SignLease)
    spoken = [row["language"] for row in leases.rows] + [step.language for step in signed]
    shares = {language: spoken.count(language) / len(spoken) for language in set(spoken)}

    assert set(shares) == set(Language)
    assert all(0.01 < share < 0.03 for spoken, share in shares.items() if spoken != Language.FR)


def test_who_has_letters_in_another_language_is_drawn_from_the_seed_even_in_a_small_company():
    def others(seed):
        (leases,) = (
            step.content
            for page in DemonstrationCompany(leases=60, months=3, seed=seed).days()
            for step in page.steps
            if isinstance(step, ImportFile) and step.kind is FileKind.LEASES
        )
        rows = read_table(leases, LEASE_COLUMNS).rows
        return {row["reference"]: row["language"] for row in rows if row["language"] != "fr"}

    assert set(others(1).values()) == set(Language) - {Language.FR}
    assert others(1) == others(1) != others(2)


def test_days_can_be_asked_for_twice(one_year):
    assert list(one_year.company.days()) == one_year.days


def test_days_come_in_order_without_a_hole_and_are_fixed(of_any_size):
    days = [page.day for page in of_any_size.days]
    assert all(after - before == timedelta(days=1) for before, after in pairwise(days))
    assert days[-1] == date(2025, 12, 31)
    assert days[0] == of_any_size.company.first_day


def test_the_default_days_are_two_years():
    assert DemonstrationCompany().first_day == date(2024, 1, 1)


def test_a_company_may_end_on_any_day():
    company = DemonstrationCompany(leases=30, months=4, ends_on=date(2024, 2, 29))
    days = list(company.days())
    assert (days[0].day, days[-1].day) == (date(2023, 11, 1), date(2024, 2, 29))


@pytest.mark.parametrize("size", [{"leases": 19}, {"months": 2}])
def test_a_company_too_small_to_be_one_is_refused(size):
    with pytest.raises(ValueError, match="at least"):
        DemonstrationCompany(**size)


def test_every_bank_day_has_one_statement_and_no_other_day_has(of_any_size):
    booked = [statement.date for statement in statements(of_any_size)]
    assert booked == [page.day for page in of_any_size.days if is_bank_day(page.day)]


def test_each_statement_opens_where_the_last_closed(of_any_size):
    written = statements(of_any_size)
    assert {statement.account for statement in written} == {ACCOUNT}
    assert not any(statement.account_flagged for statement in written)
    for before, after in pairwise(written):
        assert after.opening_cents == before.closing_cents
        same_year = after.date.year == before.date.year
        assert int(after.number) == (int(before.number) + 1 if same_year else 1)


def test_the_files_of_one_week_come_together_and_those_of_all_other_days_on_their_own(of_any_size):
    came = {
        page.day: [s.date for file in files for s in read_coda(file.content).statements]
        for page in of_any_size.days
        if (files := [x for x in page.steps if getattr(x, "kind", None) is FileKind.CODA])
    }
    together = {day: booked for day, booked in came.items() if len(booked) > 1}
    ((day, booked),) = together.items()
    assert len(booked) == BANK_DAYS + 1
    assert booked[-1] == day
    assert all(booked == [day] for day, booked in came.items() if day not in together)


def test_whoever_comes_to_look_finds_two_weeks_of_work_and_a_list_that_was_not_printed(average):
    lists = [(d.day, x) for d in average.days for x in d.steps if isinstance(x, HandleWorkList)]
    assert average.company.last_day - lists[-1][0] >= timedelta(days=14)
    assert [step.prints for _, step in lists[-2:]] == [True, False]


def test_the_bank_books_on_its_own_day_only(one_year):
    for statement in statements(one_year):
        days = {(m.value_date, m.entry_date) for m in statement.postings()}
        assert days <= {(statement.date, statement.date)}


def test_bank_files_hold_what_real_ones_hold(average):
    movements = [m for statement in statements(average) for m in statement.movements]
    postings = [p for m in movements for p in m.postings()]
    structured = [p for p in postings if p.structured]
    assert any(p.structured_valid is False for p in structured)
    assert any(p.structured is None and p.amount_cents > 0 for p in postings)
    assert any(p.is_return and p.amount_cents < 0 and p.structured_valid for p in postings)
    assert any(p.structured is None and p.amount_cents < 0 for p in postings)
    assert any(len(m.details) > 1 for m in movements)


def test_no_wrong_reference_is_by_chance_a_right_one(average):
    table = tables(average, FileKind.LEASES, LEASE_COLUMNS)[0][1]
    right = {row["payment_reference"] for row in table.rows}
    wrong = {p.structured for s in statements(average) for p in s.postings() if p.structured}
    wrong -= {reference for reference in wrong if ogm_vcs.is_valid(reference)}
    assert wrong
    assert not wrong & right


def test_payers_bank_with_a_bank_that_does_not_exist(one_year):
    accounts = {p.counterparty_account for s in statements(one_year) for p in s.postings()} - {""}
    assert accounts
    assert all(iban.is_valid(account) for account in accounts)
    assert {account[4:7] for account in accounts} == {str(UNUSED_BANK)}


def test_the_stock_is_taken_over_without_one_refusal(of_any_size):
    ((_, dwellings),) = tables(of_any_size, FileKind.DWELLINGS, DWELLING_COLUMNS)
    ((_, leases),) = tables(of_any_size, FileKind.LEASES, LEASE_COLUMNS)
    assert not dwellings.refused + leases.refused
    assert dwellings.unknown_columns == leases.unknown_columns == ()
    assert len(leases.rows) == of_any_size.company.parameters.leases
    let = [row["dwelling"] for row in leases.rows]
    assert len(set(let)) == len(let)
    assert set(let) < {row["reference"] for row in dwellings.rows}
    assert all(ogm_vcs.is_valid(row["payment_reference"]) for row in leases.rows)


def test_the_stock_is_not_news(average):
    first_day = average.company.first_day
    ((_, leases),) = tables(average, FileKind.LEASES, LEASE_COLUMNS)
    assert all(row["start_on"] < first_day for row in leases.rows)
    assert min(row["start_on"] for row in leases.rows).year == 1998
    welcomed = [row for row in leases.rows if row["welcomed_on"]]
    assert 0.5 < len(welcomed) / len(leases.rows) < 0.7
    assert all(row["start_on"] <= row["welcomed_on"] < first_day for row in welcomed)
    imported = {row["reference"] for row in leases.rows}
    assert not imported & {step.lease_reference for step in average.steps(HoldWelcome)}
    visited = [s for s in average.steps(RecordVisit) if s.lease_reference in imported]
    assert {step.kind for step in visited} == {VisitKind.M1, VisitKind.M6, VisitKind.M12}
    assert all(step.done_on >= first_day for step in visited)


def test_every_month_has_its_rent_roll_and_no_line_comes_twice(of_any_size):
    rolls = tables(of_any_size, FileKind.RENT_ROLL, RENT_ROLL_COLUMNS)
    assert not [refused for _, table in rolls for refused in table.refused]
    lines = [(row["lease"], row["month"]) for _, table in rolls for row in table.rows]
    assert len(set(lines)) == len(lines)
    months = {name for name, _ in rolls if "supplement" not in name}
    assert len(months) == of_any_size.company.parameters.months + 1
    for name, table in rolls:
        assert {row["month"] for row in table.rows} == {name[10:17]}
        assert all((row["due_on"] is not None) == ("supplement" in name) for row in table.rows)
        assert all(row["rent"] > 0 and row["charges"] > 0 for row in table.rows)


def test_rents_are_those_of_public_housing(average):
    ((_, leases),) = tables(average, FileKind.LEASES, LEASE_COLUMNS)
    rents = [row["rent"] for row in leases.rows]
    charges = [row["charges"] for row in leases.rows]
    assert 288_00 <= sum(rents) / len(rents) <= 320_00
    assert 40_00 <= sum(charges) / len(charges) <= 60_00


def test_rents_are_revised_on_the_first_of_january(one_year):
    rolls = dict(tables(one_year, FileKind.RENT_ROLL, RENT_ROLL_COLUMNS))
    rents = [
        {row["lease"]: row["rent"] for row in rolls[f"rent-roll-{month}.csv"].rows}
        for month in ("2025-11", "2025-12", "2026-01")
    ]
    old, december, january = rents
    both = set(old) & set(january)
    assert all(old[lease] == december[lease] for lease in both)
    assert sum(january[lease] != old[lease] for lease in both) > 0.9 * len(both)


def test_nobody_is_evicted_in_winter(average):
    evictions = [s for s in average.steps(EndLease) if s.reason is EndReason.EVICTION]
    assert evictions
    assert all((3, 15) < (s.ended_on.month, s.ended_on.day) < (11, 1) for s in evictions)


def test_one_in_ten_ends_is_a_death(average):
    reasons = [step.reason for step in average.steps(EndLease)]
    assert 0.06 < reasons.count(EndReason.DEATH) / len(reasons) < 0.14
    assert {EndReason.NOTICE, EndReason.ABANDONED, EndReason.TERMINATION} < set(reasons)


def test_unmatched_money_is_told_apart_by_day_and_amount(average):
    assigned = [(s.value_date, s.amount_cents) for s in average.steps(AssignUnmatched)]
    assert len(set(assigned)) == len(assigned)
    found = [
        (posting.value_date, posting.amount_cents)
        for statement in statements(average)
        for posting in statement.postings()
        if posting.amount_cents > 0 and not posting.structured_valid
    ]
    assert all(found.count(one) == 1 for one in found)
