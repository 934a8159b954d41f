"""Rents that are not monthly: what they come to, what of them is charged, due and missed."""

import pytest

from contracts.words import RentPeriod
from services.arrears.rent_period import comes_to, words_of


@pytest.mark.parametrize(
    ("period", "asked", "weeks", "months"),
    [
        # 104.00 × 52 ÷ 12 = 450.67; rent and charges apart: 433.33 + 17.33, and a cent between
        ("weekly", (100_00, 4_00), (100_00, 4_00, 0, 104_00), (433_33, 17_33, 1, 450_67)),
        ("fortnightly", (200_00, 0), (100_00, 0, 0, 100_00), (433_33, 0, 0, 433_33)),
        ("four-weekly", (400_00, 0), (100_00, 0, 0, 100_00), (433_33, 0, 0, 433_33)),
        ("weeks-48", (100_00, 30), (92_31, 28, -1, 92_58), (400_00, 1_20, 0, 401_20)),
        ("weeks-53", (100_00, 0), (101_92, 0, 0, 101_92), (441_67, 0, 0, 441_67)),
    ],
)
def test_a_rent_comes_to_so_much_a_week_and_a_month_with_the_cents_between(
    period, asked, weeks, months
):
    rows = comes_to(RentPeriod(period), *asked)
    named = {row["what"]: (row["week"], row["month"]) for row in rows}

    shown = [named.get(what, (0, 0)) for what in ("Loyer", "Charges", "Arrondi", "En tout")]
    assert shown == list(zip(weeks, months, strict=True))
    assert ("Arrondi" in named) == (weeks[2] != 0 or months[2] != 0)
    assert named["En tout"] == (sum(weeks[:3]), sum(months[:3]))


def test_every_period_has_its_words():
    words = [words_of(period) for period in RentPeriod if period is not RentPeriod.MONTHLY]

    assert len(set(words)) == len(RentPeriod) - 1
    assert words_of(RentPeriod.WEEKS_48) == "Par semaine, 48 semaines par an"
