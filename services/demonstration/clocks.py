"""The clocks of a demonstration: one a service, moved on when each has heard what came before."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

from services.chassis.clock import moment_on
from services.embedded.client import LISTENING_ORDER, Client

HEARD, LAST = LISTENING_ORDER[:-1], LISTENING_ORDER[-1]
LISTENING = HEARD[-1]
"""Who hears all others that anybody hears: it is asked once it has heard what was done before."""
HEARD_IN_S = 120.0
"""The first morning of a large company is some ten thousand facts; no service waits longer."""


class Clocks:
    """Of one company. Of the last service nobody hears: its day ends as the others begin theirs."""

    def __init__(self, client: Client, slug: str) -> None:
        self.client = client
        self.slug = slug
        self.today: date | None = None
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._last: Future[dict[str, int]] | None = None
        self._heard = False

    def set(self, day: date, *, running: bool = False) -> None:
        """Let it be 08:00 wherever everything was heard: a reaction is recorded at its cause's
        time, so that one clock may move before the next.
        """
        clock = {"shown_at": moment_on(day, 8).isoformat(), "running": running}
        wait = self.client.wait_settled
        heads = wait(self.slug, HEARD_IN_S, clock=clock, services=HEARD)
        self._wait_for_last()
        self._last = self._pool.submit(
            wait, self.slug, HEARD_IN_S, clock=clock, services=[LAST], before=heads
        )
        self.today, self._heard = day, False

    def went_on(self) -> None:
        """Something was done that others have yet to hear of."""
        self._heard = False

    def settle(self) -> None:
        """Wait until everybody whom somebody hears has heard everything."""
        if not self._heard:
            self.client.wait_settled(self.slug, HEARD_IN_S, services=HEARD)
            self._heard = True

    def stop(self) -> None:
        """Wait for the last service too."""
        self._wait_for_last()
        self._pool.shutdown()

    def close(self) -> None:
        """Let what is asked be answered, whatever the answer: a thread that waits on a connection
        closed under it would never end.
        """
        self._pool.shutdown(cancel_futures=True)

    def _wait_for_last(self) -> None:
        if self._last is not None:
            self._last.result()
