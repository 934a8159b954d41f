"""The processes of a campaign, started, armed, signalled and ended by hand."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from services.embedded.composition import Home

WORKER = Path(__file__).with_name("worker.py")


@dataclass
class Worker:
    """A worker process; `begin` starts it (again), armed with a fail-point or not."""

    home: Home
    service: str
    slug: str
    wrong: str = ""
    process: subprocess.Popen[str] | None = None

    def begin(self, failpoints: str = "") -> None:
        self.end()
        self.process = subprocess.Popen(
            [
                sys.executable,
                str(WORKER),
                str(self.home.folder),
                self.home.admin_url,
                self.home.kafka_bootstrap_servers,
                self.service,
                self.slug,
                *([self.wrong] if self.wrong else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"REFERENT_FAILPOINTS": failpoints},
        )

    def ready(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.stdout.readline()

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def end(self) -> None:
        if self.process is not None:
            self.signal(signal.SIGKILL)
            self.process.communicate()
            self.process = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None
