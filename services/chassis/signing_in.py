"""Signing in and out, on a machine of one's own: choose an account, type the access code."""

from fastapi import Response
from fastapi.responses import RedirectResponse

from services.chassis.accounts import ALL, Account, ensure_accounts
from services.chassis.asked import Asked
from services.chassis.identity import COOKIE, SESSION_S
from services.chassis.routes import ANYONE, Routes

SIGNING_IN = Routes()
RADIOS_MAX = 20


@SIGNING_IN.page("/sign-in", roles=ANYONE)
def sign_in_page(asked: Asked) -> Response:
    host = asked.frame.host
    ensure_accounts(host.settings.home, host.register)
    groups = grouped(asked)
    place = asked.request.query_params.get("next") or asked.form.value("next")
    return asked.render(
        "sign_in.html",
        groups=groups,
        as_radios=sum(len(accounts) for _, accounts in groups) <= RADIOS_MAX,
        next=local(place),
    )


def grouped(asked: Asked) -> list[tuple[str, list[Account]]]:
    """(heading, accounts) for each company, then what belongs to none."""
    host, accounts = asked.frame.host, asked.frame.identity.accounts.all().values()
    groups = [
        (company.name, [account for account in accounts if company.slug in account.companies])
        for company in host.register
    ]
    groups.append(("Toutes les sociétés", [a for a in accounts if ALL in a.companies]))
    return [(heading, members) for heading, members in groups if members]


@SIGNING_IN.act("/sign-in", roles=ANYONE, form=sign_in_page)
def sign_in(asked: Asked) -> Response:
    with asked.form as form:
        account = form.text("account", "votre compte")
        code = form.text("code", "le code d'accès", 100)
    cookie = asked.frame.identity.sign_in(account, code)
    answer = RedirectResponse(local(form.texts.get("next", "")), status_code=303)
    answer.set_cookie(COOKIE, cookie, SESSION_S, path="/", httponly=True, samesite="strict")
    return answer


@SIGNING_IN.act("/sign-out", roles=ANYONE)
def sign_out(asked: Asked) -> Response:
    asked.frame.identity.end(asked.signed_in.session if asked.signed_in else "")
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


def local(place: str) -> str:
    """The place if it is a path of this very site, else its first page."""
    safe = (
        place.startswith("/")
        and not place.startswith("//")
        and "\\" not in place
        and place.isprintable()
        and place.isascii()
    )
    return place if safe and not place.startswith("/sign-") else "/"
