"""Every page of a service that could not take a fact says that somebody has to decide of it."""

import pytest

from services.chassis.accounts import Role

WORDS = "attendent une décision de l'exploitant"


@pytest.mark.parametrize(
    ("service", "page", "waits"),
    [
        ("followup", "households", True),
        ("arrears", "accounts-in-arrears", True),
        ("intake", "leases", False),
    ],
)
def test_a_page_may_not_show_everything_while_a_fact_waits(premises, towns, service, page, waits):
    """Its readers have parked a fact; intake hears nobody."""
    town = towns[0]

    shown = premises.browser(service, Role.MANAGER, town.slug).get(f"/{town.slug}/{page}")

    assert shown.status_code == 200
    assert (WORDS in shown.text.replace("&#39;", "'")) is waits
