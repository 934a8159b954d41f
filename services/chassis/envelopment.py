"""What goes round every request: an id to quote, safe headers, one line in the log."""

import logging
import re
import time
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.companies import SLUG
from services.chassis.log import request_id, say

logger = logging.getLogger("referent.web")

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
SECURITY = [
    (
        b"content-security-policy",
        (
            b"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
            b"base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
NOT_KEPT = (b"cache-control", b"no-store")
KEPT = (b"cache-control", b"public, max-age=3600")
UNLOGGED = ("/health/live", "/health/ready", "/static/")


class Envelopment:
    """The outermost layer; holds no answer back, so that streams stay streams."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id.set(given if GIVEN_ID.fullmatch(given) else uuid4().hex)
        started, path, status = time.perf_counter(), scope["path"], 0

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_headers(path)]
            await send(message)

        try:
            await self.app(scope, receive, send_safely)
        finally:
            if not path.startswith(UNLOGGED):
                _log(scope, status, time.perf_counter() - started)


def _headers(path: str) -> list[tuple[bytes, bytes]]:
    caching = KEPT if path.startswith("/static/") else NOT_KEPT
    return [*SECURITY, caching, (b"x-request-id", request_id.get().encode())]


def _log(scope: Scope, status: int, seconds: float) -> None:
    # The template rather than the address, and no query: what people search for is not logged.
    route: Any = scope.get("route")
    company = str(scope.get("path_params", {}).get("company") or "")
    say(
        logger,
        "request",
        method=scope["method"],
        route=getattr(route, "path", "unknown"),
        company=company if SLUG.fullmatch(company) else None,
        status=status,
        ms=round(seconds * 1000, 1),
    )
