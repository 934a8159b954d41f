"""A sheet as a file: XLSX and CSV for people, Parquet and JSON for programs.

Rows go into the file as they come, and never all of them into memory: behind a figure of a long
history there are millions of facts.

What somebody typed is never taken for a formula: in XLSX text is written as text, in CSV a text
that a spreadsheet would reckon gets an apostrophe before it (OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from services.chassis.tabular_cells import unreckoned
from services.reporting.exports.sheet import DEFINITION_COLUMNS, Cell, Column, Kind, Row, Sheet

MADE_AT = datetime.fromisoformat("2000-01-01T00:00:00")
"""The same sheet gives the same bytes: a file says its own moment in what it holds."""
WIDTH_MAX = 60
MEASURED = 1_000
"""Rows by which a column's width is chosen."""
IN_A_GROUP = 10_000
"""Rows of a Parquet row group."""
IN_MEMORY_MAX = 8 * 1024 * 1024
"""Bytes of a file that are not written to the disk."""
ARROW = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.DECIMAL: pa.decimal128(18, 2),
    Kind.DAY: pa.date32(),
    Kind.YES_NO: pa.bool_(),
    Kind.YEAR: pa.int64(),
}
JSON_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": ["string", "null"]},
    Kind.INTEGER: {"type": ["integer", "null"]},
    Kind.DECIMAL: {"type": ["string", "null"], "pattern": r"^-?\d+\.\d\d$"},
    Kind.DAY: {"type": ["string", "null"], "format": "date"},
    Kind.YES_NO: {"type": ["boolean", "null"]},
    Kind.YEAR: {"type": ["integer", "null"]},
}


def written(sheet: Sheet, name: str) -> IO[bytes]:
    """The sheet in this format, to be read from its first byte; its disk space goes with it."""
    # Kept open for whoever reads it.
    file = SpooledTemporaryFile(IN_MEMORY_MAX)  # noqa: SIM115
    WRITERS[name](sheet, file)
    file.seek(0)
    return file


def _to_xlsx(sheet: Sheet, file: IO[bytes]) -> None:
    """Three sheets: the figures, the definitions, what the file says of itself."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": sheet.title, "created": MADE_AT})
        head = book.add_format({"bold": True, "bg_color": "#123f52", "font_color": "#ffffff"})
        formats = {
            Kind.TEXT: book.add_format({"valign": "top"}),
            Kind.INTEGER: book.add_format({"num_format": "#,##0", "valign": "top"}),
            Kind.DECIMAL: book.add_format({"num_format": "#,##0.00", "valign": "top"}),
            Kind.DAY: book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
            Kind.YES_NO: book.add_format({"valign": "top"}),
            Kind.YEAR: book.add_format({"num_format": "0", "valign": "top"}),
        }
        for name, columns, rows in _pages(sheet):
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            page.set_landscape()
            page.repeat_rows(0)
            coming = iter(rows)
            first = [*islice(coming, MEASURED)]
            for place, column in enumerate(columns):
                page.set_column(place, place, _width(column, first))
                page.write_string(0, place, column.label, head)
            last = 1
            for last, row in enumerate(chain(first, coming), 1):
                for place, column in enumerate(columns):
                    cell = column.read(row[column.name])
                    _write(page, last, place, cell, formats[column.kind])
            page.autofilter(0, 0, last, len(columns) - 1)


def _pages(sheet: Sheet) -> list[tuple[str, list[Column], Iterable[Row]]]:
    about: list[Row] = [{"name": name, "value": told} for name, told in sheet.standing]
    return [
        (sheet.page, sheet.columns, sheet.rows),
        ("Définitions", DEFINITION_COLUMNS, sheet.definitions),
        ("À propos", [Column("name", "Quoi"), Column("value", "Valeur")], about),
    ]


def _write(page: Any, line: int, place: int, cell: Cell, shape: Any) -> None:
    if cell is None:
        page.write_blank(line, place, None, shape)
    elif isinstance(cell, bool):
        page.write_string(line, place, "oui" if cell else "non", shape)
    elif isinstance(cell, int | Decimal):
        page.write_number(line, place, cell, shape)
    elif isinstance(cell, date):
        page.write_datetime(line, place, cell, shape)
    else:
        page.write_string(line, place, cell, shape)


def _width(column: Column, rows: Iterable[Row]) -> int:
    told = [len(str(column.read(row[column.name]))) for row in rows if row[column.name] is not None]
    return min(WIDTH_MAX, max([len(column.label) + 4, *told]) + 1)


def _to_csv(sheet: Sheet, file: IO[bytes]) -> None:
    """`;` and a byte order mark, decimal commas, days as DD/MM/YYYY: as spreadsheets here read."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    table = csv.writer(text, delimiter=";")
    table.writerow([column.label for column in sheet.columns])
    for row in sheet.rows:
        table.writerow([_typed(column.read(row[column.name])) for column in sheet.columns])
    text.detach()


def _typed(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, str):
        return unreckoned(cell)
    return str(cell).replace(".", ",")


def _to_parquet(sheet: Sheet, file: IO[bytes]) -> None:
    """The rows by the names of their columns; the rest as metadata of the file."""
    rest = {
        "title": sheet.title,
        "standing": orjson.dumps(sheet.standing),
        "definitions": orjson.dumps(sheet.definitions, default=str),
    }
    shape = pa.schema(
        [(column.name, ARROW[column.kind]) for column in sheet.columns], metadata=rest
    )
    coming = iter(sheet.rows)
    with pq.ParquetWriter(file, shape, compression="zstd") as writer:
        while batch := [*islice(coming, IN_A_GROUP)]:
            writer.write_table(pa.Table.from_pylist(batch, schema=shape))


def _to_json(sheet: Sheet, file: IO[bytes]) -> None:
    """One document with the schema of its rows in it, a row a line."""
    document = {
        "title": sheet.title,
        "standing": dict(sheet.standing),
        "schema": schema_of(sheet.columns),
        "definitions": sheet.definitions,
    }
    file.write(orjson.dumps(document, default=str).removesuffix(b"}") + b',"rows":[')
    for place, row in enumerate(sheet.rows):
        told = orjson.dumps(row, default=str)
        file.write(b",\n" + told if place else b"\n" + told)
    file.write(b"]}\n")


def schema_of(columns: list[Column]) -> dict[str, Any]:
    """JSON Schema of one row."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            column.name: JSON_TYPES[column.kind] | {"title": column.label} for column in columns
        },
        "required": [column.name for column in columns],
        "additionalProperties": False,
    }


WRITERS: dict[str, Callable[[Sheet, IO[bytes]], None]] = {
    "xlsx": _to_xlsx,
    "csv": _to_csv,
    "parquet": _to_parquet,
    "json": _to_json,
}
