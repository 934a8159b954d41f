"""`referent simulate` and `check-policy` as people type them: no server, no home."""

import json
import shutil
from pathlib import Path

import pytest
from telling import POLICIES, line

from services.__main__ import main
from services.embedded.document_commands import write_rows

CASES = POLICIES / "cases"
EXPECTED = {
    "first-months": ("wallonie", "propose-plan", 1300_00),
    "notice-lapses": ("weekly-tenancies", "court-application", 981_20),
    "objection": ("early-signal", "collection-costs", 1875_00),
}
CONTRACTED = {
    "on",
    "balance_cents",
    "net_cents",
    "rent",
    "plans",
    "active_steps",
    "proposed",
    "because",
    "policy_version",
    "also_matching",
    "stopped_by",
    "sendings",
    "social_service",
}


@pytest.fixture
def referent(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("REFERENT_HOME", str(tmp_path / "none"))

    def run(*arguments):
        code = main([*map(str, arguments)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def written(tmp_path):
    def write(*lines, name="case.json", **more):
        path = tmp_path / name
        path.write_text(json.dumps({"happenings": lines, **more}, indent=1), "utf-8")
        return path

    return write


@pytest.mark.parametrize("case", sorted(CASES.glob("*")), ids=lambda path: path.stem)
def test_the_example_cases_are_answered_as_their_readme_says(referent, case):
    policy, proposed, owed = EXPECTED[case.stem]

    code, out, _ = referent(
        "simulate", "--policy", POLICIES / f"{policy}.yaml", "--case", case, "--format", "json"
    )

    answer = json.loads(out)
    assert code == 0
    assert answer.keys() >= CONTRACTED
    assert (answer["proposed"], answer["balance_cents"]) == (proposed, owed)


def test_people_read_sentences(referent):
    policy, case = POLICIES / "wallonie.yaml", CASES / "first-months.json"

    _, out, _ = referent("simulate", "--policy", policy, "--case", case)

    assert "Proposed: propose-plan" in out
    assert "by wallonie, version 2024-1" in out
    assert "second-reminder sent, fee 7.50 €" in out


def test_plans_alone_need_no_policy(referent, written):
    plan = line(
        "2025-01-02",
        "plan",
        plan="p",
        frequency="weekly",
        first_due_on="2025-01-10",
        instalment_cents=100,
    )
    case = written(line("2025-01-01", "charge", cents=1_000), plan)

    code, out, _ = referent("simulate", "--case", case, "--on", "2025-01-10", "--format", "json")

    answer = json.loads(out)
    assert code == 0
    assert (answer["plans"][0]["state"], answer["proposed"]) == ("breached", None)


def test_the_day_is_that_of_the_command_else_of_the_case_else_the_last_line_s(referent, written):
    lines = (line("2025-01-01", "charge", cents=1), line("2025-03-01", "charge", cents=1))
    own, bare = written(*lines, on="2025-02-01", name="own.json"), written(*lines)

    def on(*arguments):
        return json.loads(referent("simulate", "--format", "json", *arguments)[1])["on"]

    assert on("--case", own, "--on", "2025-05-05") == "2025-05-05"
    assert on("--case", own) == "2025-02-01"
    assert on("--case", bare) == "2025-03-01"


BAD_LINES = {
    "cents that are no whole number": (line("2025-01-01", "charge", cents=10.5), "cents"),
    "cents as text": (line("2025-01-01", "charge", cents="10"), "cents"),
    "too many cents": (line("2025-01-01", "charge", cents=10**10), "cents"),
    "a day that does not exist": (line("2025-02-30", "charge", cents=1), "on"),
    "a moment for a day": (line("2025-01-01T10:00:00", "charge", cents=1), "on"),
    "a happening that is not known": (line("2025-01-01", "weather"), "happenings.1"),
    "a word that is not known": (line("2025-01-01", "charge", cents=1, colour="red"), "colour"),
    "a time without its quotes' form": (line("2025-01-01", "charge", cents=1, at="9h"), "at"),
    "recorded before it happened": (
        line("2025-01-02", "charge", cents=1, recorded_on="2025-01-01"),
        "",
    ),
    "a plan that never ends": (
        line(
            "2025-01-01",
            "plan",
            plan="p",
            starting_balance_cents=10_000,
            frequency="weekly",
            first_due_on="2025-01-08",
            instalment_cents=100,
            count=2,
        ),
        "instalment_cents",
    ),
    "a balance with a time": (line("2025-01-01", "balance", cents=1, at="10:00"), "at"),
    "a week for a day": (line("2025-W01-2", "charge", cents=1), "on"),
    "a sending that no policy knows": (line("2025-01-01", "send", step="x"), "step"),
}


@pytest.mark.parametrize(("bad", "field"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_cannot_be_is_refused_with_its_place(referent, written, bad, field):
    case = written(line("2025-01-01", "charge", cents=1), bad)

    code, out, err = referent("simulate", "--case", case, "--format", "json")

    problem = json.loads(out)
    (error, *_) = problem["errors"]
    text = case.read_text("utf-8").splitlines()
    first = next(n for n, row in enumerate(text, 1) if '"on"' in row and n > 4) - 1
    assert code == 1
    assert error["line"] >= first
    assert field in error["field"]
    assert "Traceback" not in err


def test_a_fault_of_a_plan_stands_at_its_own_line_though_a_plan_names_a_plan(referent, written):
    terms = {"frequency": "monthly", "first_due_on": "2025-02-01", "instalment_cents": 5}
    case = written(line("2025-01-01", "plan", plan="p", **terms, **{"with": "court"}))

    _, out, _ = referent("simulate", "--case", case, "--format", "json")

    (error,) = json.loads(out)["errors"]
    assert '"with"' in case.read_text("utf-8").splitlines()[error["line"] - 1]
    assert error["field"] == "happenings.0.with"


@pytest.mark.parametrize(
    "day", ["2025-W01-2", "20250101", "2025-02-30", "1989-12-31", "9999-12-31"]
)
def test_a_day_that_is_none_is_refused_on_the_command_line_too(referent, written, capsys, day):
    case = written(line("2025-01-01", "charge", cents=1))

    with pytest.raises(SystemExit) as ended:
        referent("simulate", "--case", case, "--on", day)

    assert ended.value.code == 2
    assert "argument --on: a day" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1]", b"{", b'{"happenings": 3}'])
def test_what_is_no_case_at_all_is_told(referent, tmp_path, content):
    case = tmp_path / "case.json"
    case.write_bytes(content)

    code, _, err = referent("simulate", "--case", case)

    assert code == 1
    assert "case.json" in err


FIGURE = ("bands", "--numerator", "1", "--denominator", "2", "--period-end", "2025-12-31")


@pytest.mark.parametrize(
    "command",
    [
        ("simulate", "--case"),
        ("check-policy",),
        ("check-letters",),
        ("contract", "check"),
        ("contract", "--company", "amay", "adopt"),
        (*FIGURE, "--bands"),
    ],
)
def test_a_document_that_is_not_there_is_wrong_use(referent, tmp_path, monkeypatch, command):
    named = '[companies.amay]\nnames = { fr = "Amay" }\n'
    (tmp_path / "companies.toml").write_text(named, "utf-8")
    monkeypatch.setenv("REFERENT_HOME", str(tmp_path))

    code, out, err = referent(*command, tmp_path / "none.json")

    assert code == 2
    assert not out
    assert err == f"referent: {tmp_path / 'none.json'} cannot be read: No such file or directory.\n"


def test_a_policy_that_can_be_used_is_said_to_be(referent, any_policy_file):
    code, out, _ = referent("check-policy", any_policy_file)

    assert code == 0
    assert "every rule can fire" in out


def test_a_policy_that_cannot_is_refused_with_the_line(referent, tmp_path):
    path = tmp_path / "policy.yaml"
    shutil.copy(POLICIES / "wallonie.yaml", path)
    text = path.read_text("utf-8").replace("propose: first-reminder", "propose: first-letter")
    path.write_text(text, "utf-8")
    line_ = text[: text.index("first-letter")].count("\n") + 1

    code, _, err = referent("check-policy", path)

    assert code == 1
    assert f"line {line_}, rules." in err


@pytest.fixture(params=sorted(POLICIES.glob("*.yaml")), ids=lambda path: path.stem)
def any_policy_file(request) -> Path:
    return request.param


def test_the_number_of_a_lease_is_no_formula_in_the_rows_for_a_spreadsheet(tmp_path):
    row = dict.fromkeys(("on", "would_propose", "rule", "was_done", "done_on"))
    rows = [row | {"account": '=HYPERLINK("http://x.example")', "case_id": "not told"}]

    write_rows(tmp_path / "rows.csv", rows)

    written = (tmp_path / "rows.csv").read_text("utf-8-sig").splitlines()[1]
    assert written == '"\'=HYPERLINK(""http://x.example"")";;;;;'
