"""The mail server of a deployment, and one message handed over to it.

It stands in `mail.toml` beside the other secrets; `mail-example.toml` shows one.
"""

import smtplib
import ssl
import tomllib
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.arrears_letters import LetterTrouble
from services.chassis.refusal import Refusal

FILE = "mail.toml"
WAIT_S = 15.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")
Address = Annotated[str, Field(pattern=r"^[^\s@<>,;]+@[^\s@<>,;]+$", max_length=200)]


class NoMailServer(Refusal):
    slug = "no-mail-server"
    title = "Aucun serveur de courriel"


class MailServer(BaseModel):
    """See the module."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    sender: Address
    user: str = ""
    password: str = ""
    senders: dict[str, Address] = {}
    by_itself: frozenset[str] = frozenset()
    """The companies, by their short names, whose released letters go without a person."""

    def sender_of(self, company: str) -> str:
        return self.senders.get(company, self.sender)

    def deliver(self, message: EmailMessage, sender: str, recipient: str) -> LetterTrouble | None:
        """Hand a message over; None once the server has taken it.

        Facts: `OUTCOME_UNKNOWN` when the line breaks after the text was begun and before the
               answer to it came: the server may have it. What went wrong before that did not go.
        """
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException):
            return LetterTrouble.SERVER_UNREACHABLE
        try:
            trouble = _envelope(server, sender, recipient)
            return trouble or _text(server, message.as_bytes(policy=SMTP))
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self.tls == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=WAIT_S, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=WAIT_S)
        try:
            if self.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
            if self.user:
                server.login(self.user, self.password)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


def _envelope(server: smtplib.SMTP, sender: str, recipient: str) -> LetterTrouble | None:
    try:
        code, _ = server.mail(sender)
        if code != 250:
            return LetterTrouble.MESSAGE_REFUSED
        code, _ = server.rcpt(recipient)
    except (OSError, smtplib.SMTPException, UnicodeError):
        return LetterTrouble.SERVER_UNREACHABLE
    if code in (250, 251):
        return None
    permanent = code >= 500
    return LetterTrouble.RECIPIENT_REFUSED if permanent else LetterTrouble.SERVER_UNREACHABLE


def _text(server: smtplib.SMTP, content: bytes) -> LetterTrouble | None:
    try:
        code, _ = server.data(content)
    except smtplib.SMTPDataError:
        return LetterTrouble.MESSAGE_REFUSED
    except (OSError, smtplib.SMTPException):
        return LetterTrouble.OUTCOME_UNKNOWN
    return None if code == 250 else LetterTrouble.MESSAGE_REFUSED


def is_configured(secrets: Path) -> bool:
    """Whether the operator set a server up, right or wrong."""
    return (secrets / FILE).exists()


def mail_server(secrets: Path) -> MailServer:
    """Refuses: NoMailServer (409), with what the operator does about it."""
    path = secrets / FILE
    try:
        server = MailServer.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise NoMailServer(
            f"Aucun serveur de courriel n'est configuré : l'exploitant écrit « {FILE} » parmi les "
            "secrets. Les lettres peuvent être imprimées."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError):
        raise NoMailServer(
            f"« {FILE} » ne peut pas être lu : l'exploitant le corrige. Les lettres peuvent être "
            "imprimées."
        ) from None
    if server.tls == "none" and server.host not in LOOPBACK:
        raise NoMailServer(
            f"« {FILE} » : sans chiffrement, un serveur n'est accepté que sur cette machine."
        )
    return server
