"""What a rule asked and what it met is told in French, whatever a policy asks."""

from datetime import date, timedelta
from typing import get_args

import pytest
import yaml
from telling import SHIPPED

from services.arrears.casework.reasons import KNOWN_DAYS, PLAIN, reasons
from services.arrears.ladder.conditions import When
from services.arrears.ladder.days_tried import VARIABLES
from services.arrears.ladder.known_days import Known
from services.arrears.ladder.moments import Moment
from services.arrears.ladder.state import State, Step

DAY = date(2025, 6, 16)
TITLES = {"reminder": "Premier rappel", "visit": "Visite", "notice": "Mise en demeure"}
STATE = State(
    Moment(DAY),
    balance_cents=123_456,
    net_cents=50_000,
    rent_cents=25_000,
    unpaid=(False, True, True),
    owed_since=date(2025, 4, 10),
    done=(Step("reminder", date(2025, 5, 2), is_message=True),),
    hardship=True,
)


OWED = "Début de la dette : le 10 avril 2025"
COURT = "Audience : aucun jour (demandé : dans au plus 1 semaine"


def told(when, state=STATE):
    said = reasons(When.model_validate(yaml.safe_load(when)), state, TITLES)
    return [each.replace("\u00a0", " ").replace("\u202f", " ") for each in said]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            "{owed: {more_than: {cents: 100000}, at_most: {rents: 9}}}",
            "Dû 1 234,56 € (demandé : plus de 1 000,00 € et au plus 2 250,00 €)",
        ),
        (
            "{owed: {net: true, at_least: {cents: 1}}}",
            "Dû, tolérance déduite, 500,00 € (demandé : au moins 0,01 €)",
        ),
        (
            "{owed_for: {at_least: {days: 10}}}",
            "Dû depuis le 10 avril 2025 (demandé : il y a au moins 10 jours)",
        ),
        (
            "{unpaid_periods: {at_least: 2}}",
            "2 loyers impayés d'affilée (demandé : au moins 2)",
        ),
        (
            "{happened: {step: [visit, notice], less_than: {months: 1}}}",
            "Visite ou Mise en demeure : pas (demandé : il y a moins de 1 mois)",
        ),
        (
            "{happened: {any_message_except: notice, in_this_debt: true}}",
            "Un courrier, sauf Mise en demeure : le 2 mai 2025 pour cette dette",
        ),
        ("{never: {step: contact-reached}}", "Cela ne devait pas être : Ménage joint : pas"),
        ("{last: {is: reminder}}", "Dernier courrier : Premier rappel, le 2 mai 2025"),
        ("{active: {step: notice}}", "Mise en demeure : pas en vigueur"),
        ("{plan: {state: none}}", "Plan d'apurement : aucun"),
        ("{not: {hardship: true}}", "Cela ne devait pas être : Grande difficulté : oui"),
        ("{court_date: future}", "Audience : aucune date"),
        (
            "{day: {of: owed-since, at_least: {days: 10}, before: {message: reminder}}}",
            f"{OWED} (demandé : il y a au moins 10 jours et avant Premier rappel, le 2 mai 2025)",
        ),
        (
            "{day: {of: court-date, ahead: {at_most: {weeks: 1}}, not_before: plan}}",
            f"{COURT} et pas avant Accord sur le plan, aucun jour)",
        ),
    ],
)
def test_a_condition_is_told_with_what_it_asked_and_met(when, said):
    assert told(when) == [said]


def test_of_conditions_of_which_one_is_enough_those_are_told_that_hold():
    either = "{any: [{dispute: true}, {hardship: true}]}"
    assert told(either) == ["Grande difficulté : oui"]
    assert len(told("{all: [{dispute: true}, {hardship: true}]}")) == 2
    assert len(told("{any: [{dispute: true}, {pause: paused}]}")) == 2


def test_whatever_the_shipped_policies_ask_is_told_in_words():
    asked = [leaf for policy in SHIPPED for rule in policy.rules for leaf in rule.when.leaves()]
    for each in asked:
        for said in reasons(each, STATE, TITLES):
            assert said
            assert "None" not in said
    joined = {"all", "any", "not_", "never", "happened", "last", "active", "day", "plan"}
    assert (
        When.model_fields.keys() == joined | {"owed", "owed_for", "unpaid_periods"} | PLAIN.keys()
    )


def test_every_day_that_may_be_asked_for_has_its_name():
    assert KNOWN_DAYS.keys() == set(get_args(Known))
    assert VARIABLES.keys() == set(get_args(Known))


def test_a_day_that_has_come_is_told_as_such():
    for days, said in ((-1, "date notée, passée"), (0, "date notée, aujourd'hui")):
        state = State(Moment(DAY), court_on=DAY + timedelta(days=days))
        assert told("{court_date: recorded}", state) == [f"Audience : {said}"]
