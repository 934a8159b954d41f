"""A mail server on loopback that takes, refuses or hangs up as a test tells it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Counter:
    """What the server took over, in order. `mood`: `takes`, `refuses-recipient`,
    `refuses-message` or `hangs-up` after it has read the text.
    """

    def __init__(self) -> None:
        self.mood = "takes"
        self.read: list[Message] = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.mood == "refuses-recipient":
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.mood == "refuses-message":
            return "554 5.7.1 not here"
        assert isinstance(envelope.content, bytes)
        self.read.append(message_from_bytes(envelope.content))
        if self.mood == "hangs-up":
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"


class Loopback(Controller):
    """The library's controller, on a port that was free."""


@contextmanager
def mail_desk(secrets: Path) -> Iterator[Counter]:
    """Runs the server, and says in `mail.toml` where it is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    counter = Counter()
    controller = Loopback(counter, hostname="127.0.0.1", port=port)
    controller.start()
    path = secrets / "mail.toml"
    path.write_text(
        f'host = "127.0.0.1"\nport = {port}\ntls = "none"\nsender = "loyers@societe.example"\n',
        "utf-8",
    )
    try:
        yield counter
    finally:
        path.unlink()
        controller.stop()
