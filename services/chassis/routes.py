"""Declaring routes: each with its rule, or the application does not come up.

An endpoint is plain `def`, takes `asked: Asked`, and contains no `try`: what it raises is told as
a page, as the same form again, or as a problem document.
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import Message

from services.chassis.asked import Asking, Frame
from services.chassis.companies import Company
from services.chassis.forms import Form
from services.chassis.identity import (
    ANYONE,
    COOKIE,
    SIGNED_IN,
    UNKNOWN,
    Role,
    Rule,
    allow,
    rule_of,
)
from services.chassis.problems import (
    ALWAYS,
    WRITING,
    Bug,
    Csrf,
    add_headers,
    as_refusal,
    respond,
    responses_of,
    wants_page,
)
from services.chassis.refusal import Malformed, Refusal, TooLarge, UnknownCompany

__all__ = ["ANYONE", "SIGNED_IN", "Routes", "rules"]

BODY_BYTES_MAX = 1024 * 1024
FORM_LIMITS: Any = {"max_files": 4, "max_fields": 200, "max_part_size": BODY_BYTES_MAX}
A_FILE = {
    "description": "The file, as it is.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Handler = Callable[[Request], Awaitable[Response]]


class RuledRoute(APIRoute):
    """A route that decides by its endpoint's rule before anything of the request is read."""

    def get_route_handler(self) -> Any:
        inner = super().get_route_handler()
        again = getattr(self.endpoint, "__again__", None)
        shown_again = APIRoute(self.path, again).get_route_handler() if again else None

        async def handle(request: Request) -> Response:
            try:
                asked = await run_in_threadpool(admit, request, self.endpoint)
                request.state.admitted = True
                request = await read_body(request, asked, uploads=_uploads(self.endpoint))
                refuse_forgery(request, asked)
                response: Response = await inner(request)
            except Exception as error:  # noqa: BLE001 - the one place that tells of every error
                return await _tell(request, error, shown_again)
            finally:
                await request.close()
            return response

        return handle


def admit(request: Request, endpoint: Any) -> Asking:
    """Who asks, for which company.   Refuses: as `identity.allow`."""
    frame: Frame = request.app.state.frame
    signed_in = frame.identity.who(
        request.cookies.get(COOKIE), request.headers.get("authorization")
    )
    asked = Asking(request, frame, signed_in, None)
    request.state.asked = asked
    slug = request.path_params.get("company")
    allow(endpoint.__rule__, signed_in.account if signed_in else None, slug)
    if slug is not None:
        asked._company = _company(frame, slug)  # noqa: SLF001 - known only once it is allowed
    return asked


def _company(frame: Frame, slug: str) -> Company:
    try:
        return frame.host.company(slug)
    except UnknownCompany:
        # In the same words as for a company that the account may not see.
        raise UnknownCompany(UNKNOWN) from None


async def read_body(request: Request, asked: Asking, *, uploads: bool) -> Request:
    """The request with its body read, within the limit.   Refuses: TooLarge (413)."""
    if request.method in SAFE:
        return request
    limit = BODY_BYTES_MAX
    if uploads:
        limit = asked.company.limits.upload_mb * 1024 * 1024 + BODY_BYTES_MAX
    request = _limited(request, limit)
    asked.request = request
    if request.headers.get("content-type", "").lower().startswith(FORM_TYPES):
        try:
            form = await request.form(**FORM_LIMITS)
        except (UnicodeError, LookupError):
            raise Malformed("Envoyez le formulaire en UTF-8.") from None
        asked.fields = list(form.multi_items())
        asked.form = Form(asked.fields)
    else:
        asked.body = await request.body()
    return request


def _limited(request: Request, limit: int) -> Request:
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > limit:
        raise _too_large(limit)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise _too_large(limit)
        return message

    return Request(request.scope, receive)


def _too_large(limit: int) -> TooLarge:
    mb = limit // 1024 // 1024 - (0 if limit == BODY_BYTES_MAX else 1)
    return TooLarge(f"La limite est de {mb} Mo. Découpez l'envoi en plusieurs.", limit_mb=mb)


