"""`referent contract`: a company's objectives contract, checked, adopted, shown."""

from argparse import Namespace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from services.embedded.argument_readers import year
from services.embedded.client import reached
from services.embedded.document_commands import document, reading_documents
from services.embedded.document_wording import numbered
from services.embedded.refusals import WrongUse
from services.embedded.shown import Shown


def declare(command: Any) -> None:
    parser = command(
        "contract",
        contract,
        "The objectives contract of a company: show where it stands, check or adopt a document.",
        "referent contract check services/reporting/objectives/contract-example.yaml",
    )
    parser.add_argument("act", choices=("show", "check", "adopt"))
    parser.add_argument("file", nargs="?", type=Path, help="YAML or JSON; not for show")
    parser.add_argument("--company", help="not for check, which needs no server")
    parser.add_argument("--year", type=year, help="of show: its first year")


def contract(home: Path, given: Namespace, shown: Shown) -> int:
    """0 done; 1 when the document is refused."""
    if given.act == "show" and given.file is not None:
        raise WrongUse("A contract that is shown is the company's: leave the file out.")
    if given.act != "show" and given.year is not None:
        raise WrongUse("A document says itself when it begins: leave --year out.")
    return {"show": _show, "check": _check, "adopt": _adopt}[given.act](home, given, shown)


def _show(home: Path, given: Namespace, shown: Shown) -> int:
    """The contract that begins in `--year`, else the one that runs, else the first to come."""
    company, account = _company(given), f"auditor.{given.company}"
    with reached(home, shown.say) as client:
        first_year = given.year
        if first_year is None:
            listed = client.call("GET", "reporting", f"/api/{company}/contracts", account)
            if not listed["contracts"]:
                adopt = f"referent contract adopt FILE --company {given.company}"
                raise WrongUse(f"{given.company} has no contract: « {adopt} »")
            first_year = listed["running"] or listed["contracts"][-1]["first_year"]
        path = f"/api/{company}/contracts/{first_year}"
        answer = client.call("GET", "reporting", path, account)
    shown.answer(answer, contract_text)
    return 0


@reading_documents
def _check(home: Path, given: Namespace, shown: Shown) -> int:
    from services.reporting.objectives.contract_document import read_contract

    written = read_contract(_document(given))
    answer = {
        "contract": written.contract,
        "last_year": written.contract + 4,
        "objectives": [objective.indicator for objective in written.objectives],
    }
    shown.answer(answer, _check_text)
    return 0


@reading_documents
def _adopt(home: Path, given: Namespace, shown: Shown) -> int:
    from services.reporting.objectives.contract_document import read_contract

    written = read_contract(_document(given))
    path = f"/api/{_company(given)}/contracts"
    with reached(home, shown.say) as client:
        receipt = client.call(
            "POST",
            "reporting",
            path,
            f"manager.{given.company}",
            json={"document": given.file.read_text("utf-8-sig")},
        )
    answer = {"contract": written.contract, "objectives": len(written.objectives), **receipt}
    shown.answer(answer, _adopt_text)
    return 0


def _company(given: Namespace) -> str:
    if not given.company:
        raise WrongUse("Of which company? Give --company.")
    return quote(given.company, safe="")


def _document(given: Namespace) -> Any:
    if given.file is None:
        raise WrongUse("Name the file of the contract.")
    return document(given.file)


def _check_text(answer: dict[str, Any]) -> str:
    objectives = ", ".join(answer["objectives"])
    return f"Contract {answer['contract']}-{answer['last_year']} can be adopted: {objectives}"


def _adopt_text(answer: dict[str, Any]) -> str:
    objectives = numbered(answer["objectives"], "objective")
    return f"Contract {answer['contract']} adopted, {objectives}."


def contract_text(answer: dict[str, Any]) -> str:
    told = answer["contract"]
    lines = [f"{answer['company']}, contract {told['first_year']}-{told['last_year']}"]
    for objective in answer["objectives"]:
        lines += ["", f"  {objective['indicator']}  {objective['title']} ({objective['theme']})"]
        lines += [f"    {_year_text(year, objective['unit'])}" for year in objective["years"]]
    return "\n".join(lines)


def _year_text(year: dict[str, Any], unit: str) -> str:
    target, figure = year["target"] or {}, year["figure"]
    bounds = [
        f"{word} {target[side]}"
        for word, side in (("at least", "at_least"), ("at most", "at_most"))
        if side in target
    ]
    aimed = ", ".join(bounds) or "no target"
    if figure is None:
        return f"{year['year']}  {'-':>10}  {aimed}"
    value = f"{figure['value']} {unit}" if figure["value"] is not None else "-"
    why_not = f"not compared, {(year['not_compared'] or '').replace('-', ' ')}"
    verdict = {True: "reached", False: "not reached", None: why_not}[year["reached"]]
    verdict += "" if figure["is_over"] or year["reached"] is None else " so far"
    whole = "" if figure["complete"] else ", not complete"
    known = f"{figure['state']}, known on {figure['known_on']}{whole}"
    return f"{year['year']}  {value:>10}  {aimed}: {verdict} ({known})"
