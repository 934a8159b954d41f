"""An act of more than a statement's rows: the log is sent in parts, and is one whole or nothing."""

from datetime import date
from itertools import pairwise

import pytest

from contracts.envelope import FIRST_HASH, hash_of, read_envelope
from services.chassis.act import ROWS_A_STATEMENT
from services.chassis.caller import Caller
from services.chassis.facts import read_facts, read_head

MANY = 2 * ROWS_A_STATEMENT
LETTABLE = {"bedrooms": None, "unlettable_from": None, "unlettable_reason": None}
EACH = [MANY, MANY + 1, ROWS_A_STATEMENT, 1]


@pytest.fixture
def intake(hosts, new_company):
    return hosts("intake").service(new_company())


def register(intake, count, *, fails=False):
    def decide(act):
        first = act.position
        rows = [
            LETTABLE | {"reference": f"D{first + n}", "registered_on": date(2026, 3, 2)}
            for n in range(count)
        ]
        intake.import_dwellings(act, rows)
        if fails:
            raise ZeroDivisionError

    intake.perform(Caller("me"), decide)


@pytest.mark.parametrize("count", EACH)
def test_what_is_sent_in_parts_chains_and_ends_where_the_head_says(intake, count):
    register(intake, count)
    register(intake, 1)

    contents = list(read_facts(intake.datastore))
    facts = [read_envelope(content) for content in contents]
    head = read_head(intake.datastore)
    assert [fact.position for fact in facts] == list(range(1, count + 2))
    assert facts[0].previous == FIRST_HASH.hex()
    for (before, _), (_, fact) in pairwise(zip(contents, facts, strict=True)):
        assert fact.previous == hash_of(before).hex()
    assert (head["position"], bytes(head["hash"])) == (count + 1, hash_of(contents[-1]))
    with intake.datastore.reading() as rows:
        events = rows.execute("SELECT count(*) AS n FROM stored_events").fetchone()["n"]
    assert events == count + 1


def test_an_act_that_fails_after_parts_were_sent_leaves_nothing(intake):
    with pytest.raises(ZeroDivisionError):
        register(intake, MANY + 1, fails=True)

    assert list(read_facts(intake.datastore)) == []
    register(intake, 1)
    assert [read_envelope(content).position for content in read_facts(intake.datastore)] == [1]
