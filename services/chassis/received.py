"""A fact as a reaction sees it, read by its contract, and why one may not be reacted to."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from contracts.envelope import Envelope, UnreadableFact
from contracts.words import Fact


@dataclass(frozen=True, slots=True)
class Received:
    """A fact as a reaction sees it: its envelope, and its data read by the contract."""

    envelope: Envelope
    data: Any


class Poison(Exception):
    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason


def read_data(fact: Envelope, contract: type[Fact] | None = None) -> Fact:
    """A fact's data by its contract, or by the part of it that a reader needs.

    Errors: UnreadableFact, for a newer version too.
    """
    from contracts.catalogue import CONTRACTS

    known = CONTRACTS[fact.type].VERSION
    if fact.version > known:
        raise UnreadableFact(f"la version {fact.version} est plus récente que la {known}")
    try:
        return (contract or CONTRACTS[fact.type]).model_validate(fact.data)
    except ValidationError as error:
        places = sorted({".".join(map(str, e["loc"])) for e in error.errors()})
        raise UnreadableFact(f"ne suit pas son contrat\u00a0: {', '.join(places)}") from None
