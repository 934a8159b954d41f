"""The front page of one machine: sign in, then what to do, and the services of one's role."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response

from services.chassis.asked import SERVICE_NAMES, Asked
from services.chassis.companies import Company, Register, RegisterFile
from services.chassis.identity import Role
from services.chassis.routes import SIGNED_IN, Routes
from services.chassis.serving import serve
from services.chassis.settings import Settings, read_settings
from services.chassis.web import make_app

ROUTES = Routes()
TASKS = {
    Role.INTAKE_OFFICER: (
        ("intake", "new-tenants-to-welcome", "Accueillir les nouveaux locataires"),
        ("intake", "leases/signing", "Signer un bail"),
    ),
    Role.SUPPORT_OFFICER: (
        ("followup", "", "Voir qui visiter"),
        ("followup", "open-support-periods", "Voir quels accompagnements se terminent"),
    ),
    Role.ARREARS_OFFICER: (("arrears", "", "Voir qui doit, et depuis quand"),),
    Role.MANAGER: (
        ("reporting", "", "Voir les chiffres du contrat d'objectifs"),
        ("intake", "new-tenants-to-welcome", "Voir qui n'est pas encore accueilli"),
    ),
    Role.AUDITOR: (("reporting", "", "Vérifier un chiffre"),),
    Role.REGIONAL_AUTHORITY: (("reporting", "/region", "Comparer les sociétés"),),
    Role.PRIVACY_OFFICER: (),
    Role.OPERATOR: (),
}
ABOUT = {
    "intake": "Baux, accueil des locataires, reprise du parc.",
    "followup": "Visites et accompagnement des ménages.",
    "arrears": "Loyers dus, extraits bancaires, paiements sans bail.",
    "reporting": "Chiffres du contrat d'objectifs, jusqu'aux faits.",
}


class FrontDesk:
    """What stands in for a host where there is no service: the companies' names alone."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._register = RegisterFile(settings.companies_file)

    @property
    def register(self) -> Register:
        return self._register.read()

    def company(self, slug: str) -> Company:
        return self.register[slug]

    def service(self, slug: str) -> Any:
        raise AssertionError(f"the front page has no service for {slug}")

    def start(self) -> None:
        """Nothing runs behind the front page."""

    def stop(self) -> None:
        """See `start`."""


@ROUTES.page("/", roles=SIGNED_IN)
def front_page(asked: Asked) -> Response:
    companies = [c for c in asked.frame.host.register if asked.account.may_see(c.slug)]
    # One company is what almost everybody has: straight to it, else to the list of companies.
    place = f"/{companies[0].slug}" if len(companies) == 1 else "/"
    doors = [
        (asked.links[name] + place, SERVICE_NAMES[name], about)
        for name, about in ABOUT.items()
        if asked.opens(name)
    ]
    todo = [
        (asked.links[service] + _path(place, path), label)
        for service, path, label in TASKS[asked.account.role]
    ]
    return asked.render("front.html", companies=companies, doors=doors, todo=todo)


def _path(place: str, path: str) -> str:
    """Of a company, or of none: a path from the root."""
    if path.startswith("/"):
        return path
    return f"{place}/{path}" if path and len(place) > 1 else place


def settings(_: str) -> Settings:
    """The front page keeps nothing: any service's settings tell where everything is."""
    found = read_settings("intake")
    return replace(found, service="front", port=int(found.links["front"].rsplit(":", 1)[1]))


def build(configured: Settings) -> FastAPI:
    templates = Path(__file__).with_name("templates")
    return make_app(FrontDesk(configured), [ROUTES], "Portail", templates)


def main() -> int:
    return serve("front", build, settings)


if __name__ == "__main__":
    sys.exit(main())
