"""A service that can only be right if every fact was taken exactly once, in order.

Its reaction is not idempotent on purpose: it counts. The services' own reactions forgive repeats
(deterministic ids), which is why they are not what a wrong position rule is shown with.
"""

from typing import Any
from uuid import UUID

from contracts.catalogue import CONTRACTS
from services.chassis.act import Act
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.caller import Recorded
from services.chassis.publication import Publications
from services.chassis.received import Received
from services.chassis.service import Service

TABLES = """
CREATE TABLE IF NOT EXISTS tally (
    publisher text PRIMARY KEY,
    facts bigint NOT NULL,
    positions bigint NOT NULL
);
"""


class Sheet(Aggregate):
    TOPIC = "tests.sheet"
    facts: int

    class Begun(Opening):
        TOPIC = "tests.sheet-begun"

        def apply(self, sheet: "Sheet") -> None:
            sheet.facts = 0

    class Counted(Event):
        TOPIC = "tests.fact-counted"
        publisher: str
        position: int

        def apply(self, sheet: "Sheet") -> None:
            sheet.facts += 1


def count(tally: "Tally", act: Act, fact: Received) -> None:
    publisher = fact.envelope.type.partition(".")[0]
    sheet_id: UUID = natural_id(tally.company.slug, "sheet", publisher)
    on = fact.envelope.occurred_on
    sheet = act.find(Sheet, sheet_id) or Sheet.open(Sheet.Begun, sheet_id, occurred_on=on)
    sheet.trigger_event(
        Sheet.Counted, publisher=publisher, position=fact.envelope.position, occurred_on=on
    )
    act.save(sheet)


def fold(act: Act, recorded: Recorded) -> None:
    event: Any = recorded.event
    if isinstance(event, Sheet.Counted):
        act.write(
            "INSERT INTO tally VALUES (%s, 1, %s) ON CONFLICT (publisher) DO UPDATE"
            " SET facts = tally.facts + 1, positions = tally.positions + excluded.positions",
            (event.publisher, event.position),
        )


class Tally(Service):
    """Stands in follow-up's database, so that it is provisioned like any other service."""

    name = "followup"
    publications = Publications(openings={})
    reactions = dict.fromkeys(CONTRACTS, count)
    folds = (fold,)
