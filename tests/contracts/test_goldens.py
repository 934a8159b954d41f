"""Golden examples are read for ever: by us, by the standard's own SDK, by whoever comes later."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest
from cloudevents.core.formats.json import JSONFormat
from describe import EXAMPLES
from validating import faults

from contracts.catalogue import CONTRACTS, publisher_of
from contracts.envelope import (
    FIRST_HASH,
    UnreadableFact,
    hash_of,
    position_of,
    read_envelope,
    write_envelope,
)
from contracts.words import Month
from services.arrears.publishing import PUBLICATIONS as ARREARS
from services.chassis.receiving import read_data
from services.chassis.settings import SERVICES
from services.followup.publishing import PUBLICATIONS as FOLLOWUP
from services.intake.publishing import PUBLICATIONS as INTAKE
from services.reporting.publishing import PUBLICATIONS as REPORTING

SUMS = EXAMPLES / "SHA256SUMS"
CORE = {"specversion", "id", "source", "type", "datacontenttype", "dataschema", "subject", "time"}
EDITED = (
    "{name} is not what it was when it was committed. A golden is a promise to everyone who has "
    "kept such a fact: take the old bytes back (git checkout). A new optional field needs no "
    "golden, a new type or version has one of its own (contracts/README.md)."
)
MISSING = (
    "{name} has no golden. Add contracts/examples/{name}.json, the bytes that write_envelope gives "
    "for a realistic fact, and its line (sha256sum) at the end of SHA256SUMS."
)


def sums():
    lines = SUMS.read_text("utf-8").splitlines()
    return dict(reversed(line.split("  ")) for line in lines)


def test_a_golden_is_never_edited(golden):
    name = golden.name
    assert name in sums(), f"{name} has no line in SHA256SUMS: add it at the end."
    assert hashlib.sha256(golden.read_bytes()).hexdigest() == sums()[name], EDITED.format(name=name)


def test_a_golden_is_never_taken_away():
    gone = [name for name in sums() if not (EXAMPLES / name).exists()]

    assert not gone, f"{gone} stand in SHA256SUMS and are gone: take them back (git checkout)."


@pytest.mark.parametrize(
    "publication",
    [p for part in (INTAKE, FOLLOWUP, ARREARS, REPORTING) for p in part.by_event.values()],
    ids=lambda p: p.event.__qualname__,
)
def test_every_publication_has_its_golden(publication):
    kind = ".withdrawn" if publication.withdraws else ".corrected" if publication.corrects else ""
    name = f"{publication.fact.TYPE}.v{publication.fact.VERSION}{kind}"

    assert (EXAMPLES / f"{name}.json").exists(), MISSING.format(name=name)


def test_a_golden_is_named_after_what_it_says(golden):
    fact = read_envelope(golden.read_bytes())
    kind = ".withdrawn" if fact.withdrawn else ".corrected" if fact.corrects else ""

    assert golden.stem == f"{fact.type}.v{fact.version}{kind}"
    assert fact.source.endswith(f":{publisher_of(fact.type)}")


def test_a_golden_is_read_by_its_contract_and_holds_nothing_else(golden):
    fact = read_envelope(golden.read_bytes())
    data = read_data(fact)

    assert data.model_dump(mode="json", exclude_none=True) == fact.data


def test_a_golden_is_written_again_to_the_same_bytes(golden):
    content = golden.read_bytes()

    assert write_envelope(read_envelope(content)) == content


def test_a_golden_keeps_to_its_schema(golden, validators):
    assert faults(validators, golden.read_bytes()) == []


def test_the_goldens_of_a_service_are_a_log():
    facts = [golden.read_bytes() for golden in EXAMPLES.glob("*.json")]
    for publisher in SERVICES:
        log = sorted(
            (f for f in facts if publisher_of(read_envelope(f).type) == publisher),
            key=lambda f: read_envelope(f).position,
        )
        read = [read_envelope(content) for content in log]

        assert [fact.position for fact in read] == list(range(1, len(log) + 1))
        hashes = [FIRST_HASH, *map(hash_of, log[:-1])]
        assert [fact.previous for fact in read] == [digest.hex() for digest in hashes]
        assert [fact.recorded_at for fact in read] == sorted(fact.recorded_at for fact in read)


def test_a_correction_names_an_earlier_fact_of_the_same_type_and_subject(golden):
    fact = read_envelope(golden.read_bytes())
    if fact.corrects is None:
        assert not fact.withdrawn
        return
    corrected = read_envelope((EXAMPLES / f"{fact.type}.v{fact.version}.json").read_bytes())

    assert fact.corrects == corrected.id
    assert fact.subject == corrected.subject
    assert position_of(corrected.id) < fact.position


def test_the_standards_own_sdk_reads_a_golden_whole(golden):
    content = golden.read_bytes()
    event = JSONFormat().read(None, content)
    document = json.loads(content)
    extensions = {name: document[name] for name in document.keys() - CORE - {"data"}}

    assert event.get_data() == document["data"]
    assert {name: event.get_extension(name) for name in extensions} == extensions
    assert {"position", "previous", "occurredon", "actor"} <= extensions.keys()
    read = (event.get_id(), event.get_source(), event.get_type(), event.get_subject())
    assert read == tuple(document[name] for name in ("id", "source", "type", "subject"))
    assert event.get_dataschema() == document["dataschema"]
    assert event.get_time() == datetime.fromisoformat(document["time"])


def test_attributes_are_named_and_typed_as_cloudevents_allows(golden):
    document = json.loads(golden.read_bytes())
    del document["data"]

    for name, value in document.items():
        assert re.fullmatch("[a-z0-9]{1,20}", name), f"{name}: lower-case letters and digits only"
        assert isinstance(value, str | bool | int), f"{name} is of no CloudEvents type"
        assert not isinstance(value, int) or abs(value) < 2**31, f"{name} is beyond 32 bits"


def test_a_golden_says_nobodys_name_in_clear(golden):
    def texts(value):
        if isinstance(value, dict | list):
            # A policy's document is a company's own rules, adopted by its manager: of no household.
            values = value if isinstance(value, list) else (value | {"document": None}).values()
            return [text for inner in values for text in texts(inner)]
        return [value] if isinstance(value, str) else []

    for text in texts(read_envelope(golden.read_bytes()).data):
        assert _is_plain(text) or text.startswith("sealed:1:"), f"{text!r} is in clear"


def _is_plain(text):
    """Whether a text is an id, a day, a moment, a reference, a digest, a value or our own word."""
    for read in (UUID, date.fromisoformat):
        try:
            read(text)
        except ValueError:
            continue
        return True
    month = Month.__metadata__[0].metadata[0].pattern
    ours = (
        month,
        r"[a-z0-9]+(-[a-z0-9]+)*",
        r"[A-Z]{1,2}[0-9-]+",
        r"[0-9-]+",
        r"[a-z-]+/[a-z]+/\d+",
        r"-?\d+\.\d\d",
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00",
    )
    return any(re.fullmatch(pattern, text) for pattern in ours)


def test_fields_that_a_newer_publisher_adds_are_passed_over(golden, validators):
    fact = read_envelope(golden.read_bytes())
    newer = replace(fact, data=fact.data | {"a_field_of_tomorrow": {"deep": [1]}})

    assert read_data(newer) == read_data(fact)
    assert faults(validators, write_envelope(newer)) == []
    document = json.loads(golden.read_bytes()) | {"attributeoftomorrow": "x"}
    assert read_envelope(json.dumps(document).encode()) == fact


def test_a_newer_version_is_told_apart_from_a_wrong_fact(golden):
    fact = read_envelope(golden.read_bytes())
    newer = read_envelope(write_envelope(replace(fact, version=fact.version + 1)))

    with pytest.raises(UnreadableFact, match=f"la version {newer.version} est plus récente que la"):
        read_data(newer)


def test_data_without_a_required_field_is_refused_by_contract_and_schema(golden, validators):
    fact = read_envelope(golden.read_bytes())
    required = [n for n, f in CONTRACTS[fact.type].model_fields.items() if f.is_required()]
    for name in required:
        without = replace(fact, data={k: v for k, v in fact.data.items() if k != name})

        with pytest.raises(UnreadableFact, match=name):
            read_data(without)
        assert faults(validators, write_envelope(without)), name
