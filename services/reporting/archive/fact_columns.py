"""Facts as files: lines, and the columns of a Parquet file, which hold their very bytes too.

`content` is the fact, byte for byte; the other columns are taken from it, for whoever reads the
file without this suite. Times are UTC.
"""

import io
import json
from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from services.reporting import shape
from services.reporting.fact_column import BATCH, CHUNK

_DATA = ",\n".join(f'data."{name}"' for name in shape.columns())
_SHAPE = json.dumps(shape.transform()).replace("'", "''")
SELECT = f"""
SELECT ? AS service, position, type, dataschema, subject::VARCHAR AS subject,
    occurredon AS occurred_on, time AS recorded_at, actor, corrects,
    coalesce(withdrawn, false) AS withdrawn, {_DATA}, value AS content
FROM (SELECT value, unnest(json_transform(value, '{_SHAPE}')) FROM incoming)
"""


class NotFacts(Exception):
    """The file is no Parquet file with a column of facts' bytes."""


def as_columns(service: str, contents: Sequence[bytes]) -> bytes:
    """The Parquet file of facts that follow each other. The same facts give the same file."""
    values = pa.array(contents, pa.binary()).cast(pa.string())
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        database.register("incoming", pa.table({"value": values}))
        table = database.sql(SELECT, params=[service]).to_arrow_table()
    written = io.BytesIO()
    pq.write_table(
        table,
        written,
        compression="zstd",
        row_group_size=BATCH,
        use_dictionary=[name for name in table.column_names if name != "content"],
    )
    return written.getvalue()


def as_lines(contents: Sequence[bytes]) -> bytes:
    """The NDJSON file (zstd) of the same facts: their bytes, each with a line's end."""
    lines = b"".join(content + b"\n" for content in contents)
    return bytes(pa.Codec("zstd", compression_level=6).compress(lines, asbytes=True))


def read_contents(file: bytes) -> Iterator[pa.ChunkedArray]:
    """The bytes of the facts of a Parquet file, in order, as columns of text: a row group each.

    Errors: NotFacts.
    """
    try:
        parquet = pq.ParquetFile(pa.BufferReader(file))
        for group in range(parquet.num_row_groups):
            # In pieces: to take fresh memory for all of them at once takes three times as long.
            pieces = parquet.iter_batches(CHUNK, [group], columns=["content"])
            column = pa.chunked_array([piece.column("content") for piece in pieces])
            if column.null_count or not pa.types.is_string(column.type):
                raise NotFacts
            yield column
    except (pa.ArrowException, KeyError, OSError):
        raise NotFacts from None
