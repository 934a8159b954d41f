"""Until when something is known is a moment of the past: nothing is reckoned ahead."""

from datetime import UTC, date, datetime

import pytest

from services.chassis.refusal import Malformed
from services.reporting.figures import known_on, period_of

NOW = datetime(2026, 1, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-01-02", "2199-12-31", "2026-01-02T00:00:00+01:00"])
def test_what_is_known_on_a_day_to_come_nobody_knows(text):
    with pytest.raises(Malformed, match="est à venir") as refused:
        known_on(text, NOW)

    assert refused.value.facts["errors"][0]["field"] == "known_on"


@pytest.mark.parametrize("text", ["2026-01-01", "2026-01-01T23:59:59+01:00", None])
def test_the_day_that_runs_is_known_as_far_as_it_has_come(text):
    assert period_of(2026, known_on(text, NOW)).last == date(2026, 1, 1)


@pytest.mark.parametrize(
    "text", ["2024-W13-7", "2024-W13-7T10:00+01:00", "20240331", "2024-3-31 ", "2024-03-31T10:00"]
)
def test_only_a_day_or_a_moment_with_its_offset_says_when(text):
    with pytest.raises(Malformed, match="n'est ni un jour") as refused:
        known_on(text, NOW)

    assert refused.value.facts["errors"][0]["field"] == "known_on"


@pytest.mark.parametrize("text", ["2024-03-31T10:00+02:00", "2024-03-31 08:00:00.5Z"])
def test_a_moment_is_taken_with_its_hour(text):
    assert known_on(text, NOW).before.astimezone(UTC).hour == 8


@pytest.mark.parametrize(("year", "said"), [(1989, "de 1990 à 2100"), (2027, "qui a commencé")])
def test_what_stands_beside_a_field_is_a_sentence(year, said):
    with pytest.raises(Malformed) as refused:
        period_of(year, known_on(None, NOW))

    assert said in refused.value.facts["errors"][0]["reason"]


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("hier", "n'est pas un jour"),
        ("2025-02-29", "n'est pas un jour"),
        ("20250630", "n'est pas un jour"),
        ("2025-W26-1", "n'est pas un jour"),
        ("2024-12-31", "n'est pas un jour de 2025"),
        ("2025-11-01", "est à venir : rien n'est connu d'après le 31 octobre 2025"),
    ],
)
def test_a_situation_is_of_a_day_of_the_year_that_was_over_when_it_was_known(as_of, said):
    with pytest.raises(Malformed, match=said) as refused:
        period_of(2025, known_on("2025-10-31", NOW), as_of)

    assert refused.value.facts["errors"][0]["field"] == "as_of"


def test_a_situation_is_the_year_up_to_the_evening_of_its_day():
    period = period_of(2025, known_on(None, NOW), "2025-06-30")

    assert (period.first, period.last) == (date(2025, 1, 1), date(2025, 6, 30))
