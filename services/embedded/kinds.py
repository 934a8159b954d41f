"""What each service does: imported where one is at work in the process that asks."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.arrears.service import Arrears
from services.chassis.companies import Company
from services.chassis.datastore import open_pool
from services.chassis.keyring import Keyring
from services.chassis.service import Service
from services.embedded.composition import Home
from services.followup.service import Followup
from services.intake.service import Intake
from services.reporting.service import Reporting

KINDS: dict[str, type[Service]] = {
    "intake": Intake,
    "followup": Followup,
    "arrears": Arrears,
    "reporting": Reporting,
}


@contextmanager
def service_for_mending(home: Home, company: Company, name: str) -> Iterator[Service]:
    """A service for one company, outside any host: nothing relays or receives."""
    Reporting.folder = home.folder / "reporting"
    pool = open_pool(home.url(name, name), 2)
    keyring = Keyring(home.url("keyring", name), home.folder / "secrets", name)
    try:
        service = KINDS[name](company, pool, keyring)
        yield service
        service.close()
    finally:
        keyring.close()
        pool.close()
