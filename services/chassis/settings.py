"""The only reader of settings in `os.environ`: where everything is, for one process."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

SERVICES = ("intake", "followup", "arrears", "reporting")
FRONT_PORT = 8700


class SettingsRefused(Exception):
    """The process cannot start as configured; one sentence says why and the way out."""


def megabytes(count: int) -> int:
    """Bytes of a limit given in MB."""
    return count * 1024 * 1024


def home_folder() -> Path:
    """`REFERENT_HOME`, else the user's data folder."""
    named = os.environ.get("REFERENT_HOME")
    return Path(named).absolute() if named else Path(platformdirs.user_data_dir("referent"))


def base_port() -> int:
    """First of five ports: the front page, then intake, followup, arrears, reporting."""
    text = os.environ.get("REFERENT_PORT", str(FRONT_PORT))
    if not text.isdigit() or not 1024 <= int(text) <= 65_000:
        raise SettingsRefused(f"REFERENT_PORT={text} : un nombre entre 1024 et 65000 est attendu.")
    return int(text)


def companies_file(home: Path) -> Path:
    """`REFERENT_COMPANIES`, else `companies.toml` in the home."""
    return Path(os.environ.get("REFERENT_COMPANIES", home / "companies.toml"))


def is_supervised() -> bool:
    """Whether a supervisor started this process and holds the other end of its standard input."""
    return os.environ.get("REFERENT_SUPERVISED") == "1"


@dataclass(frozen=True)
class Settings:
    """What one service process needs to know. `*_max` bound it whatever the companies' number.

    connections: the pool's `pool_connections_max`, plus one that listens, one that owns
    companies and two of the keyring: 20 at most with the default.
    """

    service: str
    home: Path
    mode: str
    database_url: str
    keyring_url: str
    kafka_bootstrap_servers: str
    host: str
    port: int
    links: dict[str, str]
    pool_connections_max: int = 16
    sweep_s: float = 30.0

    @property
    def companies_file(self) -> Path:
        return companies_file(self.home)

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def static(self) -> Path:
        return self.home / "static"


def read_settings(service: str) -> Settings:
    """Settings of `service` from the environment, else from what embedded mode wrote.

    Errors: SettingsRefused when neither names a database and a broker.
    """
    home = home_folder()
    running = _running(home)
    env = os.environ

    def given(name: str, key: str) -> str:
        value = env.get(name) or running.get(key, "")
        if not value:
            raise SettingsRefused(
                f"{name} n'est pas défini et rien ne tourne dans {home} : "
                "lancez d'abord « referent up », ou définissez cette variable."
            )
        return str(value)

    urls = running.get("database_urls", {})
    first = base_port() if "REFERENT_PORT" in env else int(running.get("port", FRONT_PORT))
    host = env.get("REFERENT_HOST", "127.0.0.1")
    links = {"front": f"http://{host}:{first}"}
    links |= {name: f"http://{host}:{first + 1 + n}" for n, name in enumerate(SERVICES)}
    if "REFERENT_LINKS" in env:
        links |= json.loads(env["REFERENT_LINKS"])
    return Settings(
        service=service,
        home=home,
        mode="cluster" if env.get("OIDC_ISSUER") else "embedded",
        database_url=env.get("DATABASE_URL") or urls.get(service) or given("DATABASE_URL", ""),
        keyring_url=env.get("KEYRING_DATABASE_URL")
        or running.get("keyring_urls", {}).get(service)
        or given("KEYRING_DATABASE_URL", ""),
        kafka_bootstrap_servers=given("KAFKA_BOOTSTRAP_SERVERS", "kafka_bootstrap_servers"),
        host=host,
        port=int(env.get("PORT", 0)) or int(links[service].rsplit(":", 1)[1]),
        links=links,
        pool_connections_max=int(env.get("POOL_CONNECTIONS_MAX", 16)),
        sweep_s=float(env.get("SWEEP_S", 30.0)),
    )


def running_file(home: Path) -> Path:
    """What runs in a home, passwords included: in a folder that no lent account may enter."""
    return home / "locks" / "state.json"


def _running(home: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads(running_file(home).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return state
