"""One process of the campaign: relays and receives for one company.

Until its parent, a fail-point or a signal ends it. Ownership is left out on purpose: two workers
at once must be exact.
"""

from multiprocessing.connection import Connection

from tally import Tally
from wrong import RECEIVERS, RELAYS

from services.chassis import relay as relaying
from services.chassis.host import Host
from services.chassis.receiving import Receiver
from services.chassis.relay import Relay
from services.embedded.composition import Home
from services.intake.service import Intake
from services.reporting import fact_store, ingestion
from services.reporting.ingestion import ReportingReceiver
from services.reporting.service import Reporting

KINDS = {
    "intake": (Intake, ()),
    "followup": (Tally, ("intake",)),
    "reporting": (Reporting, ("intake",)),
}


class Unowned(Host):
    """A host that believes it owns the company, whoever else does."""

    company_slug = ""

    def _claim(self) -> None:
        self._owned = frozenset({self.company_slug})


def work(there: Connection, home: Home, service: str, slug: str, wrong: str) -> None:
    """Send a word when at work, and go on until nobody is there to hear another."""
    Unowned.company_slug = slug
    settings = home.settings(service, pool_connections_max=6, sweep_s=0.3)
    relaying.PAGE = 50
    fact_store.KEPT_MAX, ingestion.FEW = 20, 4
    Reporting.folder = home.folder / "reporting"
    kind, consumes = KINDS[service]
    receiver = ReportingReceiver if service == "reporting" else Receiver
    host = Unowned(settings, kind, consumes, RECEIVERS.get(wrong, receiver))
    host.relay = RELAYS.get(wrong, Relay)(host)
    host.start()
    there.send("at work")
    there.poll(None)
    host.stop()
