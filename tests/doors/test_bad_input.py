"""What cannot be right is refused with what, where and how to mend it; nothing is left behind."""

import re
from datetime import date

import pytest
from premises import BUILDS, done

from services.chassis.accounts import Role
from services.chassis.companies import Limits, RegisterRefused, read_register
from services.demonstration.coda_writer import Booking, write_statement

SERVICES = tuple(BUILDS)
LONG = "x" * 100_000
OFFICERS = {
    "intake": Role.INTAKE_OFFICER,
    "followup": Role.SUPPORT_OFFICER,
    "arrears": Role.ARREARS_OFFICER,
    "reporting": Role.AUDITOR,
}
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


def role_for(service, path):
    operating = any(word in path for word in ("/parked", "/clock", "/settled"))
    if operating:
        return Role.OPERATOR
    return Role.AUDITOR if "/facts" in path else OFFICERS[service]


@pytest.fixture
def town(premises, towns):
    """A company that is as it was afterwards, to the last fact and file, and still served."""
    mine, _ = towns

    def held():
        files = []
        for name in ("intake", "arrears"):
            with premises.service(name, mine.slug).datastore.reading() as rows:
                files += rows.execute("SELECT * FROM import_file ORDER BY sha256").fetchall()
        return premises.heads(mine.slug), files

    before = held()
    yield mine
    assert held() == before
    for name in SERVICES:
        assert premises.client(name).get("/health/ready").status_code == 200


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


def asked(premises, town, service, method, path, **more):
    program = premises.program(service, role_for(service, path), town.slug)
    return program.request(method, path.format_map(town.ids | {"company": town.slug}), **more)


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


FORMS = [
    ("intake", "leases/signing", {"rent": "450,005"}, "deux"),
    ("intake", "leases/signing", {"rent": "10.000.000,01"}, "10"),
    ("intake", "leases/signing", {"start_on-day": "30", "start_on-month": "2"}, "existe pas"),
    ("intake", "leases/signing", {"name": LONG}, "100000 caractères"),
    ("intake", "leases/signing", {"name": "Zo\0é"}, "invisible"),
    ("followup", "households/{household_id}/visits/planning", {"planned_on-day": "32"}, "existe"),
    ("followup", "households/{household_id}/visits/planning", {"lease_id": "42"}, "bail"),
    ("followup", "households/{household_id}/visits/planning", {"kind": "tea"}, "visite"),
    ("followup", "households/{household_id}/visits/recording", {"performed_by": LONG}, "100000"),
    ("followup", "households/{household_id}/visits/recording", {"performed_by": "\0"}, "invisible"),
    ("followup", "households/{household_id}/visits/recording", {"done_on-year": "24"}, "quatre"),
    ("arrears", "imports", {"kind": "gossip"}, "Choisissez"),
]
TYPED = {
    "reference": "L-new",
    "dwelling_reference": "D-new",
    "rent": "450,00",
    "charges": "0",
    "name": "Zoé Typed",
    "kind": "courtesy",
    "place": "home",
    "result": "all-well",
    "performed_by": "agent-02",
}


def form_of(town, typed):
    days = {
        f"{field}-{part}": text
        for field in ("start_on", "planned_on", "done_on", "ended_on")
        for part, text in (("day", "1"), ("month", "4"), ("year", "2024"))
    }
    return TYPED | days | {"lease_id": town.ids["lease_1"]} | typed


def sent(premises, town, service, path, typed, **more):
    browser = premises.browser(service, OFFICERS[service], town.slug)
    fields = form_of(town, typed) | {"csrf": premises.csrf(service, browser)}
    to = f"/{town.slug}/{path}".format_map(town.ids)
    return browser.post(to, data=fields, **more)


@pytest.mark.parametrize(("service", "path", "typed", "said"), FORMS)
def test_a_form_is_shown_again_with_what_is_wrong(premises, town, service, path, typed, said):
    answer = sent(premises, town, service, path, typed)

    assert answer.status_code == 422
    summary = answer.text[answer.text.index("error-summary") :]
    assert said in summary
    if path != "imports":
        assert re.search(r'-month"[^>]*value="(4|2)"', answer.text)


