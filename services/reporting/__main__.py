"""`python -m services.reporting`: pages, API and inbox of one worker, which holds its files."""

import sys
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware

from services.chassis.operating import FACT_PAGES, OPERATING
from services.chassis.serving import serve
from services.chassis.settings import Settings
from services.chassis.web import make_app
from services.reporting.api import ROUTES as API
from services.reporting.exports.export_api import ROUTES as EXPORT_API
from services.reporting.exports.figure_exports import ROUTES as FIGURE_EXPORTS
from services.reporting.figure_pages import ROUTES as FIGURE_PAGES
from services.reporting.indicators.trial import try_definitions
from services.reporting.interventions.pages import ROUTES as INTERVENTIONS
from services.reporting.objectives.contract_api import ROUTES as CONTRACT_API
from services.reporting.objectives.contract_pages import ROUTES as CONTRACT_PAGES
from services.reporting.objectives.objective_forms import ROUTES as OBJECTIVE_FORMS
from services.reporting.pages import MENU, START
from services.reporting.pages import ROUTES as PAGES
from services.reporting.region.region_api import ROUTES as REGION_API
from services.reporting.region.region_pages import ROUTES as REGION_PAGES
from services.reporting.replay_pages import ROUTES as REPLAY
from services.reporting.return_api import ROUTES as RETURN_API
from services.reporting.return_pages import ROUTES as RETURN_PAGES
from services.reporting.workers.passing_on import PassingOn
from services.reporting.workers.worker import Worker

TEMPLATES = Path(__file__).with_name("templates")


def build(settings: Settings) -> FastAPI:
    """Errors: ValueError for definitions that cannot count: whoever starts it reads why."""
    try_definitions()
    worker = Worker(settings)
    app = make_app(
        worker,
        [
            OPERATING,
            FACT_PAGES,
            API,
            PAGES,
            FIGURE_PAGES,
            RETURN_API,
            RETURN_PAGES,
            CONTRACT_API,
            CONTRACT_PAGES,
            OBJECTIVE_FORMS,
            REGION_API,
            REGION_PAGES,
            EXPORT_API,
            FIGURE_EXPORTS,
            REPLAY,
            INTERVENTIONS,
        ],
        "Rapports",
        TEMPLATES,
        start=START,
        menu=MENU,
    )
    # Within the envelopment, so that what is passed on has an id and is logged like all the rest.
    app.user_middleware.insert(1, Middleware(PassingOn, worker=worker))
    return app


def main() -> int:
    return serve("reporting", build)


if __name__ == "__main__":
    sys.exit(main())
