"""The pages of reporting."""

from fastapi import Response

from services.chassis.asked import Asked
from services.chassis.routes import Routes
from services.reporting.api import READERS

START = "years"
MENU = ((START, "Chiffres"),)
ROUTES = Routes()


@ROUTES.page("/{company}/years", roles=READERS)
def start(asked: Asked) -> Response:
    return asked.render("start.html")
