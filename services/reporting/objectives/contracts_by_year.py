"""Read models of objectives contracts: what was agreed, each amendment, each evaluation."""

from typing import Any

from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from services.chassis.act import Act
from services.chassis.caller import Recorded
from services.reporting.objectives.objectives_contract import ObjectivesContract

TABLES = """
CREATE TABLE IF NOT EXISTS objectives_contract (
    first_year integer PRIMARY KEY,
    last_year integer NOT NULL,
    baseline_year integer NOT NULL,
    version bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL
);
CREATE TABLE IF NOT EXISTS objective (
    first_year integer NOT NULL,
    indicator text NOT NULL,
    theme text NOT NULL,
    baseline text,
    PRIMARY KEY (first_year, indicator)
);
CREATE TABLE IF NOT EXISTS objective_setting (
    first_year integer NOT NULL,
    indicator text NOT NULL,
    version bigint NOT NULL,
    definition_version integer NOT NULL,
    direction text NOT NULL,
    targets jsonb NOT NULL,
    digest text,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    fact text NOT NULL,
    PRIMARY KEY (first_year, version)
);
CREATE TABLE IF NOT EXISTS objective_evaluation (
    first_year integer NOT NULL,
    indicator text NOT NULL,
    year integer NOT NULL,
    version bigint NOT NULL,
    digest text NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    fact text NOT NULL,
    PRIMARY KEY (first_year, version)
);
"""
Row = dict[str, Any]


def fold(act: Act, recorded: Recorded) -> None:
    """One row a contract and an objective; one for each setting and evaluation. They stay, unless
    what they are of was withdrawn.
    """
    event = recorded.event
    match event:
        case ObjectivesContract.Adopted():
            act.write(
                "INSERT INTO objectives_contract VALUES (%s, %s, %s, 1, %s, %s)",
                (
                    event.first_year,
                    event.last_year,
                    event.baseline_year,
                    recorded.recorded_at,
                    recorded.actor,
                ),
            )
        case ObjectivesContract.AdoptionWithdrawn():
            act.write("DELETE FROM objectives_contract WHERE first_year = %s", (event.first_year,))
        case ObjectivesContract.AgreementWithdrawn():
            for table in ("objective", "objective_setting"):
                act.write(
                    f"DELETE FROM {table} WHERE first_year = %s AND indicator = %s",
                    (event.first_year, event.indicator),
                )
            _note_version(act, event)
        case ObjectivesContract.ObjectiveAgreed():
            act.write(
                "INSERT INTO objective VALUES (%s, %s, %s, %s)",
                (event.first_year, event.indicator, event.theme, event.baseline),
            )
            _keep_setting(act, recorded, event.comment_digest)
        case ObjectivesContract.ObjectiveAmended():
            _keep_setting(act, recorded, event.reason_digest)
        case ObjectivesContract.YearEvaluated():
            act.write(
                "INSERT INTO objective_evaluation VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    event.first_year,
                    event.indicator,
                    event.year,
                    event.originator_version,
                    event.comment_digest,
                    recorded.recorded_at,
                    recorded.actor,
                    recorded.fact,
                ),
            )
            _note_version(act, event)


def _keep_setting(act: Act, recorded: Recorded, digest: str | None) -> None:
    event = recorded.event
    act.write(
        "INSERT INTO objective_setting VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            event.first_year,
            event.indicator,
            event.originator_version,
            event.definition_version,
            event.direction,
            Jsonb(event.targets),
            digest,
            recorded.recorded_at,
            recorded.actor,
            recorded.fact,
        ),
    )
    _note_version(act, event)


def _note_version(act: Act, event: Any) -> None:
    act.write(
        "UPDATE objectives_contract SET version = %s WHERE first_year = %s",
        (event.originator_version, event.first_year),
    )


def select_contracts(rows: Cursor[DictRow]) -> list[Row]:
    """The latest first, each with how many objectives it has."""
    return rows.execute(
        "SELECT c.*, (SELECT count(*) FROM objective o WHERE o.first_year = c.first_year) AS agreed"
        " FROM objectives_contract c ORDER BY first_year DESC"
    ).fetchall()


def select_contract(rows: Cursor[DictRow], first_year: int) -> Row | None:
    return rows.execute(
        "SELECT * FROM objectives_contract WHERE first_year = %s", (first_year,)
    ).fetchone()


def select_objectives(rows: Cursor[DictRow], first_year: int) -> list[Row]:
    """Every objective by its indicator, with its `settings` and `evaluations`, oldest first; each
    of these with its `words`, None where what was written is not kept any more.
    """
    objectives = rows.execute(
        "SELECT * FROM objective WHERE first_year = %s ORDER BY indicator", (first_year,)
    ).fetchall()
    for table, name in (("objective_setting", "settings"), ("objective_evaluation", "evaluations")):
        found = rows.execute(
            f"SELECT t.*, r.words FROM {table} t LEFT JOIN written_reason r USING (digest)"
            " WHERE t.first_year = %s ORDER BY t.version",
            (first_year,),
        ).fetchall()
        for objective in objectives:
            objective[name] = [row for row in found if row["indicator"] == objective["indicator"]]
    return objectives
