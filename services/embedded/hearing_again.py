"""Which facts of others a mended service hears again: those whose reactions went with its log."""

from contextlib import closing
from typing import Any

import psycopg

from contracts.envelope import log_of
from services.chassis.companies import Company
from services.chassis.position_rule import LastTaken
from services.chassis.topics import Follower, make_consumer, read_topic


def hear_again(
    connection: psycopg.Connection[Any], bootstrap_servers: str, company: Company, common: int
) -> None:
    """Go back to what was heard before the act that ended with the fact at `common`: what came
    since is heard again, over the log as it is now. What is older has had its reactions, which
    stand in the log.
    """
    heard = connection.execute(
        "SELECT p.publisher, coalesce(max(s.position), 0) AS position FROM inbox_position p"
        " LEFT JOIN inbox_seen s ON s.publisher = p.publisher AND s.heard_at < %s"
        " GROUP BY p.publisher",
        (common,),
    ).fetchall()
    for row in heard:
        publisher, last = row["publisher"], _taken(bootstrap_servers, company, **row)
        connection.execute(
            "UPDATE inbox_position SET position = %s, hash = %s, next_offset = 0, held = NULL,"
            " held_fact = NULL, held_fingerprint = NULL WHERE publisher = %s",
            (last.position, last.hash, publisher),
        )
        since = (publisher, last.position)
        connection.execute("DELETE FROM inbox_seen WHERE publisher = %s AND position > %s", since)
        # Else what came before it of its subject would wait behind it, and it be parked twice.
        connection.execute(
            "DELETE FROM parked WHERE publisher = %s AND position > %s AND state = 'parked'", since
        )


def _taken(bootstrap_servers: str, company: Company, publisher: str, position: int) -> LastTaken:
    """A fact as its publisher's topic has it; none, and all is heard again, where it is lost."""
    if position:
        follower = Follower(log_of(company.slug, publisher), LastTaken())
        with closing(make_consumer(bootstrap_servers)) as consumer:
            topic = read_topic(consumer, company.topic(publisher))
            for _ in follower.follow(content for _, content in topic):
                if follower.last.position == position:
                    return follower.last
    return LastTaken()
