"""One process of reporting: it holds the files of the companies that it owns, and no others."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from kafka.errors import KafkaError

from services.chassis.companies import Company
from services.chassis.host import Host
from services.chassis.log import say, warn
from services.chassis.settings import Settings
from services.reporting.bulk_reading import read_in_bulk
from services.reporting.ingestion import ReportingReceiver
from services.reporting.rebuilding import gather
from services.reporting.service import Reporting
from services.reporting.shape import HEARD
from services.reporting.workers.locks import SharedOwnership
from services.reporting.workers.moving import CompanyIsMoving, moving

logger = logging.getLogger("referent.reporting")
LOOK_S = 0.5
"""How often a worker looks who lives and who owns what: two small queries."""
TAKING_MAX = 2


def folder_of(settings: Settings) -> Path:
    """Where a worker keeps its files: on one machine, each that has a port of its own has a folder
    of its own beside the first one's.
    """
    first = int(settings.links["reporting"].rsplit(":", 1)[1]) if settings.links else 0
    number = settings.port - first
    return settings.home / (f"reporting-{number + 1}" if first and number > 0 else "reporting")


class Worker(Host):
    """A host whose companies are shared out among all workers that live.

    Owned is a company whose lock is held, whose file is open and has what the topics had when it
    was taken up: from then on it is served, and not before.
    """

    ownership: SharedOwnership

    def __init__(self, settings: Settings) -> None:
        Reporting.folder = folder_of(settings)
        Reporting.bootstrap_servers = settings.kafka_bootstrap_servers
        super().__init__(settings, Reporting, HEARD, ReportingReceiver)
        self.ownership = SharedOwnership(
            settings.database_url, settings.service, f"{settings.host}:{settings.port}"
        )
        self._held: dict[str, int] = {}
        self._unknown: frozenset[str] = frozenset()
        self._changing = threading.RLock()
        self._taking = ThreadPoolExecutor(TAKING_MAX, "taking-up")
        self._sharing = threading.Thread(target=self._share_forever, name="sharing", daemon=True)

    def service(self, slug: str) -> Any:
        reporting = super().service(slug)
        reporting.may_hold = partial(self._may_hold, slug)
        return reporting

    def _may_hold(self, slug: str) -> bool:
        # Being let go of, its lock is held until its file is closed, and nobody opens it again.
        return slug in self._held and self.ownership.holds(slug)

    def company(self, slug: str) -> Company:
        """Errors: UnknownCompany; CompanyIsMoving where this worker does not serve it."""
        company = super().company(slug)
        if not self.serves(slug) or not self.ownership.holds(slug):
            raise moving()
        return company

    def serves(self, slug: str) -> bool:
        return slug in self._owned

    def consumed(self, slug: str) -> tuple[str, ...]:
        return self.consumes if self.serves(slug) else ()

    def start(self, wait_s: float = 10.0) -> None:
        """Begin, and wait until what this worker is to own is served."""
        super().start(wait_s)
        self._sharing.start()
        self.wait_until(self._has_its_share, wait_s)

    def _has_its_share(self) -> bool:
        with self._changing:
            return self.ownership.share <= self._owned and not self.ownership.too_many

    def stop(self) -> None:
        self.stopping.set()
        # First of all: whoever takes over needs the files, and the rest may wait for a database.
        for reporting in list(self._services.values()):
            reporting.close()
        if self._sharing.is_alive():
            self._sharing.join(timeout=20)
        self._taking.shutdown(cancel_futures=True)
        super().stop()

    def _share_forever(self) -> None:
        while not self.stopping.is_set():
            if not self.ownership.watch(LOOK_S):
                self.stopping.wait(LOOK_S)
            try:
                self._claim()
            except Exception:
                # It outlives whatever it meets: without it no company is ever taken or given up.
                logger.warning("sharing", exc_info=True)

    def _claim(self) -> None:
        """Take what belongs here and nobody holds; let go of what was lost or belongs elsewhere."""
        with self._changing:
            held = self.ownership.claim(self.register.companies)
            if self.ownership.known - self.register.companies.keys() - self._unknown:
                self._look_for_new_ones()
            session = self.ownership.session
            lost = {slug for slug, of in self._held.items() if slug not in held or of != session}
            leaving = lost | (self._held.keys() & self.ownership.too_many)
            for slug in sorted(leaving):
                self._let_go(slug, lost=slug in lost)
            self.ownership.release(self.ownership.too_many)
            for slug in sorted(held - self._held.keys() - self.ownership.too_many):
                self._held[slug] = session
                self._taking.submit(self._take_up, slug, session)

    def _look_for_new_ones(self) -> None:
        """Once for each: a company that was taken out of the register stays in the database."""
        self.refresh()
        self._unknown = self.ownership.known - self.register.companies.keys()

    def _let_go(self, slug: str, *, lost: bool) -> None:
        self._held.pop(slug, None)
        self._owned -= {slug}
        with self._making:
            reporting = self._services.pop(slug, None)
        if reporting is not None:
            reporting.close()
        self.failing.pop(slug, None)
        say(logger, "company lost" if lost else "company given up", company=slug)

    def _take_up(self, slug: str, session: int) -> None:
        try:
            self._catch_up(self.service(slug))
        except CompanyIsMoving:
            return
        except psycopg.Error as error:
            warn(logger, "company is not taken up", company=slug, because=type(error).__name__)
        except Exception as error:
            self.failing[slug] = f"its views cannot be opened ({type(error).__name__})"
            logger.warning("taking up", exc_info=True)
        with self._changing:
            if self._held.get(slug) == session:
                self._owned |= {slug}
                say(logger, "company taken up", company=slug)
        self.made_progress()

    def _catch_up(self, reporting: Reporting) -> None:
        """Read what the topics have and the file has not: nobody is shown less than before."""
        try:
            for publisher in HEARD:
                start = reporting.store.standing(publisher).next_offset
                topic = reporting.company.topic(publisher)
                kafka = self.settings.kafka_bootstrap_servers
                for batch in gather(read_in_bulk(kafka, topic, start)):
                    if reporting.ingestion.take(publisher, batch).held:
                        break
        except (KafkaError, TimeoutError) as error:
            # What the file has is served, with its lag, as while Kafka is away.
            warn(logger, "topics cannot be read yet", because=type(error).__name__)
