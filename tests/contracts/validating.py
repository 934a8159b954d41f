"""A validator for each fact type: the committed envelope and data schemas together."""

import json
from types import ModuleType
from typing import Any

from describe import CONTRACTS_FOLDER
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from contracts.words import Fact

SCHEMAS = CONTRACTS_FOLDER / "schemas"


def validator_of(schema: dict[str, Any]) -> Draft202012Validator:
    """Refuses a schema that is none; formats (uuid, date) are checked, not only noted."""
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


def fact_validators() -> dict[str, list[Draft202012Validator]]:
    """By `dataschema`, without its `urn:referent:`: what checks the envelope, what the data."""
    found = {path.stem: json.loads(path.read_bytes()) for path in SCHEMAS.glob("*.json")}
    envelope = validator_of(found.pop("envelope"))
    return {name: [envelope, validator_of(schema)] for name, schema in found.items()}


def facts_of(module: ModuleType) -> list[type[Fact]]:
    """The facts that a module of contracts holds."""
    found = (each for each in vars(module).values() if isinstance(each, type))
    return [each for each in found if issubclass(each, Fact) and hasattr(each, "TYPE")]


def faults(
    validators: dict[str, list[Draft202012Validator]], content: bytes | dict[str, Any]
) -> list[str]:
    """What a fact's bytes have against their schemas; nothing, when they keep to them."""
    fact = content if isinstance(content, dict) else json.loads(content)
    envelope, data = validators[fact["dataschema"].removeprefix("urn:referent:")]
    return [
        f"{error.json_path}: {error.message}"
        for validator, part in ((envelope, fact), (data, fact["data"]))
        for error in validator.iter_errors(part)
    ]
