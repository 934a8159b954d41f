"""The columns that reporting keeps of a fact, with their types from the contracts.

One table holds the facts of all types: a field that several contracts share is one column, and a
column that a type does not have is null. Only what views and indicators read is taken over, and
only that must fit its contract; names and other sealed values never are.
"""

import types
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, create_model

from contracts.catalogue import CONTRACTS, publisher_of
from contracts.words import Fact

HEARD = ("intake", "followup", "arrears")
"""The services whose facts reporting takes over. Its own, about returns, it never reads."""
READ = {name: c for name, c in CONTRACTS.items() if publisher_of(name) in HEARD}
TAKEN = frozenset(
    {
        "agreed_on",
        "amount_cents",
        "answered_on",
        "bank_complete_until",
        "broken_on",
        "cancelled_on",
        "charge_id",
        "charges_cents",
        "cleared_on",
        "closed_on",
        "completed_on",
        "contacted_on",
        "count",
        "day",
        "done_on",
        "due_on",
        "dwelling_id",
        "ended_on",
        "ends_on",
        "eviction_authorised",
        "executed_on",
        "filed_on",
        "first_due_on",
        "frequency",
        "given_on",
        "held_on",
        "household_id",
        "instalment_cents",
        "judgment_id",
        "kind",
        "lease_id",
        "lettable_from",
        "lines",
        "lump_sum_on",
        "matched_by",
        "month",
        "opened_on",
        "origin",
        "payment_id",
        "period_id",
        "period_start",
        "periods_a_year",
        "place",
        "plan_id",
        "planned_on",
        "proposed",
        "reason",
        "registered_on",
        "rent_cents",
        "returned_on",
        "start_on",
        "step",
        "struck_out_because",
        "taken_on",
        "transfer_of",
        "unlettable_from",
        "value_date",
        "visit_id",
        "welcomed_on",
        "withdrawn_on",
        "written_off_on",
    }
)
"""Each is read by a view or an indicator; a test holds that none is missing and none is idle."""
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
    for contract in READ.values():
        for name, field in contract.model_fields.items():
            if name not in TAKEN:
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


@cache
def reading(contract: type[Fact]) -> type[Fact]:
    """The part of a contract that reporting reads, as a contract of its own."""
    fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in contract.model_fields.items()
        if name in TAKEN
    }
    return create_model(contract.__name__, __base__=Fact, **fields)


def unreadable_condition() -> str:
    """SQL that is true for a row of `fact` that lacks what its type must have."""
    cases = []
    for name, contract in READ.items():
        fields = contract.model_fields.items()
        read = TAKEN | Fact.model_fields.keys()
        required = [f for f, field in fields if f in read and field.is_required()]
        if required:
            cases.append(f"WHEN '{name}' THEN " + " OR ".join(f'"{f}" IS NULL' for f in required))
    return f"CASE type {' '.join(cases)} ELSE false END"


def known_versions() -> str:
    """SQL that is true for an envelope of a version we know, or of a type that we do not know."""
    known = [
        f"'urn:referent:{name}.v{version}'"
        for name, contract in READ.items()
        for version in range(1, contract.VERSION + 1)
    ]
    types = ", ".join(f"'{name}'" for name in READ)
    return f"(dataschema IN ({', '.join(known)}) OR type NOT IN ({types}))"


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
    if issubclass(base, bool):
        return "BOOLEAN"
    if issubclass(base, int):
        return "BIGINT"
    assert issubclass(base, str | Enum), base
    return "VARCHAR"
