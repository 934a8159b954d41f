"""Importing a file in two passes: the first judges it whole, the second posts it in acts.

What is posted has deterministic ids, so posting it again records nothing. A file that was cut off
shows as interrupted, and the same file once more completes it.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from services.chassis.act import Act
from services.chassis.caller import Caller
from services.chassis.failpoint import failpoint
from services.chassis.refusal import Refusal
from services.chassis.service import Service
from services.chassis.set_aside import SHOWN_MAX
from services.chassis.tabular import REFUSED_MAX, Refused, Table

LINES_MAX = 2000

TABLES = """
CREATE TABLE IF NOT EXISTS import_file (
    sha256 text NOT NULL,
    kind text NOT NULL,
    filename text NOT NULL,
    state text NOT NULL CHECK (state IN ('interrupted', 'accepted')),
    accepted bigint NOT NULL DEFAULT 0,
    refused bigint NOT NULL DEFAULT 0,
    facts bigint NOT NULL DEFAULT 0,
    imported_by text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (sha256, kind)
);
"""
"""One row a file of which anything was posted: `interrupted` from its first act to its last."""

State = Literal["accepted", "refused", "already-imported", "conflicting", "interrupted"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """What the first pass found: rows to post (each with its "line"), lines refused or flagged.

    `conflicting` says that the file contradicts one taken before: then nothing of it is posted.
    `statements` and `unmatched` are for files that hold them.
    """

    rows: list[Row]
    refused: list[Refused] = field(default_factory=list)
    flagged: list[Refused] = field(default_factory=list)
    statements: list[Row] = field(default_factory=list)
    unmatched: int = 0
    conflicting: bool = False


@dataclass(frozen=True)
class ImportReport:
    """What an import answers; `as_json` is the contract of `referent import`."""

    kind: str
    file: str
    sha256: str
    state: State
    statements: list[Row] = field(default_factory=list)
    accepted: int = 0
    refused: list[Refused] = field(default_factory=list)
    flagged: list[Refused] = field(default_factory=list)
    unmatched: int = 0
    facts: int = 0
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        for name in ("refused", "flagged"):
            told[name] = [refused._asdict() for refused in getattr(self, name)]
        return told


def run_import(
    service: Service,
    caller: Caller,
    kind: str,
    filename: str,
    content: bytes,
    *,
    read: Callable[[bytes], Reading],
    post: Callable[[Act, list[Row]], int],
    dry_run: bool = False,
    partial: bool = False,
) -> ImportReport:
    """Judge a file, then post it: all of its lines, or with `partial` the good ones.

    `read` judges the whole file and changes nothing; `post` records some rows in an act, nothing
    for those recorded before, and says how many were new. `dry_run` posts nothing.
    A refusal while posting keeps what earlier acts recorded: the report says `interrupted`, and
    which lines stand in the way now.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    report = ImportReport(kind, filename, sha256, "accepted", dry_run=dry_run)
    known = _known(service, sha256, kind)
    if known and known["state"] == "accepted" and not known["refused"]:
        return replace(report, state="already-imported", accepted=known["accepted"])
    reading = _with_a_line(read(content))
    report = replace(
        report,
        statements=reading.statements,
        refused=_first(reading.refused),
        flagged=_first(reading.flagged),
        unmatched=reading.unmatched,
    )
    in_the_way = _in_the_way(reading, partial=partial)
    if in_the_way:
        return replace(report, state=in_the_way)
    if dry_run:
        return replace(report, accepted=len(reading.rows))
    report = _post(service, caller, report, reading, read=read, post=post, content=content)
    if known and known["state"] == "accepted" and report.facts == 0:
        return replace(report, state="already-imported")
    return report


def _first(told: list[Refused]) -> list[Refused]:
    """By line; of very many the first, and how many more there are.

    One more is shown itself: it says in a table why the rest was not read.
    """
    told = sorted(told)
    if len(told) <= REFUSED_MAX + 1:
        return told
    more = Refused(told[REFUSED_MAX].line, "", f"Et {len(told) - REFUSED_MAX} autres remarques.")
    return [*told[:REFUSED_MAX], more]


def ignored(table: Table) -> list[Refused]:
    """A remark for each column that nobody asked for: its name may be misspelt."""
    reason = "Colonne inconnue : elle est ignorée. Vérifiez l'orthographe de son nom."
    return [Refused(1, name, reason) for name in table.unknown_columns]


def _with_a_line(reading: Reading) -> Reading:
    if reading.rows or reading.refused:
        return reading
    nothing = Refused(1, "", "Le fichier ne contient aucune ligne à importer.")
    return replace(reading, refused=[nothing])


def _in_the_way(reading: Reading, *, partial: bool) -> State | None:
    """Why nothing of the file is posted, if so."""
    if reading.conflicting:
        return "conflicting"
    good_enough = reading.rows and (partial or not reading.refused)
    return None if good_enough else "refused"


