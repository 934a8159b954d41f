"""What an endpoint is told of a request: who asks, for which company, with what in hand."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from services.chassis.accounts import OPENED_BY
from services.chassis.caller import Caller, Receipt
from services.chassis.clock import Clock
from services.chassis.companies import Company
from services.chassis.facts import read_head
from services.chassis.forms import Form
from services.chassis.identity import Account, Identity, Rule, SignedIn
from services.chassis.place import Place
from services.chassis.problems import DATABASE_AWAY
from services.chassis.refusal import Busy, KeyReused, Malformed, Refusal, StaleEdit

UNSIGNED_FIELDS = ("csrf", "key")
KEY_LENGTH_MAX = 200
NOTED = {"1": "C'est enregistré.", "0": "Rien n'a changé\u00a0: rien n'est enregistré."}
SERVICE_NAMES = {
    "front": "Portail",
    "intake": "Accueil",
    "followup": "Accompagnement",
    "arrears": "Paiements",
    "reporting": "Rapports",
}


class ReceiptBody(BaseModel):
    """What a command answers: which record, in which version."""

    id: str
    version: int


@dataclass
class Frame:
    """One application: what its pages have in common. `menu` is (path, French label) pairs."""

    host: Place
    identity: Identity
    templates: Environment
    title: str
    start: str = ""
    menu: tuple[tuple[str, str], ...] = ()
    rules: dict[tuple[str, str], Rule] = field(default_factory=dict)

    def admits(self, account: Account | None, path: str, method: str = "GET") -> bool:
        """Whether an account's role may use a route, so that pages offer nothing in vain."""
        rule = self.rules.get((method, path))
        return rule is not None and account is not None and rule.admits(account.role)

    def problem_page(self, request: Request, refusal: Refusal) -> Response:
        known = getattr(request.state, "asked", None)
        asked = known or Asking(request, self, None, None)
        if isinstance(refusal, Busy):
            asked.head = {}  # a database that is away is not waited for once more
        return asked.render("problem.html", refusal.status, refusal=refusal)


