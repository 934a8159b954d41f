"""The clocks of a demonstration: one a service, moved on when each has heard what came before."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

from services.chassis.clock import moment_on
from services.embedded.client import LISTENING_ORDER, Client

HEARD, LAST = LISTENING_ORDER[:-1], LISTENING_ORDER[-1]


class Clocks:
    """Of one company. Of the last service nobody hears: its day ends as the others begin theirs."""

    def __init__(self, client: Client, slug: str) -> None:
        self.client = client
        self.slug = slug
        self.today: date | None = None
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._last: Future[dict[str, int]] | None = None

    def set(self, day: date, *, running: bool = False) -> None:
        """Let it be 08:00 wherever everything was heard: a reaction is recorded at its cause's
        time, so that one clock may move before the next.
        """
        clock = {"shown_at": moment_on(day, 8).isoformat(), "running": running}
        heads = self.client.wait_settled(self.slug, clock=clock, services=HEARD)
        self._wait_for_last()
        self._last = self._pool.submit(
            self.client.wait_settled, self.slug, clock=clock, services=[LAST], before=heads
        )
        self.today = day

    def settle(self) -> None:
        """Wait until everybody whom somebody hears has heard everything."""
        self.client.wait_settled(self.slug, services=HEARD)

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
