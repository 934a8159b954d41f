"""One application: routes with rules, and round them what every request goes through."""

import logging
import mimetypes
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, JSONResponse
from psycopg_pool import PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.middleware.trustedhost import TrustedHostMiddleware

from services.chassis import problems
from services.chassis.accounts import ensure_accounts
from services.chassis.asked import Asked, Frame
from services.chassis.envelopment import Envelopment
from services.chassis.identity import Identity, refuse_unless_loopback
from services.chassis.place import Place
from services.chassis.refusal import NotFound
from services.chassis.routes import ANYONE, SIGNED_IN, Routes, rules
from services.chassis.settings import Settings, SettingsRefused
from services.chassis.signing_in import SIGNING_IN
from services.chassis.templating import build_templates

logger = logging.getLogger("referent.web")

OWN_STATIC = Path(__file__).with_name("static")
STATIC_NAME = re.compile(r"[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,60}")
Menu = tuple[tuple[str, str], ...]


def make_app(
    host: Place,
    routes: list[Routes],
    title: str,
    templates: Path | None,
    *,
    start: str = "",
    menu: Menu = (),
    worker: bool = True,
) -> FastAPI:
    """The application of a service, or of the front page.

    `start` is the page a company's address leads to, `menu` its pages with their French labels.
    `worker` starts relay, inbox and timers with it. Errors: SettingsRefused; AssertionError for a
    route without a rule.
    """
    settings = host.settings
    _refuse_unsafe(settings)
    identity = Identity(settings.home)
    ensure_accounts(settings.home, host.register)
    frame = Frame(host, identity, build_templates(templates), title, start, menu)
    app = FastAPI(
        title=title,
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(host, worker=worker),
    )
    app.state.frame = frame
    for part in (
        _common_routes(host, app, worker=worker),
        SIGNING_IN,
        *routes,
        _start_routes(start),
    ):
        app.router.routes.extend(part.router.routes)
    frame.rules = {(method, path): rule for method, path, rule in rules(app)}
    problems.install(app)
    known = sorted({"127.0.0.1", "localhost", "[::1]", settings.host})
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=known, www_redirect=False)
    app.add_middleware(Envelopment)
    return app


def _refuse_unsafe(settings: Settings) -> None:
    if settings.mode != "embedded":
        raise SettingsRefused(
            "OIDC_ISSUER est défini, mais cette version ne connaît que la connexion par code "
            "d'accès, sur une seule machine : retirez OIDC_ISSUER."
        )
    refuse_unless_loopback(settings)


def _lifespan(host: Place, *, worker: bool) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if worker:
            await run_in_threadpool(host.start)
        try:
            yield
        finally:
            await run_in_threadpool(host.stop)

    return lifespan


def _common_routes(host: Place, app: FastAPI, *, worker: bool) -> Routes:
    routes = Routes()

    @routes.page("/health/live", roles=ANYONE)
    def live() -> Response:
        return JSONResponse({"alive": True})

    @routes.page("/health/ready", roles=ANYONE)
    def ready() -> Response:
        reason = unready(host, worker=worker)
        return JSONResponse({"ready": not reason, "reason": reason}, 503 if reason else 200)

    @routes.page("/static/{name}", roles=ANYONE)
    def static(name: str) -> Response:
        for folder in (OWN_STATIC, host.settings.static):
            file = folder / name
            if STATIC_NAME.fullmatch(name) and file.is_file():
                kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
                return FileResponse(file, media_type=kind)
        raise NotFound("Il n'y a rien à cette adresse.")

    @routes.page("/openapi.json", roles=ANYONE)
    def openapi() -> Response:
        return JSONResponse(describe(app))

    return routes


def unready(host: Any, *, worker: bool) -> str:
    """Why the service cannot serve yet; empty when it can."""
    if not hasattr(host, "pool"):
        return ""
    try:
        with host.pool.connection(timeout=2) as connection:
            connection.execute("SELECT 1")
    except (psycopg.Error, PoolTimeout):
        return "database"
    return "" if not worker or host.relay.compared.is_set() else "log not compared yet"


def _start_routes(start: str) -> Routes:
    """Last of all: addresses that lead on. A service's own pages come before them."""
    routes = Routes()
    if not start:
        return routes

    @routes.page("/", roles=SIGNED_IN)
    def welcome(asked: Asked) -> Response:
        frame: Frame = asked.frame
        shown = [c for c in frame.host.register if asked.account.may_see(c.slug)]
        return asked.render("companies.html", companies=shown)

    @routes.page("/{company}", roles=SIGNED_IN)
    def start_page(asked: Asked) -> Response:
        return asked.redirect(start)

    return routes


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document, with the problem that every refusal is told as."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        components = document.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = problems.SCHEMA
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"token": []}]
        app.openapi_schema = document
    return app.openapi_schema
