"""What is missing of a year is said of the figures that it touches, and of no other."""

from datetime import UTC, date, datetime

import orjson
from test_versions import content_of
from told import asked_of

from services.embedded.wording import report_text, signed_text
from services.reporting.completeness import each_complete, touches, without_bank
from services.reporting.exports.figure_exports import export_figures
from services.reporting.exports.return_report import return_report
from services.reporting.exports.sheets import return_sheet
from services.reporting.indicators.register import in_force
from services.reporting.objectives.followed import of_version
from services.reporting.return_shown import figures as figures_shown
from services.reporting.return_told import told_version
from services.reporting.signing import Signed
from services.reporting.yearly_return import ReturnState

LOOKS_BACK = "I13, I20 et I22 remontent jusqu'au 1er janvier 2023, et le journal commence après."
OF_ALL = "Le journal commence le 1er mars 2024."


def version(**more):
    figures = [
        {"indicator": name, "definition_version": 1, "amounts": "leases", "value": "50.00"}
        | {"numerator": 1, "denominator": 2}
        for name in ("I03", "I22")
    ]
    signed = {"company": "alpha", "year": 2024, "return_version": 1, "figures": figures}
    signed |= {"known_on": "2025-05-01T08:00:00+00:00", "cutoff": {}, "digest": "ab" * 32}
    signed |= {"changes": [], "reason": "Repris.", "actor": "manager.alpha", "fact": "f"}
    signed |= {"recorded_at": datetime(2025, 5, 1, tzinfo=UTC), "despite": [LOOKS_BACK]}
    return signed | more


def test_a_sentence_that_names_figures_is_of_these_alone_and_another_one_of_all():
    assert [touches(LOOKS_BACK, name) for name in ("I03", "I13", "I20", "I22")] == [
        False,
        True,
        True,
        True,
    ]
    assert touches(OF_ALL, "I03")
    assert not touches("Peuvent ne pas être justes d'ici là\u00a0: I25A.", "I25B")


def test_bank_statements_that_are_missing_are_told_of_the_figures_that_money_moves():
    told = without_bank(None, [*in_force(["I01", "I06", "I08", "I19", "I25A"], date.max)])

    assert told == (
        "Les extraits bancaires ne sont complets pour aucun jour\u00a0: I01, I06 et I08 en "
        "dépendent."
    )
    assert "que jusqu'au 3 mai 2024" in without_bank(date(2024, 5, 3), [])


def test_each_figure_of_a_year_says_for_itself_whether_it_is_complete():
    figures = [{"indicator": "I03"}, {"indicator": "I22"}]

    def complete(*missing):
        return [one["complete"] for one in each_complete(figures, missing)]

    assert complete() == [True, True]
    assert complete(LOOKS_BACK) == [True, False]
    assert complete(LOOKS_BACK, OF_ALL) == [False, False]


def test_a_signed_year_has_its_reserve_where_it_was_made_and_nowhere_else(drawing):
    signed = version()

    followed = of_version(signed, changed=set())
    assert [one.is_complete for one in followed.values()] == [True, False]
    assert {one.version for one in followed.values()} == {1}
    shown = figures_shown(signed, ReturnState.VALIDATED)
    assert [row["reserve"] for row in shown] == ["", "avec réserve"]
    assert [row["complete"] for row in return_sheet(signed).rows] == [True, False]
    again = Signed("alpha", 2024, "", {}, [])
    assert [one["complete"] for one in told_version(signed, again)["figures"]] == [True, False]

    report = return_report("Alpha", signed, {}, drawing)
    assert [row["status"].partition(",")[0] for row in report["figures"]] == [
        "validé",
        "validé avec réserve",
    ]


def test_what_is_not_signed_yet_is_told_incomplete_where_it_is():
    shown = figures_shown(version(despite=[LOOKS_BACK]), ReturnState.PROVISIONAL)

    assert [row["reserve"] for row in shown] == ["", "incomplet"]
    assert [row["reserve"] for row in figures_shown(version(despite=None), ReturnState.RESTATED)]


def test_the_command_line_and_the_files_mark_the_figures_that_are_not_complete(company):
    signed = told_version(version(), Signed("alpha", 2024, "", {}, []))

    def marked(text):
        lines = (line for line in text.splitlines() if line.startswith("  I"))
        return [line.split()[0] for line in lines if line.endswith("(not complete)")]

    standing = {"company": "alpha", "known_on": "2025-06-30", "cutoff": {}, "missing": [LOOKS_BACK]}
    standing |= {"period": {"from": "2024-01-01", "to": "2024-12-31"}, "complete": False}
    assert marked(signed_text(signed)) == ["I22@1"]
    assert marked(report_text(standing | {"figures": signed["figures"]})) == ["I22"]

    asked = asked_of(company.take(), missing=[LOOKS_BACK])
    rows = orjson.loads(content_of(export_figures(asked, 2024, "json")))["rows"]
    assert {row["indicator"] for row in rows if not row["complete"]} == {"I13", "I20", "I22"}
