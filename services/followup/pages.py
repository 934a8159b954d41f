"""The pages of followup."""

from fastapi import Response

from services.chassis.asked import Asked
from services.chassis.routes import Routes
from services.followup.api import READERS

START = "visits-this-week"
MENU = ((START, "Visites"),)
ROUTES = Routes()


@ROUTES.page("/{company}/visits-this-week", roles=READERS)
def start(asked: Asked) -> Response:
    return asked.render("start.html")
