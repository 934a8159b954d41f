"""Accounts of a machine of one's own: who may sign in, and the secrets that vouch for them.

`accounts.toml` is for people to edit; the secrets beside it are made once and readable by us alone.
"""

import fcntl
import json
import logging
import os
import secrets
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from services.chassis.companies import Register
from services.chassis.log import warn
from services.chassis.settings import SettingsRefused

logger = logging.getLogger("referent.accounts")
ALL = "*"
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


class Role(StrEnum):
    INTAKE_OFFICER = "intake_officer"
    SUPPORT_OFFICER = "support_officer"
    ARREARS_OFFICER = "arrears_officer"
    MANAGER = "manager"
    AUDITOR = "auditor"
    REGIONAL_AUTHORITY = "regional_authority"
    PRIVACY_OFFICER = "privacy_officer"
    OPERATOR = "operator"

    @property
    def label(self) -> str:
        """What pages call the role."""
        return LABELS[self]


LABELS = {
    Role.INTAKE_OFFICER: "Accueil",
    Role.SUPPORT_OFFICER: "Accompagnement social",
    Role.ARREARS_OFFICER: "Suivi des paiements",
    Role.MANAGER: "Direction",
    Role.AUDITOR: "Audit",
    Role.REGIONAL_AUTHORITY: "Autorité régionale",
    Role.PRIVACY_OFFICER: "Protection des données",
    Role.OPERATOR: "Exploitation",
}
OF_ALL_COMPANIES = (Role.REGIONAL_AUTHORITY, Role.OPERATOR)
LOOKERS_IN = frozenset({Role.MANAGER, Role.AUDITOR})
OPENED_BY = {
    "front": frozenset(Role),
    "intake": LOOKERS_IN | {Role.INTAKE_OFFICER},
    "followup": LOOKERS_IN | {Role.SUPPORT_OFFICER},
    "arrears": LOOKERS_IN | {Role.ARREARS_OFFICER},
    "reporting": LOOKERS_IN,
}
"""Roles that may open a service's start page: no page leads the others there."""


@dataclass(frozen=True, slots=True)
class Account:
    """`id` is a pseudonym and may be recorded; `name` is for display alone."""

    id: str
    name: str
    role: Role
    companies: tuple[str, ...]

    def may_see(self, slug: str) -> bool:
        return ALL in self.companies or slug in self.companies


class Accounts:
    """The accounts of a home, read again when the file has changed."""

    def __init__(self, home: Path) -> None:
        self.path = home / "accounts.toml"
        self._read: tuple[tuple[int, int] | None, dict[str, Account]] = (None, {})

    def find(self, account_id: str) -> Account | None:
        return self.all().get(account_id)

    def all(self) -> dict[str, Account]:
        """Accounts by id, in the file's order. Errors: SettingsRefused."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return {}
        stamp = (found.st_mtime_ns, found.st_size)
        if self._read[0] != stamp:
            self._read = (stamp, self._read_or_keep())
        return self._read[1]

    def _read_or_keep(self) -> dict[str, Account]:
        """While the file is being edited, who may sign in stays as it last was right."""
        try:
            return read_accounts(self.path)
        except SettingsRefused as error:
            if not self._read[1]:
                raise
            warn(logger, "accounts cannot be read, the last ones stay", because=str(error))
            return self._read[1]


def read_accounts(path: Path) -> dict[str, Account]:
    """Errors: SettingsRefused naming the account that cannot be read."""
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("accounts", {})
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsRefused(f"{path} ne peut pas être lu : {error}.") from None
    accounts = {}
    for account_id, table in tables.items():
        try:
            accounts[account_id] = Account(
                id=account_id,
                name=str(table["name"]),
                role=Role(table["role"]),
                companies=tuple(map(str, table["companies"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise SettingsRefused(
                f"{path}, compte « {account_id} » : il faut name, role et companies ({error})."
            ) from None
    return accounts


def ensure_accounts(home: Path, register: Register) -> list[Account]:
    """Write an account a role for each company that has none yet; gives those made now.

    A company that has any account is left as it is, so that what was edited stays.
    """
    path = home / "accounts.toml"
    with alone(_secrets(home)):  # five processes come up at once, and each would write the file
        known = read_accounts(path).values()
        served = {slug for account in known for slug in account.companies}
        made = [] if ALL in served else [_account(role) for role in OF_ALL_COMPANIES]
        for company in register:
            if company.slug not in served:
                made += [
                    _account(role, company.slug, company.name)
                    for role in Role
                    if role not in OF_ALL_COMPANIES
                ]
        if made:
            before = path.read_text("utf-8") if path.exists() else ""
            draft = path.with_name("accounts.toml.draft")
            draft.write_text(before + "".join(map(_as_toml, made)), "utf-8")
            draft.replace(path)
    return made


def _account(role: Role, slug: str = ALL, company: str = "") -> Account:
    name = f"{role.label}, {company}" if company else role.label
    of = f".{slug}" if company else ""
    return Account(role.replace("_", "-") + of, name, role, (slug,))


def _as_toml(account: Account) -> str:
    def text(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    return (
        f"[accounts.{text(account.id)}]\nname = {text(account.name)}\n"
        f"role = {text(account.role.value)}\ncompanies = {text(account.companies)}\n\n"
    )


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time; the others wait. The lock goes with the process."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def access_code(home: Path) -> str:
    """The code that every account of this home signs in with: three short words, made once."""

    def word() -> str:
        return secrets.choice(SYLLABLES) + secrets.choice(SYLLABLES)

    return _made_once(_secrets(home) / "access-code", "-".join(word() for _ in range(3)))


def session_key(home: Path) -> bytes:
    """What sessions, tokens and request hashes of this home are signed with, made once."""
    return _made_once(_secrets(home) / "session.key", secrets.token_urlsafe(32)).encode()


def _secrets(home: Path) -> Path:
    folder = home / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _made_once(path: Path, content: str) -> str:
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content)
        try:
            # A link is made whole or not at all: nobody reads half a secret, nobody replaces one.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("ascii").strip()
