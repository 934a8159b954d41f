"""The real application of intake over the real servers, and browsers that are signed in to it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from in_process import client_of

from services.chassis.accounts import access_code, ensure_accounts
from services.chassis.host import Host
from services.chassis.identity import mint_token
from services.embedded.composition import Home
from services.intake.__main__ import build

LINKS = {"front": "http://127.0.0.1:1", "intake": "http://127.0.0.1:2"}
DAY = date(2026, 3, 2)


@dataclass
class Desk:
    """What a test does with one company's intake, as somebody."""

    app: FastAPI
    home: Home
    company: str

    def browser(self, role: str = "intake-officer", company: str | None = None) -> "Browser":
        """A browser signed in by the sign-in page."""
        client = client_of(self.app, headers={"accept": "text/html"})
        account = f"{role}.{company or self.company}"
        answer = client.post(
            "/sign-in",
            data={"account": account, "code": access_code(self.home.folder), "next": "/"},
            follow_redirects=False,
        )
        assert answer.status_code == 303, answer.text
        return Browser(client, self.company)

    def program(self, role: str = "intake-officer") -> httpx.Client:
        """A program with a bearer token."""
        of_all = role in ("operator", "regional-authority")
        token = mint_token(self.home.folder, role if of_all else f"{role}.{self.company}")
        return client_of(self.app, headers={"authorization": f"Bearer {token}"})

    def lease(self, number: str = "B1", dwelling: str = "L1", start_on: str = "2026-02-02") -> str:
        """A lease signed through the API; its id."""
        program = self.program()
        path = f"/api/{self.company}"
        registered = program.post(
            f"{path}/dwellings", json={"reference": dwelling, "registered_on": "2020-01-01"}
        )
        assert registered.status_code == 201, registered.text
        signed = program.post(
            f"{path}/leases",
            json={
                "reference": number,
                "dwelling_reference": dwelling,
                "start_on": start_on,
                "rent_cents": 450_00,
                "charges_cents": 50_00,
                "leaseholders": [{"name": "Odette Lambert", "contact": "0470 00 00 00"}],
            },
        )
        assert signed.status_code == 201, signed.text
        return str(signed.json()["id"])


class Browser:
    """Fills in forms as they are shown, hidden fields included."""

    def __init__(self, client: httpx.Client, company: str) -> None:
        self.client = client
        self.company = company

    def get(self, path: str) -> Any:
        return self.client.get(f"/{self.company}/{path}")

    def fields(self, html: str) -> dict[str, str]:
        """What the page's own form would send as it stands."""
        form = html[html.index("<main") :]
        found = {}
        for tag in re.findall(r"<input[^>]*>", form):
            attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            choosable = attributes.get("type") in ("radio", "checkbox")
            if choosable and not re.search(r"\schecked\b", tag):
                continue
            if "name" in attributes:
                found[attributes["name"]] = unescape(attributes.get("value", ""))
        return found

    def send(self, path: str, fields: dict[str, str], **more: Any) -> Any:
        return self.client.post(
            f"/{self.company}/{path}", data=fields, follow_redirects=False, **more
        )

    def fill_in(self, path: str, **typed: str) -> Any:
        """Open a form, type, send."""
        page = self.get(path)
        assert page.status_code == 200, page.text
        typed = {name.replace("__", "-"): value for name, value in typed.items()}
        return self.send(path, self.fields(page.text) | typed)


@pytest.fixture
def desk(
    home: Home, new_company: Callable[..., str], settings_for: Callable[..., Any]
) -> Iterator[Desk]:
    """A demonstration company of the test's own, whose clock stands on 2 March 2026."""
    company = new_company(DAY)
    ensure_accounts(home.folder, home.register())
    app = build(settings_for("intake"))
    yield Desk(app, home, company)
    app.state.frame.host.stop()


@pytest.fixture
def settings_for(hosts: Callable[[str], Host]) -> Callable[..., Any]:
    def settings(service: str, **changes: Any) -> Any:
        found = replace(hosts(service).settings, links=LINKS)
        return replace(found, **changes)

    return settings
