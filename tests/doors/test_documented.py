"""Every documented route answers as its OpenAPI document says, whatever is sent, role by role.

First the requests that each route is made for, then requests made up from the document itself:
the same ones in every run, with the ids of what really exists in half of them.
"""

import pytest
import schemathesis
from good_requests import good_requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from premises import BUILDS
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from who_may import NOBODY, table

from services.chassis.accounts import Role
from services.chassis.identity import mint_token

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FIRST_EXAMPLES, ADMITTED_EXAMPLES, REFUSED_EXAMPLES = 8, 2, 1
"""Most for the first role that a route admits: what it does with a request seldom depends on who
asks, once they may."""
REACHED_PERCENT = 80
ROLES = (*Role, NOBODY)
SLOW = {"POST /api/{company}/rebuild": 3}
HERE = {"host": "127.0.0.1"}


class AtWork:
    """An application that is at work already: starting and stopping it does nothing."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        for moment in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{moment}.complete"})


@pytest.fixture(scope="module")
def documents(premises):
    return {
        name: schemathesis.openapi.from_asgi(
            "/openapi.json", AtWork(premises.apps[name]), headers=HERE
        )
        for name in list(BUILDS)[1:]
    }


def operations(schema):
    found = [result.ok() for result in schema.get_all_operations()]
    return {f"{operation.method.upper()} {operation.path}": operation for operation in found}


def authorization(premises, role, slug):
    if role is NOBODY:
        return HERE
    token = mint_token(premises.home.folder, premises.account(role, slug))
    return HERE | {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("service", list(BUILDS)[1:])
def test_routes_answer_what_their_document_says(premises, battered, documents, service):
    known = operations(documents[service])
    reached = ask_for_good_things(premises, battered, service, known)

    assert len(reached) * 100 >= REACHED_PERCENT * len(known), sorted(set(known) - reached)
    for route, operation in known.items():
        ask_for_anything(premises, battered, route, operation, table(service)[route])


def ask_for_good_things(premises, town, service, known):
    """The routes that answered with a 2xx."""
    reached = set()
    for good in good_requests(service, town):
        case = known[good.route].Case(
            path_parameters={"company": town.slug} | good.at,
            query=good.query,
            **({} if good.body is None else body_of(known[good.route], good.body)),
        )
        headers = authorization(premises, good.role, town.slug)

        answer = case.call_and_validate(headers=headers, checks=CHECKS)

        assert answer.status_code < 300, (good, answer.text)
        if answer.headers["content-type"] == ["application/json"]:
            assert not list(no_whole_cents(answer.json())), good
        reached.add(good.route)
    return reached


def no_whole_cents(said):
    """Amounts of an answer that are no whole numbers: whoever reads them would add up texts."""
    if isinstance(said, list):
        for each in said:
            yield from no_whole_cents(each)
    elif isinstance(said, dict):
        for name, value in said.items():
            if name.endswith("_cents") and not isinstance(value, int | None):
                yield name, value
            yield from no_whole_cents(value)


def body_of(operation, body):
    raw = isinstance(body, bytes)
    return {"body": body, "media_type": "text/csv" if raw else "application/json"}


def ask_for_anything(premises, town, route, operation, admitted):
    """What was made up once is asked by every role: making it up takes longer than asking."""
    cases = made_up(operation, route, town)
    for role in ROLES:
        headers = authorization(premises, role, town.slug)
        said = CHECKS if role in admitted else [*CHECKS, refuses]
        for case in cases[-examples_of(role, admitted) :]:
            case.call_and_validate(headers=headers, checks=said)


def examples_of(role, admitted):
    if role not in admitted:
        return REFUSED_EXAMPLES
    first = next(one for one in ROLES if one in admitted)
    return FIRST_EXAMPLES if role is first else ADMITTED_EXAMPLES


def refuses(_, response, __):
    assert response.status_code in (401, 403, 404), response.text


def made_up(operation, route, town):
    """Requests that fit the document, and requests that do not; half of them name what exists."""
    cases = []

    @settings(
        max_examples=SLOW.get(route, FIRST_EXAMPLES),
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=fitting_or_not(operation), real=st.booleans())
    def make_up(case, real):
        known = {"company": town.slug} | (town.ids if real else {})
        given = case.path_parameters or {}
        case.path_parameters = given | {name: known[name] for name in known if name in given}
        do_not_wait(route, case)
        cases.append(case)

    make_up()
    return cases


def fitting_or_not(operation):
    return operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def do_not_wait(route, case):
    """Waiting for what nobody here will say, or asking another process, has its own tests."""
    if route.endswith("/rebuild") and (case.query or {}).get("from") == "log":
        case.query = {**case.query, "from": "kafka"}
    if route.endswith(("/settled", "/clock")):
        case.query = {**(case.query or {}), "timeout_s": 0}
