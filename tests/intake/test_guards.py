"""Days that nobody meant, moves that are none, and columns that nobody knows."""

from datetime import date
from uuid import UUID

import pytest

from contracts.intake import EndReason, WelcomeMode
from services.chassis.caller import Caller
from services.intake.history import history_of
from services.intake.imports import FileKind, import_file
from services.intake.lease_terms import DayNotPossible
from services.intake.letting import HouseholdHasMoved, SameDwelling

ME = Caller("officer")


@pytest.fixture
def intake(desk):
    return desk.app.state.frame.host.service(desk.company)


@pytest.fixture
def lease_id(desk):
    return UUID(desk.lease(start_on="2026-02-02"))


def test_a_day_that_is_years_away_is_told_so(intake, lease_id):
    with pytest.raises(DayNotPossible, match="vérifiez l'année"):
        intake.hold_welcome_meeting(ME, lease_id, date(1900, 1, 1), WelcomeMode.OFFICE)
    with pytest.raises(DayNotPossible, match="vérifiez l'année"):
        intake.end_lease(ME, lease_id, date(2099, 12, 31), EndReason.DEATH)
    with pytest.raises(DayNotPossible, match="finir avant"):
        intake.end_lease(ME, lease_id, date(2026, 2, 1), EndReason.NOTICE)


def test_a_welcome_corrected_says_both_days_and_one_corrected_to_itself_nothing(intake, lease_id):
    intake.hold_welcome_meeting(ME, lease_id, date(2026, 2, 3), WelcomeMode.OFFICE)
    intake.correct_welcome(ME, lease_id, date(2026, 2, 4), WelcomeMode.HOME)
    before = history_of(intake, lease_id)

    intake.correct_welcome(ME, lease_id, date(2026, 2, 4), WelcomeMode.HOME)

    assert history_of(intake, lease_id) == before
    told = [entry.sentence for entry in before.entries]
    assert told[1:] == [
        "Ménage accueilli au bureau. (corrigé ensuite)",
        "Accueil corrigé : il a eu lieu le 4 février 2026 à domicile.",
    ]


def test_nobody_moves_to_where_he_lives_nor_comes_back_while_he_lives_elsewhere(intake, lease_id):
    def move(reference, dwelling):
        intake.transfer_household(ME, lease_id, reference, dwelling, date(2026, 3, 1), 1, 1)

    with pytest.raises(SameDwelling):
        move("B9", "L1")
    intake.register_dwelling(ME, "L9", date(2020, 1, 1))
    move("B9", "L9")

    with pytest.raises(HouseholdHasMoved, match="B9"):
        intake.withdraw_end(ME, lease_id)


def test_an_unknown_column_and_a_dwelling_known_otherwise_are_flagged(intake):
    def take(text):
        return import_file(intake, ME, FileKind.DWELLINGS, "d.csv", text.encode())

    take("reference;registered_on;bedrooms\nL7;2020-01-01;2\n")
    report = take("reference;registered_on;bedrooms;bedroom\nL7;2019-01-01;2;4\n")

    assert [(remark.line, remark.field) for remark in report.flagged] == [
        (1, "bedroom"),
        (2, "registered_on"),
    ]


def test_a_dwelling_is_registered_by_its_page_and_then_let(desk):
    browser = desk.browser()

    answer = browser.fill_in("dwellings/registration", reference="L 8/b", bedrooms="deux")
    assert "Indiquez le nombre de chambres" in answer.text
    answer = browser.fill_in("dwellings/registration", reference="L 8/b", bedrooms="2")

    assert answer.status_code == 303
    page = browser.client.get(answer.headers["location"])
    assert browser.fields(page.text)["dwelling_reference"] == "L 8/b"
