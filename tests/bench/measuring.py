"""How a bench measures and what it prints."""

import gc
import time
from collections.abc import Callable
from typing import Any

import psycopg

from services.chassis.host import Host
from services.embedded.composition import Home


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def timed_bare(work: Callable[[], object]) -> float:
    """The same of a bare library, with the collector as Python has it: services set their own."""
    ours = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        return timed(work)
    finally:
        gc.set_threshold(*ours)


def show(what: str, ours: float, bare: float, floor: float) -> None:
    """Two rates of one run, and whether their ratio is below what is wanted."""
    verdict = "" if ours / bare >= floor else f"  BELOW {floor}"
    print(f"{what:<34} {ours:9.0f}/s   bare {bare:9.0f}/s   ratio {ours / bare:6.2f}{verdict}")


def show_seconds(what: str, seconds: float, limit: float, note: str = "") -> None:
    verdict = "" if seconds <= limit else f"  ABOVE {limit} s"
    print(f"{what:<34} {seconds:9.3f} s   {note}{verdict}")


def host_of(home: Home, service: str, kind: type, *more: Any) -> Host:
    return Host(home.settings(service), kind, *more)


def library_settings(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """How the library reaches the database of an open connection."""
    info = connection.info
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": info.dbname,
        "POSTGRES_HOST": info.host,
        "POSTGRES_PORT": str(info.port),
        "POSTGRES_USER": info.user,
        "POSTGRES_PASSWORD": info.password,
    }
