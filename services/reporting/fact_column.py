"""The bytes of many facts as one column, which DuckDB takes in without a fact touched in Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import pyarrow as pa

from services.chassis.position_rule import Delivery, LastTaken

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
