"""`referent`: the command line of the suite. `referent COMMAND --help` shows an example of each."""

import gc

gc.disable()  # nothing that is imported is garbage: to look for it takes a fifth of a question

import argparse
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.chassis.companies import RegisterRefused, read_register
from services.chassis.refusal import Refusal
from services.chassis.settings import SERVICES, SettingsRefused, companies_file, home_folder
from services.demonstration.parameters import LEASES_MIN, MONTHS_MIN
from services.embedded import archiving, commands, document_commands
from services.embedded.argument_readers import (
    AnyOrder,
    Once,
    count,
    day,
    fact,
    number,
)
from services.embedded.client import ServiceRefused
from services.embedded.contract_commands import declare as declare_contract
from services.embedded.figure_commands import declare as declare_figures
from services.embedded.refusals import EmbeddedError, WrongUse, no_company
from services.embedded.shown import Shown

gc.enable()

DONE, NO, WRONG_USE = 0, 1, 2
NOT_THERE = (404, 422)
"""Statuses of problems that a command typed right would not have met."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Gives 0 done, 1 the answer is no, 2 wrong use."""
    os.umask(0o077)  # what a home holds is for its user alone
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that knows no accents shows « ? » rather than nothing at all.
            stream.reconfigure(errors="replace")
    parsed = parser().parse_args(arguments)
    shown = Shown(parsed.format == "json", sys.stdout, sys.stderr)
    try:
        refuse_unknown(home_folder(), getattr(parsed, "company", None))
        return int(parsed.run(home_folder(), parsed, shown))
    except ServiceRefused as refused:
        shown.problem(refused.problem)
        return WRONG_USE if refused.problem.get("status") in NOT_THERE else NO
    except WrongUse as error:
        shown.problem({"title": "wrong use", "detail": str(error)})
        return WRONG_USE
    except (EmbeddedError, RegisterRefused, SettingsRefused) as error:
        shown.problem({"title": "not possible", "detail": str(error)})
        return NO
    except Refusal as refusal:
        shown.problem({"title": refusal.title, "detail": refusal.detail})
        return WRONG_USE if refusal.status in NOT_THERE else NO
    except BrokenPipeError:
        # The reader of our output has enough: that is its choice, not a fault.
        sys.stderr.close()
        return DONE
    except OSError as error:
        place = error.filename or home_folder()
        shown.problem(
            {
                "title": "not possible",
                "detail": f"{place}: {error.strerror or error}. Mend it, or set REFERENT_HOME to "
                "another folder.",
            }
        )
        return NO
    except KeyboardInterrupt:
        return NO


