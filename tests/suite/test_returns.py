"""A signed return from the command line: printed as it was signed, and reckoned again."""

import httpx
import pytest

from services.chassis.identity import mint_token

OF = ("--company", "demonstration")


@pytest.fixture
def signed(suite):
    """The return of the year before the one that was played, validated by the manager."""
    token = mint_token(suite.home, "manager.demonstration")
    address = f"http://127.0.0.1:{suite.port + 4}/api/demonstration/returns/2024"
    with httpx.Client(headers={"authorization": f"Bearer {token}"}, timeout=60) as manager:
        assert manager.put(address).status_code == 200
        reason = {"reason": "Le journal a commencé en décembre"}
        assert manager.post(f"{address}/validation", json=reason).status_code in (200, 409)
    return suite


def test_a_signed_return_is_printed_and_reckoned_again_to_the_same_bytes(signed):
    told = signed.json("report", *OF, "--return", "2024")
    assert (told["return"], told["year"], told["identical"]) == ("2024/1", 2024, True)
    assert told["rebuilt_digest"] == told["digest"]
    assert told["reason"] == "Le journal a commencé en décembre"
    assert set(told["cutoff"]) == {"intake", "followup", "arrears"}
    keys = {"indicator", "definition_version", "title", "unit", "numerator", "denominator"}
    assert all(figure.keys() >= keys for figure in told["figures"])

    assert signed.json("rebuild", *OF, "--from", "kafka")["identical_to_previous"]
    assert signed.json("report", *OF, "--return", "2024/1") == told
    said = signed.run("report", *OF, "--return", "2024/1").out.decode()
    assert "rebuilt today from the facts up to the cut-off: identical" in said
    assert told["digest"] in said

    *contract, fact = signed.facts("demonstration", "reporting")
    assert told["digest"].encode() in fact
    signed.status_says(
        lambda status: all(
            company["facts"] == company["relayed"] == len(contract) + 1
            for service in status["services"]
            if service["service"] == "reporting"
            for company in service["companies"]
            if company["company"] == "demonstration"
        )
    )


def test_an_auditor_reckons_a_return_again_from_the_archive_alone(signed, elsewhere, tmp_path):
    folder = tmp_path / "archive"
    signed.json("archive", *OF, "--to", str(folder))
    told = signed.json("report", *OF, "--return", "2024")
    by = ("--return", "2024", "--from", f"archive:{folder}")

    early = elsewhere.run("report", *OF, *by)
    elsewhere.json("rebuild", *OF, "--from", f"archive:{folder}")
    again = elsewhere.json("report", *OF, *by)

    assert (early.code, early.out) == (1, b"")
    assert "ne sont pas lus ici" in early.err
    assert again == told | {"reason": None}
    assert again["identical"]

    *_, log = sorted((folder / "reporting").glob("*.parquet"))
    log.write_bytes(log.read_bytes().replace(b"return-validated", b"return-Validated"))
    refused = signed.run("report", *OF, *by)
    assert (refused.code, log.name in refused.err) == (1, True), refused.err


def test_the_contract_of_the_demonstration_is_shown_with_the_signed_figure(signed):
    told = signed.json("contract", "show", *OF)
    years = {o["indicator"]: {y["year"]: y for y in o["years"]} for o in told["objectives"]}

    assert told["contract"]["first_year"] == 2024
    assert years["I01"][2024]["figure"]["state"] == "validated"
    assert years["I01"][2025]["figure"]["state"] == "provisional"
    assert years["I01"][2025]["reached"] in (True, False)
    assert years["I01"][2028]["not_compared"] == "no-figure"
    assert "I01" in signed.run("contract", "show", *OF).out.decode()


def test_a_return_that_is_not_there_is_told_in_a_sentence(suite):
    wrong = {
        ("--return", "1999"): "La déclaration de 1999 n'est pas établie",
        ("--return", "last"): "a year, or a year and a version",
        ("--return", "2024", "--known-on", "2025-01-01"): "leave --known-on out",
        ("--return", "2024", "--as-of", "2024-06-30"): "leave --as-of out",
        ("--return", "2024", "--year", "2024"): "not allowed with",
        ("--return", "2024", "--from", "kafka"): "« kafka » is not archive:DIR",
        ("--return", "2024", "--from", "archive:nowhere"): "nowhere is no archive",
        ("--year", "2024", "--from", "archive:nowhere"): "--from goes with --return",
        (): "one of the arguments --year --return is required",
    }
    for arguments, sentence in wrong.items():
        said = suite.run("report", *OF, *arguments)
        assert (said.code, sentence in said.err, "Traceback" in said.err) == (2, True, False), said
