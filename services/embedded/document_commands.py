"""`referent simulate`, `check-policy`, `check-letters`, `bands`: documents in, answers out."""

import csv
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from services.embedded import document_wording
from services.embedded.client import reached
from services.embedded.refusals import EmbeddedError, WrongUse
from services.embedded.shown import Shown

if TYPE_CHECKING:
    from services.arrears.ladder.case import Case
    from services.arrears.ladder.refused_line import LineRefused
    from services.chassis.written import Written


Command = Callable[[Path, Namespace, Shown], int]


def reading_documents(command: Command) -> Command:
    """The same command; 1 when a document cannot be used, with each thing to mend."""

    @wraps(command)
    def answered(home: Path, given: Namespace, shown: Shown) -> int:
        from services.chassis.written import DocumentRefused

        try:
            return command(home, given, shown)
        except DocumentRefused as refused:
            shown.problem(
                {
                    "title": "document refused",
                    "detail": f"{refused.name}: {len(refused.faults)} to mend",
                    "errors": [asdict(fault) for fault in refused.faults],
                }
            )
            return 1

    return answered


def document(path: Path) -> "Written":
    """What a person wrote.   Errors: WrongUse where nothing can be read, DocumentRefused."""
    from services.chassis.written import read_file

    try:
        path.open("rb").close()
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.") from None
    return read_file(path)


@reading_documents
def simulate(home: Path, given: Namespace, shown: Shown) -> int:
    """0 with the answer."""
    if given.company:
        return _rehearse(home, given, shown)
    if given.first or given.last or given.csv:
        raise WrongUse("--from, --to and --csv are of a company's history: of a case give --on.")
    from services.arrears.ladder.case import Case
    from services.arrears.ladder.policy import read_policies
    from services.arrears.ladder.refused_line import LineRefused
    from services.arrears.ladder.simulating import Simulation
    from services.chassis.written import DocumentRefused

    policies = read_policies([document(path) for path in given.policy])
    written = document(given.case)
    case = written.read(Case)
    on = given.on or case.on or max((line.on for line in case.happenings), default=None)
    if on is None:
        raise DocumentRefused(
            written.name, [written.fault(["on"], "Donnez le jour, ici ou par --on.")]
        )
    try:
        answer = Simulation(case, policies, on, given.known_on).answer()
    except LineRefused as refused:
        raise _of_line(written, case, refused) from None
    shown.answer(answer, document_wording.simulation_text)
    return 0


def _rehearse(home: Path, given: Namespace, shown: Shown) -> int:
    """One policy over a company's history, as a table and as CSV."""
    from services.arrears.ladder.policy import read_policies

    if given.on or given.known_on:
        raise WrongUse("--on and --known-on are of a case: of a company give --from and --to.")
    if len(given.policy) != 1 or given.first is None or given.last is None:
        raise WrongUse("Of a company: --policy once, --from and --to.")
    if given.last < given.first:
        raise WrongUse(f"--to {given.last} is before --from {given.first}: give them in order.")
    written = document(given.policy[0])
    read_policies([written])
    body = {
        "document": given.policy[0].read_text("utf-8"),
        "first": given.first.isoformat(),
        "last": given.last.isoformat(),
    }
    path = f"/api/{quote(given.company, safe='')}/policies/rehearsal"
    with reached(home, shown.say) as client:
        answer = client.call("POST", "arrears", path, f"auditor.{given.company}", json=body)
    if given.csv is not None:
        write_rows(given.csv, answer["rows"])
    shown.answer(answer, document_wording.rehearsal_text)
    return 0


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    """The rows as CSV with `;`, written whole or not at all.   Errors: EmbeddedError."""
    from services.chassis.tabular_cells import unreckoned

    names = ["account", "on", "would_propose", "rule", "was_done", "done_on"]
    rows = [{name: unreckoned(str(row[name] or "")) for name in names} for row in rows]
    draft = path.with_name(f"{path.name}.draft")
    try:
        with draft.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, names, delimiter=";")
            table.writeheader()
            table.writerows(rows)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise EmbeddedError(f"{path} cannot be written: {error.strerror}.") from None


def _of_line(written: "Written", case: "Case", refused: "LineRefused") -> Exception:
    from services.chassis.written import DocumentRefused

    lines = case.happenings
    number = next(n for n, line in enumerate(lines) if line is refused.line)
    place: list[str | int] = ["happenings", number, refused.field]
    return DocumentRefused(written.name, [written.fault(place, refused.reason)])


@reading_documents
def check_policy(home: Path, given: Namespace, shown: Shown) -> int:
    """0 when nothing is wrong with a policy, else 1."""
    from services.arrears.adoption import refuse_unwritable
    from services.arrears.ladder.checking import check
    from services.arrears.ladder.policy import read_policy

    written = document(given.policy)
    refuse_unwritable(written)
    answer = check(read_policy(written))
    shown.answer(answer, document_wording.check_text)
    return 1 if answer["never_fire"] else 0


@reading_documents
def check_letters(home: Path, given: Namespace, shown: Shown) -> int:
    """0 when every text can be set; `--to` shows how they look."""
    from services.arrears.adoption import refuse_unwritable
    from services.arrears.letters.template_book import read_templates
    from services.arrears.letters.typesetting import check, specimen

    written = document(given.letters)
    refuse_unwritable(written)
    book = read_templates(written)
    check(book, written)
    if given.to is not None:
        try:
            given.to.write_bytes(specimen(book))
        except OSError as error:
            raise EmbeddedError(f"{given.to} cannot be written: {error.strerror}.") from None
    answer = {
        "letters": book.letters,
        "version": book.version,
        "messages": {name: sorted(message.texts) for name, message in book.messages.items()},
    }
    shown.answer(answer, document_wording.letters_text)
    return 0


@reading_documents
def bands(home: Path, given: Namespace, shown: Shown) -> int:
    """0 when the figure has a band, or no value; 1 where a band is missing for it."""
    from services.reporting.bands import judge, read_bands
    from services.reporting.quotients import exact_quotient

    known = read_bands(document(given.bands))
    judged = judge(known, given.numerator, given.denominator, given.period_end)
    times = 100 if known.unit == "percent" else 1
    answer = {
        "indicator": known.indicator,
        "period_end": given.period_end.isoformat(),
        "numerator": str(given.numerator),
        "denominator": str(given.denominator),
        "value": exact_quotient(given.numerator * times, given.denominator),
        "unit": known.unit,
        "computable": given.denominator != 0,
        **judged.model_dump(),
    }
    shown.answer(answer, document_wording.bands_text)
    return 1 if judged.definition_gap else 0
