"""What pages need of a process: its settings, its companies, and the services at work for them."""

from typing import Any, Protocol

from services.chassis.companies import Company, Register
from services.chassis.settings import Settings


class Place(Protocol):
    """A `Host`, or the front page's own."""

    @property
    def settings(self) -> Settings: ...

    @property
    def register(self) -> Register: ...

    def company(self, slug: str) -> Company: ...

    def service(self, slug: str) -> Any: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...
