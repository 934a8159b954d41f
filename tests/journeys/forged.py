"""A log that tells something else than its topic."""

from typing import Any

import psycopg

from contracts.envelope import hash_of
from services.chassis.facts import read_facts
from services.embedded.composition import Home


def forge(home: Home, service: Any, position: int) -> None:
    """The log tells another fact at a position."""
    forged = [*read_facts(service.datastore)][position - 1].replace(b'"actor":"', b'"actor":"x')
    with psycopg.connect(home.admin_url, dbname=service.name) as connection:
        connection.execute(f"SET search_path = {service.datastore.schema}")
        connection.execute(
            "UPDATE facts SET content = %s, hash = %s WHERE position = %s",
            (forged, hash_of(forged), position),
        )
