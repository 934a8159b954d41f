"""A sheet as a file: XLSX and CSV for people, Parquet and JSON for programs.

What somebody typed is never taken for a formula: in XLSX text is written as text, in CSV a text
that a spreadsheet would reckon gets an apostrophe before it (OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from services.chassis.tabular_cells import unreckoned
from services.reporting.exports.sheet import DEFINITION_COLUMNS, Cell, Column, Kind, Sheet

MADE_AT = datetime.fromisoformat("2000-01-01T00:00:00")
"""The same sheet gives the same bytes: a file says its own moment in what it holds."""
WIDTH_MAX = 60
ARROW = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.DECIMAL: pa.decimal128(18, 2),
    Kind.DAY: pa.date32(),
    Kind.YES_NO: pa.bool_(),
}
JSON_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": ["string", "null"]},
    Kind.INTEGER: {"type": ["integer", "null"]},
    Kind.DECIMAL: {"type": ["string", "null"], "pattern": r"^-?\d+\.\d\d$"},
    Kind.DAY: {"type": ["string", "null"], "format": "date"},
    Kind.YES_NO: {"type": ["boolean", "null"]},
}


def to_xlsx(sheet: Sheet) -> bytes:
    """Three sheets: the figures, the definitions, what the file says of itself."""
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": sheet.title, "created": MADE_AT})
        head = book.add_format({"bold": True, "bg_color": "#123f52", "font_color": "#ffffff"})
        formats = {
            Kind.TEXT: book.add_format({"valign": "top"}),
            Kind.INTEGER: book.add_format({"num_format": "#,##0", "valign": "top"}),
            Kind.DECIMAL: book.add_format({"num_format": "#,##0.00", "valign": "top"}),
            Kind.DAY: book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
            Kind.YES_NO: book.add_format({"valign": "top"}),
        }
        for name, columns, rows in _pages(sheet):
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            page.set_landscape()
            page.repeat_rows(0)
            for place, column in enumerate(columns):
                page.write_string(0, place, column.label, head)
                page.set_column(place, place, _width(column, rows))
                for line, row in enumerate(rows, 1):
                    cell = column.read(row[column.name])
                    _write(page, line, place, cell, formats[column.kind])
            page.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    return content.getvalue()


def _pages(sheet: Sheet) -> list[tuple[str, list[Column], list[dict[str, Cell]]]]:
    about: list[dict[str, Cell]] = [{"name": name, "value": told} for name, told in sheet.standing]
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


def _width(column: Column, rows: list[dict[str, Any]]) -> int:
    told = [len(str(column.read(row[column.name]))) for row in rows if row[column.name] is not None]
    return min(WIDTH_MAX, max([len(column.label) + 4, *told]) + 1)


def to_csv(sheet: Sheet) -> bytes:
    """`;` and a byte order mark, decimal commas, days as DD/MM/YYYY: as spreadsheets here read."""
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=";")
    table.writerow([column.label for column in sheet.columns])
    for row in sheet.rows:
        table.writerow([_typed(column.read(row[column.name])) for column in sheet.columns])
    return text.getvalue().encode("utf-8-sig")


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


def to_parquet(sheet: Sheet) -> bytes:
    """The rows by the names of their columns; the rest as metadata of the file."""
    shape = pa.schema(
        [(column.name, ARROW[column.kind]) for column in sheet.columns],
        metadata={"title": sheet.title, "standing": orjson.dumps(sheet.standing)},
    )
    content = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(sheet.rows, schema=shape), content, compression="zstd")
    return content.getvalue()


def to_json(sheet: Sheet) -> bytes:
    """One document with the schema of its rows in it."""
    return orjson.dumps(
        {
            "title": sheet.title,
            "standing": dict(sheet.standing),
            "schema": schema_of(sheet.columns),
            "rows": sheet.rows,
            "definitions": sheet.definitions,
        },
        default=str,
        option=orjson.OPT_INDENT_2,
    )


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


WRITERS: dict[str, Callable[[Sheet], bytes]] = {
    "xlsx": to_xlsx,
    "csv": to_csv,
    "parquet": to_parquet,
    "json": to_json,
}
