"""What an operator does: look, use it wrongly, import."""

import shlex

import pytest

from services.__main__ import parser
from services.demonstration.steps import FileKind, ImportFile


def commands():
    (subs,) = [action for action in parser()._actions if action.dest == "command"]
    return sorted(subs.choices.items())


@pytest.mark.parametrize(("name", "command"), commands())
def test_the_example_of_every_command_is_one_that_it_takes(name, command):
    example = command.epilog.removeprefix("Example: ")
    assert shlex.split(example)[:2] == ["referent", name]
    assert parser().parse_args(shlex.split(example)[1:]).command == name


def test_status_has_the_shape_that_is_contracted(suite):
    status = suite.json("status")

    assert status["mode"] == "embedded"
    assert [s["service"] for s in status["services"]] == [
        *("intake", "followup", "arrears", "reporting")
    ]
    for service in status["services"]:
        assert service["up"]
        (company,) = [c for c in service["companies"] if c["company"] == "demonstration"]
        assert company["facts"] == company["relayed"]
        assert (company["diverged"], company["parked"]) == (None, 0)
        assert all(seen["lag"] == 0 for seen in company["consumed"].values())


def test_wrong_use_is_told_in_a_sentence_and_ends_with_2(suite, tmp_path):
    here = ("--company", "demonstration", "--year", "2025")
    wrong = {
        ("frobnicate",): "invalid choice: 'frobnicate'",
        ("report", "--year", "2025"): "--company",
        ("report", "--company", "nowhere", "--year", "2025"): "No company « nowhere »",
        ("report", *here, "--known-on", "yesterday"): "« yesterday »",
        ("report", *here, "--as-of", "2024-12-31"): "n'est pas un jour de 2025",
        ("report", *here[:3], "1800"): "",
        ("explain", "I99", *here): "L'indicateur I99 n'existe pas",
        ("report", *here, "--definition", "I03@7"): "La définition I03@7 n'existe pas",
        (
            "diff",
            *here,
            *("--known-on", "2025-02-01") * 2,
            "--definition",
            "I",
        ): "I n'existe pas",
        ("report", *here[:2], "--return", "2025", "--definition", "I03@1"): "signed by",
        ("facts", "--company", "nowhere", "--service", "arrears"): "No company « nowhere »",
        ("facts", "--company", "../x", "--service", "arrears"): "",
        ("archive", "--company", "nowhere", "--to", str(tmp_path / "n")): "No company « nowhere »",
        ("import", "coda", str(tmp_path / "none.cod"), "--company", "demonstration"): "none.cod",
        ("import", "coda", str(tmp_path), "--company", "demonstration"): str(tmp_path),
        (
            "import",
            "dwellings",
            __file__,
            "--company",
            "nowhere",
        ): "No company « nowhere »",
        ("demo", "--leases", "5", "--exit"): "from 20 to",
        ("parked", "list", "--company", "nowhere"): "known are demonstration",
        ("parked", "retry", "demonstration/intake/1"): "--because",
        (
            *("parked", "release", "demonstration/nowhere/1"),
            *("--service", "reporting", "--because", "x"),
        ): "demonstration/nowhere/1",
    }

    said = suite.run_all(list(wrong))

    for (command, words), one in zip(wrong.items(), said, strict=True):
        assert one.code == 2, (command, one)
        assert words in one.err, (command, one.err)
        assert "Traceback" not in one.err
        assert not one.out
    assert not (tmp_path / "n").exists()


def test_a_second_start_and_another_demonstration_on_the_home_are_refused(suite):
    again, other, mend = suite.run_all(
        [
            ("demo", "--leases", "40", "--months", "13", "--exit"),
            ("demo", "--leases", "60", "--months", "13", "--exit"),
            ("mend", "--company", "demonstration", "--service", "intake"),
        ]
    )

    assert (again.code, other.code, mend.code) == (1, 1, 1)
    assert f"already runs under process {suite.state['pid']}" in again.err
    assert "holds another demonstration (--leases 40 --months 13 --seed 1)" in other.err
    assert "« referent down » first" in mend.err
    assert all(one.err.count("\n") == 1 for one in (again, other, mend))


