"""One renderer for everything that cannot be done; no application without rules."""

import json
import logging
from dataclasses import replace

import psycopg
import pytest
from fastapi import HTTPException, Response
from in_process import client_of
from psycopg_pool import PoolTimeout

from services.chassis.accounts import access_code
from services.chassis.asked import Asked
from services.chassis.companies import Company, Register
from services.chassis.identity import Role, mint_token
from services.chassis.log import JsonLines
from services.chassis.refusal import Refusal
from services.chassis.routes import ANYONE, SIGNED_IN, Routes, rules
from services.chassis.settings import Settings, SettingsRefused
from services.chassis.web import make_app

ALPHA = Company(slug="alpha", names={"fr": "Alpha"})
BETA = Company(slug="beta", names={"fr": "Beta"}, demonstration=True)
SECRET = "0470 11 22 33"


class TooTired(Refusal):
    slug = "too-tired"
    title = "Trop fatigué"


class Desk:
    """A place with two companies and no service behind it."""

    def __init__(self, settings):
        self.settings = settings
        self.register = Register({"alpha": ALPHA, "beta": BETA})

    def company(self, slug):
        return self.register[slug]

    def service(self, slug):
        raise psycopg.OperationalError(f"no database for {slug} {SECRET}")

    def start(self):
        pass

    def stop(self):
        pass


@pytest.fixture
def settings(tmp_path):
    return Settings("intake", tmp_path, "embedded", "", "", "", "127.0.0.1", 1, {})


@pytest.fixture
def app(settings):
    routes = Routes()
    raised = {
        "refused": TooTired("Revenez demain.", hours=8),
        "bug": ZeroDivisionError(SECRET),
        "pool": PoolTimeout("…"),
        "database": psycopg.OperationalError(SECRET),
        "http": HTTPException(418, SECRET),
    }

    @routes.page("/{company}/raise/{name}", roles=SIGNED_IN)
    def page(_: Asked, name: str) -> Response:
        raise raised[name]

    @routes.api("GET", "/api/{company}/raise/{name}", roles=SIGNED_IN, refusals=[TooTired])
    def api(_: Asked, name: str) -> Response:
        raise raised[name]

    @routes.api("POST", "/api/{company}/count", roles={Role.OPERATOR})
    def count(_: Asked, number: int) -> dict[str, int]:
        return {"number": number}

    return make_app(Desk(settings), [routes], "Essai", None)


@pytest.fixture
def program(app, settings):
    token = mint_token(settings.home, "operator")
    return client_of(app, headers={"authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    ("name", "status", "slug"),
    [
        ("refused", 409, "too-tired"),
        ("bug", 500, "bug"),
        ("pool", 503, "busy"),
        ("database", 503, "busy"),
        ("http", 400, "unreadable"),
    ],
)
@pytest.mark.parametrize("company", ["alpha", "beta"])
def test_whatever_is_raised_is_a_problem_document_and_a_page(program, company, name, status, slug):
    """Of a demonstration too, whose pages show its day, while the database is away."""
    answer = program.get(f"/api/{company}/raise/{name}")
    page = program.get(f"/{company}/raise/{name}", headers={"accept": "text/html"})

    problem = answer.json()
    assert answer.status_code == page.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"/problems/{slug}"
    assert problem["status"] == status
    assert problem["instance"] == answer.headers["x-request-id"]
    assert page.headers["content-type"].startswith("text/html")
    assert f'<h1 class="govuk-heading-l">{problem["title"]}</h1>' in page.text
    for text in (answer.text, page.text):
        assert SECRET not in text
        assert "Traceback" not in text


def test_the_facts_of_a_refusal_go_with_it(program):
    problem = program.get("/api/alpha/raise/refused").json()

    assert problem["detail"] == "Revenez demain."
    assert problem["hours"] == 8


def test_a_bug_is_logged_with_the_request_to_quote_and_no_payload(program, caplog):
    with caplog.at_level(logging.INFO, "referent"):
        answer = program.get(
            f"/api/alpha/raise/bug?contact={SECRET}", headers={"x-request-id": "request-1234"}
        )

    lines = [json.loads(JsonLines("intake").format(record)) for record in caplog.records]
    (bug,) = [line for line in lines if line["level"] == "error"]
    assert answer.json()["instance"] == "request-1234"
    assert "request-1234" in answer.json()["detail"]
    assert bug["error"] == "ZeroDivisionError"
    assert "test_problems.py" in bug["where"]
    assert SECRET not in json.dumps(lines)
    (request,) = [line for line in lines if line["what"] == "request"]
    assert request["route"] == "/api/{company}/raise/{name}"
    assert request["status"] == 500


def test_what_cannot_be_read_names_the_field_and_never_repeats_it(program):
    answer = program.post(f"/api/alpha/count?number={SECRET}")

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "number", "reason": "Un nombre entier est attendu."}
    ]
    assert SECRET not in answer.text


def test_a_wrong_method_says_which_are_right(program):
    answer = program.delete("/api/alpha/count")

    assert answer.status_code == 405
    assert answer.json()["type"] == "/problems/method-not-allowed"
    assert "POST" in answer.headers["allow"]


def test_an_unknown_host_is_not_answered(app):
    client = client_of(app, "http://evil.example")

    assert client.get("/health/live").status_code == 400


def test_the_sign_in_page_never_shows_the_code_again(app, settings):
    client = client_of(app, headers={"accept": "text/html"})
    code = access_code(settings.home)

    answer = client.post("/sign-in", data={"account": "", "code": code})

    assert answer.status_code == 422
    assert "Indiquez votre compte" in answer.text
    assert code not in answer.text


def test_another_sites_form_cannot_sign_anybody_in(app, settings):
    client = client_of(app)
    fields = {"account": "operator", "code": access_code(settings.home)}

    answer = client.post("/sign-in", data=fields, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert not client.cookies


def test_eleven_wrong_codes_are_told_to_wait(app):
    client = client_of(app)
    fields = {"account": "operator", "code": "guess"}

    answers = [client.post("/sign-in", data=fields) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60


def test_signing_out_takes_the_sessions_token_and_ends_the_session(app, settings):
    client = client_of(app, follow_redirects=False)
    client.post("/sign-in", data={"account": "operator", "code": access_code(settings.home)})
    page = client.get("/alpha/raise/refused")
    token = page.text.split('name="csrf" value="')[1].split('"')[0]

    refused = client.post("/sign-out")
    done = client.post("/sign-out", data={"csrf": token})

    assert refused.status_code == 403
    assert done.status_code == 303
    assert not client.cookies


def test_an_application_does_not_come_up_with_a_route_without_a_rule(settings):
    routes = Routes()

    @routes.router.get("/open")
    def forgotten() -> Response:
        return Response()

    with pytest.raises(AssertionError, match="/open declares no rule"):
        make_app(Desk(settings), [routes], "Essai", None)


def test_every_route_of_an_application_has_its_rule(app):
    found = {(method, path): rule for method, path, rule in rules(app)}

    assert found[("POST", "/sign-in")] is ANYONE
    assert found[("POST", "/api/{company}/count")].roles == {Role.OPERATOR}
    assert len(found) >= 10


def test_a_one_code_sign_in_does_not_start_where_others_reach_it(settings):
    with pytest.raises(SettingsRefused):
        make_app(Desk(replace(settings, host="0.0.0.0")), [], "Essai", None)
