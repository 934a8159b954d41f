"""The clocks of a demonstration: one a service, moved on when each has heard what came before."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

from services.chassis.clock import moment_on
from services.embedded.client import LISTENING_ORDER, Client

FIRST, THEN, LISTENING, LAST = LISTENING_ORDER
"""The mornings of the first bring nothing that the others react to; of the last nobody hears."""
HEARD_IN_S = 120.0
"""The first morning of a large company is some ten thousand facts; no service waits longer."""

Heads = dict[str, int]


class Clocks:
    """Of one company. Whoever need not wait for another moves beside it: the first two where the
    first did nothing since, and whoever hears them while they begin their next day. The last one,
    whom nobody waits for, passes as many nights at once as there were while it was busy.
    """

    def __init__(self, client: Client, slug: str) -> None:
        self.client = client
        self.slug = slug
        self._beside = ThreadPoolExecutor(max_workers=1)
        self._behind = ThreadPoolExecutor(max_workers=1)
        self._at_the_end = ThreadPoolExecutor(max_workers=1)
        self._listening: Future[Heads] | None = None
        self._last: Future[Heads] | None = None
        self._heads: Heads = {}
        self._first_acted = True
        self._heard = False

    def set(self, day: date, *, running: bool = False) -> None:
        """Let it be 08:00 wherever everything was heard: a reaction is recorded at its cause's
        time, so that one clock may move before the next.
        """
        clock = {"shown_at": moment_on(day, 8).isoformat(), "running": running}
        first = self._beside.submit(self._wait, [FIRST], clock)
        known = first.result() if self._first_acted else self._heads
        heads = self._wait([THEN], clock, known) | first.result()
        self._wait_for(self._listening)
        listening = self._behind.submit(self._wait, [LISTENING], clock, heads)
        if running or self._last is None or self._last.done():
            self._wait_for(self._last)
            self._last = self._at_the_end.submit(
                lambda: self._wait([LAST], clock, listening.result())
            )
        self._listening = listening
        self._heads, self._first_acted, self._heard = heads, False, False

    def _wait(
        self, services: Sequence[str], clock: dict[str, Any] | None, before: Heads | None = None
    ) -> Heads:
        return self.client.wait_settled(
            self.slug, HEARD_IN_S, clock=clock, services=services, before=before
        )

    def went_on(self, service: str) -> None:
        """It did something that others have yet to hear of."""
        self._heard = False
        self._first_acted = self._first_acted or service == FIRST

    def settle(self) -> None:
        """Wait until everybody whom somebody hears has heard everything."""
        if not self._heard:
            self._wait_for(self._listening)
            first = self._wait([FIRST], None) if self._first_acted else self._heads
            self._wait([THEN, LISTENING], None, first)
            self._heard = True

    def stop(self) -> None:
        """Wait for the last service too."""
        self._wait_for(self._last)
        self.close()

    def close(self) -> None:
        """Let what is asked be answered, whatever the answer: a thread that waits on a connection
        closed under it would never end.
        """
        for pool in (self._beside, self._behind, self._at_the_end):
            pool.shutdown(cancel_futures=True)

    def _wait_for(self, moved: Future[Heads] | None) -> None:
        if moved is not None:
            moved.result()
