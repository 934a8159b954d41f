"""Sealed values: what only the holder of a person's key can read.

AES-256-GCM, one data key a person, associated data = company, person and field. Data keys are
wrapped by the company's key and live in a database of their own; destroying one leaves a
tombstone, so that it can never be made again. Intake makes and destroys keys, the others unwrap.
"""

import base64
import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg.rows import DictRow
from psycopg_pool import PoolTimeout

from services.chassis.companies import Company
from services.chassis.datastore import TAKE_ROLE, open_pool
from services.chassis.refusal import NameUnavailable, Refusal

ERASED = "[effacé]"
UNAVAILABLE = "nom indisponible"
PREFIX = "sealed:1:"
CACHE_S = 60.0
AWAY_S = 3.0

TABLES = """
CREATE TABLE IF NOT EXISTS person_key (
    person uuid PRIMARY KEY,
    wrapped bytea,
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
)
"""


class PersonErased(Refusal):
    status = 409
    slug = "person-erased"
    title = "Données effacées"


class Keyring:
    """The keys of persons, for one process. At most two connections, keys cached 60 s at most."""

    def __init__(self, database_url: str, secrets: Path, service: str) -> None:
        self.service = service
        self.secrets = secrets
        self.pool = open_pool(database_url, 2, connections_min=0, timeout_s=2.0)
        self._cached: dict[tuple[str, UUID], tuple[float, AESGCM | None]] = {}
        self._away_until = 0.0
        self._lock = threading.Lock()

    def close(self) -> None:
        self.pool.close()

    def seal(self, company: Company, person: UUID, field: str, text: str) -> str:
        """Seal one value; makes the person's key if it never existed.

        Errors: PersonErased when the key was destroyed; NameUnavailable when the key database is
        down: a command that must seal is refused rather than recorded in clear.
        """
        self.make_keys(company, [person])
        key = self._keys(company, [person]).get(person)
        if key is None:
            raise PersonErased("Les données de cette personne ont été effacées définitivement.")
        nonce = os.urandom(12)
        sealed = nonce + key.encrypt(nonce, text.encode(), _associated(company, person, field))
        return f"{PREFIX}{person}:{base64.urlsafe_b64encode(sealed).decode()}"

    def make_keys(self, company: Company, persons: Iterable[UUID]) -> None:
        """Make the keys that do not exist, or were lost; a tombstone stays a tombstone."""
        with self._lock:
            kept = {person: self._cached.get((company.slug, person)) for person in persons}
        unknown = [person for person, cached in kept.items() if not (cached and cached[1])]
        if not unknown:
            return
        master = AESGCM(master_key(self.secrets, company))
        new = {person: AESGCM.generate_key(256) for person in unknown}
        wrapped = []
        for person, data_key in new.items():
            nonce = os.urandom(12)
            wrapped.append(nonce + master.encrypt(nonce, data_key, _wrap(company, person)))
        now = time.monotonic()
        with self._connection(company) as connection:
            made = connection.execute(
                "INSERT INTO person_key (person, wrapped) SELECT *"
                " FROM unnest(%b::uuid[], %b::bytea[]) ON CONFLICT DO NOTHING RETURNING person",
                (unknown, wrapped),
            ).fetchall()
        self._remember(company, {row["person"]: AESGCM(new[row["person"]]) for row in made}, now)

    def unwrap(self, company: Company, persons: Iterable[UUID]) -> None:
        """Fetch many keys in one query, so that sealing does not ask for each on its own."""
        self._keys(company, persons)

    def destroy(self, company: Company, person: UUID) -> None:
        """Destroy a person's key for ever; what was sealed with it reads `[effacé]`."""
        with self._connection(company) as connection:
            connection.execute(
                "INSERT INTO person_key (person, destroyed_at) VALUES (%s, now())"
                " ON CONFLICT (person) DO UPDATE SET wrapped = NULL, destroyed_at = now()",
                (person,),
            )
        with self._lock:
            self._cached.pop((company.slug, person), None)

    def show_all(self, company: Company, values: Iterable[str | None], field: str) -> list[str]:
        """What a page shows for sealed values: the text, `[effacé]` or « nom indisponible »."""
        values = list(values)
        persons = [person_of(value) for value in values if value]
        try:
            keys = self._keys(company, persons)
        except NameUnavailable:
            return [UNAVAILABLE if value else "" for value in values]
        return [self._open(company, keys, value, field) if value else "" for value in values]

    def _open(
        self, company: Company, keys: dict[UUID, AESGCM | None], sealed: str, field: str
    ) -> str:
        person = person_of(sealed)
        key = keys.get(person)
        if key is None:
            return ERASED
        content = base64.urlsafe_b64decode(sealed.rsplit(":", 1)[1])
        try:
            return key.decrypt(
                content[:12], content[12:], _associated(company, person, field)
            ).decode()
        except InvalidTag:
            return ERASED

    def _keys(self, company: Company, persons: Iterable[UUID]) -> dict[UUID, AESGCM | None]:
        now = time.monotonic()
        found: dict[UUID, AESGCM | None] = {}
        missing = []
        with self._lock:
            for person in persons:
                kept = self._cached.get((company.slug, person))
                if kept and now - kept[0] < CACHE_S:
                    found[person] = kept[1]
                else:
                    missing.append(person)
        if missing:
            found |= self._unwrap(company, missing, now)
        return found

    def _unwrap(
        self, company: Company, persons: list[UUID], now: float
    ) -> dict[UUID, AESGCM | None]:
        master = AESGCM(master_key(self.secrets, company))
        with self._connection(company) as connection:
            rows = connection.execute(
                "SELECT person, wrapped FROM person_key WHERE person = ANY(%s)", (persons,)
            ).fetchall()
        keys: dict[UUID, AESGCM | None] = dict.fromkeys(persons)
        for row in rows:
            if row["wrapped"] is not None:
                wrapped = bytes(row["wrapped"])
                keys[row["person"]] = AESGCM(
                    master.decrypt(wrapped[:12], wrapped[12:], _wrap(company, row["person"]))
                )
        self._remember(company, keys, now)
        return keys

    def _remember(self, company: Company, keys: dict[UUID, AESGCM | None], now: float) -> None:
        with self._lock:
            if len(self._cached) > 50_000:
                self._cached.clear()
            for person, key in keys.items():
                self._cached[(company.slug, person)] = (now, key)

    @contextmanager
    def _connection(self, company: Company) -> Iterator[Connection[DictRow]]:
        """A transaction under the company's role.

        Errors: NameUnavailable when the key database is down; for the next few seconds at once,
        so that a page waits for it once and not for each of its names.
        """
        away = NameUnavailable(
            "Le coffre des clés ne répond pas : rien n'a été enregistré. Réessayez bientôt."
        )
        if time.monotonic() < self._away_until:
            raise away
        try:
            with self.pool.connection() as taken, taken.pipeline(), taken.transaction():
                role, schema = company.role(self.service), company.schema_name
                taken.execute(TAKE_ROLE, (role, schema), prepare=True)
                yield taken
        except PoolTimeout:
            self._away_until = time.monotonic() + AWAY_S
            raise away from None
        except psycopg.OperationalError:
            raise away from None


def master_key(secrets: Path, company: Company) -> bytes:
    """The company's key-encrypting key: the file named in the register, else embedded mode's."""
    place = company.key.removeprefix("file:")
    path = Path(place) if place else secrets / "company-keys" / f"{company.slug}.key"
    return base64.b64decode((secrets / path).read_text("ascii"))


def make_master_key(secrets: Path, company: Company) -> bool:
    """Make embedded mode's key for a company once; True when it was made now."""
    path = secrets / "company-keys" / f"{company.slug}.key"
    if company.key or path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(AESGCM.generate_key(256)).decode())
    return True


def person_of(sealed: str) -> UUID:
    return UUID(sealed[len(PREFIX) :].partition(":")[0])


def _associated(company: Company, person: UUID, field: str) -> bytes:
    return f"{company.slug}|{person}|{field}".encode()


def _wrap(company: Company, person: UUID) -> bytes:
    return f"{company.slug}|{person}".encode()
