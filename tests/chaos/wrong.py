"""Relays and receivers made wrong on purpose: each is a design that others have shipped.

They prove that the end-to-end check can see. None may ever be used outside these tests.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from contracts.envelope import Envelope
from services.chassis.act import Act
from services.chassis.inbox_standing import Inbox
from services.chassis.position_rule import Delivery, LastTaken, Verdict
from services.chassis.receiving import Progress, Receiver
from services.chassis.relay import Relay


class OffsetOnly(Receiver):
    """Tracks the offset in the transaction and trusts that an offset is a fact."""

    def judge(self, last: LastTaken, fact: Envelope) -> Verdict:
        return Verdict.TAKE

    def receive(self, publisher: str, deliveries: Sequence[Delivery]) -> Progress:
        done = self.standing(publisher).next_offset
        return super().receive(publisher, [d for d in deliveries if d.offset >= done])

    def _save(self, act: Act, inbox: Inbox, start: LastTaken) -> None:
        inbox.seen.clear()
        super()._save(act, inbox, start)


class SkipIfOlder(Receiver):
    """Drops what is not newer than the last position, and asks no more."""

    def judge(self, last: LastTaken, fact: Envelope) -> Verdict:
        return Verdict.TAKE if fact.position > last.position else Verdict.REPEAT


class StoredLessThanNew(Receiver):
    """Fences by `stored < new` from a position remembered outside the transaction."""

    remembered: ClassVar[dict[tuple[str, str], LastTaken]] = {}

    def _open(self, act: Act, publisher: str) -> Inbox:
        inbox = super()._open(act, publisher)
        key = (self.service.company.slug, publisher)
        return replace(inbox, last=self.remembered.get(key, inbox.last))

    def _save(self, act: Act, inbox: Inbox, start: LastTaken) -> None:
        self.remembered[(self.service.company.slug, inbox.publisher)] = inbox.last
        act.write(
            "UPDATE inbox_position SET position = %s, hash = %s, next_offset = %s"
            " WHERE publisher = %s AND position < %s",
            (
                inbox.last.position,
                inbox.last.hash,
                inbox.next_offset,
                inbox.publisher,
                inbox.last.position,
            ),
        )


class SaveThenSend(Relay):
    """Saves the position first, and never looks at what the topic really holds."""

    def _compare(self, service: Any, consumer: Any) -> None:
        with service.datastore.reading() as rows:
            row = rows.execute("SELECT * FROM relay_position").fetchone()
        assert row is not None
        self._relayed[service.company.slug] = row["position"]
        self._next_offset[service.company.slug] = 0

    def _send_page(self, service: Any, producer: Any) -> None:
        from services.chassis.facts import select_facts
        from services.chassis.failpoint import failpoint

        slug, after = service.company.slug, self._relayed[service.company.slug]
        page = select_facts(service.datastore, after, 50)
        self._move(service, after, page[-1]["position"], 0)
        failpoint("relay.after-ack")
        self.send_all(producer, service.company.topic(service.name), page)
        self._relayed[slug] = page[-1]["position"]
        self.host.made_progress()

    def _check_ends(self, consumer: Any) -> None:
        """A wrong relay does not look."""


RECEIVERS = {
    "offset-only": OffsetOnly,
    "skip-if-older": SkipIfOlder,
    "stored-less-than-new": StoredLessThanNew,
}
RELAYS = {"save-then-send": SaveThenSend}
