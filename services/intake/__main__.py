"""`python -m services.intake`: pages, API, relay and timers in one process."""

import sys
from pathlib import Path

from fastapi import FastAPI

from services.chassis.host import Host
from services.chassis.operating import FACT_PAGES, OPERATING
from services.chassis.serving import serve
from services.chassis.settings import Settings
from services.chassis.web import make_app
from services.intake.api import ROUTES as API
from services.intake.dwelling_api import ROUTES as DWELLING_API
from services.intake.dwelling_pages import ROUTES as DWELLING_PAGES
from services.intake.import_pages import ROUTES as IMPORTS
from services.intake.pages import MENU, START
from services.intake.pages import ROUTES as PAGES
from services.intake.service import Intake

TEMPLATES = Path(__file__).with_name("templates")


def build(settings: Settings) -> FastAPI:
    host = Host(settings, Intake)
    routes = [OPERATING, FACT_PAGES, API, DWELLING_API, IMPORTS, PAGES, DWELLING_PAGES]
    return make_app(host, routes, "Accueil", TEMPLATES, start=START, menu=MENU)


def main() -> int:
    return serve("intake", build)


if __name__ == "__main__":
    sys.exit(main())
