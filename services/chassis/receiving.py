"""Taking facts from another service: the position rule, the reactions and the parking.

One call is one act: reactions, parked facts and the new position commit together.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.rows import DictRow

from contracts.envelope import Envelope, UnreadableFact, hash_of, log_of, read_envelope
from services.chassis.act import Act
from services.chassis.caller import Caller
from services.chassis.failpoint import failpoint
from services.chassis.inbox_standing import PARK, SELECT_STANDS, Inbox
from services.chassis.log import warn
from services.chassis.position_rule import Delivery, LastTaken, Standing, Verdict, fingerprint
from services.chassis.received import Poison, Received, read_data
from services.chassis.refusal import Refusal

if TYPE_CHECKING:
    from services.chassis.service import Service

logger = logging.getLogger("referent.inbox")


@dataclass(frozen=True, slots=True)
class Progress:
    """What a call did: `taken` facts, `last` position now, `held` = why nothing more is taken.

    `highest`: the highest position met, taken or not. Beyond `last`, it must be met again.
    """

    taken: int
    last: int
    held: str | None
    highest: int


Parsed = tuple[Delivery, Envelope | None]


class Receiver:
    """Takes batches of deliveries for one company's service. Subclassed only by tests that want
    to see a wrong rule fail.
    """

    def __init__(self, service: "Service") -> None:
        self.service = service
        self.caller = Caller(actor=f"service:{service.name}")

    def standing(self, publisher: str) -> Standing:
        """How far a publisher was read. The offset is a hint, positions decide."""
        with self.service.datastore.reading() as rows:
            row = rows.execute(
                "SELECT * FROM inbox_position WHERE publisher = %s", (publisher,), prepare=True
            ).fetchone()
        assert row is not None
        return Standing(**_told(row))

    def stands(self) -> tuple[int, dict[str, int]]:
        """Where the service's own log stands, and the last position taken of each publisher."""
        with self.service.datastore.reading() as rows:
            found = rows.execute(SELECT_STANDS, prepare=True).fetchall()
        positions = {row["publisher"]: row["position"] for row in found}
        return positions.pop(None), positions

    def receive(self, publisher: str, deliveries: Sequence[Delivery]) -> Progress:
        """Take what may be taken of `deliveries`, park what is poisonous, hold at a gap."""
        poisons: dict[int, str] = {}
        log = log_of(self.service.company.slug, publisher)
        facts = [(delivery, _read(delivery, log)) for delivery in deliveries]
        while True:
            try:
                return self._take(publisher, facts, poisons)
            except Poison as poison:
                # The act is rolled back whole, so that a half-done reaction leaves nothing.
                poisons[poison.position] = poison.reason
                warn(logger, "parked", fact=f"{log}/{poison.position}")

    def _take(self, publisher: str, facts: Sequence[Parsed], poisons: dict[int, str]) -> Progress:
        progress: list[Progress] = []

        def decide(act: Act) -> None:
            inbox = self._open(act, publisher)
            start = inbox.last
            if inbox.held_fact is None:
                self._read_seen(act, inbox, facts)
                for delivery, fact in facts:
                    if fact is None:
                        # Without a position it is not of the publisher's log: nothing is missing.
                        inbox.passed_over += 1
                    elif not self._deliver(act, inbox, delivery, fact, poisons):
                        break
                failpoint("inbox.before-position")
                self._save(act, inbox, start)
            progress.append(
                Progress(inbox.taken, inbox.last.position, inbox.held, highest(inbox.last, facts))
            )

        self.service.perform(self.caller, decide)
        failpoint("inbox.after-commit")
        return progress[-1]

    def _open(self, act: Act, publisher: str) -> Inbox:
        standing = act.query("SELECT * FROM inbox_position WHERE publisher = %s", (publisher,))
        waiting = act.query(
            "SELECT subject, min(position) AS position FROM parked"
            " WHERE publisher = %s AND state = 'parked' GROUP BY subject",
            (publisher,),
        )
        told = _told(standing.fetchall()[0])
        parked = {row["subject"]: row["position"] for row in waiting.fetchall()}
        return Inbox(**told, publisher=publisher, parked=parked)

    def _read_seen(self, act: Act, inbox: Inbox, facts: Iterable[Parsed]) -> None:
        old = [fact.position for _, fact in facts if fact and fact.position <= inbox.last.position]
        if not old:
            return
        rows = act.rows(
            "SELECT position, fingerprint FROM inbox_seen WHERE publisher = %s"
            " AND position = ANY(%s)",
            (inbox.publisher, old),
        )
        inbox.seen = {row["position"]: row["fingerprint"] for row in rows}
        refused = act.rows(
            "SELECT position, fingerprint FROM inbox_refused WHERE publisher = %s",
            (inbox.publisher,),
        )
        inbox.refused = {(row["position"], row["fingerprint"]) for row in refused}

    def _deliver(
        self,
        act: Act,
        inbox: Inbox,
        delivery: Delivery,
        fact: Envelope,
        poisons: dict[int, str],
    ) -> bool:
        """Judge one record; False when a repeat with other bytes stops everything."""
        verdict = self.judge(inbox.last, fact)
        content_hash = hash_of(delivery.content)
        if verdict is Verdict.REPEAT:
            known, came = inbox.seen.get(fact.position), fingerprint(content_hash)
            if known in (None, came) or (fact.position, came) in inbox.refused:
                return True
            inbox.held = f"position {fact.position} came again with other bytes"
            inbox.held_fact, inbox.held_fingerprint = fact.id, came
            return False
        if verdict is not Verdict.TAKE:
            inbox.held = _why_held(inbox.last, fact, verdict)
            return True
        self.apply(act, inbox, fact, delivery, poisons)
        inbox.last = LastTaken(fact.position, content_hash)
        inbox.seen[fact.position] = fingerprint(content_hash)
        if inbox.held is None:
            # After a hold the hint stays: facts beyond what was missing may lie before it.
            inbox.next_offset = delivery.offset + 1
        inbox.taken += 1
        inbox.held = None
        failpoint("inbox.mid-batch")
        return True

    def judge(self, last: LastTaken, fact: Envelope) -> Verdict:
        return last.judge(fact.position, fact.previous)

    def apply(
        self,
        act: Act,
        inbox: Inbox,
        fact: Envelope,
        delivery: Delivery,
        poisons: dict[int, str],
    ) -> None:
        if fact.subject in inbox.parked:
            reason = f"derrière la position {inbox.parked[fact.subject]}"
            self._park(act, inbox, fact, delivery, reason, inbox.parked[fact.subject])
        elif fact.position in poisons:
            self._park(act, inbox, fact, delivery, poisons[fact.position], None)
            inbox.parked[fact.subject] = fact.position
        elif fact.type not in self.service.reactions:
            inbox.passed_over += 1
        else:
            self.react(act, fact)

    def react(self, act: Act, fact: Envelope) -> None:
        """Run the reaction to one fact, if the service has any. Errors: Poison."""
        if fact.type not in self.service.reactions:
            return
        try:
            data = read_data(fact)
            act.cause = fact
            self.service.reactions[fact.type](self.service, act, Received(fact, data))
        except UnreadableFact as error:
            raise Poison(fact.position, str(error)) from None
        except Refusal as refusal:
            raise Poison(fact.position, f"{refusal.slug}: {refusal.detail}") from None
        finally:
            act.cause = None

    def _park(
        self,
        act: Act,
        inbox: Inbox,
        fact: Envelope,
        delivery: Delivery,
        reason: str,
        behind: int | None,
    ) -> None:
        what = inbox.publisher, fact.position, fact.subject, fact.type
        # Heard again after a mending, it is decided of again.
        again = "UPDATE SET state = 'parked', reason = excluded.reason, behind = excluded.behind"
        act.write(PARK.format(again=again), (*what, delivery.content, reason, act.now, behind))

    def _save(self, act: Act, inbox: Inbox, start: LastTaken) -> None:
        new = [p for p in inbox.seen if p > start.position]
        if new:
            act.write(
                "INSERT INTO inbox_seen"
                " SELECT %s, *, %s::bigint FROM unnest(%b::bigint[], %b::bigint[])",
                (inbox.publisher, act.position, new, [inbox.seen[p] for p in new]),
            )
        self.save_position(act, inbox, start)

    def save_position(self, act: Act, inbox: Inbox, start: LastTaken) -> None:
        """Compare-and-set: only from the position this batch started from."""
        last = inbox.last.position, inbox.last.hash, inbox.next_offset, inbox.passed_over
        held = inbox.held, inbox.held_fact, inbox.held_fingerprint
        saved = act.rows(
            "UPDATE inbox_position SET position = %s, hash = %s, next_offset = %s,"
            " passed_over = %s, held = %s, held_fact = %s, held_fingerprint = %s"
            " WHERE publisher = %s AND position = %s RETURNING position",
            (*last, *held, inbox.publisher, start.position),
        )
        if not saved:
            raise LostRace(f"another consumer moved {inbox.publisher} from {start.position}")


class LostRace(RuntimeError):
    """The fence held: read the position again before doing anything else."""


def _told(row: DictRow) -> dict[str, Any]:
    names = ("next_offset", "passed_over", "held", "held_fact", "held_fingerprint")
    last = LastTaken(row["position"], bytes(row["hash"]))
    return {"last": last, **{name: row[name] for name in names}}


def highest(last: LastTaken, facts: Iterable[Parsed]) -> int:
    """The highest position among what was taken and what came."""
    return max([last.position, *(fact.position for _, fact in facts if fact)])


def _read(delivery: Delivery, log: str) -> Envelope | None:
    try:
        return read_envelope(delivery.content, log)
    except UnreadableFact:
        return None


def _why_held(last: LastTaken, fact: Envelope, verdict: Verdict) -> str:
    if verdict is Verdict.GAP:
        return f"position {last.position + 1} is missing (position {fact.position} came)"
    return f"position {fact.position} does not follow the fact taken before it"
