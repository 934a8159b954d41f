"""Schemas, roles and topics of companies, made once and brought up to date: idempotent.

Run by an operator with an administrator's connection; services never create tables.
"""

from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

from contracts.envelope import FIRST_HASH
from services.chassis import facts, imports, inbox_standing, keyring, parking, relay
from services.chassis.companies import Company, Register
from services.chassis.datastore import CompanyDatastore
from services.chassis.settings import SERVICES
from services.chassis.topics import make_topics

KEY_RIGHTS = {"intake": "SELECT, INSERT, UPDATE", "arrears": "SELECT, INSERT"}
"""Intake makes and destroys keys; arrears makes one for each payer it does not know; the others
only read."""
PRIVATE_TABLES = {"stored_events", "facts"}


@dataclass(frozen=True)
class ServiceTables:
    """What one service needs in each company's schema: its read models, what it keeps beside the
    log (mending does not empty it), and whom it hears.
    """

    service: str
    consumes: tuple[str, ...] = ()
    read_models: str = ""
    kept: str = ""


@dataclass
class Provisioned:
    company: str
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def provision(
    admin_url: str,
    bootstrap_servers: str,
    register: Register,
    tables: list[ServiceTables],
    passwords: dict[str, str],
    secrets: Path,
    replication: int = 1,
) -> list[Provisioned]:
    """Bring databases, roles, schemas, keys and topics to what the register says."""
    done = {company.slug: Provisioned(company.slug) for company in register}
    make_databases(admin_url)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for service in SERVICES:
            _make_login(admin, service, passwords[service])
        for company in register:
            for service in SERVICES:
                if _make_role(admin, company.role(service), f"referent_{service}"):
                    done[company.slug].created.append(f"role {company.role(service)}")
    # Tables last: a service that is at work takes a company up as soon as its row is there.
    topics = {c.topic(service): c.slug for c in register for service in SERVICES}
    for topic in make_topics(bootstrap_servers, list(topics), replication):
        done[topics[topic]].created.append(f"topic {topic}")
    with psycopg.connect(admin_url, dbname="keyring", autocommit=True) as connection:
        for company in register:
            _provision_keys(connection, company, done[company.slug])
            if keyring.make_master_key(secrets, company):
                done[company.slug].created.append("company key")
    for part in tables:
        with psycopg.connect(admin_url, dbname=part.service, autocommit=True) as connection:
            _provision_service(connection, part, register, done)
    return list(done.values())


def _make_login(admin: Connection[tuple[object, ...]], service: str, password: str) -> None:
    login = Identifier(f"referent_{service}")
    exists = admin.execute(
        "SELECT 1 FROM pg_roles WHERE rolname = %s", (f"referent_{service}",)
    ).fetchone()
    if not exists:
        admin.execute(SQL("CREATE ROLE {} LOGIN NOINHERIT").format(login))
    # Always set again: a password that was changed in the secrets takes effect here.
    admin.execute(SQL("ALTER ROLE {} PASSWORD {}").format(login, Literal(password)))


def make_databases(admin_url: str) -> None:
    """The databases alone: they take longest, and need nothing of Kafka."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        made = {name for (name,) in admin.execute("SELECT datname FROM pg_database")}
        for database in {*SERVICES, "keyring"} - made:
            name = Identifier(database)
            admin.execute(SQL("CREATE DATABASE {} STRATEGY file_copy").format(name))
            admin.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))


def _make_role(admin: Connection[tuple[object, ...]], role: str, login: str) -> bool:
    if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
        return False
    admin.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(role)))
    admin.execute(SQL("GRANT {} TO {}").format(Identifier(role), Identifier(login)))
    return True


def _provision_service(
    connection: Connection[tuple[object, ...]],
    part: ServiceTables,
    register: Register,
    done: dict[str, Provisioned],
) -> None:
    login = Identifier(f"referent_{part.service}")
    connection.execute(
        SQL("GRANT CONNECT ON DATABASE {} TO {}").format(Identifier(part.service), login)
    )
    connection.execute(relay.TABLES)
    connection.execute(SQL("GRANT SELECT ON public.news TO {}").format(login))
    connection.execute("ALTER TABLE public.news ENABLE ROW LEVEL SECURITY")
    connection.execute("DROP POLICY IF EXISTS own ON public.news")
    connection.execute("DROP POLICY IF EXISTS sweep ON public.news")
    connection.execute("CREATE POLICY own ON public.news USING (role = current_user)")
    connection.execute(
        SQL("CREATE POLICY sweep ON public.news FOR SELECT TO {} USING (true)").format(login)
    )
    for company in register:
        with connection.transaction():
            if _provision_schema(connection, part, company):
                done[company.slug].created.append(f"schema {part.service}.{company.schema_name}")


def _provision_schema(
    connection: Connection[tuple[object, ...]], part: ServiceTables, company: Company
) -> bool:
    schema, role = Identifier(company.schema_name), Identifier(company.role(part.service))
    exists = connection.execute(
        "SELECT 1 FROM pg_namespace WHERE nspname = %s", (company.schema_name,)
    ).fetchone()
    connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
    connection.execute(SQL("SET LOCAL search_path = {}").format(schema))
    connection.execute(_events_table(company, part.service))
    connection.execute(
        facts.TABLES
        + inbox_standing.TABLES
        + parking.TABLES
        + imports.TABLES
        + part.read_models
        + part.kept
    )
    for publisher in part.consumes:
        connection.execute(
            "INSERT INTO inbox_position VALUES (%s, 0, %s, 0) ON CONFLICT DO NOTHING",
            (publisher, FIRST_HASH),
        )
    connection.execute(SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, role))
    connection.execute(
        SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}").format(
            schema, role
        )
    )
    connection.execute(SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}").format(schema, role))
    # What was recorded stays: nobody may change or delete it. MAINTAIN is for LOCK TABLE.
    for table in PRIVATE_TABLES:
        connection.execute(
            SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(Identifier(table), role)
        )
        connection.execute(SQL("GRANT MAINTAIN ON {} TO {}").format(Identifier(table), role))
    connection.execute(SQL("GRANT SELECT, UPDATE ON public.news TO {}").format(role))
    connection.execute(
        "INSERT INTO public.news (company, role) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (company.slug, company.role(part.service)),
    )
    return exists is None


def _events_table(company: Company, service: str) -> str:
    """The library's own statements for its events table and index."""
    recorder = facts.FactRecorder(CompanyDatastore(None, company, service))  # type: ignore[arg-type]
    statements = [statement.as_string() for statement in recorder.sql_create_statements]
    wanted = [s for s in statements if "CREATE TABLE" in s or "INDEX" in s]
    return ";".join(wanted)


def _provision_keys(
    connection: Connection[tuple[object, ...]], company: Company, done: Provisioned
) -> None:
    schema = Identifier(company.schema_name)
    with connection.transaction():
        connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
        connection.execute(SQL("SET LOCAL search_path = {}").format(schema))
        connection.execute(keyring.TABLES)
        for service in SERVICES:
            role, login = Identifier(company.role(service)), Identifier(f"referent_{service}")
            connection.execute(SQL("GRANT CONNECT ON DATABASE keyring TO {}").format(login))
            connection.execute(SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, role))
            rights = KEY_RIGHTS.get(service, "SELECT")
            connection.execute(SQL("GRANT " + rights + " ON person_key TO {}").format(role))
