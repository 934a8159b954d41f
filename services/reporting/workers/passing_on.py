"""A request about a company that another worker owns is passed on to that one, whole.

Nothing is judged here: who asks, whether they may and what of is for the owner to say, as if it had
been asked itself. Where it listens is read from PostgreSQL, never from the request. One hop only:
what was passed on is answered where it arrives.
"""

import asyncio
import time
from contextlib import aclosing
from typing import Any

import httpx
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis import problems
from services.chassis.envelopment import SECURITY
from services.chassis.log import request_id
from services.chassis.routes import SAFE
from services.reporting.workers.moving import moving
from services.reporting.workers.worker import Worker

PASSED_ON = b"x-referent-passed-on"
MOVING = b"x-referent-moving"
PATIENCE_S = 3.0
"""How long a move may take before it is told; most take less than one."""
LOOK_AGAIN_S = 0.1
TIMEOUT = httpx.Timeout(connect=2.0, read=3600.0, write=60.0, pool=2.0)
OF_ONE_HOP = {
    *(b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"upgrade"),
    *(b"transfer-encoding", b"expect", b"date", b"server", b"x-request-id", b"cache-control"),
    *(name for name, _ in SECURITY),
}
"""Not passed on: of the connection, or added again round every answer."""


class PassingOn:
    """The layer within the envelopment; `worker` says what it serves itself."""

    def __init__(self, app: ASGIApp, worker: Worker) -> None:
        self.app = app
        self.worker = worker
        # A connection of its own for each: one that was kept may be to a worker that has ended.
        kept = httpx.Limits(max_connections=200, max_keepalive_connections=0)
        self._transport = httpx.AsyncHTTPTransport(limits=kept)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        slug = company_of(scope["path"]) if scope["type"] == "http" else ""
        if slug not in self.worker.register.companies:
            await self.app(scope, receive, send)
            return
        if PASSED_ON in dict(scope["headers"]):
            served = self.worker.serves(slug)
            await self.app(scope, receive, send if served else _marked(send))
            return
        until = time.monotonic() + PATIENCE_S
        passing = Passing(self._transport, scope, receive, send)
        while not self.worker.serves(slug) and time.monotonic() < until:
            owner = self.worker.ownership.owner_of(slug)
            if owner is not None and owner != self.worker.ownership.address:
                await passing.to(owner)
                if passing.answered:
                    return
                if passing.began:
                    await _tell_that_it_moves(scope, receive, send)
                    return
            await asyncio.sleep(LOOK_AGAIN_S)
        await self.app(scope, receive, send)


class Passing:
    """One request on its way. `began`: something of its body was taken, so it is not sent twice."""

    def __init__(
        self, transport: httpx.AsyncHTTPTransport, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self.transport = transport
        self.scope = scope
        self.receive = receive
        self.send = send
        self.began = False
        self.answered = False

    async def to(self, owner: str) -> None:
        """Ask the owner and hand on its answer; none where it is away, or owner no more."""
        try:
            answer = await self.transport.handle_async_request(self._request(owner))
        except httpx.TransportError:
            return
        async with aclosing(answer):
            if MOVING in dict(answer.headers.raw) and not self.began:
                return
            self.answered = True
            await self._hand_on(answer)

    def _request(self, owner: str) -> httpx.Request:
        scope = self.scope
        target = scope["raw_path"] + (
            b"?" + scope["query_string"] if scope["query_string"] else b""
        )
        bodiless = scope["method"] in SAFE
        left_out = OF_ONE_HOP | ({b"content-length"} if bodiless else set())
        headers = [
            *((name, value) for name, value in scope["headers"] if name not in left_out),
            (PASSED_ON, b"1"),
            (b"x-request-id", request_id.get().encode()),
        ]
        return httpx.Request(
            scope["method"],
            f"http://{owner}/",
            headers=headers,
            content=None if bodiless else self._body(),
            extensions={"target": target, "timeout": TIMEOUT.as_dict()},
        )

    async def _body(self) -> Any:
        more = True
        while more:
            message = await self.receive()
            self.began = True
            if message["type"] == "http.disconnect":
                raise httpx.WriteError("half a body is none: whoever sent it has gone")
            more = message.get("more_body", False)
            yield message.get("body", b"")

    async def _hand_on(self, answer: httpx.Response) -> None:
        headers = [(n, v) for n, v in answer.headers.raw if n.lower() not in OF_ONE_HOP]
        await self.send(
            {"type": "http.response.start", "status": answer.status_code, "headers": headers}
        )
        async for chunk in answer.aiter_raw():
            await self.send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})


async def _tell_that_it_moves(scope: Scope, receive: Receive, send: Send) -> None:
    answer = await run_in_threadpool(problems.respond, Request(scope), moving())
    await answer(scope, receive, send)


def _marked(send: Send) -> Send:
    """Says of an answer that it is not the owner's."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (MOVING, b"1")]
        await send(message)

    return sent


def company_of(path: str) -> str:
    """The company in an address, where routes have it: /{company} or /api/{company}."""
    _, first, *rest = [*path.split("/"), ""]
    return rest[0] if first == "api" else first
