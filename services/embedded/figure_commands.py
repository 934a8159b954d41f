"""The commands of `referent` about figures: told, explained, compared, rebuilt."""

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from services.chassis.refusal import Refusal
from services.embedded import wording
from services.embedded.argument_readers import archive_source, day, log_source, return_name, year
from services.embedded.client import Client, ServiceRefused, reached
from services.embedded.document_wording import proposal_text
from services.embedded.refusals import WrongUse
from services.embedded.shown import Shown
from services.reporting.archive.manifest import NAME as MANIFEST

NO_PROPOSAL = {
    404: "the lease had no account yet: --on takes a later day.",
    422: "that day is still to come: --on takes today or a day before.",
}


def declare(command: Any) -> list[ArgumentParser]:
    """The commands, each of one company."""
    report, explain, diff = _report(command), _explain(command), _diff(command)
    for sub in (report, explain):
        sub.add_argument("--known-on", help="a day (its end, Europe/Brussels) or a moment")
        sub.add_argument("--as-of", help="a day of the year: what happened up to it")
    for sub in (report, diff):
        sub.add_argument(
            "--definition",
            action="append",
            default=[],
            help="I20@1: by that version, whatever the period; several times",
        )
    return [report, explain, diff, _rebuild(command)]


def _report(command: Any) -> ArgumentParser:
    parser: ArgumentParser = command(
        "report",
        report,
        "The figures of a year, as they are or as they were known; or a signed return.",
        "referent report --company demonstration --year 2025 --known-on 2025-12-31",
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--year", type=year)
    which.add_argument(
        "--return", dest="signed", type=return_name, help="2025, or a version of it: 2025/1"
    )
    parser.add_argument(
        "--from", dest="archive", type=archive_source, help="archive:DIR, that has the return"
    )
    return parser


def _explain(command: Any) -> ArgumentParser:
    parser: ArgumentParser = command(
        "explain",
        explain,
        "One figure down to the facts behind it; or what policy proposed for a lease on a day, and "
        "why, by the rules of that day.",
        "referent explain I01 --company demonstration --year 2025",
    )
    parser.add_argument("indicator", metavar="indicator|lease", help="I20, I20@1; its number")
    of = parser.add_mutually_exclusive_group(required=True)
    of.add_argument("--year", type=year, help="of an indicator")
    of.add_argument("--on", type=day, help="of a lease, by its number: any past day")
    return parser


def _diff(command: Any) -> ArgumentParser:
    parser: ArgumentParser = command(
        "diff",
        diff,
        "Which figures of a year moved between two moments, and by which facts.",
        "referent diff --company demonstration --year 2025 --known-on 2025-12-31 "
        "--known-on 2026-02-28",
    )
    parser.add_argument("--year", type=year, required=True)
    parser.add_argument("--known-on", action="append", default=[], help="twice: from, to")
    return parser


def _rebuild(command: Any) -> ArgumentParser:
    parser: ArgumentParser = command(
        "rebuild",
        rebuild,
        "Build the views of reporting anew, compare, switch.",
        "referent rebuild --company demonstration --from kafka",
    )
    parser.add_argument(
        "--from", dest="source", type=log_source, default="kafka", help="kafka, log or archive:DIR"
    )
    return parser


def report(home: Path, given: Namespace, shown: Shown) -> int:
    if given.signed is not None:
        return _signed(home, given, shown)
    if given.archive:
        raise WrongUse("--from goes with --return: an archive has its own returns signed.")
    with reached(home, shown.say) as client:
        asked = _clocks(given) | {"definition": given.definition}
        answer = _figures(client, given, f"figures/{given.year}", asked)
    shown.answer(answer, partial(wording.report_text, definitions=given.definition))
    return 0


def _signed(home: Path, given: Namespace, shown: Shown) -> int:
    """A published return; 1 when today's rebuild to its cut-off gives other bytes."""
    if given.known_on:
        raise WrongUse("A return says itself when it was known: leave --known-on out.")
    if given.as_of:
        raise WrongUse("A return is of a whole year: leave --as-of out.")
    if given.definition:
        raise WrongUse("A return has the definitions it was signed by: leave --definition out.")
    year, _, version = given.signed.partition("/")
    with reached(home, shown.say) as client:
        if given.archive:
            answer = _archived(client, given, int(year), int(version) if version else None)
        else:
            answer = _figures(client, given, f"returns/{year}/versions/{version or 'latest'}", {})
    shown.answer(answer, wording.signed_text)
    return 0 if answer["identical"] else 1


def _archived(client: Client, given: Namespace, year: int, version: int | None) -> Any:
    """A return as an archive has it, beside the figures that this machine reckons from its log."""
    # DuckDB and Arrow are slow to load, and no other command here needs them.
    from services.reporting.archive.archived_return import archived_return

    try:
        archived = archived_return(_archive(given.archive), given.company, year, version)
    except Refusal as refused:
        told = {"title": refused.title, "detail": refused.detail, "status": refused.status}
        raise ServiceRefused(told | refused.facts) from None
    params = archived.signed_on
    return archived.told(_figures(client, given, f"returns/{year}/reckoned", params)["figures"])


def explain(home: Path, given: Namespace, shown: Shown) -> int:
    if not given.indicator.strip():
        raise WrongUse("Name the indicator: I01, for example.")
    if given.on is not None:
        return _explain_proposal(home, given, shown)
    with reached(home, shown.say) as client:
        path = f"figures/{given.year}/{quote(given.indicator, safe='')}"
        answer = _figures(client, given, path, _clocks(given))
    shown.answer(answer, wording.explain_text)
    return 0


def _explain_proposal(home: Path, given: Namespace, shown: Shown) -> int:
    """What policy proposed for a lease on a day, by what was known then."""
    if given.known_on or given.as_of:
        raise WrongUse("Of a lease what was known on that day counts: --on alone says which.")
    number, account = given.indicator.strip(), f"auditor.{given.company}"
    accounts = f"/api/{quote(given.company, safe='')}/accounts"
    with reached(home, shown.say) as client:
        found = client.call("GET", "arrears", accounts, account, params={"search": number[:40]})
        leases = [row["lease_id"] for row in found["accounts"] if row["reference"] == number]
        if not leases:
            raise WrongUse(f"No lease has the number « {number} »: --on explains one of them.")
        path = f"{accounts}/{leases[0]}/proposal"
        try:
            on = {"on": given.on.isoformat()}
            answer = client.call("GET", "arrears", path, account, params=on)
        except ServiceRefused as refused:
            if (why := NO_PROPOSAL.get(refused.problem.get("status", 0))) is None:
                raise
            raise WrongUse(f"{given.on}: {why}") from None
    shown.answer(answer, proposal_text)
    return 0


def diff(home: Path, given: Namespace, shown: Shown) -> int:
    """Always 0: that figures moved is no fault."""
    if len(given.known_on) != 2:
        raise WrongUse("Give --known-on twice: the figures of which two moments?")
    first, second = given.known_on
    company, account = quote(given.company, safe=""), f"auditor.{given.company}"
    path = f"/api/{company}/figures/{given.year}/differences"
    with reached(home, shown.say) as client:
        params = {"first": first, "second": second, "definition": given.definition}
        answer = client.call("GET", "reporting", path, account, params=params)
    shown.answer(answer, partial(wording.diff_text, definitions=given.definition))
    return 0


def _clocks(given: Namespace) -> dict[str, Any]:
    clocks = {"known_on": given.known_on, "as_of": given.as_of}
    return {name: value for name, value in clocks.items() if value is not None}


def _figures(client: Client, given: Namespace, path: str, params: dict[str, Any]) -> Any:
    company = quote(given.company, safe="")
    account = f"auditor.{given.company}"
    return client.call("GET", "reporting", f"/api/{company}/{path}", account, params=params)


def rebuild(home: Path, given: Namespace, shown: Shown) -> int:
    """0 when the new views equal the old ones, 1 when they differ."""
    source, _, folder = given.source.partition(":")
    params = {"from": source}
    if folder:
        params["folder"] = str(_archive(folder))
    with reached(home, shown.say) as client:
        path = f"/api/{quote(given.company, safe='')}/rebuild"
        answer = client.call("POST", "reporting", path, params=params)
    shown.answer(answer, wording.rebuild_text)
    return 0 if answer["identical_to_previous"] else 1


def _archive(folder: str) -> Path:
    if not Path(folder, MANIFEST).is_file():
        raise WrongUse(f"{folder} is no archive: it has no {MANIFEST}.")
    return Path(folder).absolute()
