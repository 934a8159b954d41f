"""The composition root: which services there are, and how their databases are made ready.

With `kinds.py` the only place that knows all four; everything else meets one service or none. Of
each it knows the tables alone: to import what a service does takes longer than to start servers.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from services.arrears.tables import TABLES as ARREARS_TABLES
from services.chassis.companies import Register, read_register
from services.chassis.provision import Provisioned, ServiceTables, make_databases, provision
from services.chassis.settings import SERVICES, Settings, companies_file
from services.followup.open_support_periods import TABLES as SUPPORT_TABLES
from services.followup.visits_to_make import TABLES as VISIT_TABLES
from services.intake.new_tenants_to_welcome import TABLES as INTAKE_TABLES
from services.intake.vacant_dwellings import BEFORE_THERE_WAS_IT as DWELLINGS_BEFORE
from services.intake.vacant_dwellings import TABLES as DWELLING_TABLES
from services.reporting.objectives.contracts_by_year import TABLES as CONTRACT_TABLES
from services.reporting.returns_by_year import KEPT as RETURN_REASONS
from services.reporting.returns_by_year import TABLES as RETURN_TABLES
from services.reporting.shape import HEARD

PARTS = [
    ServiceTables("intake", (), INTAKE_TABLES + DWELLING_TABLES, DWELLINGS_BEFORE),
    ServiceTables("followup", ("intake", "arrears"), VISIT_TABLES + SUPPORT_TABLES),
    ServiceTables("arrears", ("intake",), ARREARS_TABLES),
    ServiceTables("reporting", HEARD, RETURN_TABLES + CONTRACT_TABLES, RETURN_REASONS),
]


@dataclass(frozen=True)
class Home:
    """A folder with a running PostgreSQL and Kafka, and the secrets to reach them."""

    folder: Path
    admin_url: str
    kafka_bootstrap_servers: str

    @property
    def companies_file(self) -> Path:
        return companies_file(self.folder)

    @property
    def passwords(self) -> dict[str, str]:
        """A password a service, made once, readable by us alone."""
        path = self.folder / "secrets" / "passwords.json"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            made = {service: secrets.token_urlsafe(24) for service in SERVICES}
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                json.dump(made, file)
        stored: dict[str, str] = json.loads(path.read_text("utf-8"))
        return stored

    def url(self, database: str, service: str) -> str:
        """How `service` reaches `database`, as its own login role."""
        password = self.passwords[service]
        return make_conninfo(
            self.admin_url, dbname=database, user=f"referent_{service}", password=password
        )

    def database_urls(self) -> dict[str, str]:
        return {service: self.url(service, service) for service in SERVICES}

    def keyring_urls(self) -> dict[str, str]:
        return {service: self.url("keyring", service) for service in SERVICES}

    def settings(self, service: str, **more: Any) -> Settings:
        """What hosts one service of this home in a process of one's own; `more` overrides."""
        common: dict[str, Any] = {
            "service": service,
            "home": self.folder,
            "mode": "embedded",
            "database_url": self.url(service, service),
            "keyring_url": self.url("keyring", service),
            "kafka_bootstrap_servers": self.kafka_bootstrap_servers,
            "host": "127.0.0.1",
            "port": 0,
            "links": {},
        }
        return Settings(**common | more)

    def register(self) -> Register:
        return read_register(self.companies_file)

    @staticmethod
    def make_databases(admin_url: str) -> None:
        """What of provisioning needs no Kafka: it may be still starting."""
        make_databases(admin_url)

    def provision(self, *slugs: str) -> list[Provisioned]:
        """Bring everything to what `companies.toml` says: of these companies, or of all."""
        register = self.register()
        if slugs:
            register = Register({slug: register[slug] for slug in slugs})
        return provision(
            self.admin_url,
            self.kafka_bootstrap_servers,
            register,
            PARTS,
            self.passwords,
            self.folder / "secrets",
        )
