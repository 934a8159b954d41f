"""All five applications on loopback sockets, so that a browser goes from one to the next."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import uvicorn
from fastapi import FastAPI
from premises import BUILDS, Premises

from services.chassis.settings import Settings
from services.embedded.composition import Home
from services.embedded.stylesheet import write_stylesheet


def listening() -> socket.socket:
    """A free port of loopback, where connections wait from now on."""
    opened = socket.create_server(("127.0.0.1", 0))
    opened.listen(64)
    return opened


@contextmanager
def served(app: FastAPI, door: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def street(home: Home, settings_for: Callable[[str], Settings]) -> Iterator[Premises]:
    """The applications with links to one another; `premises.links` says where each is."""
    write_stylesheet(home.folder / "static" / "referent.css")
    with ExitStack() as stack:
        doors = {name: stack.enter_context(listening()) for name in BUILDS}
        links = {n: f"http://127.0.0.1:{door.getsockname()[1]}" for n, door in doors.items()}
        apps = {}
        for name, build in BUILDS.items():
            settings = settings_for(name if name != "front" else "intake")
            apps[name] = build(replace(settings, service=name, links=links))
            stack.callback(apps[name].state.frame.host.stop)
        for name, app in apps.items():
            stack.enter_context(served(app, doors[name]))
        yield Premises(home, apps)
