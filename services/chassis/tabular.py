"""Reading the tables that people upload as CSV: every line judged, every refusal in French.

Encodings: UTF-8 with or without byte order mark, else Windows-1252 (what spreadsheets save).
Separators: semicolon or comma, told by the header line alone.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.chassis.tabular_cells import Column, Kind, Parser, Value, cell_parser

__all__ = ["Column", "Kind", "Refused", "Table", "read_table"]

LIMIT_BYTES: Final = 256 * 1024 * 1024
REFUSED_MAX, COLUMNS_MAX = 1_000, 200
LINE_KEY: Final = "line"


class Refused(NamedTuple):
    """One refusal: the line counts from 1, the header's; field is "" for a whole line or file."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: its good rows, and why the others are refused, both in file order.

    Shape: a row maps each declared column's name to its value (None where empty or left out), and
           "line" to its line number; a row with any refused cell is not among the rows. A file
           refused as a whole has no rows and a refusal with its reason.
    """

    rows: list[dict[str, Value]]
    refused: list[Refused]
    unknown_columns: tuple[str, ...]
    separator: str
    encoding: str


class _Header(NamedTuple):
    """Where the declared columns stand, and what stands there that nobody declared."""

    positions: list[tuple[int, Column]]
    unknown: tuple[str, ...]
    width: int


def read_table(content: bytes, columns: Sequence[Column], limit_bytes: int = LIMIT_BYTES) -> Table:
    """Read the bytes of a CSV file as a table of the declared columns.

    Units:   limit_bytes, 256 MiB unless told.
    Refuses: nothing by exception: see `Table.refused`; ValueError only for columns declared twice.
    """
    names = [column.name.casefold() for column in columns]
    if len({*names, LINE_KEY}) <= len(names):
        raise ValueError("Column names must differ, in any case, and none may be 'line'.")
    refusal = _whole_file_refusal(content, limit_bytes)
    if refusal is not None:
        return Table([], [refusal], (), "", "")
    text, encoding = _decode(content)
    if text is None:
        reason = "Le fichier n'est ni en UTF-8 ni en Windows-1252. Enregistrez-le en CSV UTF-8."
        return Table([], [Refused(1, "", reason)], (), "", "")
    separator = _separator(text, columns)
    lines = _lines(text, separator)
    header, refused = _header(lines, columns)
    if refused:
        return Table([], refused, header.unknown, separator, encoding)
    rows = _rows(lines, header, columns, refused)
    return Table(rows, refused, header.unknown, separator, encoding)


def _whole_file_refusal(content: bytes, limit_bytes: int) -> Refused | None:
    if len(content) > limit_bytes:
        reason = (
            f"Le fichier fait {len(content) / 2**20:.1f} Mo; la limite est de "
            f"{limit_bytes / 2**20:.1f} Mo. Découpez-le en plusieurs fichiers."
        )
        return Refused(1, "", reason)
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        reason = "Le fichier contient des octets nuls. Enregistrez-le en CSV UTF-8."
        return Refused(line, "", reason)
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        return Refused(1, "", "Le fichier est vide. Sa première ligne doit nommer les colonnes.")
    return None


def _decode(content: bytes) -> tuple[str | None, str]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return None, ""


def _separator(text: str, columns: Sequence[Column]) -> str:
    # The separator under which more declared columns are recognised; a tie goes to the semicolon,
    # which a decimal comma cannot be mistaken for.
    declared = {column.name.casefold() for column in columns}

    def recognised(separator: str) -> int:
        cells = next(_lines(text, separator), (1, ""))[1]
        return len(declared.intersection(map(_plain, cells))) if isinstance(cells, list) else 0

    return "," if recognised(",") > recognised(";") else ";"


def _plain(header: str) -> str:
    return header.strip().casefold()


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str] | str]]:
    """Give (first line number, cells) of each row, or the reason why it is none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 0
    while True:
        start = line + 1
        try:
            cells: list[str] | str = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = _csv_reason(error)
        line = reader.line_num
        yield start, cells


def _csv_reason(error: csv.Error) -> str:
    if "field limit" in str(error):
        return (
            f"Une cellule dépasse {csv.field_size_limit()} caractères : sans doute un guillemet "
            'ouvert et jamais fermé. Vérifiez les " de cette ligne et des suivantes.'
        )
    return 'Les guillemets de cette ligne ne se ferment pas comme il faut. Vérifiez les ".'


def _header(
    lines: Iterator[tuple[int, list[str] | str]], columns: Sequence[Column]
) -> tuple[_Header, list[Refused]]:
    line, cells = next(lines)
    if isinstance(cells, str):
        return _Header([], (), 0), [Refused(line, "", cells)]
    if len(cells) > COLUMNS_MAX:
        reason = f"La première ligne a {len(cells)} colonnes ; {COLUMNS_MAX} au plus."
        return _Header([], (), 0), [Refused(line, "", reason)]
    declared = {column.name.casefold(): column for column in columns}
    found: dict[str, int] = {}
    unknown, refused = [], []
    for position, cell in enumerate(cells):
        name = _plain(cell)
        if name not in declared:
            unknown.append(cell.strip())
        elif name in found:
            reason = f"La colonne « {cell.strip()} » est là deux fois. Gardez-en une seule."
            refused.append(Refused(line, declared[name].name, reason))
        else:
            found[name] = position
    for name, column in declared.items():
        if column.required and name not in found:
            reason = f"La colonne « {column.name} » manque. Ajoutez-la à la première ligne."
            refused.append(Refused(line, column.name, reason))
    positions = [(found[name], declared[name]) for name in declared if name in found]
    named_unknown = tuple(name for name in unknown if name)
    return _Header(positions, named_unknown, len(cells)), refused


class _CellPlace(NamedTuple):
    """Where the cells of one column stand in a line, and how they are read."""

    position: int
    name: str
    required: bool
    parse: Parser


def _rows(
    lines: Iterator[tuple[int, list[str] | str]],
    header: _Header,
    columns: Sequence[Column],
    refused: list[Refused],
) -> list[dict[str, Value]]:
    blank: dict[str, Value] = {LINE_KEY: 0} | {column.name: None for column in columns}
    places = [
        _CellPlace(position, column.name, column.required, cell_parser(column))
        for position, column in header.positions
    ]
    rows = []
    for line, cells in lines:
        if len(refused) >= REFUSED_MAX:
            reason = "Trop de refus : la suite n'est pas lue. Corrigez d'abord ceux-ci."
            refused.append(Refused(line, "", reason))
            return []
        if isinstance(cells, str):
            refused.append(Refused(line, "", cells))
        elif not "".join(cells).strip():
            continue
        elif len(cells) != header.width:
            reason = f"La ligne a {len(cells)} cellules, la première ligne en a {header.width}."
            refused.append(Refused(line, "", reason))
        else:
            row, refused_before = blank.copy(), len(refused)
            row[LINE_KEY] = line
            _fill(row, line, cells, places, refused)
            if len(refused) == refused_before:
                rows.append(row)
    return rows


def _fill(
    row: dict[str, Value],
    line: int,
    cells: list[str],
    places: list[_CellPlace],
    refused: list[Refused],
) -> None:
    for position, name, required, parse in places:
        cell = cells[position].strip()
        if cell:
            try:
                row[name] = parse(cell)
            except ValueError as complaint:
                refused.append(Refused(line, name, str(complaint)))
        elif required:
            refused.append(Refused(line, name, "La cellule est vide. Complétez-la."))
