"""What stands above figures: until which day they are complete, and by which clock."""

from datetime import UTC, date, datetime

from services.reporting.clocks import Clocks
from services.reporting.pages import standing_shown

MORNING = date(2025, 1, 6)


def shown(company, known=None):
    told = company.reporting.report(2025, known)
    return told, standing_shown(company.reporting, told, Clocks(known or ""))


def test_complete_names_the_last_day_that_is_over(let):
    let.go_to(MORNING)
    let.at_day(let.slug, MORNING, services=("reporting",))

    told, now = shown(let)
    _, at_noon = shown(let, "2025-01-05T12:00:00+01:00")
    _, in_the_evening = shown(let, "2025-01-05")

    (lack,) = told["missing"]
    assert "remontent jusqu'au" in lack, "all that is missing is what was before the log"
    assert told["period"]["to"] == "2025-01-06"
    assert (now["until"], now["complete_until"]) == (MORNING, date(2025, 1, 5))
    assert at_noon["complete_until"] == date(2025, 1, 4)
    assert in_the_evening["complete_until"] == in_the_evening["until"] == date(2025, 1, 5)


def test_in_a_demonstration_rows_made_anew_say_by_which_clock(let):
    let.at_day(let.slug, MORNING, services=("reporting",))
    let.reporting.store.rebuilt_at = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)

    _, above = shown(let)

    assert above["rebuilt"] == "23 novembre 2026 à 14:05, à l'heure réelle de la machine"
