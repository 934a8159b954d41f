"""The pages of arrears."""

from fastapi import Response

from services.chassis.asked import Asked
from services.chassis.routes import Routes
from services.arrears.api import READERS

START = "accounts-in-arrears"
MENU = ((START, "Impayés"),)
ROUTES = Routes()


@ROUTES.page("/{company}/accounts-in-arrears", roles=READERS)
def start(asked: Asked) -> Response:
    return asked.render("start.html")