def refuse_forgery(request: Request, asked: Asking) -> None:
    """Refuse a form that another site sent in the name of whoever is signed in here.

    Refuses: Csrf (403). A bearer token is never sent by a browser on its own: it needs nothing.
    """
    if request.method in SAFE:
        return
    if asked.signed_in is None:
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise Csrf("Cette demande vient d'un autre site.")
        return
    if not asked.signed_in.session:
        return
    given = request.headers.get("x-csrf-token") or asked.form.texts.get("csrf", "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), asked.csrf.encode()):
        raise Csrf("Le formulaire a expiré. Vérifiez ce que vous avez saisi, puis renvoyez-le.")


async def _tell(request: Request, error: Exception, shown_again: Handler | None) -> Response:
    """A refused form is shown again, with everything typed; anything else as a problem."""
    refusal = as_refusal(error)
    admitted = getattr(request.state, "admitted", False)
    if not (shown_again and admitted and wants_page(request)) or isinstance(refusal, Bug):
        return await run_in_threadpool(respond, request, error)
    request.state.asked.form.problem = refusal
    try:
        response = await shown_again(request)
    except Exception as second:  # noqa: BLE001 - the form itself cannot be shown: say that
        return await run_in_threadpool(respond, request, second)
    response.status_code = refusal.status
    add_headers(response, refusal)
    return response


def _uploads(endpoint: Any) -> bool:
    return bool(getattr(endpoint, "__uploads__", False))


# Dependencies are `async`: FastAPI would send a plain one through a thread each time.


async def _named_company(
    company: Annotated[str, Path(description="The company's slug.", max_length=30)],
) -> None:
    """Documents the parameter; `admit` reads it."""


async def _written_headers(
    idempotency_key: Annotated[
        str | None, Header(description="The same key and body give the same answer, 30 days long.")
    ] = None,
    if_match: Annotated[
        str | None, Header(description="The version (ETag) that the caller has seen.")
    ] = None,
) -> None:
    """Documents the headers; `Asking.caller` reads them."""


class Routes:
    """The routes of one part of a service. Paths are `/{company}/…`, JSON under `/api/…`."""

    def __init__(self) -> None:
        self.router = APIRouter(route_class=RuledRoute)

    def page(self, path: str, *, roles: Rule | AbstractSet[Role]) -> Callable[[Endpoint], Endpoint]:
        """A page to look at."""
        return self._add("GET", path, roles, response_model=None)

    def act(
        self,
        path: str,
        *,
        roles: Rule | AbstractSet[Role],
        form: Callable[..., Response] | None = None,
        uploads: bool = False,
    ) -> Callable[[Endpoint], Endpoint]:
        """What a form does. Refused, `form` (a page of the same path parameters) is shown again."""

        def declare(endpoint: Endpoint) -> Endpoint:
            endpoint.__again__ = form  # type: ignore[attr-defined]
            endpoint.__uploads__ = uploads  # type: ignore[attr-defined]
            return self._add("POST", path, roles, response_model=None)(endpoint)

        return declare

    def api(
        self,
        method: str,
        path: str,
        *,
        roles: Rule | AbstractSet[Role],
        answer: Any = None,
        status: int = 200,
        refusals: Iterable[type[Refusal]] = (),
        uploads: bool = False,
        streams: str = "",
    ) -> Callable[[Endpoint], Endpoint]:
        """A JSON route: `answer` is what it gives (otherwise what its endpoint says that it
        returns), `refusals` what it may say no with.

        `uploads`: the body is a file as it is. `streams`: the media type of an answer that is no
        JSON document.
        """
        reading = method in SAFE
        told = (*ALWAYS, *(() if reading else WRITING), *refusals)
        dependencies = [Depends(_named_company)] if "{company}" in path else []
        dependencies += [] if reading else [Depends(_written_headers)]
        more: dict[str, Any] = {"responses": responses_of(told)}
        if answer is not None:
            more["response_model"] = answer
        if streams:
            more["response_class"] = StreamingResponse
            more["responses"] |= {200: {"content": {streams: {"schema": {"type": "string"}}}}}
        if uploads:
            more["openapi_extra"] = {"requestBody": A_FILE}

        def declare(endpoint: Endpoint) -> Endpoint:
            endpoint.__uploads__ = uploads  # type: ignore[attr-defined]
            return self._add(
                method,
                path,
                roles,
                status_code=status,
                dependencies=dependencies,
                include_in_schema=True,
                **more,
            )(endpoint)

        return declare

    def _add(
        self, method: str, path: str, roles: Rule | AbstractSet[Role], **more: Any
    ) -> Callable[[Endpoint], Endpoint]:
        more.setdefault("include_in_schema", False)

        def declare(endpoint: Endpoint) -> Endpoint:
            endpoint.__rule__ = rule_of(roles)  # type: ignore[attr-defined]
            self.router.add_api_route(path, endpoint, methods=[method], **more)
            return endpoint

        return declare


def rules(app: FastAPI) -> list[tuple[str, str, Rule]]:
    """(method, path, rule) of every route. AssertionError when a route declares none."""
    found = []
    for route in app.router.routes:
        rule = getattr(getattr(route, "endpoint", None), "__rule__", None)
        path = getattr(route, "path", repr(route))
        assert rule is not None, f"{path} declares no rule: give it roles=…"
        found += [(method, path, rule) for method in sorted(getattr(route, "methods", ()) or ())]
    return found
