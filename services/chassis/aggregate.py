"""What the library's aggregates and events need to be ours, and no more.

Events are explicit classes with typed fields and a frozen `TOPIC`; `apply` only assigns. Guards
live in the aggregate's public methods: a guard that runs at replay makes history unreadable.
"""

import types
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from eventsourcing.domain import (
    AggregateEvent,
    BaseAggregate,
    CanInitAggregate,
    DomainEventProtocol,
)
from eventsourcing.persistence import (
    Mapper,
    MapperDeserialisationError,
    StoredEvent,
)
from eventsourcing.utils import get_topic, resolve_topic

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Event(AggregateEvent):
    """A domain event. `occurred_on` is its business day, Europe/Brussels.

    Its `timestamp` is the company's clock, set once when the act is committed: aggregates read
    no clock, so it is the epoch until then.
    """

    occurred_on: date

    @staticmethod
    def create_timestamp() -> datetime:
        return _EPOCH


class Opening(CanInitAggregate[UUID], Event):
    """The first event of an aggregate, under a name of the domain instead of `Created`."""

    originator_topic: str

    def mutate(self, aggregate: Any) -> Any:
        opened: Any = object.__new__(resolve_topic(self.originator_topic))
        opened.__base_init__(self.originator_id, self.originator_version, self.timestamp)
        self.apply(opened)
        return opened


class Aggregate(BaseAggregate[UUID]):
    """Base of our aggregates: opened by `cls.open(...)`, identified by a natural key."""

    Event = Event

    @staticmethod
    def create_id(*_: Any, **__: Any) -> UUID:
        raise AssertionError("ids are deterministic: pass one")

    @classmethod
    def open(cls, opening: type[Opening], originator_id: UUID, **fields_: Any) -> Any:
        """A new aggregate from its opening event, which stays pending until saved."""
        event: Any = cast("Any", opening)(
            originator_topic=get_topic(cls),
            originator_id=originator_id,
            originator_version=1,
            timestamp=_EPOCH,
            **fields_,
        )
        aggregate = event.mutate(None)
        assert aggregate is not None
        aggregate.pending_events.append(event)
        return aggregate

    def refuse_if_stale(self, expected: int | None) -> None:
        from services.chassis.refusal import StaleEdit

        if expected is not None and expected != self.version:
            raise StaleEdit(
                "Quelqu'un a modifié ce dossier pendant que vous l'aviez sous les yeux. "
                "Votre saisie est conservée : relisez le dossier, puis confirmez.",
                version=self.version,
            )


def natural_id(company: str, kind: str, key: str) -> UUID:
    """The one id of `key`: redelivery and re-import meet the same aggregate again."""
    return uuid5(NAMESPACE_URL, f"referent:{company}:{kind}:{key}")


class JsonMapper(Mapper[UUID]):
    """Events as plain JSON, restored by their declared field types.

    The library's transcoder wraps every UUID and date in a tagged object; ours writes ISO text
    (readable in psql, a third of the time) and reads it back by annotation.
    """

    def __init__(self) -> None:
        self.compressor = None
        self.cipher = None

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        state = dict(vars(domain_event))
        originator_id = state.pop("originator_id")
        originator_version = state.pop("originator_version")
        class_version = getattr(type(domain_event), "class_version", 1)
        if class_version > 1:
            state["class_version"] = class_version
        return StoredEvent(
            originator_id=originator_id,
            originator_version=originator_version,
            topic=get_topic(type(domain_event)),
            state=orjson.dumps(state),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        cls = resolve_topic(stored_event.topic)
        try:
            state = orjson.loads(stored_event.state)
        except orjson.JSONDecodeError as error:
            raise MapperDeserialisationError(
                f"{stored_event.topic} {stored_event.originator_id}"
                f"/{stored_event.originator_version} is not JSON"
            ) from error
        version = state.pop("class_version", 1)
        while version < getattr(cls, "class_version", 1):
            getattr(cls, f"upcast_v{version}_v{version + 1}")(state)
            version += 1
        restore(cls, state)
        state["originator_id"] = stored_event.originator_id
        state["originator_version"] = stored_event.originator_version
        event: Any = object.__new__(cls)
        object.__setattr__(event, "__dict__", state)
        return event  # type: ignore[no-any-return]


def restore(cls: type, state: dict[str, Any]) -> None:
    """Turn JSON text back into dates, UUIDs and enumerations, by `cls`'s annotations, in place."""
    for name, read in _readers(cls):
        value = state.get(name)
        if value is not None:
            state[name] = read(value)


@cache
def _readers(cls: type) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    hints = get_type_hints(cls)
    readers = []
    for field in fields(cls):
        reader = _reader(hints[field.name])
        if reader is not None and not field.name.startswith("originator_"):
            readers.append((field.name, reader))
    return tuple(readers)


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    if get_origin(hint) in (Union, types.UnionType):
        options = [option for option in get_args(hint) if option is not type(None)]
        return _reader(options[0]) if len(options) == 1 else None
    if get_origin(hint) in (list, tuple):
        inner = _reader(get_args(hint)[0])
        make: Any = tuple if get_origin(hint) is tuple else list
        if inner is None:
            return make if make is tuple else None
        return lambda values: make(inner(value) for value in values)
    if not isinstance(hint, type):
        return None
    if issubclass(hint, datetime):
        return datetime.fromisoformat
    if issubclass(hint, date):
        return date.fromisoformat
    if issubclass(hint, UUID) or issubclass(hint, Enum):
        return hint
    return None
