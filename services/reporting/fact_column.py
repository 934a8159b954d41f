"""The bytes of many facts as one column, which DuckDB takes in without a fact touched in Python."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pyarrow as pa

from services.chassis.position_rule import Delivery, LastTaken

BATCH = 122_880
"""Facts taken at once where there are many: what DuckDB compresses together. Of fewer, or of some
more, each commit writes what is over once into its journal and once more with what comes next.
"""
CHUNK = 10_000
"""Rows a chunk of a staged column: chunks are DuckDB's unit of parallelism."""


@dataclass(frozen=True)
class FactColumn:
    """Facts in the order of their log. `hashes`: the SHA-256 of each, hexadecimal."""

    values: pa.ChunkedArray
    hashes: list[str]

    @classmethod
    def of(cls, contents: Sequence[bytes]) -> "FactColumn":
        """Errors: pyarrow.ArrowInvalid when one is no text."""
        chunks = [
            pa.array(contents[start : start + CHUNK], pa.binary()).cast(pa.string())
            for start in range(0, len(contents), CHUNK)
        ]
        hashes = [sha256(content).hexdigest() for content in contents]
        return cls(pa.chunked_array(chunks, pa.string()), hashes)

    @classmethod
    def of_text(cls, column: pa.ChunkedArray) -> "FactColumn":
        """The same from a column that was read as one, in chunks of that many rows."""
        hashes = [
            sha256(content).hexdigest()
            for chunk in column.chunks
            for content in chunk.cast(pa.binary()).to_pylist()
        ]
        return cls(column, hashes)

    @classmethod
    def batches(cls, pieces: "Iterable[FactColumn]") -> "Iterator[FactColumn]":
        """The same facts, `BATCH` at a time."""
        held: list[FactColumn] = []
        for piece in pieces:
            held.append(piece)
            while sum(map(len, held)) >= BATCH:
                whole = cls._joined(held)
                yield cls(whole.values[:BATCH], whole.hashes[:BATCH])
                held = [cls(whole.values[BATCH:], whole.hashes[BATCH:])]
        if any(map(len, held)):
            yield cls._joined(held)

    @classmethod
    def _joined(cls, pieces: "Sequence[FactColumn]") -> "FactColumn":
        chunks = [chunk for piece in pieces for chunk in piece.values.chunks]
        return cls(pa.chunked_array(chunks), [one for piece in pieces for one in piece.hashes])

    def __len__(self) -> int:
        return len(self.hashes)

    @property
    def first(self) -> bytes:
        return bytes(self.values[0].as_buffer())

    def deliveries(self, offset: int) -> list[Delivery]:
        """One by one, as if they lay on a topic from an offset on."""
        contents = self.values.cast(pa.binary()).to_pylist()
        return [Delivery(place, content) for place, content in enumerate(contents, offset)]

    def staged(self, last: LastTaken) -> pa.Table:
        """The rows of `incoming`: each with its number, its hash and the hash it must follow."""
        return pa.table(
            {
                "n": pa.array(range(1, len(self) + 1), pa.int64()),
                "value": self.values,
                "hash": self.hashes,
                "expected": pa.array([last.hash.hex(), *self.hashes[:-1]]),
            }
        )
