"""Facts set aside because they cannot be read or are refused, and what an operator decides of them.

A parked fact keeps its bytes and its reason; later facts of its subject wait behind it.
"""

from typing import TYPE_CHECKING

from contracts.envelope import position_of, read_envelope
from services.chassis.act import Act
from services.chassis.caller import Caller
from services.chassis.received import Poison
from services.chassis.receiving import Receiver
from services.chassis.refusal import NotFound, Refusal

if TYPE_CHECKING:
    from services.chassis.service import Service

TABLES = """
CREATE TABLE IF NOT EXISTS parked (
    publisher text NOT NULL,
    position bigint NOT NULL,
    subject text NOT NULL,
    type text NOT NULL,
    content bytea NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL,
    behind bigint,
    state text NOT NULL DEFAULT 'parked' CHECK (state IN ('parked', 'retried', 'released')),
    decided_by text,
    decided_at timestamptz,
    decided_because text,
    PRIMARY KEY (publisher, position)
);
CREATE TABLE IF NOT EXISTS held_decided (
    publisher text NOT NULL, position bigint NOT NULL, held text NOT NULL, state text NOT NULL,
    decided_by text NOT NULL, decided_at timestamptz NOT NULL, decided_because text NOT NULL
);
"""
KEEP_HELD = "INSERT INTO held_decided VALUES (%s, %s, %s, %s, %s, %s, %s)"


def decide_parked(
    service: "Service", identity: str, caller: Caller, because: str, *, release: bool
) -> None:
    """Retry a parked fact, or release it (it is never applied), then those parked behind it.

    A repeat with other bytes is released the same way: what was taken first stays. One that waits
    behind another may be released, never taken before it.
    Errors: NotFound; a Refusal naming the reason when a retried fact is still refused.
    """
    publisher, position = identity.split("/")[1], position_of(identity)
    receiver, state = Receiver(service), "released" if release else "retried"

    def decide(act: Act) -> None:
        decision = (caller.actor, act.now, because)
        if _decide_held(act, publisher, identity, state, decision):
            return
        waiting = act.rows(
            "SELECT position, content FROM parked WHERE publisher = %s AND state = 'parked'"
            " AND (position = %s AND (behind IS NULL OR %s) OR behind = %s) ORDER BY position",
            (publisher, position, release, position),
        )
        if not waiting or waiting[0]["position"] != position:
            raise NotFound(f"{identity} n'est pas mis de côté, ou attend derrière un autre fait.")
        for row in waiting:
            decided = state if row["position"] == position else "retried"
            if decided == "retried":
                try:
                    receiver.react(act, read_envelope(bytes(row["content"])))
                except Poison as poison:
                    raise Refusal(
                        f"Le fait {poison.position} est toujours refusé : {poison.reason}."
                    ) from None
            act.write(
                "UPDATE parked SET state = %s, decided_by = %s, decided_at = %s,"
                " decided_because = %s WHERE publisher = %s AND position = %s",
                (decided, *decision, publisher, row["position"]),
            )

    service.perform(caller, decide)


def _decide_held(
    act: Act, publisher: str, identity: str, state: str, decision: tuple[object, ...]
) -> bool:
    """Whether `identity` is what holds a publisher up: it is looked at again, or passed over."""
    held = act.rows(
        "SELECT held, held_fingerprint FROM inbox_position WHERE publisher = %s AND held_fact = %s",
        (publisher, identity),
    )
    if not held:
        return False
    act.write(KEEP_HELD, (publisher, position_of(identity), held[0]["held"], state, *decision))
    if state == "released":
        act.write(
            "INSERT INTO inbox_refused VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (publisher, position_of(identity), held[0]["held_fingerprint"]),
        )
    act.write(
        "UPDATE inbox_position SET held = NULL, held_fact = NULL, held_fingerprint = NULL"
        " WHERE publisher = %s",
        (publisher,),
    )
    return True
