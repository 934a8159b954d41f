"""What was signed can be reckoned from the published fact alone, and read back into its event."""

import hashlib
import json
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from contracts.envelope import read_envelope
from services.chassis.aggregate import Aggregate
from services.reporting.publishing import PUBLICATIONS
from services.reporting.signing import Signed
from services.reporting.yearly_return import (
    NothingToRestate,
    ReturnAlreadyValidated,
    ReturnNotValidated,
    YearlyReturn,
)

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
GOLDENS = sorted(EXAMPLES.glob("reporting.return-*.json"))
SIGNED = {
    "known_on": "2025-01-10T08:00:00.000000+00:00",
    "cutoff": {"intake": 4},
    "figures": [],
    "digest": "0" * 64,
    "reason_digest": None,
}
WHEN = {"occurred_on": date(2025, 1, 10)}
CHANGES = [{"indicator": "I20", "causes": [{"kind": "definition"}], "more_facts": 0}]


def digest_of(fact):
    """As contracts/reporting.py says it, with nothing of ours."""
    told = {name: fact.data[name] for name in ("year", "known_on", "cutoff", "figures")}
    told["company"] = fact.id.split("/")[0]
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(params=GOLDENS, ids=lambda path: path.stem)
def fact(request):
    return read_envelope(request.param.read_bytes())


def test_whoever_has_the_fact_reckons_its_digest_as_we_do(fact):
    fields = (fact.data[name] for name in ("year", "known_on", "cutoff", "figures"))

    assert digest_of(fact) == fact.data["digest"]
    assert Signed("foyer-de-sambre", *fields).digest == fact.data["digest"]


def test_a_digest_differs_when_anything_that_was_signed_is_altered(fact):
    altered = [deepcopy(fact) for _ in range(5)]
    altered[0].data["figures"][0]["numerator"] += 1
    altered[1].data["figures"][1]["definition_version"] = 2
    altered[2].data["cutoff"]["arrears"] -= 1
    altered[3].data["known_on"] = altered[3].data["known_on"].replace("00:00", "01:00")
    del altered[4].data["figures"][2]

    assert all(digest_of(one) != fact.data["digest"] for one in altered)


def test_a_fact_is_read_back_into_the_event_that_it_was_published_from(fact):
    (publication,) = PUBLICATIONS.of_fact(fact)
    event = publication.event_from(fact, 2, None)

    assert publication.data(event) == fact.data


def replayed(aggregate):
    """The same from its stored events."""
    again = None
    for event in aggregate.collect_events():
        again = event.mutate(again)
    return again


@pytest.fixture
def prepared():
    identity = YearlyReturn.id_of("alpha", 2024)
    opened: Aggregate = YearlyReturn.open(YearlyReturn.Prepared, identity, year=2024, **WHEN)
    return opened


def test_a_return_is_validated_once_and_restated_as_often_as_it_changes(prepared):
    with pytest.raises(ReturnNotValidated):
        prepared.restate(SIGNED, CHANGES, **WHEN)
    prepared.validate(SIGNED, **WHEN)
    with pytest.raises(ReturnAlreadyValidated):
        prepared.validate(SIGNED, **WHEN)
    with pytest.raises(NothingToRestate):
        prepared.restate(SIGNED, [], **WHEN)
    for _ in range(2):
        prepared.restate(SIGNED, CHANGES, **WHEN)
    with pytest.raises(ReturnAlreadyValidated):
        prepared.validate(SIGNED, **WHEN)

    numbers = [getattr(event, "return_version", 0) for event in prepared.pending_events]
    assert numbers == [0, 1, 2, 3]
    again = replayed(prepared)
    assert (again.year, again.published) == (2024, 3)


def test_a_company_and_year_have_one_return():
    ids = {YearlyReturn.id_of(c, y) for c in ("alpha", "beta") for y in (2023, 2024)}
    assert len(ids) == 4
    assert YearlyReturn.id_of("alpha", 2024) in ids
