"""Two companies that really hold things, behind all five applications.

Once they have settled, nothing works in the background any more, so that a test sees only what it
does itself.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.chassis.accounts import Role, ensure_accounts
from services.chassis.settings import SERVICES, Settings
from services.embedded.composition import Home

sys.path.insert(0, str(Path(__file__).parent))
from premises import (
    ACCOUNT,
    BUILDS,
    FIRST,
    LINKS,
    RENTS,
    TODAY,
    Premises,
    Town,
    act_on_arrears,
    claim_only,
    done,
    learn_what_is_its_own,
    park,
    sign_and_charge,
    sign_the_return,
    take_the_bank_file,
    visit,
)


@pytest.fixture(scope="session")
def premises(
    home: Home, new_company: Callable[..., str], settings_for: Callable[[str], Settings]
) -> Iterator[Premises]:
    """All five applications, at work for no company yet."""
    apps = {}
    for name, build in BUILDS.items():
        settings = settings_for(name if name != "front" else "intake")
        apps[name] = build(replace(settings, service=name, links=LINKS))
    yield Premises(home, apps)
    for app in apps.values():
        app.state.frame.host.stop()


@pytest.fixture(scope="session")
def four_towns(
    premises: Premises, new_company: Callable[..., str], at_day: Callable[..., None]
) -> tuple[Town, ...]:
    """Companies with everything that a company can hold."""
    more = f'limits = {{ upload_mb = 1 }}\nbank_accounts = ["{ACCOUNT}"]'
    found = tuple(Town(new_company(FIRST, more), word, cents) for word, cents in RENTS.items())
    ensure_accounts(premises.home.folder, premises.home.register())
    slugs = frozenset(town.slug for town in found)
    hosts = [premises.apps[name].state.frame.host for name in SERVICES]
    for host in hosts:
        host.refresh()
        claim_only(host.ownership, slugs)
        host.start()
    for town in found:
        sign_and_charge(premises, town)
    for town in found:
        premises.settle(town.slug)
        at_day(town.slug, TODAY)
        operator = premises.program("reporting", Role.OPERATOR, town.slug)
        done(operator.put(f"/api/{town.slug}/clock", json={"shown_at": f"{TODAY}T09:00:00+02:00"}))
        take_the_bank_file(premises, town)
        act_on_arrears(premises, town)
        premises.settle(town.slug)
        visit(premises, town)
        premises.settle(town.slug)
        sign_the_return(premises, town)
    for host in hosts:
        host.stopping.set()
        host.tick_wanted.set()
        host._timer.join()
    for town in found:
        premises.settle(town.slug)
    for host in hosts:
        host.inbox.stop()
        host.relay.stop()
    for town in found:
        park(premises, town)
        learn_what_is_its_own(premises, town)
        town.ids["year"], town.ids["version"] = "2023", "1"
    return found


@pytest.fixture(scope="session")
def towns(four_towns: tuple[Town, ...]) -> tuple[Town, Town]:
    """Two companies that tests look at and leave as they are."""
    return four_towns[0], four_towns[1]


@pytest.fixture(scope="session")
def battered(four_towns: tuple[Town, ...]) -> Town:
    """A company that anything may be done to, with what is left of it."""
    return four_towns[2]


@pytest.fixture(scope="session")
def working(four_towns: tuple[Town, ...]) -> Town:
    """A company in which tests act, each on a record of its own."""
    return four_towns[3]


@pytest.fixture
def town(premises, towns):
    """A company that is as it was afterwards, to the last fact and file, and still served."""
    mine, _ = towns

    def held():
        files = []
        for name in ("intake", "arrears"):
            with premises.service(name, mine.slug).datastore.reading() as rows:
                files += rows.execute("SELECT * FROM import_file ORDER BY sha256").fetchall()
        return premises.heads(mine.slug), files

    before = held()
    yield mine
    assert held() == before
    for name in BUILDS:
        assert premises.client(name).get("/health/ready").status_code == 200
