"""Whether ten times as much takes ten times as long: longer histories, more companies."""

import resource
from collections.abc import Sequence

from measuring import host_of, timed
from reading import publish

from services.embedded.composition import Home
from services.reporting.ingestion import ReportingReceiver
from services.reporting.rebuilding import FromKafka, rebuild
from services.reporting.service import Reporting
from services.reporting.shape import HEARD

LINEAR = 0.8
FACTS_EACH = 10_000


def slugs_of(companies: int) -> list[str]:
    return [f"many-{number}" for number in range(companies)]


def companies_rebuilt(home: Home, companies: Sequence[int]) -> list[float]:
    """Facts a second, of the views of so many companies, one after the other in one process."""
    host = host_of(home, "reporting", Reporting, HEARD, ReportingReceiver)
    held = [host.service(slug) for slug in slugs_of(max(companies))]
    for reporting in held:
        publish(home, reporting.company, FACTS_EACH)

    def rebuild_first(count: int) -> None:
        for reporting in held[:count]:
            source = FromKafka(home.kafka_bootstrap_servers, reporting)
            rebuild(reporting, source, by_log=False)

    rebuild_first(1)
    rates = [FACTS_EACH * n / timed(lambda n=n: rebuild_first(n)) for n in companies]
    host.stop()
    return rates


def show_linear(what: str, sizes: Sequence[int], rates: Sequence[float]) -> None:
    """Each rate beside that of the least; below 0.8 a fact costs more where there is more."""
    for size, rate in zip(sizes, rates, strict=True):
        ratio = rate / rates[0]
        verdict = "" if ratio >= LINEAR else f"  BELOW {LINEAR}"
        told = f"{rate:9.0f}/s   of the least {ratio:6.2f}{verdict}"
        print(f"{f'rebuild, {size} {what}':<34} {told}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'  memory at its peak':<34} {peak:9.0f} MB")
