"""Who gets which company: fair, the same for everyone, and little moves."""

from collections import Counter

import pytest

from services.reporting.workers.passing_on import company_of
from services.reporting.workers.shares import shares

COMPANIES = [f"company-{number}" for number in range(62)]
WORKERS = [f"127.0.0.1:{port}" for port in (8704, 8705, 8706, 8707)]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("many", [0, 1, 2, 3, 5, 61, 62])
def test_each_worker_has_as_many_give_or_take_one(count, many):
    belongs = shares(COMPANIES[:many], WORKERS[:count])

    held = Counter(dict.fromkeys(WORKERS[:count], 0)) + Counter(belongs.values())
    counts = [held[worker] for worker in WORKERS[:count]]
    assert sorted(belongs) == sorted(COMPANIES[:many])
    assert max(counts) - min(counts) <= 1


def test_every_worker_reckons_the_same_whatever_the_order():
    assert shares(COMPANIES, WORKERS) == shares(COMPANIES[::-1] * 2, WORKERS[::-1])
    assert shares(COMPANIES, []) == {}


def test_when_a_worker_goes_most_of_what_the_others_have_stays_where_it_is():
    before, after = shares(COMPANIES, WORKERS), shares(COMPANIES, WORKERS[1:])

    moved = [c for c in COMPANIES if before[c] != WORKERS[0] and before[c] != after[c]]
    assert WORKERS[0] not in after.values()
    assert len(moved) <= len(COMPANIES) // 5


@pytest.mark.parametrize(
    ("path", "company"),
    [
        ("/amay/years/2025", "amay"),
        ("/amay", "amay"),
        ("/api/amay/figures/2025", "amay"),
        ("/api", ""),
        ("/", ""),
        ("*", ""),
        ("//127.0.0.1:1/amay", ""),
        ("/@127.0.0.1:1/amay", "@127.0.0.1:1"),
    ],
)
def test_the_company_of_an_address_is_the_one_that_its_route_reads(path, company):
    assert company_of(path) == company
