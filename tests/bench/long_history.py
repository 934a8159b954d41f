"""Ten years of the largest company, as whoever looks at them meets them: the figures of a year, now
and as known on a past day, the explanation that takes longest, the page of its contract; and ten
years of an average one, looked at for the first time.
"""

import json
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from uuid import UUID

import httpx
import uvicorn
from made_up_log import FIRST_YEAR, Log, leases, money
from measuring import show_seconds, timed

from services.chassis.accounts import ensure_accounts
from services.chassis.caller import Caller
from services.chassis.identity import mint_token
from services.chassis.position_rule import Delivery
from services.embedded.composition import Home
from services.embedded.ports import free_ports
from services.embedded.waiting import wait_until
from services.reporting.__main__ import build
from services.reporting.figures import figures, known_on, period_of
from services.reporting.indicators.register import indicators
from services.reporting.rebuilding import gather
from services.reporting.service import Reporting

FIGURES_S, PAST_S, EXPLAIN_S, PAGE_S = 1.0, 1.5, 0.3, 0.15
YEARS = 10
YEAR = FIRST_YEAR + YEARS - 1
READS = 5


def long_history(home: Home, slug: str, facts: int) -> None:
    """`facts`: about how many, of ten years of one company that has nothing yet."""
    with at_work(home, slug) as (reporting, browser):
        intake = Log("intake", slug)
        count = fill(reporting, intake, facts)
        figures_of_a_year(reporting, count)
        contract_page(reporting, browser, intake)
        slowest_explanation(reporting, browser)


def average_history(home: Home, slug: str, facts: int) -> None:
    """The explanation that takes longest, opened for the first time from the page of its year."""
    with at_work(home, slug) as (reporting, browser):
        count = fill(reporting, Log("intake", slug), facts)
        looked_at(browser, f"years/{YEAR}")
        slowest, first, _ = slowest_look(browser)
        show_seconds(
            "explain any figure, a first look", first, EXPLAIN_S, f"{slowest}; {count} facts"
        )


@contextmanager
def at_work(home: Home, slug: str) -> Iterator[tuple[Reporting, httpx.Client]]:
    """A worker of reporting that owns this company alone, and an auditor's browser before it."""
    ensure_accounts(home.folder, home.register())
    (port,) = free_ports(1)
    app = build(home.settings("reporting", port=port))
    worker = app.state.frame.host
    claim = worker.ownership.claim
    worker.ownership.claim = lambda _: claim({slug: worker.register[slug]})
    # Another worker may live on the same servers: the company belongs here all the same.
    worker.ownership._wanted = lambda _, companies: companies

    def is_served() -> bool:
        worker._claim()  # the host before it may only now be gone
        return bool(worker.serves(slug))

    assert wait_until(is_served, 60)
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_config=None, access_log=False, lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    token = mint_token(home.folder, f"auditor.{slug}")
    headers = {"authorization": f"Bearer {token}", "accept": "text/html"}
    try:
        assert wait_until(lambda: server.started, 60)
        address = f"http://127.0.0.1:{port}/{slug}/"
        with httpx.Client(base_url=address, headers=headers) as browser:
            yield worker.service(slug), browser
    finally:
        server.should_exit = True
        thread.join()
        worker.stop()


def fill(reporting: Reporting, intake: Log, facts: int) -> int:
    """Every lease charged, paid and allocated, month after month; how many facts that makes."""
    accounts, slug = facts // 345, reporting.company.slug
    for publisher, log in (
        ("intake", leases(intake, accounts)),
        ("arrears", money(Log("arrears", slug), accounts, 12 * YEARS)),
    ):
        numbered = ([Delivery(n, content)] for n, content in enumerate(log))
        for batch in gather(numbered):
            reporting.ingestion.take(publisher, batch)
    return sum(reporting.store.positions().values())


def figures_of_a_year(reporting: Reporting, count: int) -> None:
    """Reckoned afresh each time, never taken from what was reckoned before."""
    now = datetime.now(UTC)
    with reporting.store.read() as cursor:
        for what, asked, limit in (
            ("all figures of a year", f"{YEAR}-12-31", FIGURES_S),
            ("  as known on a past day", f"{YEAR}-06-30", PAST_S),
        ):
            known = known_on(asked, now)
            period = period_of(YEAR, known)
            figures(cursor, indicators(), period, known)
            seconds = timed(lambda p=period, k=known: figures(cursor, indicators(), p, k))
            show_seconds(what, seconds, limit, f"{count} facts")


def slowest_explanation(reporting: Reporting, browser: httpx.Client) -> None:
    """Each figure's page with its months, years and parts: the longest that one takes when it is
    looked at again; the longest first look, and the same with every fact, as a program gets it.
    """
    slowest, first, again = slowest_look(browser)
    whole = timed(lambda: reporting.explain(slowest, YEAR))
    note = f"{slowest}; {first:.3f} s at the first look; all its facts {whole:.3f} s"
    show_seconds("  explain any figure", again, EXPLAIN_S, note)


def slowest_look(browser: httpx.Client) -> tuple[str, float, float]:
    """Which figure's page takes longest at the first look, and how long; and the longest again."""
    looks = {identity: looked_at(browser, f"years/{YEAR}/{identity}") for identity in indicators()}
    slowest = max(looks, key=lambda identity: looks[identity][0])
    return slowest, looks[slowest][0], max(again for _, again in looks.values())


def looked_at(browser: httpx.Client, page: str) -> tuple[float, float]:
    """Seconds of the first look at a page, and of most that follow."""

    def look() -> None:
        answer = browser.get(page, timeout=600)
        assert answer.status_code == 200, answer.text

    return timed(look), statistics.median(timed(look) for _ in range(READS))


def contract_page(reporting: Reporting, browser: httpx.Client, intake: Log) -> None:
    """Every figure an objective, five years of it: the first look, with nothing reckoned, and the
    first after a fact that came and a quiet moment, apart.
    """
    first_year = YEAR - 4
    by_year = {first_year + n: {"at_most": 10} for n in range(5)}
    objectives = [
        {"theme": "finances", "indicator": i, "direction": "at-most", "by_year": by_year}
        for i in indicators()
    ]
    contract = {
        "contract": first_year,
        "baseline_year": first_year - 1,
        "objectives": objectives,
    }
    reporting.contracts.adopt_document(Caller("bench"), json.dumps(contract))
    first, again = looked_at(browser, f"contracts/{first_year}")
    note = f"{len(objectives)} objectives; {first:.3f} s with nothing reckoned yet"
    show_seconds("  page of a contract", again, PAGE_S, note)
    day = date(YEAR, 12, 31)
    fact = intake.write("day-closed", UUID(int=0), day, f'"day":"{day}"')
    reporting.ingestion.take("intake", [Delivery(intake.position - 1, fact)])
    for _ in range(2):
        reporting.ahead.look()
    reporting.ahead.stop()
    after_quiet, _ = looked_at(browser, f"contracts/{first_year}")
    show_seconds("  the same after a quiet moment", after_quiet, PAGE_S, "with a fact that is new")