def test_a_file_that_cannot_be_read_is_told_by_status_while_all_goes_on(suite):
    for name in ("companies.toml", "accounts.toml"):
        path = suite.home / name
        right = path.read_text("utf-8")
        path.write_text(right + "\n[half", "utf-8")
        said = suite.run("status")
        path.write_text(right, "utf-8")
        assert said.code == 1
        assert name in said.err
        assert b"DOWN" not in said.out
    assert suite.run("status").code == 0


def test_what_a_home_holds_is_for_its_user_alone(suite):
    modes = {path: path.stat().st_mode for path in [suite.home, *suite.home.rglob("*.duckdb")]}

    assert len(modes) > 1
    assert not [path for path, mode in modes.items() if mode & 0o007]


def test_who_has_no_contract_is_told_the_command_that_adopts_one(own):
    said = own.run("contract", "show", "--company", "foyer-de-sambre")
    told = said.err[said.err.index("« referent") + 2 : said.err.rindex(" »")]

    assert said.code == 2
    assert parser().parse_args(shlex.split(told)[1:]).company == "foyer-de-sambre"


def test_tables_are_judged_then_imported_once(imported, own):
    dwellings = "reference;bedrooms\nA1;2\nA2;1\n"
    assert imported("dwellings", "d.csv", dwellings, "--dry-run")[1]["facts"] == 0
    code, first = imported("dwellings", "d.csv", dwellings)
    again, second = imported("dwellings", "again.csv", dwellings)
    assert (code, first["state"], first["accepted"], first["facts"]) == (0, "accepted", 2, 2)
    assert (again, second["state"]) == (0, "already-imported")

    leases = "reference,dwelling,start_on,rent,charges,name\nL1,A1,01/02/2026,300.00,50.00,A B\n"
    spoilt = leases + "L2,A9,2026-13-01,ten,0,C D\n"
    code, refused = imported("leases", "l.csv", spoilt)
    assert (code, refused["state"], refused["facts"]) == (1, "refused", 0)
    assert {(error["line"], error["field"]) for error in refused["refused"]} >= {(3, "start_on")}
    assert all(error["reason"] for error in refused["refused"])
    code, partial = imported("leases", "l.csv", spoilt, "--partial")
    assert (code, partial["state"], partial["accepted"]) == (0, "accepted", 1)
    assert partial["refused"]

    roll = "lease;month;rent;charges\nL1;2026-02;300,00;50,00\n"
    code, charged = imported("rent-roll", "r.csv", roll)
    assert (code, charged["state"], charged["facts"]) == (0, "accepted", 1)


def test_a_bank_file_is_taken_whole_once_its_account_is_listed(imported, own, story):
    statements = [
        step.content
        for page in story.days
        for step in page.steps
        if isinstance(step, ImportFile) and step.kind is FileKind.CODA
    ]
    content = max(statements[:40], key=len)
    code, unlisted = imported("coda", "one.cod", content)
    assert (code, unlisted["state"], unlisted["facts"]) == (1, "refused", 0)

    companies = own.home / "companies.toml"
    listed = companies.read_text("utf-8").replace("BE71 0961 2345 6769", "BE68 5390 0754 7034")
    companies.write_text(listed, "utf-8")
    own.json("provision")
    code, cut = imported("coda", "cut.cod", content[:-131])
    assert (code, cut["state"], cut["facts"]) == (1, "refused", 0)
    code, dry = imported("coda", "one.cod", content, "--dry-run")
    assert (code, dry["state"], dry["facts"]) == (0, "accepted", 0)
    code, taken = imported("coda", "one.cod", content)
    assert (code, taken["state"]) == (0, "accepted")
    (statement,) = taken["statements"]
    assert set(statement) >= {
        *("account", "number", "date", "opening_cents", "closing_cents", "movements", "details"),
    }
    assert taken["unmatched"] > 0
    assert imported("coda", "other-name.cod", content)[1]["state"] == "already-imported"
    code, mistaken = imported("camt053", "one.cod", content)
    assert (code, mistaken["kind"], mistaken["state"]) == (1, "camt053", "refused")
    assert "CODA" in mistaken["refused"][0]["reason"]