class Asking:
    """One request, after it was allowed. Endpoints take it as `asked: Asked`."""

    def __init__(
        self, request: Request, frame: Frame, signed_in: SignedIn | None, company: Company | None
    ) -> None:
        self.request = request
        self.frame = frame
        self.signed_in = signed_in
        self.form = Form()
        self.fields: list[tuple[str, str | UploadFile]] = []
        self.body = b""
        self._company = company

    @property
    def account(self) -> Account:
        """Who asks. Only where the route's rule is not ANYONE."""
        assert self.signed_in is not None
        return self.signed_in.account

    @property
    def company(self) -> Company:
        """Only where the route's path names one."""
        assert self._company is not None
        return self._company

    def fact_link(self, identity: str) -> dict[str, str]:
        """The words for a fact and the address of its page, at the service that recorded it."""
        slug, publisher, position = identity.split("/")
        origin = self.frame.host.settings.links.get(publisher, "")
        words = f"{SERVICE_NAMES[publisher]} n° {position}"
        return {"words": words, "address": f"{origin}/{slug}/facts/{position}"}

    @cached_property
    def service(self) -> Any:
        """The service at work for the company."""
        return self.frame.host.service(self.company.slug)

    @cached_property
    def head(self) -> dict[str, Any]:
        """Where the company's log and clock stand, read once a request."""
        return read_head(self.service.datastore)

    @cached_property
    def clock(self) -> Clock:
        return Clock.of(self.head)

    @property
    def today(self) -> date:
        return self.clock.today

    @property
    def links(self) -> Mapping[str, str]:
        return self.frame.host.settings.links

    def may(self, path: str, method: str = "GET") -> bool:
        """Whether this account may use a route of this service, given by its template."""
        account = self.signed_in.account if self.signed_in else None
        return self.frame.admits(account, path, method)

    def opens(self, service: str) -> bool:
        """Whether this account's role finds anything at a service's start page."""
        return self.signed_in is not None and self.account.role in OPENED_BY[service]

    # Commands

    def caller(self, correlation_id: str | None = None) -> Caller:
        """Who commands, and how to know the same request again.   Refuses: Malformed (422)."""
        return Caller(
            actor=self.account.id,
            key=self._key(),
            route=self._route(),
            body_hmac=self.frame.identity.fingerprint(self._query() + self._canonical_body()),
            expected_version=self._expected_version(),
            correlation_id=correlation_id,
        )

    def _key(self) -> str | None:
        key = self.request.headers.get("idempotency-key") or self.form.texts.get("key")
        if key and not (len(key) <= KEY_LENGTH_MAX and key.isascii() and key.isprintable()):
            reason = f"{KEY_LENGTH_MAX} caractères ASCII visibles au plus."
            raise Malformed(
                f"Clé d'idempotence : {reason}", [{"field": "Idempotency-Key", "reason": reason}]
            )
        return key or None

    def _route(self) -> str:
        params = json.dumps(self.request.path_params, sort_keys=True, default=str)
        return f"{self.request.method} {self.request.scope['route'].path} {params}"

    def _query(self) -> bytes:
        return json.dumps(sorted(self.request.query_params.multi_items())).encode()

    def _canonical_body(self) -> bytes:
        if not self.fields:
            return self.body
        named = [(name, value) for name, value in self.fields if name not in UNSIGNED_FIELDS]
        return json.dumps(sorted((name, _content(value)) for name, value in named)).encode()

    def _expected_version(self) -> int | None:
        text = self.request.headers.get("if-match") or self.form.texts.get("version") or ""
        text = text.strip().removeprefix("W/").strip('"')
        if text in ("", "*"):
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            reason = "Une version est un nombre entier, celui de l'ETag reçu."
            raise Malformed(reason, [{"field": "If-Match", "reason": reason}])
        return int(text)

    # Answers

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page; templates see `asked`, `form` and what is given."""
        page = self.frame.templates.get_template(template)
        return HTMLResponse(
            page.render(asked=self, form=self.form, links=self.links, **context), status
        )

    def redirect(self, path: str, receipt: Receipt | None = None) -> Response:
        """Post, redirect, get. `path` is of this company: « leases/… »; after an act it says so, or
        that nothing changed where the `receipt` tells that nothing was recorded.
        """
        if self.request.method == "POST":
            recorded = int(receipt is None or receipt.recorded)
            path += f"{'&' if '?' in path else '?'}noted={recorded}"
        return RedirectResponse(f"/{self.company.slug}/{path}", status_code=303)

    def receipt(self, receipt: Receipt, created: str = "") -> Response:
        """What a command answers; `created` is the place of something new under the company."""
        headers = {"etag": f'"{receipt.version}"'}
        if created:
            headers["location"] = f"/api/{self.company.slug}/{created}"
        body = {"id": receipt.id, "version": receipt.version}
        return JSONResponse(body, 201 if created else 200, headers)

    # What templates ask for

    @property
    def noted(self) -> str:
        """What to say of the act that the page comes after, if it does."""
        return NOTED.get(self.request.query_params.get("noted", ""), "")

    @property
    def shown_company(self) -> Company | None:
        return self._company

    @property
    def shown_account(self) -> Account | None:
        return self.signed_in.account if self.signed_in else None

    @property
    def simulated_today(self) -> date | None:
        """The day to show on every page of a demonstration."""
        return self.today if self._head_if_there and self.company.demonstration else None

    @property
    def waits(self) -> bool:
        """Whether facts that the service could not take wait for an operator's decision."""
        return bool(self._head_if_there.get("waits"))

    @property
    def _head_if_there(self) -> dict[str, Any]:
        """Nothing of no company; nor of a database that is away, which stops no page."""
        try:
            return self.head if self._company is not None else {}
        except DATABASE_AWAY:
            return {}

    @property
    def csrf(self) -> str:
        return self.frame.identity.csrf(self.signed_in.session) if self.signed_in else ""

    @property
    def key(self) -> str:
        """A form's key: kept while it is sent again, new once it has served for something else."""
        if isinstance(self.form.problem, KeyReused):
            return uuid4().hex
        return self.form.value("key") or uuid4().hex

    def version_shown(self, version: int) -> str:
        """The version a form is filled in for: as first shown, until told that it is stale."""
        if isinstance(self.form.problem, StaleEdit):
            return str(version)
        return self.form.value("version", version)

    @property
    def service_links(self) -> list[tuple[str, str, bool]]:
        """(address, French name, whether it is this one) of each service this role may open."""
        own = self.frame.host.settings.service
        slug = f"/{self._company.slug}" if self._company else "/"
        return [
            (address + ("/" if name == "front" else slug), SERVICE_NAMES[name], name == own)
            for name, address in self.links.items()
            if name in SERVICE_NAMES and self.opens(name)
        ]

    @property
    def menu(self) -> list[tuple[str, str, bool]]:
        """(address, French label, whether it is this page) of what this role may open here.

        A path that begins with « / » is of no company.
        """
        of_company = f"/{self._company.slug}/" if self._company else None
        found = []
        for path, label in self.frame.menu:
            apart = path.startswith("/")
            if (apart or of_company) and self.may(path if apart else f"/{{company}}/{path}"):
                address = path if apart else f"{of_company}{path}"
                found.append((address, label, self.request.url.path == address))
        return found


def _content(value: str | UploadFile) -> str:
    if isinstance(value, str):
        return value
    value.file.seek(0)
    return hashlib.file_digest(value.file, "sha256").hexdigest()  # type: ignore[arg-type]


async def _asked(request: Request) -> Asking:
    asked: Asking = request.state.asked
    return asked


Asked = Annotated[Asking, Depends(_asked)]
