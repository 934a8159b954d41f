"""What came of a petition depends on the seed, the lease, the day and where the case stands."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.demonstration.bank_days import is_bank_day
from services.demonstration.court import (
    SHARE_AUTHORISED,
    SHARE_EXECUTED,
    TO_JUDGMENT,
    CourtCase,
    decide,
    first_filed,
)

DAY = date(2025, 3, 5)
FILED = CourtCase(UUID(int=1), "B1", DAY - TO_JUDGMENT, None, None, None, None, None)


def cases(case, count=1_000):
    return [replace(case, lease_id=UUID(int=n), lease_reference=f"B{n}") for n in range(1, count)]


def decided(case):
    return [decide(1, DAY, each) for each in cases(case)]


def test_a_petition_is_judged_after_six_weeks_and_a_share_of_the_judgments_authorises():
    assert decide(1, DAY - timedelta(days=1), FILED) == []
    judgments = [acts[-1] for acts in decided(FILED)]
    authorised = sum(judgment["eviction_authorised"] for judgment in judgments)
    assert authorised == pytest.approx(1_000 * SHARE_AUTHORISED, abs=60)
    assert all(j["terms_granted"] != j["eviction_authorised"] for j in judgments)
    (_, judgment) = decide(1, DAY, replace(FILED, claim_cents=123_00))
    assert judgment["claim_cents"] == 123_00


def test_a_judgment_that_authorises_is_served_and_the_bailiff_warns_three_weeks_before():
    judged = replace(FILED, judgment_on=DAY, outcome="eviction-authorised")
    assert {acts[0]["act"] for acts in decided(judged)} == {"service"}
    served = replace(judged, served_on=DAY)
    (act,) = decide(1, DAY, served)
    evict_on = date.fromisoformat(act["evict_on"])
    assert is_bank_day(evict_on)
    assert evict_on - DAY >= timedelta(days=21)


def test_a_third_of_the_evictions_takes_place_and_the_others_are_called_off_for_good():
    judged = replace(FILED, judgment_on=DAY, outcome="eviction-authorised", served_on=DAY)
    scheduled = replace(judged, evict_on=DAY)
    executed = sum(acts[0]["act"] == "execution" for acts in decided(scheduled))
    assert executed == pytest.approx(1_000 * SHARE_EXECUTED, abs=60)
    assert decided(replace(judged, suspended_on=DAY)) == [[]] * 999


def test_where_terms_were_granted_nothing_more_is_asked():
    granted = replace(FILED, judgment_on=DAY, outcome="terms-granted")
    assert decided(granted) == [[]] * 999


def test_of_the_first_petition_an_eviction_is_authorised_that_winter_then_forbids():
    later = replace(FILED, lease_id=UUID(int=2), petition_on=DAY)
    assert first_filed([later, FILED, replace(FILED, petition_on=None)]) == FILED.lease_id
    assert first_filed([replace(FILED, petition_on=None)]) is None

    acts = [decide(1, DAY, each, first=True) for each in cases(FILED)]

    assert all(answer["accepted"] for answer, _ in acts)
    assert all(judgment["eviction_authorised"] for _, judgment in acts)