def refuse_unknown(home: Path, slug: str | None) -> None:
    """A company that is nowhere is refused before anything is started for it.

    Errors: WrongUse, RegisterRefused.
    """
    if slug is not None and not home.is_file():
        known = read_register(companies_file(home)).companies
        if slug not in known:
            raise no_company(slug, home, known)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="referent", description=__doc__)
    subs = top.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=AnyOrder
    )

    def command(
        name: str, run: Callable[..., int], what: str, example: str
    ) -> argparse.ArgumentParser:
        sub = subs.add_parser(
            name,
            help=what,
            description=what,
            epilog=f"Example: {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.register("action", None, Once)
        sub.add_argument("--format", choices=("text", "json"), default="text")
        sub.set_defaults(run=run)
        return sub

    _suite_commands(command)
    _policy_commands(command)
    declare_contract(command)
    for_company = [*_figure_commands(command), *_log_commands(command)]
    for sub in for_company:
        sub.add_argument("--company", required=True)
    return top


def _suite_commands(command: Any) -> None:
    demo = command(
        "demo",
        commands.demo,
        "Start everything, play the demonstration company, say where to look.",
        "referent demo --leases 200 --months 12 --exit",
    )
    leases = count(LEASES_MIN, 20_000)
    demo.add_argument("--leases", type=leases, default=1570, help="default 1570")
    demo.add_argument("--months", type=count(MONTHS_MIN, 120), default=24, help="default 24")
    demo.add_argument("--seed", type=count(0, 2**31), default=1, help="default 1")
    demo.add_argument("--exit", action="store_true", help="print the figures and end")
    command("up", commands.up, "Start everything in the background.", "referent up")
    command("down", commands.down, "Stop everything that « up » started.", "referent down")
    command("status", commands.status, "What runs, how far it is, what is held.", "referent status")
    supervise = command("supervise", commands.supervise, "What « up » runs.", "referent supervise")
    supervise.set_defaults(format="text")
    command(
        "provision",
        commands.provision,
        "Bring schemas, roles, keys and topics to what companies.toml says.",
        "referent provision --format json",
    )


def _policy_commands(command: Any) -> None:
    """What needs no company and no server."""
    simulate = command(
        "simulate",
        document_commands.simulate,
        "What a policy would propose: for a case on a day (needs no server), or over a company's "
        "recorded history against what was done.",
        "referent simulate --policy services/arrears/policies/wallonie.yaml --case case.json",
    )
    simulate.add_argument(
        "--policy", type=Path, action="append", default=[], help="a document; several times"
    )
    over = simulate.add_mutually_exclusive_group(required=True)
    over.add_argument("--case", type=Path, help="a JSON or YAML file")
    over.add_argument("--company", help="run one policy over this company's history")
    simulate.add_argument("--from", dest="first", type=day, help="of a company: the first day")
    simulate.add_argument("--to", dest="last", type=day, help="of a company: the last day")
    simulate.add_argument("--csv", type=Path, help="of a company: write the rows there too")
    simulate.add_argument("--on", type=day, help="else the case's own day, or its last one")
    simulate.add_argument("--known-on", type=day, help="by what was recorded until this day's end")
    command(
        "check-policy",
        document_commands.check_policy,
        "Whether a policy can be used: its names, its ranks, rules that can never fire.",
        "referent check-policy services/arrears/policies/wallonie.yaml",
    ).add_argument("policy", type=Path)
    letters = command(
        "check-letters",
        document_commands.check_letters,
        "Whether letter templates can be used: each text is set in type, in each language.",
        "referent check-letters services/arrears/letters/documents/wallonie.yaml --to letters.pdf",
    )
    letters.add_argument("letters", type=Path)
    letters.add_argument("--to", type=Path, help="write a sample of each letter there, as PDF")
    bands = command(
        "bands",
        document_commands.bands,
        "Which band a figure is in, on its exact quotient. Needs no server.",
        "referent bands --bands services/reporting/bands-example.yaml --numerator 270 "
        "--denominator 2956 --period-end 2025-12-31",
    )
    bands.add_argument("--bands", type=Path, required=True)
    bands.add_argument("--numerator", type=number, required=True, help="a number, or a fraction")
    bands.add_argument("--denominator", type=number, required=True)
    bands.add_argument("--period-end", type=day, required=True)


def _figure_commands(command: Any) -> list[argparse.ArgumentParser]:
    """From a company's files to its figures."""
    imported = command(
        "import",
        commands.import_file,
        "Import a file: dwellings, leases, rent-roll, coda, camt053, payments or other-charges.",
        "referent import coda 2026-01-05.cod --company foyer-de-sambre --dry-run",
    )
    imported.add_argument("kind", choices=tuple(commands.KINDS))
    imported.add_argument("file")
    imported.add_argument("--dry-run", action="store_true", help="judge it, post nothing")
    imported.add_argument("--partial", action="store_true", help="post the good lines (tables)")
    return [imported, *declare_figures(command)]


def _log_commands(command: Any) -> list[argparse.ArgumentParser]:
    """What a company's log holds, and what is wrong with it."""
    facts = command(
        "facts",
        commands.facts,
        "The facts that a service recorded, byte for byte, one a line.",
        "referent facts --company demonstration --service arrears --from 1 --to 10",
    )
    facts.add_argument("--service", choices=SERVICES, required=True)
    position = count(1, 2**62)
    facts.add_argument("--from", dest="first", type=position, default=1, help="position, else 1")
    facts.add_argument("--to", dest="last", type=position, help="position, else the last one")
    parked = command(
        "parked",
        commands.parked,
        "Facts set aside: list them, retry one, or release it (it is left out for good).",
        'referent parked release demonstration/arrears/12 --service followup --because "ticket 7"',
    )
    parked.add_argument("act", choices=("list", "retry", "release"))
    parked.add_argument("fact", nargs="?", type=fact, help="as the list shows it")
    parked.add_argument("--service", choices=SERVICES)
    parked.add_argument("--because", help="the reason, kept with the decision")
    mend = command(
        "mend",
        commands.mend,
        "After a restore: bring a service's log to what its topic says. Nothing else may run.",
        "referent mend --company foyer-de-sambre --service arrears",
    )
    mend.add_argument("--service", choices=SERVICES, required=True)
    parked.add_argument("--company", help="of the list: this company's alone")
    archive = command(
        "archive",
        archiving.archive,
        "Add what the logs hold to an archive: Parquet, NDJSON and a manifest, in a folder.",
        "referent archive --company foyer-de-sambre --to /srv/archive/foyer-de-sambre",
    )
    archive.add_argument("--to", type=Path, required=True, help="the archive's folder, of its own")
    return [facts, mend, archive]


if __name__ == "__main__":
    sys.exit(main())
