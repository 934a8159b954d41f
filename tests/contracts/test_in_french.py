"""Every kind of fact has French words: a page lists facts of any kind that was ever set aside."""

from pathlib import Path

import yaml

from contracts.catalogue import CONTRACTS
from contracts.in_french import STEPS, TITLES, titled


def test_every_kind_of_fact_is_called_something_in_french():
    assert TITLES.keys() == CONTRACTS.keys()
    assert all(words[0].isupper() and "." not in words for words in TITLES.values())


def test_a_step_of_the_shipped_policy_is_called_what_the_policy_calls_it():
    policy = yaml.safe_load(Path("services/arrears/policies/wallonie.yaml").read_text("utf-8"))
    assert {name: step["title"] for name, step in policy["steps"].items()} == STEPS


def test_a_kind_that_a_newer_publisher_adds_is_called_by_its_own_name():
    assert titled("arrears.debt-forgiven") == "arrears.debt-forgiven"
