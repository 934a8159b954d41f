"""The columns that reporting keeps of a fact, declared from the contracts.

One table holds the facts of all types: a field that several contracts share is one column, and a
column that a type does not have is null. Sealed values are not taken over: figures need no names.
"""

import types
from datetime import date
from enum import Enum
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from contracts.catalogue import CONTRACTS, publisher_of
from contracts.words import Fact

LEFT_OUT = {"leaseholders"}
ENVELOPE = {
    "type": "VARCHAR",
    "dataschema": "VARCHAR",
    "subject": "UUID",
    "time": "TIMESTAMP",
    "position": "BIGINT",
    "previous": "VARCHAR",
    "occurredon": "DATE",
    "actor": "VARCHAR",
    "corrects": "VARCHAR",
    "withdrawn": "BOOLEAN",
}


def columns() -> dict[str, str]:
    """DuckDB types of the data columns by field name, in a fixed order."""
    found: dict[str, str] = {}
    for contract in CONTRACTS.values():
        for name, field in contract.model_fields.items():
            if name in LEFT_OUT:
                continue
            kind = _duckdb_type(field.annotation)
            assert found.setdefault(name, kind) == kind, f"{name} has two types"
    return dict(sorted(found.items()))


def transform() -> dict[str, Any]:
    """The shape that `json_transform` reads a fact's bytes into."""
    data = {name: _json_shape(kind) for name, kind in columns().items()}
    return {**ENVELOPE, "data": data}


def _json_shape(kind: str) -> Any:
    if kind.startswith("STRUCT"):
        return [{"charge_id": "UUID", "cents": "BIGINT"}]
    return kind


def required(contract: type[Fact]) -> list[str]:
    """Columns that may not be null in a fact of this type."""
    return [
        name
        for name, field in contract.model_fields.items()
        if field.is_required() and name not in LEFT_OUT
    ]


def unreadable_condition() -> str:
    """SQL that is true for a row whose bytes did not fit its contract, or a newer version of it."""
    cases = []
    for name, contract in CONTRACTS.items():
        nulls = " OR ".join(f'data."{column}" IS NULL' for column in required(contract))
        known = " AND ".join(
            f"dataschema <> 'urn:referent:{name}.v{version}'"
            for version in range(1, contract.VERSION + 1)
        )
        cases.append(f"WHEN '{name}' THEN ({nulls}) OR ({known})")
    envelope = " OR ".join(
        f"{name} IS NULL"
        for name in ("type", "subject", "time", "previous", "occurredon", "actor", "dataschema")
    )
    envelope += (
        " OR corrects IS NOT NULL AND TRY_CAST(string_split(corrects, '/')[3] AS BIGINT) IS NULL"
    )
    return f"({envelope} OR CASE type {' '.join(cases)} ELSE false END)"


def types_of(publisher: str) -> list[str]:
    return [name for name in CONTRACTS if publisher_of(name) == publisher]


def _duckdb_type(annotation: Any) -> str:
    if get_origin(annotation) in (Union, types.UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        return _duckdb_type(options[0])
    if get_origin(annotation) is list:
        (inner,) = get_args(annotation)
        assert isinstance(inner, type)
        assert issubclass(inner, BaseModel)
        return "STRUCT(charge_id UUID, cents BIGINT)[]"
    base = get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
    if issubclass(base, UUID):
        return "UUID"
    if issubclass(base, date):
        return "DATE"
    if issubclass(base, int):
        return "BIGINT"
    assert issubclass(base, str | Enum), base
    return "VARCHAR"
