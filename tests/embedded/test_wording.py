"""What the command line says of figures."""

from services.embedded.wording import SHOWN_PARTS, explain_text

MEMBERS = 41
FIGURE = {
    "indicator": "I06",
    "title": "Délai médian",
    "unit": "days",
    "numerator": 20,
    "denominator": 1,
    "value": "20.00",
    "computable": True,
    "band": None,
    "definition_gap": None,
    "members": MEMBERS,
    "left_out": 0,
}


def test_of_a_median_those_around_the_middle_are_shown_and_how_many_lie_before_and_after():
    members = [
        {"amount": n, "subject": f"s{n}", "actor": "a", "facts": [], "chosen": n == MEMBERS // 2}
        for n in range(MEMBERS)
    ]
    answer = {"figure": FIGURE, "formula": "f", "numerator_parts": members, "left_out_parts": []}

    told = explain_text(answer).splitlines()

    before = MEMBERS // 2 - SHOWN_PARTS // 2
    after = MEMBERS - before - SHOWN_PARTS
    assert f"  … {before} before" in told
    assert f"  … {after} more (--format json has them all)" in told
    assert sum(" s" in line for line in told) == SHOWN_PARTS
    assert any(line.startswith(" *") and "s20" in line for line in told)
