"""Facts into the store: a few at a time or many at once, whole or spoilt, the same rows."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up import chained, charge


def test_the_same_rows_come_of_a_few_facts_at_a_time_and_of_many_at_once(taker):
    contents = chained([charge(n) for n in range(2_500)])
    digests = set()
    for size in (1_300, 700, 90, 13):
        one = taker()
        one.take(contents, size)
        digests.add(one.store.digest())

    assert len(digests) == 1


def test_one_cent_in_one_fact_changes_the_digest(taker):
    facts = [charge(n) for n in range(20)]
    dearer = replace(facts[7], data=facts[7].data | {"rent_cents": facts[7].data["rent_cents"] + 1})
    first, second = taker(), taker()
    first.take(chained(facts))
    second.take(chained([*facts[:7], dearer, *facts[8:]]))

    assert first.store.digest() != second.store.digest()


def test_what_was_kept_as_bytes_is_there_after_a_restart(taker):
    one = taker()
    one.take(chained([charge(n) for n in range(30)]), 4)
    one.reopen()

    assert (one.position, one.count()) == (30, 30)


@pytest.mark.parametrize("size", [7, 900])
def test_a_repeat_is_passed_over_and_one_with_other_bytes_holds(taker, size):
    contents = chained([charge(n) for n in range(900)])
    one = taker()
    one.take(contents, size)
    one.take(contents[100:700], size)
    whole = one.count()
    one.take([contents[5].replace(b"officer", b"someone")])

    assert whole == one.count() == 900
    assert "other bytes" in str(one.store.standing("arrears").held)


@pytest.mark.parametrize("size", [1, 2_000])
def test_nothing_is_taken_past_a_hole(taker, size):
    contents = chained([charge(n) for n in range(1_200)])
    one = taker()
    one.take(contents[:600] + contents[601:], size)
    held = one.store.standing("arrears").held
    one.take(contents, size)

    assert "601 is missing" in str(held)
    assert (one.position, one.count()) == (1_200, 1_200)


@pytest.mark.parametrize("size", [10, 2_000])
@pytest.mark.parametrize("rubbish", [b"", b"{", b"\xff\xfe", b"[1]", b"null"])
def test_what_is_no_fact_at_all_is_passed_over_and_the_rest_is_taken(taker, rubbish, size):
    contents: list = chained([charge(n) for n in range(1_000)])
    one = taker()
    one.take([*contents[:500], rubbish, *contents[500:]], size)

    assert (one.position, one.count()) == (1_000, 1_000)
    assert one.store.standing("arrears").passed_over == 1


@pytest.mark.parametrize("size", [10, 2_000])
def test_a_fact_that_does_not_fit_its_contract_is_parked_with_those_behind_it(taker, size):
    facts = [charge(n) for n in range(1_000)]
    facts[600] = replace(facts[600], data=facts[600].data | {"rent_cents": "much"})
    one = taker()
    one.take(chained(facts), size)
    behind = [n for n in range(601, 1_000) if n % 7 == 600 % 7]

    assert one.position == 1_000
    assert [parked.fact.position for parked in one.parked] == [601, *(n + 1 for n in behind)]
    assert one.count() == 1_000 - len(one.parked)


@pytest.mark.parametrize("size", [10, 2_000])
def test_built_anew_what_came_before_a_parked_fact_of_its_subject_is_taken_again(taker, size):
    facts = [charge(n) for n in range(1_000)]
    facts[600] = replace(facts[600], data=facts[600].data | {"rent_cents": "much"})
    live, again = taker(), taker()
    live.take(chained(facts), size)
    again.parked = list(live.parked)
    again.take(chained(facts), size)

    assert again.parked == live.parked
    assert again.store.digest() == live.store.digest()


def test_a_parked_fact_that_is_retried_is_taken_once(taker):
    content = chained([charge(0)])[0]
    one = taker()
    one.take(chained([charge(0), charge(1)])[1:])
    for _ in range(2):
        one.ingestion.take_parked("arrears", 1, content)

    assert one.count() == 1


ATTRIBUTES = ("id", "source", "type", "subject", "time", "previous", "occurredon", "actor")
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=40),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(
        ["20240101T000000Z", "2024-W01-1", "2024-02-30", "{00000000-0000-0000-0000-000000000001}"]
    ),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.tuples(st.sampled_from((*ATTRIBUTES, "corrects", "withdrawn", "position")), ODD),
        st.tuples(st.sampled_from(("data.rent_cents", "data.lease_id", "data.due_on")), ODD),
    )
)
def test_no_spoilt_attribute_ever_stops_the_store(taker, spoilt):
    name, value = spoilt
    contents = chained([charge(n) for n in range(3)])
    document = json.loads(contents[1])
    within, _, field = name.rpartition(".")
    (document[within] if within else document)[field] = value
    one = taker()
    one.take([contents[0], json.dumps(document).encode(), contents[2]])
    one.take(contents)

    standing = one.store.standing("arrears")
    assert standing.last.position >= 1
    assert one.count() + len(one.parked) == standing.last.position
