"""One event, one fact: what is published holds everything that its event held."""

from dataclasses import fields

import pytest

from contracts.catalogue import CONTRACTS
from services.arrears.publishing import PUBLICATIONS as ARREARS
from services.followup.publishing import PUBLICATIONS as FOLLOWUP
from services.intake.publishing import PUBLICATIONS as INTAKE
from services.reporting.publishing import PUBLICATIONS as REPORTING

ENVELOPE = {"originator_id", "originator_version", "originator_topic", "timestamp", "occurred_on"}
NOT_IN_EVERY_SERVICE = {"bank_complete_until"}
ALL = [p for part in (INTAKE, FOLLOWUP, ARREARS, REPORTING) for p in part.by_event.values()]


@pytest.mark.parametrize("publication", ALL, ids=lambda p: p.event.__qualname__)
def test_a_fact_holds_everything_that_its_event_held(publication):
    held = {field.name for field in fields(publication.event)} - ENVELOPE - {"corrects_version"}

    assert held - NOT_IN_EVERY_SERVICE <= set(publication.fact.model_fields)


def test_every_contract_is_published_by_the_service_it_is_named_after():
    published = {
        "intake": set(INTAKE.contracts()),
        "followup": set(FOLLOWUP.contracts()),
        "arrears": set(ARREARS.contracts()),
        "reporting": set(REPORTING.contracts()),
    }

    assert set().union(*published.values()) == set(CONTRACTS)
    for service, types in published.items():
        assert all(name.startswith(f"{service}.") for name in types)


def test_an_event_of_another_kind_is_found_again_from_its_fact():
    for part in (INTAKE, FOLLOWUP, ARREARS, REPORTING):
        kinds = [(p.fact.TYPE, p.corrects, p.withdraws) for p in part.by_event.values()]

        assert len(kinds) == len(set(kinds))
