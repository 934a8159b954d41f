"""After an upgrade: views that another version made are made anew in the background, unasked.

The old ones serve meanwhile, and say so. What is interrupted leaves them as they are and is begun
again at the next tick.
"""

import logging
import threading
from typing import TYPE_CHECKING

from kafka.errors import KafkaError

from services.chassis.log import say, warn
from services.chassis.refusal import Refusal
from services.reporting.rebuilding import FromKafka, rebuild

if TYPE_CHECKING:
    from services.reporting.service import Reporting

logger = logging.getLogger("referent.reporting")


class Renewal:
    """Of the views of the company that `reporting` works for."""

    def __init__(self, reporting: "Reporting", bootstrap_servers: str) -> None:
        self.reporting = reporting
        self.bootstrap_servers = bootstrap_servers
        self._thread: threading.Thread | None = None

    def look(self) -> None:
        """Begin, where it is needed and not under way."""
        under_way = self._thread is not None and self._thread.is_alive()
        if self.bootstrap_servers and self.reporting.store.is_outdated and not under_way:
            self._thread = threading.Thread(target=self._renew, name="renewal", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._thread.join(timeout=20)

    def _renew(self) -> None:
        source = FromKafka(self.bootstrap_servers, self.reporting)
        company = self.reporting.company.slug
        try:
            answer = rebuild(self.reporting, source, by_log=False)
        except (Refusal, KafkaError, TimeoutError) as error:
            warn(logger, "views wait to be made anew", company=company, because=str(error))
            return
        same = answer["identical_to_previous"]
        say(logger, "views were made anew", company=company, facts=answer["facts"], same=same)
