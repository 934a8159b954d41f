"""What the command line says of figures."""

import pytest

from services.embedded.document_wording import bands_text, check_text
from services.embedded.processes import last_words
from services.embedded.suite import Suite
from services.embedded.wording import (
    SHOWN_PARTS,
    demo_text,
    diff_text,
    explain_text,
    needs_an_operator,
    provision_text,
    rebuild_text,
    report_text,
    signed_text,
    status_text,
)

MEMBERS = 41
FIGURE = {
    "indicator": "I06",
    "definition_version": 1,
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
    answer["missing"] = []

    told = explain_text(answer).splitlines()

    before = MEMBERS // 2 - SHOWN_PARTS // 2
    after = MEMBERS - before - SHOWN_PARTS
    assert f"  … {before} before" in told
    assert f"  … {after} more (--format json has them all)" in told
    assert sum(" s" in line for line in told) == SHOWN_PARTS
    assert any(line.startswith(" *") and "s20" in line for line in told)


def test_of_what_is_divided_by_a_mean_it_is_said_to_what_the_parts_add_up():
    twelfths = {"amount": 12, "subject": "s", "actor": "a", "facts": []}
    mean = {"members": None, "denominator": {"num": 5, "den": 2}, "numerator": 1}
    answer = {"figure": FIGURE | mean, "formula": "f", "missing": [], "denominator_over": 12}
    answer |= {"numerator_parts": [twelfths | {"amount": 1}], "denominator_parts": [twelfths] * 2}

    told = explain_text(answer).splitlines()

    assert "numerator: 1 in 1 part" in told
    assert "denominator: 5/2 in 2 parts, which add up to 12 times it" in told


def test_two_versions_of_a_figure_are_told_apart():
    standing = {"company": "alpha", "known_on": "2025-06-30", "cutoff": {}, "missing": []}
    standing |= {"period": {"from": "2025-01-01", "to": "2025-06-30"}, "complete": True}

    both = report_text(standing | {"figures": [FIGURE, FIGURE | {"definition_version": 2}]})
    one = report_text(standing | {"figures": [FIGURE]})
    named = report_text(standing | {"figures": [FIGURE]}, ["i06@1", "I03@2"])

    assert "  I06@1  " in both
    assert "  I06@2  " in both
    assert "  I06  " in one
    assert "  I06@1  " in named


def test_what_moved_is_told_with_the_version_that_counted_it():
    def change(before, after, *because):
        sides = {"figure_before": before, "figure_after": after, "because": [*because]}
        return {"indicator": "I06"} | sides

    told = {"company": "alpha", "year": 2025, "known_on": ["2025-06-30", "2025-12-31"]}
    told["missing"] = [["Le journal commence le 1er mars 2025."], []]
    second = FIGURE | {"definition_version": 2}
    new = {"kind": "new", "fact": "alpha/intake/3"}
    other = {"kind": "definition", "fact": None}

    broken = diff_text(told | {"changes": [change(FIGURE, second, other)]}).splitlines()
    both = diff_text(told | {"changes": [change(FIGURE, FIGURE, new), change(second, second)]})

    assert broken[1:] == [
        "  missing on 2025-06-30: Le journal commence le 1er mars 2025.",
        "  I06  20.00 days -> 20.00 days",
        "    definition 1, then 2: not to be compared",
    ]
    assert both.splitlines()[2:] == [
        "  I06@1  20.00 days -> 20.00 days",
        "    new        alpha/intake/3",
        "  I06@2  20.00 days -> 20.00 days",
        "    the period is longer",
    ]


def test_why_figures_are_not_complete_stands_with_them():
    standing = {"company": "alpha", "known_on": "2025-06-30", "cutoff": {"intake": 3}}
    standing |= {"period": {"from": "2025-01-01", "to": "2025-06-30"}, "complete": False}
    standing["missing"] = ["Le journal commence le 1er mars 2025."]
    parts = {"formula": "f", "numerator_parts": [], "left_out_parts": []}

    reported = report_text(standing | {"figures": [FIGURE]})
    explained = explain_text(standing | {"figure": FIGURE} | parts)

    for told in (reported, explained):
        assert "  missing: Le journal commence le 1er mars 2025." in told.splitlines()
    assert "  definition 1: f" in explained


def test_what_a_return_was_signed_despite_stands_before_the_reason():
    signed = {"company": "alpha", "return": "2025/1", "signed_at": "t", "actor": "m"}
    signed |= {"known_on": "t", "cutoff": {}, "figures": [], "digest": "d", "identical": True}

    told = signed_text(signed | {"despite": ["Le journal commence."], "reason": "Repris."})

    assert "signed in spite of: Le journal commence.\nreason: Repris." in told
    assert "in spite" not in signed_text(signed | {"despite": None, "reason": None})


def test_each_figure_of_a_signed_return_names_the_version_it_was_signed_by():
    signed = {"company": "alpha", "return": "2025/1", "signed_at": "t", "actor": "m"}
    signed |= {"known_on": "t", "cutoff": {}, "digest": "d", "identical": True}
    signed |= {"despite": None, "reason": None}

    told = signed_text(signed | {"figures": [FIGURE, FIGURE | {"definition_version": 2}]})

    assert [line.split()[0] for line in told.splitlines() if line.startswith("  ")] == [
        "I06@1",
        "I06@2",
    ]


@pytest.mark.parametrize("ends", [False, True])
def test_a_demonstration_that_ends_is_started_again_before_anything_is_tried(tmp_path, ends):
    played = {"company": "demonstration", "leases": 40, "from": "2025-01-01", "to": "2025-12-31"}
    answer = played | {"facts": {"intake": 3}, "seconds": 1, "figures": [FIGURE]}

    told = demo_text(answer, Suite(tmp_path), tmp_path, ends=ends).splitlines()

    first, second, *_ = told[told.index("What to try next") + 1 :]
    assert (first.split()[1] == "up") is ends
    assert "explain" in (second if ends else first)


@pytest.mark.parametrize(
    ("identical", "before", "said"),
    [
        (True, 61, "identical to the views before"),
        (False, 61, "DIFFERENT from the views before"),
        (True, 0, "there were no views before to compare with"),
    ],
)
def test_a_rebuild_is_compared_with_views_that_were_there(identical, before, said):
    answer = {"facts": 61, "seconds": 1.0, "facts_per_s": 61, "digest": "d"}

    told = rebuild_text(answer | {"identical_to_previous": identical, "facts_before": before})

    assert told.splitlines()[0] == f"61 facts in 1.0 s (61 a second), {said}"


def test_status_names_the_server_that_is_down_and_why_and_needs_somebody():
    def told(**kafka):
        servers = [{"server": "PostgreSQL", "up": True, "why": None}, {"server": "Kafka", **kafka}]
        return {
            "servers": servers,
            "services": [{"service": "intake", "up": True, "companies": []}],
        }

    well, down = told(up=True, why=None), told(up=False, why="the disk is full")

    assert status_text(down).splitlines() == ["Kafka      DOWN: the disk is full", "intake     up"]
    assert needs_an_operator(down)
    assert status_text(well) == "intake     up"
    assert not needs_an_operator(well)


def test_the_last_words_of_a_start_are_its_own_not_of_what_ends_behind_it(tmp_path):
    log = tmp_path / "suite.log"
    log.write_text(
        "starting\nreferent: The disk is full.\nlibrary: leaked 27 instances!\n", "utf-8"
    )
    assert last_words(log) == "The disk is full."
    log.write_text("FATAL: x: No space left on device\nHINT:  Check free disk space.\n", "utf-8")
    assert last_words(log).startswith(f"The disk that holds {tmp_path} is full")
    log.write_text("starting\nKilled\n", "utf-8")
    assert last_words(log) == "Killed"
    log.write_text("referent: Of another night.\nstarting\nKilled\n", "utf-8")
    assert last_words(log, began=len("referent: Of another night.\n")) == "Killed"


def test_where_no_company_is_named_provision_says_which_file_it_read(tmp_path):
    register = tmp_path / "companies.toml"

    assert provision_text({"companies": []}, register) == (
        f"{register} names no company, or is not there: add one."
    )


def test_what_documents_come_to_is_said_in_english_and_of_one_thing_in_the_singular():
    checked = {"policy": "mine", "version": "1", "never_fire": [], "undecided": []}
    checked |= {"default": None, "unmatched": None}
    judged = {"indicator": "I01", "period_end": "2025-12-31", "unit": "percent"}
    judged |= {"value": None, "band": None, "definition_gap": None}

    assert check_text(checked | {"rules": 1}).startswith("mine, version 1: 1 rule\n")
    assert check_text(checked | {"rules": 2}).startswith("mine, version 1: 2 rules\n")
    assert bands_text(judged) == "I01, period that ends on 2025-12-31: not computable"
