"""The log under faults: a short campaign in every test run, the long one in `make chaos`."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from campaign import FAULTS, Campaign, make_campaign

SEEDS = (1,)
WRONG = {
    "offset-only": ("relay-point", "repeat"),
    "skip-if-older": ("hole",),
    "stored-less-than-new": ("double", "double"),
    "save-then-send": ("relay-point",),
}
"""For each wrong design the faults that it cannot survive; the right one survives them all."""


@pytest.fixture
def campaign(home, new_company, hosts):
    def make(seed: int, **more: object) -> Campaign:
        return make_campaign(home, hosts("intake"), new_company(), seed, **more)

    return make


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_and_nothing_counted_twice_under_faults(campaign, kafka, seed):
    assert campaign(seed, kafka=kafka, faults=(*FAULTS, "broker")).run() == []


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("wrong", WRONG)
def test_the_same_check_sees_a_design_that_is_wrong(campaign, wrong, seed):
    assert campaign(seed, wrong=wrong, faults=WRONG[wrong]).run()
