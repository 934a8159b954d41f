"""What was noted of the legal path by mistake is struck out; what comes next is always told."""

import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from test_legal_path import ME, Debt, arrears, debt  # noqa: F401

from contracts.legal_path import StrikeReason, SuspensionReason
from services.arrears.casework.case_rows import select_entries
from services.arrears.casework.sentences import sentence
from services.arrears.legal import going_to_court as court
from services.arrears.legal.mistakes import strike_out
from services.arrears.legal.shown import before_court, path_of
from services.arrears.legal.striking_out import EntryIsRestedOn, EntryNotInPath

TODAY = date(2024, 9, 4)


@pytest.fixture
def path(debt):  # noqa: F811
    def read(today=TODAY):
        return path_of(debt.arrears, debt.lease, today)

    return read


def entry_of(path, what):
    return max(row["entry"] for row in path()["entries"] if row["what"] == what)


def strike(debt, entry, reason=StrikeReason.WRONG_DAY):  # noqa: F811
    strike_out(debt.arrears, ME, debt.lease, entry, reason)


def test_what_a_later_entry_rests_on_is_struck_out_after_it_and_the_path_is_told_without(
    debt,  # noqa: F811
    path,
):
    debt.judged().schedule(date(2024, 10, 9))
    court.suspend_eviction(debt.arrears, ME, debt.lease, SuspensionReason.DEBT_PAID)
    order = ("EvictionSuspended", "EvictionScheduled", "JudgmentServed", "JudgmentGiven")
    for later, what in pairwise(order):
        with pytest.raises(EntryIsRestedOn) as refused:
            strike(debt, entry_of(path, what))
        assert entry_of(path, later) in refused.value.facts["entries"]
        strike(debt, entry_of(path, later))
        assert path()["stands"]["petition_on"] == date(2024, 8, 1)
    assert path()["stands"]["served_on"] is None
    assert debt.blocked(debt.schedule, date(2024, 10, 9)) == ["not-served"]
    court.serve_judgment(debt.arrears, ME, debt.lease, date(2024, 9, 2))
    debt.schedule(date(2024, 10, 9))
    assert path()["stands"]["evict_on"] == date(2024, 10, 9)


def test_a_judgment_noted_anew_and_struck_out_leaves_the_first_one_with_its_service(
    debt,  # noqa: F811
    path,
):
    debt.judged()
    debt.judged(eviction_authorised=False, terms_granted=True, served_on=None)
    strike(debt, entry_of(path, "JudgmentGiven"), StrikeReason.NOTED_TWICE)

    stands = path()["stands"]
    assert (stands["outcome"], stands["served_on"]) == ("eviction-authorised", date(2024, 9, 2))
    first, second, withdrawn = debt.facts("judgment-given")
    assert withdrawn["judgment_id"] == second["judgment_id"]
    assert withdrawn["struck_out_because"] == "noted-twice"
    debt.judged(served_on=None)
    assert debt.facts("judgment-given")[-1]["judgment_id"] not in (
        first["judgment_id"],
        second["judgment_id"],
    )


def test_a_petition_struck_out_takes_its_step_along_and_one_noted_twice_leaves_the_other(
    debt,  # noqa: F811
    path,
):
    court.file_petition(debt.arrears, ME, debt.lease, date(2024, 8, 1), 90_000)
    court.file_petition(debt.arrears, ME, debt.lease, date(2024, 8, 2), 90_000)
    court.fix_hearing(debt.arrears, ME, debt.lease, date(2024, 9, 20))
    waits = debt.facts("step-proposed")[-1].get("rule")
    strike(debt, entry_of(path, "CourtPetitionFiled"), StrikeReason.NOTED_TWICE)
    petition = entry_of(path, "CourtPetitionFiled")
    with pytest.raises(EntryIsRestedOn):
        strike(debt, petition)
    strike(debt, entry_of(path, "HearingFixed"))
    strike(debt, petition, StrikeReason.WRONG_HOUSEHOLD)
    with pytest.raises(EntryNotInPath):
        strike(debt, petition)

    assert path()["entries"] == []
    assert waits == "wait-for-the-court"
    assert debt.facts("step-proposed")[-1].get("rule") != "wait-for-the-court"
    taken, withdrawn = debt.facts("step-taken")
    assert taken == withdrawn
    assert not [row for row in before_court(debt.arrears) if row["lease_id"] == debt.lease]
    with debt.arrears.datastore.reading() as rows:
        entries = select_entries(rows, debt.lease)
    told = [sentence(entry["what"], entry["said"], {}) for entry in entries]
    assert any(
        words.startswith("Retiré de la voie judiciaire (c'est un autre ménage) : Requête déposée")
        for words in told
    )


def test_a_blocked_eviction_is_told_with_its_reasons_and_the_first_day_that_is_free(
    debt,  # noqa: F811
    path,
):
    debt.judged()
    assert debt.blocked(debt.schedule, date(2024, 12, 3)) == ["winter-moratorium"]

    found = path()
    (blocked,) = found["blocked"]
    assert (blocked["evict_on"], blocked["reasons"]) == (date(2024, 12, 3), ["winter-moratorium"])
    assert found["earliest_on"] == date(2024, 10, 2)
    assert path(date(2024, 10, 25))["earliest_on"] == date(2025, 3, 16)
    court.answer_guidance(debt.arrears, ME, debt.lease, date(2024, 9, 3), accepted=False)
    assert path(date(2024, 10, 25))["earliest_on"] == date(2024, 11, 1)


def test_of_every_case_before_the_court_it_is_told_what_comes_next_and_by_when(
    debt,  # noqa: F811
    path,
):
    def to_do(today=TODAY):
        found = path(today)["to_do"]
        assert found["source"]
        return found["what"].split()[0], found["on"]

    def listed():
        return next(row for row in before_court(debt.arrears) if row["lease_id"] == debt.lease)

    court.file_petition(debt.arrears, ME, debt.lease, date(2024, 8, 1), 90_000)
    assert to_do() == ("Demander", date(2024, 8, 31))
    assert (listed()["next"], listed()["to_do"]["on"]) == (None, date(2024, 8, 31))
    court.fix_hearing(debt.arrears, ME, debt.lease, date(2024, 9, 20))
    assert to_do() == ("Audience", date(2024, 9, 20))
    assert to_do(date(2024, 9, 21)) == ("Noter", date(2024, 10, 20))
    debt.judged(served_on=None)
    assert to_do() == ("Faire", date(2024, 10, 4))
    court.serve_judgment(debt.arrears, ME, debt.lease, date(2024, 9, 2))
    assert to_do() == ("Faire", date(2024, 10, 2))
    assert to_do(date(2024, 10, 3)) == ("Le", date(2024, 10, 2))
    assert to_do(date(2024, 11, 5)) == ("Faire", date(2025, 3, 16))
    debt.today(date(2024, 11, 5))
    assert "moratoire" in listed()["to_do"]["what"]
    debt.today(TODAY)
    debt.schedule(date(2024, 10, 9))
    assert to_do() == ("Expulsion", date(2024, 10, 9))
    assert to_do(date(2024, 10, 10)) == ("Noter", date(2024, 11, 8))
    court.suspend_eviction(debt.arrears, ME, debt.lease, SuspensionReason.PLAN_AGREED)
    assert to_do() == ("Faire", date(2024, 10, 4))
