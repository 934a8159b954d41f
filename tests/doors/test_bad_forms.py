"""What people type and upload and cannot be right: told where, nothing typed lost, nothing kept."""

import re
from datetime import date

import pytest
from premises import done
from refusing import LONG, OFFICERS, a_problem, asked

from services.chassis.companies import Limits, RegisterRefused, read_register
from services.demonstration.coda_writer import Booking, write_statement

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
    told = re.sub("<[^>]*>", "\n", summary[: summary.index("</ul>")])
    assert not re.search(" [:;?!»]|« ", told), "a line could break there"
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
        ("arrears", "camt053"),
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


def test_a_bank_file_uploaded_as_the_other_kind_is_told_what_it_is(premises, town):
    bookings = [Booking(100, date(2024, 4, 2))]
    coda = write_statement("BE71096123456769", 1, date(2024, 4, 2), 0, bookings)
    for kind, file, said in (
        ("camt053", coda, "importez-le comme extrait CODA"),
        ("coda", b"<?xml version='1.0'?><Document/>", "importez-le comme extrait camt.053"),
    ):
        page = sent(premises, town, "arrears", "imports", {"kind": kind}, files={"file": file})

        assert page.status_code == 422
        assert said in page.text
        assert "s'il est abîmé, redemandez-le à la banque" in page.text


def test_an_upload_over_the_companys_limit_is_told_the_limit(premises, town):
    large = b"x" * (2 * 1024 * 1024 + 1)
    for service, kind in (("intake", "dwellings"), ("arrears", "coda"), ("arrears", "camt053")):
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
    with pytest.raises(RegisterRefused, match=r"limits, upload_mb.*256"):
        read_register(register)


@pytest.mark.parametrize("form", ["closure", "agreement/withdrawal"])
def test_the_form_on_a_period_that_is_closed_leads_to_its_household(premises, towns, form):
    mine, _ = towns
    browser = premises.browser("followup", OFFICERS["followup"], mine.slug)
    household = f"/{mine.slug}/households/{mine.ids['household_id']}"

    closed = browser.get(f"{household}/support-periods/{mine.ids['period_closed']}/{form}")
    running = browser.get(f"{household}/support-periods/{mine.ids['period_id']}/{form}")

    assert (closed.status_code, closed.headers["location"]) == (303, household)
    assert running.status_code == 200
