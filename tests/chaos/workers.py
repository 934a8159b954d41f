"""The processes of a campaign, started, armed, signalled and ended by hand."""

from dataclasses import dataclass

from forked import Forked
from worker import work

from services.embedded.composition import Home


@dataclass
class Worker:
    """A worker process; `begin` starts it (again), armed with a fail-point or not."""

    home: Home
    service: str
    slug: str
    wrong: str = ""
    process: Forked | None = None

    def begin(self, failpoints: str = "") -> None:
        self.end()
        asked = (self.home, self.service, self.slug, self.wrong)
        self.process = Forked(work, *asked, failpoints=failpoints)

    def ready(self) -> None:
        assert self.process is not None
        self.process.told()

    def signal(self, number: int) -> None:
        if self.process is not None:
            self.process.signal(number)

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.alive
