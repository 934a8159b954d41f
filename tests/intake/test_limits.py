"""Text that cannot be stored, and what is too long or too large: told before it does harm."""

import pytest

from services.chassis.accounts import ensure_accounts


@pytest.mark.parametrize(
    "reference",
    ["B\x001", "B\ud8001".encode("utf-8", "surrogatepass").decode("latin-1"), "B\r\n1", "x" * 41],
)
def test_text_that_cannot_be_stored_is_refused_kindly(desk, reference):
    answer = desk.browser().fill_in("leases/signing", reference=reference)

    assert answer.status_code == 422
    assert 'href="#reference"' in answer.text


def test_a_hundred_kilobytes_of_text_are_told_their_limit(desk):
    page = desk.browser().fill_in("leases/signing", name="é" * 100_000)
    program = desk.program().post(
        f"/api/{desk.company}/dwellings",
        json={"reference": "x" * 100_000, "registered_on": "2020-01-01"},
    )

    assert page.status_code == 422
    assert "100000 caractères, le maximum est de 200" in page.text
    assert program.status_code == 422
    assert program.json()["errors"][0]["field"] == "reference"
    assert "x" * 100 not in program.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"reference": "L\\u0000", "registered_on": "2020-01-01"}', "reference"),
        (b'{"reference": "L\\ud800", "registered_on": "2020-01-01"}', "reference"),
        (b'{"reference": "  ", "registered_on": "2020-01-01"}', "reference"),
        (b'{"reference": "L1", "registered_on": "2026-02-30"}', "registered_on"),
        (b'{"reference": "L1", "registered_on": "0001-01-01"}', "registered_on"),
        (b'{"reference": "L1", "registered_on": "2020-01-01", "bedrooms": 99}', "bedrooms"),
        (b'{"reference": "L1", "registered_on": "2020-01-01", "color": 1}', "color"),
    ],
)
def test_a_json_body_that_cannot_be_stored_names_its_field(desk, body, field):
    answer = desk.program().post(
        f"/api/{desk.company}/dwellings", content=body, headers={"content-type": "application/json"}
    )

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_search_for_what_no_text_can_hold_finds_a_kind_answer(desk):
    assert desk.browser().get("leases?q=%00").status_code == 422
    assert desk.program().get(f"/api/{desk.company}/leases?q=%00").status_code == 422


def test_a_body_over_the_limit_is_refused_before_it_is_read(desk):
    program, path = desk.program(), f"/api/{desk.company}/dwellings"

    declared = program.post(path, content=b"x" * (1024 * 1024 + 1))
    chunked = program.post(path, content=(b"x" * 65_536 for _ in range(17)))

    for answer in (declared, chunked):
        assert answer.status_code == 413
        assert answer.json()["limit_mb"] == 1
        assert "1 Mo" in answer.json()["detail"]


def test_an_upload_may_be_as_large_as_the_companys_limit_and_no_larger(desk, home, new_company):
    slug = new_company(more="limits = { upload_mb = 2 }")
    ensure_accounts(home.folder, home.register())
    desk.company = slug
    path = f"/api/{slug}/imports/dwellings"
    large = desk.program().post(path, content=b"reference\n" + (b"x" * 1_599 + b"\n") * 1_000)
    larger = desk.program().post(path, content=b"x" * (3 * 1024 * 1024 + 1))

    assert large.status_code == 200
    assert larger.status_code == 413
    assert larger.json()["limit_mb"] == 2
