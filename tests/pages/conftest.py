"""One browser for the folder, the five applications at work, and companies that hold things."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from services.chassis.accounts import Role, ensure_accounts
from services.chassis.settings import SERVICES, Settings
from services.embedded.composition import Home

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.with_name("doors"))]
from premises import (
    ACCOUNT,
    FIRST,
    TODAY,
    Premises,
    Town,
    act_on_arrears,
    claim_only,
    done,
    learn_what_is_its_own,
    sign_and_charge,
    sign_the_return,
    take_the_bank_file,
    visit,
)
from serving import street
from visitor import Tabs, Visitor

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program, "the page tests need Chromium on the PATH (tests/browser.sh says how)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def premises(home: Home, settings_for: Callable[[str], Settings]) -> Iterator[Premises]:
    with street(home, settings_for) as found:
        yield found


@pytest.fixture(scope="session")
def towns(
    premises: Premises, new_company: Callable[..., str], at_day: Callable[..., None]
) -> tuple[Town, ...]:
    """A company to look at, one to act in, two that hold nothing; relays and inboxes run."""
    more = f'limits = {{ upload_mb = 1 }}\nbank_accounts = ["{ACCOUNT}"]'
    shown, worked = (
        Town(new_company(FIRST, more), word, cents)
        for word, cents in (("Vandersteen", 143_117), ("Delvaux", 65_823))
    )
    empty, unlooked = (Town(new_company(TODAY), "Vide", 0) for _ in range(2))
    ensure_accounts(premises.home.folder, premises.home.register())
    slugs = frozenset(town.slug for town in (shown, worked, empty, unlooked))
    for name in SERVICES:
        host = premises.apps[name].state.frame.host
        host.refresh()
        claim_only(host.ownership, slugs)
        host.start()
    for town in (shown, worked, empty):
        operator = premises.program("reporting", Role.OPERATOR, town.slug)
        done(operator.put(f"/api/{town.slug}/clock", json={"shown_at": f"{TODAY}T09:00:00+02:00"}))
    for town in (shown, worked):
        sign_and_charge(premises, town)
        premises.settle(town.slug)
        at_day(town.slug, TODAY)
        take_the_bank_file(premises, town)
        act_on_arrears(premises, town)
        premises.settle(town.slug)
        visit(premises, town)
        premises.settle(town.slug)
        sign_the_return(premises, town)
        learn_what_is_its_own(premises, town)
    premises.settle(empty.slug)
    return shown, worked, empty, unlooked


@pytest.fixture(scope="session")
def shown(towns: tuple[Town, ...]) -> Town:
    """A company that tests look at and leave as it is."""
    return towns[0]


@pytest.fixture(scope="session")
def worked(towns: tuple[Town, ...]) -> Town:
    """A company in which journeys act, each on records of its own."""
    return towns[1]


@pytest.fixture(scope="session")
def empty(towns: tuple[Town, ...]) -> Town:
    return towns[2]


@pytest.fixture(scope="session")
def unlooked(towns: tuple[Town, ...]) -> Town:
    """One that holds nothing, whose clock a test of reporting moves."""
    return towns[3]


@pytest.fixture(scope="session")
def tabs(chromium: Browser) -> Tabs:
    return Tabs(chromium)


@pytest.fixture
def visitor(tabs: Tabs, premises: Premises) -> Iterator[Callable[..., Visitor]]:
    """Lets somebody in: `visitor(Role.MANAGER, slug)`, signed in; `scripts=True` with scripts."""
    made: list[Visitor] = []

    def let_in(role: Role | None, slug: str, *, scripts: bool = False) -> Visitor:
        made.append(Visitor(tabs, premises, role, slug, scripts=scripts))
        return made[-1]

    yield let_in
    for one in made:
        one.leave()
