"""`python -m services.arrears`: pages, API, relay, inbox and timers in one process."""

import sys
from pathlib import Path

from fastapi import FastAPI

from services.arrears.account_pages import ROUTES as ACCOUNT_PAGES
from services.arrears.account_statement import ROUTES as STATEMENT
from services.arrears.api import ROUTES as API
from services.arrears.casework.api import ROUTES as CASE_API
from services.arrears.casework.case_forms import ROUTES as CASE_FORMS
from services.arrears.casework.contact_api import ROUTES as CONTACT_API
from services.arrears.casework.contact_pages import ROUTES as CONTACT_PAGES
from services.arrears.casework.pages import ROUTES as CASE_PAGES
from services.arrears.casework.policy_api import ROUTES as POLICY_API
from services.arrears.casework.policy_pages import ROUTES as POLICY_PAGES
from services.arrears.casework.social_service_api import ROUTES as SOCIAL_SERVICE_API
from services.arrears.casework.social_service_pages import ROUTES as SOCIAL_SERVICE_PAGES
from services.arrears.casework.work_list_pages import ROUTES as WORK_LIST_PAGES
from services.arrears.decision_routes import ROUTES as DECISIONS
from services.arrears.legal.api import ROUTES as LEGAL_API
from services.arrears.legal.pages import ROUTES as LEGAL_PAGES
from services.arrears.letters.api import ROUTES as LETTER_API
from services.arrears.letters.pages import ROUTES as LETTER_PAGES
from services.arrears.letters.template_pages import ROUTES as TEMPLATE_PAGES
from services.arrears.monthly_run_routes import ROUTES as MONTHLY_RUN
from services.arrears.other_charge_api import ROUTES as OTHER_CHARGE_API
from services.arrears.other_charge_pages import ROUTES as OTHER_CHARGE_PAGES
from services.arrears.outgoing_routes import ROUTES as OUTGOING
from services.arrears.pages import MENU, START
from services.arrears.pages import ROUTES as PAGES
from services.arrears.service import Arrears
from services.chassis.host import Host
from services.chassis.operating import FACT_PAGES, OPERATING
from services.chassis.serving import serve
from services.chassis.set_aside import ROUTES as SET_ASIDE
from services.chassis.settings import Settings
from services.chassis.web import make_app

CONSUMES = ("intake",)
TEMPLATES = Path(__file__).with_name("templates")


def build(settings: Settings) -> FastAPI:
    host = Host(settings, Arrears, CONSUMES)
    casework = [CASE_API, WORK_LIST_PAGES, CASE_PAGES, CASE_FORMS, POLICY_API, POLICY_PAGES]
    casework += [LEGAL_API, LEGAL_PAGES]
    letters = [LETTER_API, LETTER_PAGES, TEMPLATE_PAGES]
    accounts = [API, PAGES, ACCOUNT_PAGES, STATEMENT, DECISIONS]
    accounts += [OTHER_CHARGE_API, OTHER_CHARGE_PAGES, MONTHLY_RUN, OUTGOING]
    routes = [OPERATING, FACT_PAGES, SET_ASIDE, *accounts, *casework, *letters]
    routes += [SOCIAL_SERVICE_API, SOCIAL_SERVICE_PAGES, CONTACT_API, CONTACT_PAGES]
    return make_app(host, routes, "Paiements", TEMPLATES, start=START, menu=MENU)


def main() -> int:
    return serve("arrears", build)


if __name__ == "__main__":
    sys.exit(main())
