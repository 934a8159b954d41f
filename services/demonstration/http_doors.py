"""The doors of a real company, over HTTP: what the player of a demonstration knocks at.

Every step goes to the service that owns it, as the account whose work it is, with an idempotency
key of its own: a day that was interrupted is played again and nothing happens twice.
"""

from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.aggregate import natural_id
from services.chassis.clock import end_of, moment_on
from services.embedded.client import Client

OFFICER = {"intake": "intake-officer", "followup": "support-officer", "arrears": "arrears-officer"}


class HttpDoors:
    """Doors of one company of a running suite."""

    def __init__(self, client: Client, slug: str) -> None:
        self.client = client
        self.slug = slug
        self.day = date.min
        self._number = 0
        self._households: dict[str, tuple[UUID, UUID]] = {}

    def begin_day(self, day: date) -> None:
        """The company's clock shows the morning of `day`."""
        self.day, self._number = day, 0
        self._set_clock(moment_on(day, 8).isoformat())

    def end_day(self, day: date) -> None:
        """Midnight passes, and every service has heard of everything."""
        self.client.wait_settled(self.slug)
        self._set_clock(end_of(day).isoformat())
        self.client.wait_settled(self.slug)

    def go_on(self, day: date) -> None:
        """After the last day the clock runs at normal speed."""
        self._set_clock(end_of(day).isoformat(), running=True)

    def _set_clock(self, shown_at: str, *, running: bool = False) -> None:
        for service in ("intake", "followup", "arrears", "reporting"):
            body = {"shown_at": shown_at, "running": running}
            self.client.call("PUT", service, f"/api/{self.slug}/clock", json=body)

    def import_file(self, kind: str, filename: str, content: bytes) -> dict[str, Any]:
        service = "intake" if kind in ("dwellings", "leases") else "arrears"
        answer: dict[str, Any] = self._call(
            "POST",
            service,
            f"imports/{kind}",
            params={"filename": filename},
            content=content,
            headers={"Content-Type": "application/octet-stream"},
        )
        return answer

    def _call(self, method: str, service: str, path: str, **options: Any) -> Any:
        self._number += 1
        key = f"player-{self.day.isoformat()}-{self._number}"
        headers = {"Idempotency-Key": key} | options.pop("headers", {})
        account = f"{OFFICER[service]}.{self.slug}"
        return self.client.call(
            method, service, f"/api/{self.slug}/{path}", account, headers=headers, **options
        )

    def lease_id(self, reference: str) -> UUID:
        return natural_id(self.slug, "lease", reference)


__all__ = ["HttpDoors"]
