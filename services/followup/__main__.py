"""`python -m services.followup`: pages, API, relay, inbox and timers in one process."""

import sys
from pathlib import Path

from fastapi import FastAPI

from services.chassis.host import Host
from services.chassis.operating import FACT_PAGES, OPERATING
from services.chassis.serving import serve
from services.chassis.set_aside import ROUTES as SET_ASIDE
from services.chassis.settings import Settings
from services.chassis.web import make_app
from services.followup.api import ROUTES as API
from services.followup.pages import MENU, START
from services.followup.pages import ROUTES as PAGES
from services.followup.service import Followup
from services.followup.support_api import ROUTES as SUPPORT_API

CONSUMES = ("intake", "arrears")
TEMPLATES = Path(__file__).with_name("templates")


def build(settings: Settings) -> FastAPI:
    host = Host(settings, Followup, CONSUMES)
    routes = [OPERATING, FACT_PAGES, SET_ASIDE, API, SUPPORT_API, PAGES]
    return make_app(host, routes, "Accompagnement", TEMPLATES, start=START, menu=MENU)


def main() -> int:
    return serve("followup", build)


if __name__ == "__main__":
    sys.exit(main())
