"""From a domain event to its fact, and back.

One event, one fact: a service lists the pairs in its `publishing.py`. Because the pairs can be
read backwards, a database restored from an older backup is mended from the topic (`mending.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any
from uuid import UUID

from contracts.envelope import Envelope
from contracts.words import Fact
from services.chassis.aggregate import Event, Opening, restore

_ENVELOPE_FIELDS = {"originator_id", "originator_version", "originator_topic", "timestamp"}
_ENVELOPE_FIELDS |= {"occurred_on", "corrects_version"}


@dataclass(frozen=True)
class Publication:
    """How one event class is published.

    `subject`: the contract's field that carries the aggregate's id ("" when it has none).
    `withdraws`: the fact cancels the one named by the event's `corrects_version`. An event with
    a `corrects_version` is a correction: its fact replaces the whole corrected fact.
    """

    event: type[Event]
    fact: type[Fact]
    subject: str = ""
    withdraws: bool = False

    @cached_property
    def corrects(self) -> bool:
        return any(field.name == "corrects_version" for field in fields(self.event))

    def data(self, event: Any) -> dict[str, Any]:
        """The fact's data, checked against its contract and ready for JSON."""
        state = vars(event)
        values = {name: state[name] for name in self.fact.model_fields if name in state}
        if self.subject:
            values[self.subject] = event.originator_id
        return self.fact.model_validate(values).model_dump(mode="json", exclude_none=True)

    def event_from(self, fact: Envelope, version: int, corrects_version: int | None) -> Any:
        """The domain event that `fact` was published from; `version` is its aggregate's next."""
        names = {field.name for field in fields(self.event)} - _ENVELOPE_FIELDS
        state = {name: fact.data.get(name) for name in names}
        restore(self.event, state)
        state |= {
            "originator_id": UUID(fact.subject),
            "originator_version": version,
            "timestamp": fact.recorded_at,
            "occurred_on": fact.occurred_on,
        }
        if self.corrects:
            state["corrects_version"] = corrects_version
        event: Any = object.__new__(self.event)
        object.__setattr__(event, "__dict__", state)
        return event


class Publications:
    """All publications of a service, looked up by event class or by fact.

    An event class without a publication is private. `openings`: the opening event with which an
    aggregate comes to be when the first of its facts found on a topic is not an opening.
    """

    def __init__(
        self, *publications: Publication, openings: Mapping[type[Event], type[Opening]]
    ) -> None:
        self.by_event: dict[type, Publication] = {p.event: p for p in publications}
        self.openings = openings

    def of(self, event: Event) -> Publication | None:
        return self.by_event.get(type(event))

    def of_fact(self, fact: Envelope) -> list[Publication]:
        """The publications that `fact` may come from: its type, and whether it corrects."""
        return [
            publication
            for publication in self.by_event.values()
            if fact.type == publication.fact.TYPE
            and publication.corrects == (fact.corrects is not None)
            and publication.withdraws == fact.withdrawn
        ]

    def contracts(self) -> dict[str, type[Fact]]:
        return {p.fact.TYPE: p.fact for p in self.by_event.values()}
