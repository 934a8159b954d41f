"""One process of one service: its pool, its companies, and what works for them."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from services.chassis.companies import Company, Register, RegisterFile
from services.chassis.datastore import open_pool
from services.chassis.facts import read_head
from services.chassis.inbox import Inbox
from services.chassis.keyring import Keyring
from services.chassis.log import warn
from services.chassis.ownership import Ownership
from services.chassis.receiving import Receiver
from services.chassis.relay import Relay
from services.chassis.service import Service
from services.chassis.settings import Settings

logger = logging.getLogger("referent.host")


class Host:
    """Holds a service at work: `service(slug)` for commands, threads for relay, inbox, timers.

    `consumes` names the publishers whose topics are read. `start` begins the worker's part;
    a host that is not started can still answer commands (a `web` process). `failing` says of a
    company what is tried again and again in vain.
    """

    def __init__(
        self,
        settings: Settings,
        kind: type[Service],
        consumes: tuple[str, ...] = (),
        receiver: Callable[[Any], Any] = Receiver,
    ) -> None:
        self.settings = settings
        self.kind = kind
        self.consumes = consumes
        self.receiver = receiver
        self.pool = open_pool(settings.database_url, settings.pool_connections_max)
        self.keyring = Keyring(settings.keyring_url, settings.secrets, settings.service)
        self.ownership = Ownership(settings.database_url, settings.service)
        self.relay = Relay(self)
        self.inbox = Inbox(self)
        self.stopping = threading.Event()
        self.tick_wanted = threading.Event()
        self._services: dict[str, Service] = {}
        self._making = threading.Lock()
        self._owned: frozenset[str] = frozenset()
        self._progress = threading.Condition()
        self.awaited = threading.Event()
        self._timer = threading.Thread(target=self._tick_forever, name="timer", daemon=True)
        self.register_file = RegisterFile(settings.companies_file)
        self.register = Register()
        self.failing: dict[str, str] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read the register again; only provisioned companies are served."""
        with self.pool.connection() as connection:
            rows = connection.execute("SELECT company FROM public.news").fetchall()
        provisioned = {row["company"] for row in rows}
        register = self.register_file.read()
        self.register = Register(
            {slug: c for slug, c in register.companies.items() if slug in provisioned}
        )

    def service(self, slug: str) -> Any:
        """The service at work for a company. Errors: UnknownCompany."""
        company = self.registered(slug)
        with self._making:
            if slug not in self._services or self._services[slug].company != company:
                before = self._services.pop(slug, None)
                if before is not None:
                    before.close()
                self._services[slug] = self.kind(company, self.pool, self.keyring)
            return self._services[slug]

    def company(self, slug: str) -> Company:
        """The company that a request is about. Errors: UnknownCompany."""
        return self.registered(slug)

    def registered(self, slug: str) -> Company:
        if slug not in self.register.companies:
            self.refresh()
        return self.register[slug]

    def owned(self) -> frozenset[str]:
        """What is worked on: a company that left the register stays locked, and is let be."""
        return self._owned & frozenset(self.register.companies)

    def consumed(self, slug: str) -> tuple[str, ...]:
        """The publishers of which this process knows how far they were read."""
        return self.consumes

    def start(self, wait_s: float = 10.0) -> None:
        """Begin to relay, receive and tick; waits until the log was compared with the topics."""
        self._claim()
        self.relay.start()
        self.relay.compared.wait(wait_s)
        if self.consumes:
            self.inbox.start()
        self._timer.start()

    def stop(self) -> None:
        self.stopping.set()
        self.tick_wanted.set()
        self.inbox.stopping.set()  # it ends its poll while the relay ends
        self.relay.stop()
        self.inbox.stop()
        if self._timer.is_alive():
            self._timer.join(timeout=20)
        for service in self._services.values():
            service.close()
        self.ownership.close()
        self.keyring.close()
        self.pool.close()

    def _claim(self) -> None:
        self._owned = self.ownership.claim(self.register.companies)

    def _tick_forever(self) -> None:
        while not self.stopping.is_set():
            self.tick_wanted.wait(self.settings.sweep_s)
            self.tick_wanted.clear()
            if self.stopping.is_set():
                return
            try:
                self.refresh()
                self._claim()
            except psycopg.OperationalError:
                warn(logger, "database cannot be reached")
                continue
            except Exception:
                # The timer outlives whatever it meets: without it no day is ever closed.
                logger.warning("timer", exc_info=True)
                continue
            for slug in sorted(self.owned()):
                self.tick(slug)

    def tick(self, slug: str) -> None:
        """What time makes this service do for one company; a failure does not stop the others."""
        try:
            service = self.service(slug)
            if service.company.demonstration and read_head(service.datastore)["shown_at"] is None:
                # Its simulated time has not begun: what is recorded now would be known today.
                return
            service.tick()
            self.failing.pop(slug, None)
        except Exception as error:
            self.failing[slug] = f"what time brings could not be done ({type(error).__name__})"
            logger.warning("tick failed", exc_info=True, extra={"facts": {"company": slug}})

    def made_progress(self) -> None:
        with self._progress:
            self._progress.notify_all()

    def wait_until(self, done: Callable[[], bool], timeout_s: float) -> bool:
        """Wait for relay or inbox to make `done` true; False when time is up."""
        deadline = time.monotonic() + timeout_s
        with self._progress:
            while not (happened := done()) and (left := deadline - time.monotonic()) > 0:
                self.awaited.set()
                self._progress.wait(min(left, 0.5))
        return happened
