"""One process of the campaign: `worker.py HOME ADMIN_URL KAFKA SERVICE COMPANY [WRONG]`.

Relays and receives for one company until its standard input closes, or until a fail-point, a
signal or the campaign ends it. Ownership is left out on purpose: two workers at once must be exact.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

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


def main() -> None:
    folder, admin_url, kafka, service, Unowned.company_slug, *wrong = sys.argv[1:]
    home = Home(Path(folder), admin_url, kafka)
    settings = home.settings(service, pool_connections_max=6, sweep_s=0.3)
    relaying.PAGE = 50
    fact_store.KEPT_MAX, ingestion.FEW = 20, 4
    Reporting.folder = home.folder / "reporting"
    kind, consumes = KINDS[service]
    receiver = ReportingReceiver if service == "reporting" else Receiver
    host = Unowned(settings, kind, consumes, RECEIVERS.get(wrong[0] if wrong else "", receiver))
    host.relay = RELAYS.get(wrong[0] if wrong else "", Relay)(host)
    host.start()
    print("ready", flush=True)
    sys.stdin.read()
    host.stop()


main()
