"""What is shown beside what a fold of the log gives."""

from typing import Any

import psycopg

from services.embedded.composition import Home
from services.embedded.folding import Rows, fold_log, table_names


def folded_differences(home: Home, service: Any, ddl: str) -> list[str]:
    """Tables whose rows are not what a fold of the log gives, in a schema of its own."""
    wrong = []
    schema = service.datastore.schema
    with psycopg.connect(home.admin_url, dbname=service.name) as connection:
        connection.execute("CREATE SCHEMA fold_check")
        connection.execute("SET search_path = fold_check")
        connection.execute(ddl)
        fold_log(service, Rows(connection), schema)
        for table in table_names(ddl):
            found = connection.execute(
                f"SELECT count(*) FROM ((TABLE {schema}.{table} EXCEPT ALL"
                f" TABLE fold_check.{table})"
                f" UNION ALL (TABLE fold_check.{table} EXCEPT ALL TABLE {schema}.{table})) d"
            ).fetchone()
            if found and found[0]:
                wrong.append(f"fold: {found[0]} rows of {table} are not what the log says")
        connection.rollback()
    return wrong
