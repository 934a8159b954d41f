"""What a refusal must be, whoever meets it."""

from services.chassis.accounts import Role

LONG = "x" * 100_000
OFFICERS = {
    "intake": Role.INTAKE_OFFICER,
    "followup": Role.SUPPORT_OFFICER,
    "arrears": Role.ARREARS_OFFICER,
    "reporting": Role.AUDITOR,
}


def a_problem(answer, status, field=None):
    """The answer, once it is a problem document that says what, where and how to mend."""
    body = answer.json()
    assert answer.status_code == status, body
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == status
    assert body["instance"] == answer.headers["x-request-id"]
    assert body["detail"][-1] in ".!", body
    if field is not None:
        named = {error["field"]: error["reason"] for error in body["errors"]}
        assert field in named, body
        assert len(named[field]) > 5
    return body


def role_for(service, path):
    operating = any(word in path for word in ("/parked", "/clock", "/settled"))
    if operating:
        return Role.OPERATOR
    return Role.AUDITOR if "/facts" in path else OFFICERS[service]


def asked(premises, town, service, method, path, **more):
    program = premises.program(service, role_for(service, path), town.slug)
    return program.request(method, path.format_map(town.ids | {"company": town.slug}), **more)
