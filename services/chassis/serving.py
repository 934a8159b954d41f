"""Serving one application as one process, until it is told to end."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.chassis.companies import RegisterRefused
from services.chassis.log import set_up_logging
from services.chassis.settings import Settings, SettingsRefused, is_supervised, read_settings

GRACE_S = 10
HEAD_BYTES_MAX = 512 * 1024
"""Of what comes until the headers end; a first read may bring a part of the body with it."""


class BoundedHead(HttpToolsProtocol):
    """HTTP whose line and headers are read up to a limit: the library's own has none."""

    _head = 0
    _reading_head = True

    def data_received(self, data: bytes) -> None:
        if self._reading_head:
            self._head += len(data)
            if self._head > HEAD_BYTES_MAX:
                self.send_400_response("The headers are too large.")
                return
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._reading_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._reading_head, self._head = True, 0
        super().on_message_complete()


def serve(
    service: str,
    build: Callable[[Settings], FastAPI],
    settings: Callable[[str], Settings] = read_settings,
) -> int:
    """Serve until SIGTERM, SIGINT, or the end of standard input under a supervisor.

    Gives the exit code: 0 after an orderly end, 2 when it cannot start as configured.
    """
    set_up_logging(service)
    try:
        app = build(configured := settings(service))
    except (SettingsRefused, RegisterRefused) as refused:
        print(refused, file=sys.stderr)  # noqa: T201 - whoever started it reads it there
        return 2
    config = uvicorn.Config(
        app,
        host=configured.host,
        port=configured.port,
        http=BoundedHead,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=GRACE_S,
    )
    server = uvicorn.Server(config)
    # uvicorn raises a caught signal once more when it is done: an orderly end is no death by it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    if is_supervised():
        threading.Thread(target=_end_with, args=(server,), name="supervisor", daemon=True).start()
    collect_seldom()
    server.run()
    return 0 if server.started else 1


def collect_seldom() -> None:
    """What was imported stays, and most of what comes goes without the collector: it looks less."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _end_with(server: uvicorn.Server) -> None:
    # The pipe closes when the supervisor is gone, even by SIGKILL.
    while os.read(0, 4096):
        pass
    server.should_exit = True
