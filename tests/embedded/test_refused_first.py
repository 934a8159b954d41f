"""A command that cannot be done is refused before any server is started for it."""

from pathlib import Path

import pytest

from services.__main__ import DONE, NO, WRONG_USE, main
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
