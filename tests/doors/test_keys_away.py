"""The key database away: names cannot be shown, nothing is recorded in clear, the rest goes on."""

from dataclasses import replace

import pytest
from premises import BUILDS, LINKS, Premises

from services.chassis.accounts import Role
from services.chassis.keyring import UNAVAILABLE

NOWHERE = "postgresql://nobody@127.0.0.1:1/keyring?connect_timeout=1"
LEASE = {
    "reference": "L-keyless",
    "start_on": "2024-04-01",
    "rent_cents": 1,
    "charges_cents": 1,
    "leaseholders": [{"name": "Zoé Enclair"}],
}


@pytest.fixture(scope="module")
def keyless(premises, working):
    """The services for the same companies, without a way to the keys."""
    apps = {}
    for service in ("intake", "followup", "arrears"):
        settings = premises.apps[service].state.frame.host.settings
        apps[service] = BUILDS[service](replace(settings, keyring_url=NOWHERE, links=LINKS))
    yield Premises(premises.home, premises.apps | apps)
    for app in apps.values():
        app.state.frame.host.stop()


@pytest.mark.parametrize(
    ("service", "role", "page"),
    [
        ("intake", Role.INTAKE_OFFICER, "leases/{lease_1}"),
        ("intake", Role.INTAKE_OFFICER, "leases?q=L-"),
        ("followup", Role.SUPPORT_OFFICER, "households/{household_id}"),
        ("followup", Role.SUPPORT_OFFICER, "visits-this-week"),
        ("arrears", Role.ARREARS_OFFICER, "unmatched-payments"),
    ],
)
def test_a_page_shows_what_it_has_without_the_names(
    keyless, premises, working, service, role, page
):
    path = f"/{working.slug}/{page.format_map(working.ids)}"
    with_keys = premises.browser(service, role, working.slug).get(path)

    answer = keyless.browser(service, role, working.slug).get(path)

    assert answer.status_code == with_keys.status_code == 200
    assert UNAVAILABLE in answer.text
    assert UNAVAILABLE not in with_keys.text
    assert f"e {working.word}" not in answer.text.replace(f"Officer {working.word}", "")


def test_what_must_be_sealed_is_refused_and_nothing_of_it_is_recorded(keyless, working):
    before = keyless.heads(working.slug)
    body = LEASE | {"dwelling_reference": f"D-{working.word}-7"}
    program = keyless.program("intake", Role.INTAKE_OFFICER, working.slug)

    answer = program.post(f"/api/{working.slug}/leases", json=body)

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/name-unavailable"
    assert "rien n'a été enregistré" in answer.json()["detail"]
    assert keyless.heads(working.slug) == before


def test_what_needs_no_name_goes_on(keyless, working):
    path = f"/api/{working.slug}/leases/{working.ids['lease_3']}/welcome-meeting"
    program = keyless.program("intake", Role.INTAKE_OFFICER, working.slug)

    assert program.post(path, json={"held_on": "2024-03-05"}).status_code == 201