def test_a_dwelling_that_is_let_is_not_let_again(premises, town):
    let = {"dwelling_reference": f"D-{town.word}-1"}

    answer = sent(premises, town, "intake", "leases/signing", let)

    assert answer.status_code == 409
    assert "Zoé Typed" in answer.text


def test_a_lease_does_not_end_before_it_began(premises, town):
    early = {"ended_on-year": "2023", "reason": "notice"}

    answer = sent(premises, town, "intake", "leases/{lease_2}/end", early)

    assert answer.status_code == 422
    assert "2024" in answer.text[answer.text.index("error-summary") :]


ROLLS = [
    ("L;2024-04;450,005;0", "rent"),
    ("L;2024-04;10.000.000,01;0", "rent"),
    ("L;2024-04;-1,00;0", "rent"),
    ("L;2024-13;1,00;0", "month"),
    ("L;20２4-04;1,00;0", "month"),
    ("L\0;2024-04;1,00;0", ""),
    (f"{LONG};2024-04;1,00;0", "lease"),
]


@pytest.mark.parametrize(("line", "field"), ROLLS)
def test_a_rent_roll_names_the_line_and_field_that_is_wrong(premises, town, line, field):
    file = f"lease;month;rent;charges\nL-fine;2024-04;1,00;0\n{line}\n".encode()

    report = done(
        asked(premises, town, "arrears", "POST", "/api/{company}/imports/rent-roll", content=file)
    )

    assert (report["state"], report["accepted"], report["facts"]) == ("refused", 0, 0)
    assert [(r["line"], r["field"]) for r in report["refused"]] == [(3, field)]
    assert 10 < len(report["refused"][0]["reason"]) < 300


@pytest.mark.parametrize(
    "file",
    [
        pytest.param("lease;month;rent;charges\nL;2024-04;1;0\n".encode("utf-16"), id="UTF-16"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\0" * 1000, id="NUL"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), id="a picture"),
    ],
)
def test_what_is_no_table_or_statement_is_refused_as_a_whole(premises, town, file):
    for service, kind in (
        ("intake", "dwellings"),
        ("intake", "leases"),
        ("arrears", "rent-roll"),
        ("arrears", "coda"),
    ):
        path = f"/api/{{company}}/imports/{kind}"
        report = done(asked(premises, town, service, "POST", path, content=file))

        assert report["state"] == "refused", kind
        assert report["refused"][0]["reason"], kind


def test_a_bank_file_for_an_account_that_is_not_the_companys_is_refused(premises, town):
    bookings = [Booking(100, date(2024, 4, 2))]
    file = write_statement("BE71096123456769", 1, date(2024, 4, 2), 0, bookings)

    report = done(
        asked(premises, town, "arrears", "POST", "/api/{company}/imports/coda", content=file)
    )

    assert (report["state"], report["facts"]) == ("refused", 0)
    assert "BE71" in report["refused"][0]["reason"]


def test_an_upload_over_the_companys_limit_is_told_the_limit(premises, town):
    large = b"x" * (2 * 1024 * 1024 + 1)
    for service, kind in (("intake", "dwellings"), ("arrears", "coda")):
        path = f"/api/{{company}}/imports/{kind}"
        program = asked(premises, town, service, "POST", path, content=large)
        page = sent(premises, town, service, "imports", {"kind": kind}, files={"file": large})

        assert a_problem(program, 413)["limit_mb"] == 1
        assert page.status_code == 413
        assert "1 Mo" in page.text
        assert "Découpez" in page.text


def test_the_limit_of_an_upload_is_256_mb_unless_a_company_has_less(tmp_path):
    register = tmp_path / "companies.toml"
    register.write_text('[companies.a1]\nnames = { fr = "A" }\nlimits = { upload_mb = 257 }\n')

    assert Limits().upload_mb == 256
    with pytest.raises(RegisterRefused, match=r"limits.upload_mb.*256"):
        read_register(register)


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
