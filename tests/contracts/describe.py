"""`make schemas`: writes contracts/schemas/ and contracts/asyncapi.yaml from the contracts, and the
schemas of policies, cases and letter templates beside those documents.

It lives here because contracts/ has no behaviour, and because nothing that runs needs it.
"""

import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import yaml

from contracts.catalogue import CONTRACTS, publisher_of
from contracts.envelope import CONTENT_TYPE
from contracts.words import Fact
from services.arrears.ladder.case import Case
from services.arrears.ladder.policy import Policy
from services.arrears.letters.template_book import LetterTemplates
from services.arrears.letters.template_shelf import SHIPPED as LETTERS
from services.arrears.service import Arrears
from services.chassis.settings import SERVICES
from services.chassis.topics import TOPIC_CONFIGS
from services.followup.service import Followup
from services.intake.service import Intake
from services.reporting.shape import READ

CONTRACTS_FOLDER = ROOT / "contracts"
EXAMPLES = CONTRACTS_FOLDER / "examples"
POLICIES = ROOT / "services" / "arrears" / "policies"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"
READERS = {
    service.name: frozenset(service.reactions) for service in (Intake, Followup, Arrears)
} | {"reporting": frozenset(READ)}
"""Who hears which facts. Reporting takes over all but its own, and counts what its views name."""

ATTRIBUTES: dict[str, dict[str, Any]] = {
    "specversion": {"const": "1.0", "description": "CloudEvents 1.0."},
    "id": {
        "type": "string",
        "pattern": "^[a-z0-9-]+/[a-z]+/[1-9][0-9]*$",
        "description": "`<company>/<service>/<position>`.",
    },
    "source": {
        "type": "string",
        "pattern": "^urn:referent:(company|demonstration):[a-z0-9-]+:[a-z]+$",
        "description": "Company and service; says itself when the company is a demonstration.",
    },
    "type": {"type": "string", "description": "The fact's name, `<service>.<what-happened>`."},
    "datacontenttype": {"const": "application/json", "description": "What `data` is."},
    "dataschema": {"type": "string", "description": "`urn:referent:<type>.v<version>`."},
    "subject": {
        "type": "string",
        "format": "uuid",
        "description": "Id of the aggregate it happened to; also the key on Kafka.",
    },
    "time": {
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$",
        "description": "When it was recorded, by the company's clock, UTC; never goes back.",
    },
    "position": {
        "type": "integer",
        "minimum": 1,
        "description": "Its place in the log of company and service: 1, 2, 3, … without holes.",
    },
    "previous": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "SHA-256 of the bytes of the fact before; at position 1 of no bytes.",
    },
    "occurredon": {
        "type": "string",
        "format": "date",
        "description": "The business day on which it happened, Europe/Brussels.",
    },
    "actor": {
        "type": "string",
        "minLength": 1,
        "description": "Pseudonymous id of the officer, or `service:<name>`, or `timer:<name>`.",
    },
    "corrects": {
        "type": "string",
        "description": "Id of the fact that this one replaces whole, from its own `time` on.",
    },
    "withdrawn": {
        "const": True,
        "description": "The corrected fact never was; `data` repeats what it said.",
    },
    "correlationid": {
        "type": "string",
        "description": "What the chain of facts began with: a request, or the first fact.",
    },
    "causationid": {"type": "string", "description": "Id of the fact that this one answers."},
    "data": {"type": "object", "description": "The fact, by the schema of its type."},
}
OPTIONAL = {"corrects", "withdrawn", "correlationid", "causationid"}


def name_of(contract: type[Fact]) -> str:
    return f"{contract.TYPE}.v{contract.VERSION}"


def envelope_schema() -> dict[str, Any]:
    return {
        "$schema": DIALECT,
        "$id": "urn:referent:envelope",
        "title": "Envelope",
        "description": "A fact as it stands on the log: CloudEvents 1.0, structured JSON mode.",
        "type": "object",
        "required": [name for name in ATTRIBUTES if name not in OPTIONAL],
        "properties": ATTRIBUTES,
        "dependentRequired": {"withdrawn": ["corrects"]},
    }


def schema_of(contract: type[Fact]) -> dict[str, Any]:
    schema = {"$schema": DIALECT, "$id": f"urn:referent:{name_of(contract)}"}
    return schema | contract.model_json_schema()


