"""The command line's way to the services: their HTTP addresses, as an account of this machine."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from services.chassis.accounts import read_accounts
from services.chassis.identity import mint_token
from services.chassis.settings import SERVICES
from services.embedded.plain_http import plain_http
from services.embedded.refusals import EmbeddedError, no_company
from services.embedded.running import Say, running_state, suite_of
from services.embedded.servers_down import SERVERS, told_down

LONG_S = 3600.0
STATUS_S = 10.0
"""A service that says nothing for so long of itself hangs: it is told as down."""
LISTENING_ORDER = ("intake", "arrears", "followup", "reporting")
"""Nobody hears of a service that comes later, and nobody at all of the last one."""


class ServiceRefused(Exception):
    """A service said no; the problem it sent (RFC 9457) and its sentence."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail") or problem.get("title") or "refused")
        self.problem = problem


class Client:
    """Asks the services of a running suite as `account` (`operator` unless said otherwise)."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._http = plain_http(LONG_S)
        self._tokens: dict[str, str] = {}

    def close(self) -> None:
        self._http.close()

    def address(self, service: str) -> str:
        order = ["front", *SERVICES]
        return f"http://127.0.0.1:{self.port + order.index(service)}"

    def workers(self, service: str) -> list[str]:
        """Where each process of a service listens."""
        state = running_state(self.folder) if service == "reporting" else None
        return state["reporting"] if state else [self.address(service)]

    def _addresses(self, service: str) -> Iterator[str]:
        """Where it is asked, one after the other as long as none takes the connection."""
        yield self.address(service)
        yield from self.workers(service)[1:]

    def call(
        self, method: str, service: str, path: str, account: str = "operator", **options: Any
    ) -> Any:
        """The JSON answer. Errors: ServiceRefused, EmbeddedError when it does not answer.

        `at`: the process of the service that is asked, where it has several; else any that is up.
        """
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self._token(account)}"}
        headers |= options.pop("headers", {})
        at = options.pop("at", None)
        for address in [at] if at else self._addresses(service):
            try:
                answer = self._http.request(method, f"{address}{path}", headers=headers, **options)
                break
            except httpx.ConnectError:
                continue  # nothing was sent: another process may be asked
            except httpx.TransportError as error:
                raise _silent(service, error) from None
        else:
            raise _silent(service, httpx.ConnectError("nobody listens"))
        if answer.is_success:
            return answer.json() if answer.content else None
        raise ServiceRefused(_problem(answer))

    @contextmanager
    def lines(self, service: str, path: str, account: str, **options: Any) -> Iterator[Any]:
        """The lines of a streamed answer, as bytes.

        Errors: ServiceRefused; EmbeddedError when it does not answer, or not to the end.
        """
        headers = {"Authorization": f"Bearer {self._token(account)}"}
        url = f"{self.address(service)}{path}"
        try:
            with self._http.stream("GET", url, headers=headers, **options) as answer:
                if not answer.is_success:
                    answer.read()
                    raise ServiceRefused(_problem(answer))
                yield _lines(answer)
        except httpx.TransportError as error:
            raise _silent(service, error) from None

    def _token(self, account: str) -> str:
        if account not in self._tokens:
            accounts = read_accounts(self.folder / "accounts.toml")
            if account not in accounts:
                known = {slug for _, _, slug in (one.partition(".") for one in accounts) if slug}
                raise no_company(account.partition(".")[2], self.folder, known)
            self._tokens[account] = mint_token(self.folder, account)
        return self._tokens[account]

    def status(self) -> dict[str, Any]:
        """`referent status` as contracted: lag is what a publisher has and a consumer has not.

        `servers`: PostgreSQL and Kafka, each up, or down and why.
        """
        services = [self._status_of(name) for name in SERVICES]
        heads = {(s["service"], c["company"]): c["facts"] for s in services for c in s["companies"]}
        for service in services:
            for company in service["companies"]:
                for publisher, consumed in company["consumed"].items():
                    head = heads.get((publisher, company["company"]))
                    if head is not None:
                        consumed["lag"] = max(0, head - consumed["position"])
        down = told_down(self.folder)
        servers = [{"server": n, "up": n not in down, "why": down.get(n)} for n in SERVERS]
        return {"mode": "embedded", "servers": servers, "services": services}

    def _status_of(self, service: str) -> dict[str, Any]:
        """One service as all of its processes tell it: of a company, what its owner says."""
        workers: list[dict[str, Any]] = []
        companies: dict[str, dict[str, Any]] = {}
        for address in self.workers(service):
            try:
                told = self.call("GET", service, "/api/status", at=address, timeout=STATUS_S)
            except (EmbeddedError, ServiceRefused):
                workers.append({"address": address, "up": False, "owns": []})
                continue
            owns = [one["company"] for one in told["companies"] if one["owned"]]
            workers.append({"address": address, "up": True, "owns": owns})
            for company in told["companies"]:
                if company["owned"] or company["company"] not in companies:
                    companies[company["company"]] = company
        return {
            "service": service,
            "up": any(worker["up"] for worker in workers),
            "companies": list(companies.values()),
            **({"workers": workers} if service == "reporting" else {}),
        }

    def wait_settled(
        self,
        company: str,
        timeout_s: float = 60.0,
        clock: dict[str, Any] | None = None,
        services: Sequence[str] = LISTENING_ORDER,
        before: Mapping[str, int] | None = None,
    ) -> dict[str, int]:
        """Wait until every service has taken everything that any of them published.

        One pass in the order in which services hear of each other is enough; the same pass sets
        each one's clock, if one is given, once it has heard everything. A pass may be made in two
        parts: the second is told where the logs of those `before` it stood.
        """
        heads = dict(before or {})
        for service in services:
            method, path = ("PUT", "clock") if clock else ("GET", "settled")
            asked = {**heads, "timeout_s": timeout_s}
            answer = self.call(method, service, f"/api/{company}/{path}", params=asked, json=clock)
            if not answer["settled"]:
                raise EmbeddedError(
                    f"{service} has not caught up with {company} in {timeout_s:.0f} s: "
                    "« referent status » says what holds it."
                )
            heads[service] = answer["position"]
        return heads


def _silent(service: str, error: httpx.TransportError) -> EmbeddedError:
    return EmbeddedError(
        f"The service {service} does not answer ({type(error).__name__}): "
        "« referent status » says what runs."
    )


def _lines(answer: httpx.Response) -> Iterator[bytes]:
    rest = b""
    for chunk in answer.iter_bytes():
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    if isinstance(problem, dict):
        return problem
    return {"status": answer.status_code, "title": answer.reason_phrase, "detail": ""}


@contextmanager
def reached(folder: Path, say: Say) -> Iterator[Client]:
    """A client of what runs in a home; with nothing running, it is started and stopped again."""
    state = running_state(folder)
    if state is not None:
        client = Client(folder, state["port"])
        try:
            yield client
        finally:
            client.close()
        return
    with ExitStack() as ended:
        suite = suite_of(folder, say)
        ended.callback(suite.stop)
        suite.claim()
        say("Nothing runs here: starting what is needed …")
        suite.start()
        client = Client(folder, suite.port)
        ended.callback(client.close)
        yield client
