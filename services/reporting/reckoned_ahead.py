"""What took long to reckon is reckoned again before anybody asks, once new facts have come.

What was asked for of the facts as they are now is remembered for a day. When facts have come since
and no more follow, it is reckoned from them, so that whoever looks next finds it. While facts keep
coming nothing is reckoned ahead, and whoever looks waits.
"""

import threading
from typing import TYPE_CHECKING

from services.chassis.refusal import Refusal
from services.reporting.figures import known_on

if TYPE_CHECKING:
    from services.reporting.service import Reporting


class ReckonedAhead:
    """Of the company that `reporting` works for; `look` at each tick."""

    def __init__(self, reporting: "Reporting") -> None:
        self.reporting = reporting
        self._thread: threading.Thread | None = None
        self._seen: dict[str, int] = {}
        self.reckoned_from: dict[str, int] = {}

    def look(self) -> None:
        """Begin, where facts have come since and none in the time of a tick."""
        positions = self.reporting.store.positions()
        is_quiet, self._seen = positions == self._seen, positions
        under_way = self._thread is not None and self._thread.is_alive()
        if is_quiet and positions != self.reckoned_from and not under_way:
            self.reckoned_from = positions
            if self.reporting.reckoned.asked_lately():
                self._thread = threading.Thread(target=self._reckon, name="ahead", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Wait until what is under way has ended."""
        if self._thread is not None:
            self._thread.join()

    def _reckon(self) -> None:
        known = known_on(None, self.reporting.now())
        reckoned = self.reporting.reckoned
        try:
            for ask in reckoned.asked_lately():
                with self.reporting.store.read() as cursor:
                    reckoned.reckon(cursor, ask.on(known.last_seen), known)
        except Refusal:
            return  # the company moves, or other views serve: they begin with nothing reckoned
