"""A command that cannot be done is refused before any server is started for it."""

from pathlib import Path

import pytest

from services.__main__ import DONE, NO, WRONG_USE, main, parser
from services.embedded.folders import prepare_home
from services.embedded.ownership import Ownership

POLICY = "services/arrears/policies/wallonie.yaml"
REHEARSED = ("simulate", "--policy", POLICY, "--from", "2025-02-01", "--to", "2025-01-31")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("REFERENT_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        ("facts", "--service", "arrears"),
        ("report", "--year", "2025"),
        ("rebuild", "--from", "kafka"),
        ("archive", "--to", "archive"),
        ("parked", "list"),
        ("contract", "show"),
        ("mend", "--service", "arrears"),
    ],
)
def test_a_company_that_is_nowhere_is_refused_and_those_that_are_there_are_named(
    home, capsys, command
):
    assert main([*command, "--company", "nowhere"]) == WRONG_USE
    empty = capsys.readouterr().err
    assert "No company « nowhere » is known" in empty
    assert "none is there yet" in empty
    assert not list(home.iterdir()), "nothing was started"

    (home / "companies.toml").write_text('[companies.amay]\nnames = { fr = "Amay" }\n', "utf-8")
    assert main([*command, "--company", "nowhere"]) == WRONG_USE
    assert "known are amay" in capsys.readouterr().err


@pytest.mark.parametrize("act", ["retry", "release"])
@pytest.mark.parametrize("fact", ["nonsense", "arrears/12", "amay/arrears/0", "a/b/1/2"])
def test_what_is_no_facts_id_is_refused_as_that(home, capsys, act, fact):
    with pytest.raises(SystemExit) as refused:
        main(["parked", act, fact, "--service", "followup", "--because", "ticket 7"])

    assert refused.value.code == WRONG_USE
    assert f"« {fact} » is no fact's id" in capsys.readouterr().err
    assert not list(home.iterdir()), "nothing was started"


def test_a_rehearsal_whose_end_is_before_its_begin_is_refused_once_and_in_english(home, capsys):
    (home / "companies.toml").write_text('[companies.amay]\nnames = { fr = "Amay" }\n', "utf-8")

    assert main([*REHEARSED, "--company", "amay"]) == WRONG_USE

    said = capsys.readouterr().err
    assert said.count("2025-01-31 is before --from 2025-02-01") == 1
    assert "fin" not in said.split()
    assert [path.name for path in home.iterdir()] == ["companies.toml"]


POSITIONS = ("facts", "--service", "arrears", "--company", "amay", "--from", "3", "--to", "1")
CONTRACT = "services/reporting/objectives/contract-example.yaml"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (POSITIONS, "--to 1 is before --from 3: give them in order."),
        ((*REHEARSED, "--company", "amay", "--on", "2025-01-01"), "--on and --known-on are of a"),
        (("simulate", "--case", "c.json", "--csv", "c.csv"), "--from, --to and --csv are of a"),
        (("contract", "show", CONTRACT, "--company", "amay"), "leave the file out"),
        (("contract", "check", CONTRACT, "--year", "2025"), "leave --year out"),
    ],
)
def test_what_a_command_would_pass_over_is_refused(home, capsys, command, why):
    (home / "companies.toml").write_text('[companies.amay]\nnames = { fr = "Amay" }\n', "utf-8")

    assert main([*command]) == WRONG_USE

    assert why in capsys.readouterr().err
    assert [path.name for path in home.iterdir()] == ["companies.toml"]


@pytest.mark.parametrize(
    ("command", "twice"),
    [
        ("report --year 2025 --company a --known-on 2025-01-01 --known-on 2025-02-01", "known-on"),
        ("explain I01 --company a --year 2024 --year 2025", "year"),
        ("facts --service arrears --company a --company b", "company"),
        ("rebuild --company a --from kafka --from log", "from"),
    ],
)
def test_an_option_that_counts_once_is_not_taken_twice(capsys, command, twice):
    with pytest.raises(SystemExit) as refused:
        main(command.split())

    assert refused.value.code == WRONG_USE
    assert f"argument --{twice}: is there twice: give it once" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "contract adopt --company a c.yaml",
        "contract --company a adopt c.yaml",
        "contract adopt c.yaml --company a",
    ],
)
def test_the_file_of_a_contract_may_stand_before_or_after_an_option(command):
    parsed = parser().parse_args(command.split())

    assert (parsed.act, parsed.file, parsed.company) == ("adopt", Path("c.yaml"), "a")


def test_the_fact_of_a_decision_may_stand_behind_an_option():
    said = ["parked", "release", "--service", "followup", "a/arrears/12", "--because", "x"]

    assert parser().parse_args(said).fact == "a/arrears/12"


@pytest.mark.parametrize("year", ["-5", "99999", "abc", "25"])
@pytest.mark.parametrize(
    "command",
    [("report",), ("explain", "I01"), ("diff", "--known-on", "2025-01-01"), ("contract", "show")],
)
def test_what_is_no_year_is_refused_where_it_was_typed(capsys, command, year):
    with pytest.raises(SystemExit) as refused:
        main([*command, "--company", "nowhere", f"--year={year}"])

    assert refused.value.code == WRONG_USE
    assert "argument --year: a whole number from " in capsys.readouterr().err


def test_the_readme_says_with_what_a_command_ends():
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text("utf-8").split())

    assert f"ends with {DONE} (done), {NO} (the answer is no, or it is not possible now)" in readme
    assert f"or {WRONG_USE} (wrong use: what was typed, or a company, an object" in readme


def test_while_another_command_starts_what_is_there_it_is_said_and_nothing_else(home, capsys):
    (home / "companies.toml").write_text('[companies.a-b]\nnames = { fr = "A" }\n', "utf-8")
    prepare_home(home)
    other = Ownership(home / "locks" / "suite", "Référent")
    other.take()
    try:
        assert main(["report", "--company", "a-b", "--year", "2025"]) == NO
    finally:
        other.release()

    (said,) = capsys.readouterr().err.splitlines()
    assert said.endswith(f"starts or stops Référent in {home}: try again in a moment.")


@pytest.mark.parametrize("command", ["up", "provision"])
def test_a_home_whose_path_has_a_comma_is_refused_and_no_folder_is_made_of_its_first_half(
    tmp_path, monkeypatch, capsys, command
):
    monkeypatch.setenv("REFERENT_HOME", str(tmp_path / "Dupont, fils"))

    assert main([command]) == NO

    assert "has a comma: set REFERENT_HOME" in capsys.readouterr().err
    assert not (tmp_path / "Dupont").exists()
