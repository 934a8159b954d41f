"""Who is asking, and whether they may: the one place that allows or refuses."""

import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from services.chassis.accounts import Account, Accounts, Role, access_code, session_key
from services.chassis.refusal import Malformed, NotAllowed, NotSignedIn, Refusal, UnknownCompany
from services.chassis.settings import Settings, SettingsRefused

__all__ = ["ANYONE", "SIGNED_IN", "Account", "Identity", "Role", "Rule", "allow", "mint_token"]

COOKIE = "referent_session"
SESSION_S = 12 * 3600
WRONG_CODES_MAX = 10
WRONG_CODES_S = 60.0
UNKNOWN = "Cette société n'est pas enregistrée ici."


class TooManyAttempts(Refusal):
    status = 429
    slug = "too-many-attempts"
    title = "Trop d'essais"


class WrongCode(Malformed):
    slug = "wrong-code"
    title = "Code d'accès incorrect"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route: nobody in particular, whoever is signed in, or some roles."""

    name: str
    roles: frozenset[Role] = frozenset()

    def admits(self, role: Role) -> bool:
        return self is ANYONE or role in self.roles


ANYONE = Rule("anyone")
SIGNED_IN = Rule("signed-in", frozenset(Role))


def rule_of(roles: Rule | AbstractSet[Role]) -> Rule:
    if isinstance(roles, Rule):
        return roles
    assert roles, "a rule names at least one role"
    return Rule("+".join(sorted(roles)), frozenset(roles))


def allow(rule: Rule, account: Account | None, company_slug: str | None = None) -> None:
    """Return, or say why not.

    Refuses: NotSignedIn (401); UnknownCompany (404), the same for a company that is not the
    account's and for one that does not exist; NotAllowed (403).
    """
    if rule is ANYONE:
        return
    if account is None:
        raise NotSignedIn("Connectez-vous pour continuer.")
    if company_slug is not None and not account.may_see(company_slug):
        raise UnknownCompany(UNKNOWN)
    if not rule.admits(account.role):
        raise NotAllowed(
            f"Le rôle « {account.role.label} » ne donne pas accès à cette page. "
            "Connectez-vous avec un autre compte, ou demandez à qui ce rôle est confié."
        )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An account with the session it came by; `session` is empty for a bearer token."""

    account: Account
    session: str = ""


class Identity:
    """Sign-in on a machine of one's own: accounts of the home, one access code."""

    def __init__(
        self,
        home: Path,
        clock: Callable[[], float] = time.monotonic,
        session_s: int = SESSION_S,
    ) -> None:
        self.key = session_key(home)
        self.accounts = Accounts(home)
        self._code = access_code(home)
        self._ended = home / "secrets" / "ended-sessions"
        self._wrong: deque[float] = deque()
        self._clock = clock
        self._session_s = session_s
        self._lock = threading.Lock()

    def sign_in(self, account_id: str, code: str) -> str:
        """The cookie of a new session.   Refuses: TooManyAttempts (429), WrongCode (422)."""
        with self._lock:
            self._refuse_guessing()
            right = hmac.compare_digest(code.strip().casefold().encode(), self._code.encode())
            if not right:
                self._wrong.append(self._clock())
                reason = "Ce code n'est pas le bon. Il est affiché au démarrage."
                raise WrongCode(reason, [{"field": "code", "reason": reason}])
        if self.accounts.find(account_id) is None:
            reason = "Choisissez un compte."
            raise Malformed(reason, [{"field": "account", "reason": reason}])
        return str(_signer(self.key, "session").dumps([account_id, secrets.token_urlsafe(16)]))

    def _refuse_guessing(self) -> None:
        now = self._clock()
        while self._wrong and now - self._wrong[0] >= WRONG_CODES_S:
            self._wrong.popleft()
        if len(self._wrong) >= WRONG_CODES_MAX:
            wait_s = int(WRONG_CODES_S - (now - self._wrong[0])) + 1
            raise TooManyAttempts(
                f"Trop de codes incorrects. Réessayez dans {wait_s} secondes.", retry_after_s=wait_s
            )

    def who(self, cookie: str | None, authorization: str | None) -> SignedIn | None:
        """Who a request comes from; None when nothing vouches for anybody."""
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            found = self._open("token", token) if scheme.lower() == "bearer" else None
            account = self.accounts.find(found) if isinstance(found, str) else None
            return SignedIn(account) if account else None
        found = self._open("session", cookie) if cookie else None
        match found:
            case [str(account_id), str(session)] if not self._mark(session).exists():
                account = self.accounts.find(account_id)
                return SignedIn(account, session) if account else None
        return None

    def end(self, session: str) -> None:
        """Whoever kept the cookie of a session that was signed out has nothing: in any process."""
        if not session:
            return
        self._ended.mkdir(mode=0o700, exist_ok=True)
        oldest = time.time() - self._session_s
        for mark in self._ended.iterdir():
            if mark.stat().st_mtime < oldest:
                mark.unlink(missing_ok=True)
        self._mark(session).touch(mode=0o600)

    def _mark(self, session: str) -> Path:
        return self._ended / hashlib.sha256(session.encode()).hexdigest()

    def _open(self, salt: str, text: str) -> Any:
        try:
            return _signer(self.key, salt).loads(text, max_age=self._session_s)
        except BadData:
            return None

    def csrf(self, session: str) -> str:
        """What a form of this session carries, and nobody else can make."""
        return hmac.new(self.key, f"csrf:{session}".encode(), hashlib.sha256).hexdigest()

    def fingerprint(self, content: bytes) -> bytes:
        """Keyed hash of what a request asked for: tells a repeat from another, reveals nothing."""
        return hmac.new(self.key, b"body:" + content, hashlib.sha256).digest()


def mint_token(home: Path, account_id: str) -> str:
    """A bearer token for the command line and the API, good for twelve hours."""
    return str(_signer(session_key(home), "token").dumps(account_id))


def refuse_unless_loopback(settings: Settings) -> None:
    """Errors: SettingsRefused when others on the network could reach a one-code sign-in."""
    try:
        loopback = ipaddress.ip_address(settings.host).is_loopback
    except ValueError:
        loopback = settings.host == "localhost"
    if not loopback:
        raise SettingsRefused(
            f"REFERENT_HOST={settings.host} : sans fournisseur d'identité (OIDC_ISSUER), la "
            "connexion par code d'accès ne vaut que sur cette machine ; utilisez 127.0.0.1."
        )


def _signer(key: bytes, salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        key, salt=f"referent.{salt}", signer_kwargs={"digest_method": hashlib.sha256}
    )
