"""What a page shows of a figure's parts is what the whole explanation says of them."""

import re
from datetime import UTC, datetime

import pytest

from services.reporting import part_pages
from services.reporting.figures import known_on, period_of
from services.reporting.indicators.register import indicators
from services.reporting.part_pages import paged_sides
from services.reporting.parts import OnPage, cited, cited_on_page
from services.reporting.reckoned import Reckoned

KNOWN = known_on(None, datetime(2027, 6, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def told(taken):
    return taken(3)


@pytest.mark.parametrize("identity", indicators())
def test_a_page_cites_the_facts_of_what_it_shows_and_of_nothing_else(told, identity, monkeypatch):
    monkeypatch.setattr(part_pages, "PARTS_MAX", 3)  # the same pages, of fewer parts
    chosen, period = indicators()[identity], period_of(2024, KNOWN)
    with told.taker.store.read() as cursor:
        how = cursor, chosen, period, KNOWN, "alpha"
        whole, reckoned = cited(*how), Reckoned()
        cited_on_page(*how, OnPage(1), reckoned)  # one page is not the other
        second = cited_on_page(*how, OnPage(2), reckoned)

    for every, of_page, shown in zip(whole, second, paged_sides(chosen, *whole, 2), strict=True):
        assert [part["amount"] for part in of_page] == [part["amount"] for part in every]
        wanted = {part["subject"] for part in shown["parts"]}
        for part, found in zip(every, of_page, strict=True):
            assert found == (
                part if part["subject"] in wanted else {**part, "actor": "", "facts": []}
            )
        assert all(part["facts"] for part in every)


def test_what_is_said_of_other_leases_is_left_out_only_where_a_part_is_a_lease():
    for chosen in indicators().values():
        named = re.findall(r"(\w+) AS subject", chosen.sql)
        assert chosen.of_leases == ({*named} == {"lease_id"}), chosen.name
