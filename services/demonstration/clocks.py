"""The clocks of a demonstration: one a service, moved on when each has heard what came before."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

from services.chassis.clock import moment_on
from services.embedded.client import LISTENING_ORDER, Client

ACTING, LISTENING, LAST = LISTENING_ORDER[:2], LISTENING_ORDER[2], LISTENING_ORDER[3]
HEARD = LISTENING_ORDER[:-1]
HEARD_IN_S = 120.0
"""The first morning of a large company is some ten thousand facts; no service waits longer."""
SKIPPED_S = 1.0


class Clocks:
    """Of one company. Who hears the others begins its day while they already work in theirs, and
    before the next one. Whom nobody hears records nothing: it skips the days that pass in a second.
    """

    def __init__(self, client: Client, slug: str) -> None:
        self.client = client
        self.slug = slug
        self.today: date | None = None
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._listening: Future[dict[str, int]] | None = None
        self._last: Future[dict[str, int]] | None = None
        self._last_wanted = 0.0
        self._heard = False

    def set(self, day: date, *, running: bool = False) -> None:
        """Let it be 08:00 wherever everything was heard: a reaction is recorded at its cause's
        time, so that one clock may move before the next.
        """
        clock = {"shown_at": moment_on(day, 8).isoformat(), "running": running}
        self._join_listening()
        heads = self._wait(ACTING, clock)
        self._listening = moving = self._pool.submit(self._wait, [LISTENING], clock, heads)
        if running or time.monotonic() >= self._last_wanted:
            self._join_last()
            self._last = self._pool.submit(lambda: self._wait([LAST], clock, moving.result()))
            self._last_wanted = time.monotonic() + SKIPPED_S
        self.today, self._heard = day, False

    def _wait(
        self,
        services: Sequence[str],
        clock: dict[str, Any] | None = None,
        before: dict[str, int] | None = None,
    ) -> dict[str, int]:
        return self.client.wait_settled(self.slug, HEARD_IN_S, clock, services, before)

    def went_on(self) -> None:
        """Something was done that others have yet to hear of."""
        self._heard = False

    def settle(self) -> None:
        """Wait until everybody whom somebody hears has heard everything."""
        self._join_listening()
        if not self._heard:
            self._wait(HEARD)
            self._heard = True

    def stop(self) -> None:
        """Wait for all of them."""
        self._join_listening()
        self._join_last()
        self._pool.shutdown()

    def close(self) -> None:
        """Let what is asked be answered, whatever the answer: a thread that waits on a connection
        closed under it would never end.
        """
        self._pool.shutdown(cancel_futures=True)

    def _join_listening(self) -> None:
        if self._listening is not None:
            self._listening.result()

    def _join_last(self) -> None:
        if self._last is not None:
            self._last.result()
