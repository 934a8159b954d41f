"""What a program sends and cannot be right is refused with what, where and how to mend it."""

import pytest
from refusing import LONG, a_problem, asked

from services.chassis.accounts import Role
from services.chassis.settings import SERVICES

MADE = {
    "lease_id": "00000000-0000-4000-8000-000000000041",
    "kind": "m6",
    "done_on": "2024-04-01",
    "place": "home",
    "performed_by": "agent-02",
    "result": "all-well",
}
DWELLING = {"reference": "D-new", "registered_on": "2020-01-01"}
VISIT = "/api/{company}/households/{household_id}/visits/{visit_id}"
CHARGE = "/api/{company}/accounts/{lease_id}/charges/2024-03"
AMOUNTS = {"rent_cents": 1, "charges_cents": 1}
PARKED, CLOCK = "/api/{company}/parked/retry?fact={parked_followup}", "/api/{company}/clock"
SETTLED = "/api/{company}/settled"

BODIES = [
    ("intake", "POST", "/api/{company}/dwellings", DWELLING | {"registered_on": "2024-02-30"}),
    ("intake", "POST", "/api/{company}/dwellings", DWELLING | {"reference": LONG}),
    ("intake", "POST", "/api/{company}/dwellings", DWELLING | {"reference": "D\0"}),
    ("followup", "PUT", f"{VISIT}/record", MADE | {"done_on": "2024-02-30"}),
    ("followup", "PUT", f"{VISIT}/record", MADE | {"done_on": "0001-01-01"}),
    ("followup", "PUT", f"{VISIT}/record", MADE | {"done_on": "2199-01-01"}),
    ("followup", "PUT", f"{VISIT}/record", MADE | {"performed_by": "zo\0e"}),
    ("followup", "PUT", f"{VISIT}/record", MADE | {"performed_by": "Zoé Enclair"}),
    ("followup", "PUT", f"{VISIT}/record", MADE | {"performed_by": LONG}),
    ("followup", "PUT", f"{VISIT}/record", MADE | {"performed_by": " "}),
    ("followup", "PUT", f"{VISIT}/record", MADE | {"lease_id": "42"}),
    ("followup", "PUT", f"{VISIT}/plan", MADE | {"planned_on": "2024-01-01"}),
    ("followup", "PUT", f"{VISIT}/plan", MADE | {"planned_on": "9999-12-31"}),
    ("followup", "POST", f"{VISIT}/absence", {"missed_on": "1.4.2024", "reason": "refused"}),
    ("arrears", "PUT", CHARGE, AMOUNTS | {"rent_cents": 10**9 + 1}),
    ("arrears", "PUT", CHARGE, AMOUNTS | {"rent_cents": -1}),
    ("arrears", "PUT", CHARGE, AMOUNTS | {"rent_cents": 10.5}),
    ("arrears", "PUT", CHARGE, AMOUNTS | {"charges_cents": "10,005"}),
    ("followup", "POST", PARKED, {"because": "a\0b"}),
    ("followup", "POST", PARKED, {"because": LONG}),
    ("followup", "POST", PARKED, {"because": ""}),
    ("intake", "PUT", CLOCK, {"shown_at": "2024-02-30T09:00:00+01:00"}),
    ("intake", "PUT", CLOCK, {"shown_at": "2024-05-01T09:00:00"}),
    ("intake", "PUT", CLOCK, {"shown_at": "9999-12-31T23:59:59+00:00"}),
    ("intake", "PUT", CLOCK, {"shown_at": "2024-05-01T09:00:00Z", "running": "perhaps"}),
]
QUERIES = [
    ("followup", "/api/{company}/households?search=%00", "search"),
    ("followup", "/api/{company}/visits?until=2024-02-30", "until"),
    ("followup", "/api/{company}/visits?kind=tea", "kind"),
    ("arrears", "/api/{company}/accounts?search=%00", "search"),
    ("arrears", "/api/{company}/unmatched-payments?value_date=2024-02-30", "value_date"),
    ("arrears", f"/api/{{company}}/unmatched-payments?amount_cents={10**12}", "amount_cents"),
    ("reporting", "/api/{company}/figures/2024?known_on=2024-02-30", "known_on"),
    ("reporting", "/api/{company}/figures/2024?known_on=2024-02-01T09:00", "known_on"),
    ("reporting", "/api/{company}/figures/2024?known_on=9999-12-31T23:59:59Z", "known_on"),
    ("reporting", "/api/{company}/figures/2024?known_on=2199-01-01", "known_on"),
    ("reporting", "/api/{company}/figures/2024?known_on=0001-01-01T00:00:00%2B14:00", "known_on"),
    ("reporting", "/api/{company}/figures/2024?known_on=%00", "known_on"),
    ("intake", f"{SETTLED}?timeout_s=nan", "timeout_s"),
    ("intake", f"{SETTLED}?timeout_s=-1", "timeout_s"),
    ("intake", f"{SETTLED}?intake={2**70}", "intake"),
    ("arrears", "/api/{company}/facts?from=0", "from"),
    ("arrears", f"/api/{{company}}/facts?to={2**70}", "to"),
]
NOWHERE = [
    ("intake", "/api/{company}/leases/42"),
    ("followup", "/api/{company}/households/%00"),
    ("followup", "/api/{company}/households/00000000-0000-4000-8000-000000000042"),
    ("arrears", "/api/{company}/accounts/42"),
    ("arrears", "/api/{company}/accounts/00000000-0000-4000-8000-000000000042"),
    ("reporting", "/api/{company}/figures/20245"),
    ("reporting", "/api/{company}/figures/abc"),
    ("reporting", "/api/{company}/figures/2024/I99"),
    ("reporting", "/api/{company}/figures/2024/%00"),
]


