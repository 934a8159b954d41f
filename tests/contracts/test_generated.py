"""What is generated from the contracts is as `make schemas` writes it, and is what it claims."""

import json
from pathlib import Path

import pytest
import yaml
from describe import ATTRIBUTES, CONTRACTS_FOLDER, OPTIONAL, READERS, generated, name_of
from validating import SCHEMAS, validator_of

from contracts.catalogue import CONTRACTS
from contracts.envelope import read_envelope, write_envelope

GENERATED = generated()
ASYNCAPI = Path(__file__).parent / "asyncapi-3.0.0.schema.json"
"""The specification's own schema: npm package @asyncapi/specs 6.11.1, Apache-2.0, white space
taken out and nothing else changed."""


@pytest.fixture(scope="module")
def document():
    return yaml.safe_load((CONTRACTS_FOLDER / "asyncapi.yaml").read_text("utf-8"))


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_a_generated_file_is_what_the_contracts_say(path):
    found = path.read_text("utf-8") if path.exists() else None

    assert found == GENERATED[path], (
        f"{path.name} is not what the contracts say: run `make schemas` and commit the result. "
        "If a schema of a published version lost or changed a field, take the change back: "
        "contracts only grow (contracts/README.md)."
    )


def test_every_schema_that_was_ever_published_has_its_golden():
    names = {path.stem for path in SCHEMAS.glob("*.json")} - {"envelope"}

    assert names >= {name_of(contract) for contract in CONTRACTS.values()}
    for name in names:
        assert (CONTRACTS_FOLDER / "examples" / f"{name}.json").exists(), name


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=name_of)
def test_every_contract_and_field_says_what_it_is(contract):
    schema = contract.model_json_schema()
    models = [schema, *schema.get("$defs", {}).values()]

    assert contract.__doc__, f"{contract.__name__}: add a docstring"
    for model in models:
        assert model.get("description"), f"{model['title']}: add a docstring"
        for name, field in model.get("properties", {}).items():
            assert field.get("description"), (
                f"{model['title']}.{name}: add a docstring below the field: what it is, its unit, "
                "the rule it comes from"
            )


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=name_of)
def test_money_is_whole_cents_and_nothing_is_a_float(contract):
    text = json.dumps(contract.model_json_schema())

    assert '"type": "number"' not in text, f"{contract.__name__}: use integer cents, never a float"


def test_the_envelope_schema_knows_every_attribute_that_is_written():
    golden = CONTRACTS_FOLDER / "examples" / "arrears.rent-charged.v1.withdrawn.json"
    fact = read_envelope(golden.read_bytes())
    written = json.loads(write_envelope(fact))

    assert list(written) == list(ATTRIBUTES)
    assert set(ATTRIBUTES) >= OPTIONAL


def test_the_asyncapi_document_is_one_by_the_specifications_own_schema(document):
    validator = validator_of(json.loads(ASYNCAPI.read_bytes()))

    assert [f"{e.json_path}: {e.message}" for e in validator.iter_errors(document)] == []


def test_the_asyncapi_document_has_a_message_a_fact_type_and_a_channel_a_publisher(document):
    messages = document["components"]["messages"]

    assert set(messages) == {name_of(contract) for contract in CONTRACTS.values()}
    in_channels = [name for c in document["channels"].values() for name in c["messages"]]
    assert sorted(in_channels) == sorted(messages)
    for name, channel in document["channels"].items():
        assert channel["address"] == f"referent.{{company}}.{name}"
    for name, message in messages.items():
        assert message["examples"], name


def test_every_reference_of_the_asyncapi_document_leads_somewhere(document):
    references = list(_references(document))

    assert len(references) > 3 * len(CONTRACTS)
    for reference in references:
        target, _, pointer = reference.partition("#")
        found = (
            json.loads((CONTRACTS_FOLDER / target).read_bytes()) if target else document
        )  # a missing file or key fails here, by its name
        for step in filter(None, pointer.split("/")):
            found = found[step]


def _references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_who_hears_what_in_the_document_is_what_reactions_say(document):
    heard: dict[str, set[str]] = {}
    for name, operation in document["operations"].items():
        reader, _, publisher = name.partition("-hears-")
        if publisher:
            names = {ref["$ref"].rsplit("/", 1)[1] for ref in operation["messages"]}
            heard.setdefault(reader, set()).update(n.rpartition(".v")[0] for n in names)

    assert heard == {reader: set(facts) for reader, facts in READERS.items() if facts}
