"""An application asked within this process: a request is one step to its loop and one back.

The client that comes with the framework takes eight of each, which is most of a request's time.
"""

import atexit
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack
from functools import cache
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

HERE = "http://127.0.0.1"


@cache
def _loop() -> BlockingPortal:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(start_blocking_portal())


class Parts(httpx.AsyncByteStream):
    """What a test sends part by part."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part


class InProcess(httpx.BaseTransport):
    """What the application does not catch is an answer 500, as over a socket."""

    def __init__(self, app: FastAPI) -> None:
        self._app = httpx.ASGITransport(app, raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return _loop().call(self._ask, request)

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        if not isinstance(request.stream, httpx.AsyncByteStream):
            request.stream = Parts(request.stream)
        answer = await self._app.handle_async_request(request)
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        content = b"".join([part async for part in answer.stream])
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=httpx.ByteStream(content)
        )


def client_of(app: FastAPI, at: str = HERE, **options: Any) -> httpx.Client:
    """A client that follows redirects, unless told not to."""
    return httpx.Client(
        transport=InProcess(app), base_url=at, **{"follow_redirects": True} | options
    )
