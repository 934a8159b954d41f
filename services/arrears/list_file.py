"""A list of a page as a file for a spreadsheet: CSV as spreadsheets here read it.

What somebody typed is never taken for a formula.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from fastapi import Response

from services.chassis.tabular_cells import unreckoned
from services.chassis.templating import plain_cents


class Kind(StrEnum):
    TEXT = "text"
    CENTS = "cents"
    DAY = "day"
    YES_NO = "yes-no"


@dataclass(frozen=True, slots=True)
class Column:
    """`name`: where a row has it; a row without it leaves the cell empty."""

    name: str
    label: str
    kind: Kind = Kind.TEXT


def list_file(
    name: str, as_of: date, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]
) -> Response:
    """`;` and a byte order mark, decimal commas, days as DD/MM/YYYY; the day is in its name."""
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=";")
    table.writerow([column.label for column in columns])
    for row in rows:
        table.writerow([_typed(column.kind, row.get(column.name)) for column in columns])
    named = {"content-disposition": f'attachment; filename="{name}-{as_of}.csv"'}
    content = text.getvalue().encode("utf-8-sig")
    return Response(content, media_type="text/csv; charset=utf-8", headers=named)


def _typed(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if kind is Kind.CENTS:
        return plain_cents(value)
    if kind is Kind.DAY:
        return f"{value:%d/%m/%Y}"
    if kind is Kind.YES_NO:
        return "oui" if value else "non"
    return unreckoned(str(value))
