"""A company's DuckDB file: opened, or begun anew where it is of no use."""

import logging
from pathlib import Path

import duckdb

from services.chassis.log import warn
from services.reporting.fact_store import FactStore, MadeByOtherCode

logger = logging.getLogger("referent.reporting")


def open_store(path: Path) -> FactStore:
    """The store of a file; a new one, to be filled from the topics, where the file is of no use:
    half-written, with rows that this version cannot read, or no such file at all.

    Errors: duckdb.IOException when another process holds it.
    """
    try:
        return FactStore(path)
    except (MadeByOtherCode, duckdb.Error) as error:
        if "set lock on file" in str(error):
            raise
        warn(logger, "views are built anew", file=path.name, because=type(error).__name__)
        remove(path)
        return FactStore(path)


def remove(path: Path) -> None:
    for leftover in (path, path.with_name(path.name + ".wal")):
        leftover.unlink(missing_ok=True)
