"""The clocks of a demonstration: one a service, moved on when each has heard what came before."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

from services.chassis.clock import moment_on
from services.embedded.client import LISTENING_ORDER, Client

HEARD, LISTENING, LAST = LISTENING_ORDER[:-2], LISTENING_ORDER[-2], LISTENING_ORDER[-1]
"""Whom others hear; who hears all of these, and is asked once it has heard what was done before;
and whom nobody hears.
"""
HEARD_IN_S = 120.0
"""The first morning of a large company is some ten thousand facts; no service waits longer."""


class Clocks:
    """Of one company. Those whom nobody hears end their day as the others begin the next one."""

    def __init__(self, client: Client, slug: str) -> None:
        self.client = client
        self.slug = slug
        self.today: date | None = None
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._listening: Future[dict[str, int]] | None = None
        self._last: Future[dict[str, int]] | None = None
        self._heard = False

    def set(self, day: date, *, running: bool = False) -> None:
        """Let it be 08:00 wherever everything was heard: a reaction is recorded at its cause's
        time, so that one clock may move before the next.
        """
        clock = {"shown_at": moment_on(day, 8).isoformat(), "running": running}
        heads = self._move(HEARD, clock, {})
        self._wait_for(self._last)
        listening = self._pool.submit(self._move, [LISTENING], clock, heads)
        self._listening = listening
        self._last = self._pool.submit(lambda: self._move([LAST], clock, listening.result()))
        self.today, self._heard = day, False

    def _move(
        self, services: Sequence[str], clock: dict[str, Any] | None, before: dict[str, int]
    ) -> dict[str, int]:
        return self.client.wait_settled(
            self.slug, HEARD_IN_S, clock=clock, services=services, before=before
        )

    def went_on(self) -> None:
        """Something was done that others have yet to hear of."""
        self._heard = False

    def settle(self) -> None:
        """Wait until everybody whom somebody hears has heard everything."""
        if not self._heard:
            self._wait_for(self._listening)
            self._move([*HEARD, LISTENING], None, {})
            self._heard = True

    def stop(self) -> None:
        """Wait for the last service too."""
        self._wait_for(self._last)
        self._pool.shutdown()

    def close(self) -> None:
        """Let what is asked be answered, whatever the answer: a thread that waits on a connection
        closed under it would never end.
        """
        self._pool.shutdown(cancel_futures=True)

    def _wait_for(self, moved: Future[dict[str, int]] | None) -> None:
        if moved is not None:
            moved.result()
