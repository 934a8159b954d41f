"""What cannot be done, told the same way everywhere: RFC 9457 for programs, a page for people."""

import json
import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException

from services.chassis.log import request_id, say
from services.chassis.reasons import reason_of
from services.chassis.refusal import (
    Busy,
    Diverged,
    KeyReused,
    Malformed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refusal,
    StaleEdit,
    TooLarge,
    UnknownCompany,
)

logger = logging.getLogger("referent.web")

MEDIA_TYPE = "application/problem+json"
DATABASE_AWAY = (psycopg.OperationalError, PoolTimeout, OperationalError, InterfaceError)
ALWAYS = (NotSignedIn, NotAllowed, UnknownCompany, Malformed, Busy)
SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `errors` names fields with reasons; other members are facts.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The id of the request, to quote."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}


class WrongMethod(Refusal):
    status = 405
    slug = "method-not-allowed"
    title = "Méthode non admise"


class Csrf(Refusal):
    status = 403
    slug = "csrf"
    title = "Formulaire expiré"


class Bug(Refusal):
    status = 500
    slug = "bug"
    title = "Erreur inattendue"


class Unreadable(Refusal):
    status = 400
    slug = "unreadable"
    title = "Demande illisible"


WRITING = (KeyReused, StaleEdit, TooLarge, Diverged, Unreadable)


def as_refusal(error: Exception) -> Refusal:
    """The refusal that tells of an error; a bug tells nothing but where to look."""
    match error:
        case Refusal():
            return error
        case RequestValidationError():
            return _of_validation(error)
        case HTTPException(status_code=404):
            return NotFound("Il n'y a rien à cette adresse.")
        case HTTPException(status_code=405):
            return WrongMethod("Cette adresse ne se consulte pas de cette façon.")
        case HTTPException():
            return Unreadable(
                "La demande ne peut pas être lue : vérifiez qu'elle est entière, et son texte en "
                "UTF-8."
            )
        case _ if isinstance(error, DATABASE_AWAY):
            return Busy("La base de données ne répond pas. Réessayez dans un instant.")
    return Bug(
        "Une erreur s'est produite de notre côté ; rien n'a été enregistré à moitié. "
        f"Signalez-la avec cette référence : {request_id.get()}."
    )


def _of_validation(error: RequestValidationError) -> Refusal:
    found = error.errors()
    if any(item["loc"][:1] == ("path",) for item in found):
        return NotFound("Il n'y a rien à cette adresse.")
    errors = [
        {"field": ".".join(str(part) for part in item["loc"][1:]), "reason": reason_of(item)}
        for item in found
    ]
    return Malformed("Certaines données ne peuvent pas être lues.", errors)


def respond(request: Request, error: Exception) -> Response:
    """The answer to an error, as whoever asks can read it."""
    refusal = as_refusal(error)
    if isinstance(refusal, Bug):
        logger.error("bug", exc_info=error, extra={"facts": {"path": request.url.path}})
    else:
        say(logger, "refused", slug=refusal.slug, status=refusal.status)
    if not wants_page(request):
        return as_json(refusal)
    if isinstance(refusal, NotSignedIn) and request.method == "GET":
        return to_sign_in(request)
    # What was sent stays behind the page that answers it: a browser asked again sends it again.
    response: Response = request.app.state.frame.problem_page(request, refusal)
    add_headers(response, refusal)
    return response


def wants_page(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    if "text/html" in accept:
        return True
    path = request.url.path
    return "json" not in accept and not path.startswith(("/api/", "/health/", "/openapi.json"))


def to_sign_in(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    place = quote(request.url.path + query, safe="/")
    return RedirectResponse(f"/sign-in?next={place}", status_code=303)


def as_json(refusal: Refusal) -> Response:
    body = {
        **refusal.facts,
        "type": f"/problems/{refusal.slug}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "instance": request_id.get(),
    }
    content = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    response = Response(content, status_code=refusal.status, media_type=MEDIA_TYPE)
    add_headers(response, refusal)
    return response


def add_headers(response: Response, refusal: Refusal) -> None:
    if isinstance(refusal, NotSignedIn):
        response.headers["www-authenticate"] = "Bearer"
    if "retry_after_s" in refusal.facts:
        response.headers["retry-after"] = str(refusal.facts["retry_after_s"])


def responses_of(refusals: Iterable[type[Refusal]]) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the refusals of a route: one entry a status, every slug named."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for refusal in dict.fromkeys(refusals):
        entry = by_status.setdefault(
            refusal.status,
            {
                "description": "",
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )
        entry["description"] += f"`{refusal.slug}`: {refusal.title}. "
    return by_status


def install(app: FastAPI) -> None:
    """Errors outside of our routes: unknown addresses, wrong methods, what middleware raises."""

    def tell(request: Request, error: Exception) -> Response:
        response = respond(request, error)
        for name, value in (getattr(error, "headers", None) or {}).items():
            response.headers[name] = value
        return response

    app.add_exception_handler(HTTPException, tell)
    app.add_exception_handler(RequestValidationError, tell)
    app.add_exception_handler(Refusal, tell)
    app.add_exception_handler(Exception, tell)