def message_of(contract: type[Fact]) -> dict[str, Any]:
    name = name_of(contract)
    summary, _, description = (inspect.getdoc(contract) or "").partition("\n\n")
    message = {
        "name": contract.TYPE,
        "title": contract.__name__,
        "summary": summary.replace("\n", " "),
        "description": description,
        "contentType": CONTENT_TYPE,
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {
            "schemaFormat": SCHEMA_FORMAT,
            "schema": {
                "allOf": [
                    {"$ref": "./schemas/envelope.json"},
                    {
                        "properties": {
                            "type": {"const": contract.TYPE},
                            "dataschema": {"const": f"urn:referent:{name}"},
                            "data": {"$ref": f"./schemas/{name}.json"},
                        }
                    },
                ]
            },
        },
        "bindings": {"kafka": {"key": {"type": "string", "description": "The fact's subject."}}},
        "examples": [
            {"name": path.stem, "payload": json.loads(path.read_bytes())}
            for path in sorted(EXAMPLES.glob(f"{name}.*json"))
        ],
    }
    return {key: value for key, value in message.items() if value}


def channel_of(publisher: str) -> dict[str, Any]:
    return {
        "address": f"referent.{{company}}.{publisher}",
        "title": f"Facts of {publisher}",
        "description": "One partition, kept for ever, in the order of `position`.",
        "parameters": {"company": {"description": "The company's slug."}},
        "messages": {
            name_of(contract): {"$ref": f"#/components/messages/{name_of(contract)}"}
            for contract in published_by(publisher)
        },
        "bindings": {
            "kafka": {
                "partitions": 1,
                "topicConfiguration": {
                    "cleanup.policy": [TOPIC_CONFIGS["cleanup.policy"]],
                    "retention.ms": int(TOPIC_CONFIGS["retention.ms"]),
                },
            }
        },
    }


def published_by(publisher: str) -> list[type[Fact]]:
    return [c for fact_type, c in CONTRACTS.items() if publisher_of(fact_type) == publisher]


def operation(action: str, service: str, publisher: str, facts: frozenset[str]) -> dict[str, Any]:
    verb = "publishes its facts" if action == "send" else f"hears {publisher}"
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{publisher}"},
        "title": f"{service} {verb}",
        "messages": [
            {"$ref": f"#/channels/{publisher}/messages/{name_of(contract)}"}
            for contract in published_by(publisher)
            if contract.TYPE in facts
        ],
    }


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for publisher in SERVICES:
        yield (
            f"{publisher}-publishes",
            operation("send", publisher, publisher, frozenset(CONTRACTS)),
        )
    for reader, heard in READERS.items():
        for publisher in SERVICES:
            if any(publisher_of(fact_type) == publisher for fact_type in heard):
                yield (
                    f"{reader}-hears-{publisher}",
                    operation("receive", reader, publisher, heard),
                )


def asyncapi() -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Facts of Référent",
            "version": "1",
            "description": "Every fact that the services publish, and who hears it. "
            "One topic a company and service; contracts only grow.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {publisher: channel_of(publisher) for publisher in SERVICES},
        "operations": dict(operations()),
        "components": {
            "messages": {name_of(contract): message_of(contract) for contract in CONTRACTS.values()}
        },
    }


def generated() -> dict[Path, str]:
    """What each generated file must hold."""
    schemas = {"envelope": envelope_schema()}
    schemas |= {name_of(contract): schema_of(contract) for contract in CONTRACTS.values()}
    files = {
        CONTRACTS_FOLDER / "schemas" / f"{name}.json": _json(schema)
        for name, schema in schemas.items()
    }
    document = yaml.dump(
        asyncapi(), Dumper=_Unfolded, sort_keys=False, allow_unicode=True, width=100
    )
    files[CONTRACTS_FOLDER / "asyncapi.yaml"] = f"# Written by `make schemas`.\n{document}"
    documents = {POLICIES / "case": Case, POLICIES / "policy": Policy}
    for place, model in (documents | {LETTERS / "letters": LetterTemplates}).items():
        schema = {"$schema": DIALECT} | model.model_json_schema()
        files[place.with_suffix(".schema.json")] = _json(schema)
    return files


class _Unfolded(yaml.SafeDumper):
    """Writes what stands twice twice: the document has no YAML anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _json(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    (CONTRACTS_FOLDER / "schemas").mkdir(exist_ok=True)
    for path, text in generated().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