def _post(
    service: Service,
    caller: Caller,
    report: ImportReport,
    reading: Reading,
    *,
    read: Callable[[bytes], Reading],
    post: Callable[[Act, list[Row]], int],
    content: bytes,
) -> ImportReport:
    accepted = facts = 0
    chunks = list(_chunks(reading.rows))
    for number, rows in enumerate(chunks, 1):
        last = number == len(chunks)
        try:
            recorded = _post_chunk(
                service,
                caller,
                replace(report, accepted=accepted + len(rows)),
                rows,
                post,
                last=last,
            )
        except Refusal as refusal:
            # Someone was quicker between the passes: judged again, the file names the lines.
            now = read(content).refused or [Refused(rows[0].get("line", 0), "", refusal.detail)]
            return replace(
                report,
                state="interrupted",
                accepted=accepted,
                facts=facts,
                refused=sorted({*report.refused, *now}),
            )
        failpoint("import.between-acts")
        accepted, facts = accepted + len(rows), facts + recorded
    return replace(report, accepted=accepted, facts=facts)


def _chunks(rows: list[Row]) -> Iterable[list[Row]]:
    for first in range(0, len(rows), LINES_MAX):
        yield rows[first : first + LINES_MAX]


def _post_chunk(
    service: Service,
    caller: Caller,
    report: ImportReport,
    rows: list[Row],
    post: Callable[[Act, list[Row]], int],
    *,
    last: bool,
) -> int:
    recorded = 0

    def decide(act: Act) -> None:
        nonlocal recorded
        before = act.position
        post(act, rows)
        recorded = act.position - before
        note_import(act, report, recorded, last=last)

    # The file is its own key: no key of the request's, which would cover the first act alone.
    service.perform(Caller(caller.actor, correlation_id=caller.correlation_id), decide)
    return recorded


def note_import(act: Act, report: ImportReport, facts: int, *, last: bool) -> None:
    """Note in the act how far a file is: interrupted until its `last` act."""
    act.write(
        "INSERT INTO import_file (sha256, kind, filename, state, accepted, refused, facts,"
        " imported_by, started_at, finished_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (sha256, kind) DO UPDATE SET state = excluded.state,"
        " accepted = excluded.accepted, refused = excluded.refused,"
        " facts = import_file.facts + excluded.facts, finished_at = excluded.finished_at",
        (
            report.sha256,
            report.kind,
            report.file,
            "accepted" if last else "interrupted",
            report.accepted,
            len(report.refused),
            facts,
            act.caller.actor,
            act.now,
            act.now if last else None,
        ),
    )


def finish_import(act: Act, sha256: str, kind: str) -> None:
    """A file that was cut off, and all of which came by another file since, is whole."""
    act.write(
        "UPDATE import_file SET state = 'accepted', finished_at = %s"
        " WHERE (sha256, kind, state) = (%s, %s, 'interrupted')",
        (act.now, sha256, kind),
    )


def _known(service: Service, sha256: str, kind: str) -> Row | None:
    with service.datastore.reading() as rows:
        return rows.execute(
            "SELECT state, accepted, refused, facts FROM import_file"
            " WHERE sha256 = %s AND kind = %s",
            (sha256, kind),
        ).fetchone()


def select_imports(service: Service, page: int = 1, limit: int = SHOWN_MAX) -> list[Row]:
    """A page of the imported files, newest first; each says how many are `counted` in all."""
    with service.datastore.reading() as rows:
        return rows.execute(
            "SELECT *, count(*) OVER () AS counted FROM import_file"
            " ORDER BY started_at DESC, filename LIMIT %s OFFSET %s",
            (limit, (page - 1) * limit),
        ).fetchall()


def rename_header(content: bytes, aliases: dict[str, str]) -> bytes:
    """The file with names of its first line replaced, in any case: `{"numéro": "reference"}`."""
    first, end, rest = content.partition(b"\n")
    try:
        text = first.decode("utf-8-sig")
        encoding = "utf-8"
    except UnicodeDecodeError:
        text = first.decode("cp1252", "replace")
        encoding = "cp1252"
    separator = ";" if text.count(";") >= text.count(",") else ","
    try:
        names = [name.strip() for name in next(csv.reader([text], delimiter=separator), [])]
    except csv.Error:
        return content  # what is wrong with it is told where the file is read
    renamed = [aliases.get(name.casefold(), name) for name in names]
    if renamed == names:
        return content
    mark = b"\xef\xbb\xbf" if first.startswith(b"\xef\xbb\xbf") else b""
    line = io.StringIO()
    csv.writer(line, delimiter=separator, lineterminator="").writerow(renamed)
    return mark + line.getvalue().encode(encoding, "replace") + end + rest