@pytest.mark.parametrize(("service", "method", "path", "body"), BODIES)
def test_a_program_is_told_which_member_is_wrong(premises, town, service, method, path, body):
    good = MADE | DWELLING | AMOUNTS | {"shown_at": "2024-05-01T09:00:00Z"}
    field = next(name for name, value in body.items() if value != good.get(name))

    answer = asked(premises, town, service, method, path, json=body)

    told = a_problem(answer, 422)
    assert any(error["field"].startswith(field) for error in told["errors"]), told
    assert LONG[:200] not in answer.text


@pytest.mark.parametrize(("service", "path", "field"), QUERIES)
def test_a_program_is_told_which_part_of_the_query_is_wrong(premises, town, service, path, field):
    a_problem(asked(premises, town, service, "GET", path), 422, field)


@pytest.mark.parametrize(("service", "path"), NOWHERE)
def test_what_no_address_can_hold_is_not_found(premises, town, service, path):
    a_problem(asked(premises, town, service, "GET", path), 404)


@pytest.mark.parametrize("service", SERVICES[1:])
@pytest.mark.parametrize(
    "fact",
    [
        "{company}/intake/²",
        "{company}/intake/99999999999999999999",
        "{company}/intake/0",
        "{company}/nobody/1",
        "{company}/reporting/1",
        "other/intake/1",
        "../../intake/1",
        "{company}/intake/1/2",
        "{company}\0/intake/1",
    ],
)
def test_an_operator_is_told_that_a_fact_is_none_that_was_heard(premises, town, service, fact):
    for act in ("retry", "release"):
        answer = premises.program(service, Role.OPERATOR, town.slug).post(
            f"/api/{town.slug}/parked/{act}",
            params={"fact": fact.format(company=town.slug)},
            json={"because": "Essai"},
        )
        a_problem(answer, 404)


def test_a_demonstrations_clock_does_not_go_back(premises, town):
    for service in SERVICES[1:]:
        answer = asked(
            premises, town, service, "PUT", CLOCK, json={"shown_at": "2024-03-01T09:00:00Z"}
        )
        assert "recule" in a_problem(answer, 422)["detail"]


@pytest.mark.parametrize(
    ("folder", "status", "field"),
    [
        ("", 422, "folder"),
        ("here", 422, "folder"),
        ("/a%00b", 422, "folder"),
        ("/nowhere", 404, None),
        (f"/{'x' * 4000}", 404, None),
        ("/etc/passwd", 404, None),
    ],
)
def test_a_folder_that_is_no_archive_is_told(premises, town, folder, status, field):
    path = f"/api/{{company}}/rebuild?from=archive&folder={folder}"
    a_problem(asked(premises, town, "reporting", "POST", path), status, field)


TRICKS = [
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%2f..%2fsecrets%2faccess-code",
    "/static/%2e%2e/secrets/access-code",
    "/static/.hidden",
    "/static/%00",
    "/{company}%2f..%2f{other}",
    "/{company}%00",
    "/{company}/%00",
    "/api/{company}/%2e%2e/{other}/facts",
    "/api/{company}/..;/{other}/parked",
    "/" + "a" * 20_000,
    "/{company}/" + "a/" * 5_000,
    "//evil.example/{company}",
    "/{company}\\..\\{other}",
    "/%ff%fe",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_with_a_path_leads_anywhere(premises, town, towns, trick):
    _, other = towns
    to = trick.format(company=town.slug, other=other.slug)
    for service in SERVICES:
        for accept in ("text/html", "application/json"):
            client = premises.program(service, Role.MANAGER, town.slug)

            answer = client.get(f"http://127.0.0.1{to}", headers={"accept": accept})

            assert answer.status_code == 404, (service, to, answer.status_code)
            assert not [secret for secret in other.own if secret in answer.text]


@pytest.mark.parametrize("cookie", ["x", "a.b.c", "é" * 10, "W10.ZmFrZQ.c2lnbmVk", LONG[:4000]])
def test_a_forged_session_is_nobodys(premises, town, cookie):
    for service in SERVICES[1:]:
        header = {"cookie": f"referent_session={cookie}".encode()}
        page = premises.client(service, accept="text/html").get(f"/{town.slug}", headers=header)
        program = premises.client(service).get(f"/api/{town.slug}/facts", headers=header)

        assert (page.status_code, page.headers["location"][:8]) == (303, "/sign-in")
        a_problem(program, 401)
