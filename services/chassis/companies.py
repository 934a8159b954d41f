"""The declarative register of companies: `companies.toml`."""

import logging
import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from stdnum import iban

from services.chassis.log import warn
from services.chassis.reasons import reason_of
from services.chassis.refusal import UnknownCompany

logger = logging.getLogger("referent.companies")
SLUG = re.compile(r"[a-z][a-z0-9-]{1,29}")
RESERVED = frozenset(
    {"api", "health", "openapi", "problems", "region", "sign-in", "sign-out", "static"}
)
"""First words of addresses that are no company's: its pages would stand in their place."""


class RegisterRefused(Exception):
    """`companies.toml` cannot be used; the message names the place and the way out."""


class Limits(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    upload_mb: int = Field(default=256, ge=1, le=256)


class Company(BaseModel):
    """One company on the shared infrastructure.

    `slug` names its schema, role, topics and files; it never changes once provisioned.
    `demonstration` gives the company a clock of its own (simulated time).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    slug: str
    names: dict[str, str]
    languages: tuple[str, ...] = ("fr",)
    commune: str = ""
    province: Literal["Brabant wallon", "Hainaut", "Liège", "Luxembourg", "Namur"] | None = None
    key: str = ""
    bank_accounts: tuple[str, ...] = ()
    demonstration: bool = False
    limits: Limits = Limits()

    @field_validator("slug")
    @classmethod
    def _slug_is_plain(cls, slug: str) -> str:
        if not SLUG.fullmatch(slug):
            raise ValueError("2 à 30 caractères : a-z, 0-9 et -, une lettre d'abord.")
        if slug in RESERVED:
            raise ValueError(
                f"« {slug} » est une adresse de tous les services : choisissez un autre nom court."
            )
        return slug

    @field_validator("bank_accounts")
    @classmethod
    def _accounts_are_accounts(cls, accounts: tuple[str, ...]) -> tuple[str, ...]:
        for account in accounts:
            digits = re.sub(r"[ .-]", "", account)
            if not (
                iban.is_valid(digits, check_country=False)
                or re.fullmatch(r"\d{12}", digits, re.ASCII)
            ):
                raise ValueError(
                    f"« {account} » n'est ni un IBAN valable ni un ancien numéro de douze chiffres."
                )
        return accounts

    @property
    def schema_name(self) -> str:
        return "c_" + self.slug.replace("-", "_")

    def role(self, service: str) -> str:
        return f"{service}__{self.slug.replace('-', '_')}"

    def topic(self, service: str) -> str:
        return f"referent.{self.slug}.{service}"

    def source(self, service: str) -> str:
        """CloudEvents `source`: says itself when the company is a demonstration."""
        kind = "demonstration" if self.demonstration else "company"
        return f"urn:referent:{kind}:{self.slug}:{service}"

    @property
    def name(self) -> str:
        return self.names.get("fr") or next(iter(self.names.values()), self.slug)


@dataclass(frozen=True)
class Register:
    companies: dict[str, Company] = field(default_factory=dict)

    def __getitem__(self, slug: str) -> Company:
        try:
            return self.companies[slug]
        except KeyError:
            raise UnknownCompany("Cette société n'est pas enregistrée ici.") from None

    def __iter__(self) -> Any:
        return iter(self.companies.values())

    def __len__(self) -> int:
        return len(self.companies)


def read_register(path: Path) -> Register:
    """Read `companies.toml`: a table per company, keyed by slug. A missing file is no company."""
    try:
        return _register(path, path.read_text(encoding="utf-8") if path.exists() else "")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RegisterRefused(f"{path} ne peut pas être lu\u00a0: {error}.") from None


@lru_cache(maxsize=2)  # a host asks every second, and few words change in a year
def _register(path: Path, text: str) -> Register:
    told = tomllib.loads(text)
    if told.keys() - {"companies"} or not isinstance(tables := told.get("companies", {}), dict):
        raise RegisterRefused(
            f"{path}\u00a0: chaque société a sa table, comme [companies.foyer-de-sambre], et rien "
            "d'autre ne s'écrit ici."
        )
    companies: dict[str, Company] = {}
    for slug, table in tables.items():
        try:
            companies[slug] = Company(slug=slug, **table)
        except TypeError:
            raise RegisterRefused(f"{path} : écrivez [companies.{slug}], sans « slug ».") from None
        except ValidationError as error:
            first = error.errors()[0]
            place = ", ".join(map(str, (f"société « {slug} »", *first["loc"])))
            raise RegisterRefused(f"{path}, {place}. {reason_of(first)}") from None
    return Register(companies)


class RegisterFile:
    """`companies.toml` as it last was right: while it is edited, or lost, nothing stops."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last: Register | None = None
        self._trouble = ""

    def read(self) -> Register:
        """Errors: RegisterRefused while it was never right."""
        try:
            read = read_register(self.path)
            if self._last and not read:
                raise RegisterRefused(f"{self.path} ne nomme plus aucune société.")
            self._last, self._trouble = read, ""
        except RegisterRefused as error:
            if self._last is None:
                raise
            if str(error) != self._trouble:
                warn(logger, "register cannot be read, the last one stays", because=str(error))
            self._trouble = str(error)
        return self._last
