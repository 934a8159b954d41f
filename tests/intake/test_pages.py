"""Pages and JSON API of intake, by a browser and a program on the real application."""

import re
from uuid import uuid4

import psycopg
import pytest
from in_process import client_of

from services.chassis.identity import COOKIE, mint_token


def test_a_new_tenant_is_listed_with_the_reason_and_leaves_once_welcomed(desk):
    lease_id = desk.lease()
    browser = desk.browser()

    before = browser.get("new-tenants-to-welcome").text
    held = browser.fill_in(f"leases/{lease_id}/welcome-meeting")
    after = browser.get("new-tenants-to-welcome").text

    assert "1 nouveau locataire, du début" in before
    assert "Odette Lambert" in before
    assert "Le bail a commencé il y a 28 jours" in before
    assert held.status_code == 303
    assert "ont été accueillis" in after
    lease = browser.get(f"leases/{lease_id}").text
    assert "Ménage accueilli au bureau." in lease
    assert "Démonstration — temps simulé : 2 mars 2026" in lease


def test_a_lease_is_signed_corrected_transferred_ended_and_reopened_by_its_pages(desk):
    old = desk.lease()
    desk.lease("B2", "L2")
    browser = desk.browser()
    desk.program().post(
        f"/api/{desk.company}/dwellings", json={"reference": "L3", "registered_on": "2020-01-01"}
    )

    corrected = browser.fill_in(f"leases/{old}/correction", rent="460,50")
    moved = browser.fill_in(
        f"leases/{old}/transfer",
        dwelling_reference="L3",
        reference="B3",
        start_on__day="1",
        start_on__month="3",
        start_on__year="2026",
        rent="500",
    )
    new = moved.headers["location"].partition("?")[0].rsplit("/", 1)[1]
    ended = browser.fill_in(
        f"leases/{new}/end",
        ended_on__day="30",
        ended_on__month="6",
        ended_on__year="2026",
        reason="notice",
    )
    reopened = browser.fill_in(f"leases/{new}/end/withdrawal")
    cancelled = browser.fill_in(f"leases/{new}/withdrawal")

    answers = (corrected, moved, ended, reopened, cancelled)
    assert [answer.status_code for answer in answers] == [303] * 5
    assert "460,50" in browser.get(f"leases/{old}").text
    text = browser.get(f"leases/{new}").text
    assert "congé du locataire" in text
    assert "Fin du bail annulée" in text
    assert "Bail annulé : il avait été encodé par erreur." in text


def test_wrong_names_and_contacts_are_corrected_on_their_page(desk):
    lease_id = desk.lease()
    browser = desk.browser()
    path = f"leases/{lease_id}/leaseholders/correction"

    nobody = browser.fill_in(path, name__1="", contact__1="")
    answer = browser.fill_in(path, name__1="Zoé Hanssens", contact__1="071 99 88 77", name__2="Ali")
    lease = browser.get(f"leases/{lease_id}").text
    one_left = browser.fill_in(path, name__1="", contact__1="")
    alone = browser.get(f"leases/{lease_id}").text
    contact_alone = browser.fill_in(path, contact__2="071 99 88 77")

    assert (nobody.status_code, contact_alone.status_code) == (422, 422)
    assert "Un bail a au moins un locataire" in nobody.text
    assert "Indiquez le nom de cette personne." in contact_alone.text
    assert (answer.status_code, one_left.status_code) == (303, 303)
    assert "Zoé Hanssens et Ali" in lease
    assert "071 99 88 77" in lease
    assert "Noms, contacts ou adresse des locataires corrigés." in lease
    assert ">Ali<" in alone
    assert "071 99 88 77" not in alone


def test_where_letters_go_is_corrected_and_left_behind_by_who_moves(desk):
    lease_id = desk.lease()
    browser = desk.browser()
    path = f"leases/{lease_id}/leaseholders/correction"
    browser.fill_in(path, address="Rue Haute 3, 6000 Charleroi", language="de")
    corrected = browser.get(f"leases/{lease_id}").text
    desk.program().post(
        f"/api/{desk.company}/dwellings", json={"reference": "D-2", "registered_on": "2020-01-01"}
    )
    moved = {"dwelling_reference": "D-2", "reference": "B-2", "charges": "0", "rent": "400"}
    moved |= {"start_on-day": "1", "start_on-month": "1", "start_on-year": "2027"}
    answer = browser.fill_in(f"leases/{lease_id}/transfer", **moved)
    after = browser.client.get(answer.headers["location"]).text

    assert "Rue Haute 3, 6000 Charleroi, en allemand" in corrected
    assert "Adresse pas encore connue, en allemand" in after


def test_the_page_of_a_fact_leads_to_what_corrects_it_and_sees_altered_bytes(desk):
    lease_id = desk.lease()
    officer, auditor = desk.browser(), desk.browser("auditor")
    officer.fill_in(f"leases/{lease_id}/correction", rent="460,50")
    officer.fill_in(f"leases/{lease_id}/withdrawal")

    signed = auditor.get("facts/2").text
    related = dict(re.findall(r"(Corrigé par|Retiré par)</dt>.*?facts/(\d+)", signed, re.DOTALL))
    corrected = auditor.get(f"facts/{related['Corrigé par']}").text
    withdrawn = auditor.get(f"facts/{related['Retiré par']}").text

    assert f"/{desk.company}/facts/2" in corrected
    assert ">Corrige<" in corrected
    assert ">Retire<" in withdrawn
    assert f'href="/{desk.company}/facts/1">Fait précédent' in signed
    assert f'href="/{desk.company}/facts/3">Fait suivant' in signed
    assert "ne sont plus ceux" not in signed
    schema = f"c_{desk.company.replace('-', '_')}"
    with psycopg.connect(desk.home.admin_url, dbname="intake") as admin:
        admin.execute(
            f"UPDATE {schema}.facts SET content = replace(encode(content, 'escape'), '45000',"
            " '95000')::bytea WHERE position = 2"
        )
    assert "ne sont plus ceux" in auditor.get("facts/2").text


def test_an_operator_of_one_company_is_told_of_that_one(desk):
    path = desk.home.folder / "accounts.toml"
    path.write_text(
        path.read_text("utf-8")
        + f'\n[accounts."own-{desk.company}"]\nname = "X"\nrole = "operator"\n'
        f'companies = ["{desk.company}"]\n',
        "utf-8",
    )
    own, all_of_them = desk.program(), desk.program("operator")
    token = mint_token(desk.home.folder, f"own-{desk.company}")
    own.headers["authorization"] = f"Bearer {token}"

    told = [one["company"] for one in own.get("/api/status").json()["companies"]]

    assert told == [desk.company]
    assert len(all_of_them.get("/api/status").json()["companies"]) > 3


def test_a_form_that_cannot_be_read_names_every_field_and_loses_nothing(desk):
    answer = desk.browser().fill_in(
        "leases/signing",
        reference="B9",
        start_on__day="31",
        start_on__month="2",
        start_on__year="2026",
        rent="1.234",
        name="Élise Dupont",
    )

    assert answer.status_code == 422
    assert "le 31/02/2026 n&#39;existe pas au calendrier" in answer.text
    assert 'href="#start_on-day"' in answer.text
    assert 'href="#dwelling_reference"' in answer.text
    assert "ambigu" in answer.text
    assert 'value="Élise Dupont"' in answer.text
    assert 'value="31"' in answer.text


def test_a_stale_form_is_told_keeps_what_was_typed_and_may_be_sent_again(desk):
    lease_id = desk.lease()
    browser = desk.browser()
    path = f"leases/{lease_id}/correction"
    opened = browser.fields(browser.get(path).text)
    browser.fill_in(path, rent="470")

    stale = browser.send(path, opened | {"rent": "999,99"})
    again = browser.send(path, browser.fields(stale.text))

    assert stale.status_code == 412
    assert "Modifié entre-temps" in stale.text
    assert 'value="999,99"' in stale.text
    assert again.status_code == 303
    assert "999,99" in browser.get(f"leases/{lease_id}").text


def test_a_form_sent_twice_does_its_act_once(desk):
    lease_id = desk.lease()
    browser = desk.browser()
    path = f"leases/{lease_id}/welcome-meeting"
    fields = browser.fields(browser.get(path).text)

    first, second = browser.send(path, fields), browser.send(path, fields)
    other = browser.send(path, fields | {"mode": "home"})

    assert (first.status_code, second.status_code) == (303, 303)
    assert browser.get(f"leases/{lease_id}").text.count("Ménage accueilli") == 1
    assert other.status_code == 422
    assert "Clé déjà utilisée" in other.text
    assert browser.fields(other.text)["key"] != fields["key"]


def test_a_repeated_key_gives_the_same_receipt_and_another_body_is_refused(desk):
    lease_id = desk.lease()
    program, path = desk.program(), f"/api/{desk.company}/leases/{lease_id}/welcome-meeting"
    headers = {"Idempotency-Key": "meeting-1"}

    first = program.post(path, json={"held_on": "2026-03-01"}, headers=headers)
    second = program.post(path, json={"held_on": "2026-03-01"}, headers=headers)
    other = program.post(path, json={"held_on": "2026-02-28"}, headers=headers)

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert first.headers["etag"] == second.headers["etag"] == '"2"'
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"


def test_a_stale_version_is_refused_to_programs_with_the_version_there_is(desk):
    lease_id = desk.lease()
    path = f"/api/{desk.company}/leases/{lease_id}/welcome-meeting"

    answer = desk.program().post(path, json={"held_on": "2026-03-01"}, headers={"If-Match": '"7"'})

    assert answer.status_code == 412
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["version"] == 1


@pytest.mark.parametrize("csrf", [None, "", "0" * 64, "é"])
def test_a_form_without_its_sessions_token_is_refused(desk, csrf):
    lease_id = desk.lease()
    browser = desk.browser()
    path = f"leases/{lease_id}/welcome-meeting"
    fields = browser.fields(browser.get(path).text)
    fields.pop("csrf")

    answer = browser.send(path, fields if csrf is None else fields | {"csrf": csrf})

    assert answer.status_code == 403
    assert "Formulaire expiré" in answer.text
    assert "Pas encore noté" in browser.get(f"leases/{lease_id}").text


def test_a_forged_cookie_is_nobodys(desk):
    client = client_of(desk.app)
    client.cookies.set(COOKIE, desk.browser().client.cookies[COOKIE][:-2] + "AA")

    page = client.get(
        f"/{desk.company}/leases?q=1", headers={"accept": "text/html"}, follow_redirects=False
    )
    answer = client.get(f"/api/{desk.company}/leases")

    assert page.status_code == 303
    assert page.headers["location"] == f"/sign-in?next=/{desk.company}/leases%3Fq%3D1"
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/not-signed-in"


def test_another_company_and_no_company_are_the_same_to_a_stranger(desk):
    browser, program = desk.browser(), desk.program()

    pages = [browser.client.get(f"/{slug}/leases") for slug in ("alpha", "nowhere")]
    answers = [program.get(f"/api/{slug}/leases").json() for slug in ("alpha", "nowhere")]

    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].text.replace("alpha", "") == pages[1].text.replace("nowhere", "")
    for answer in answers:
        answer.pop("instance")
    assert answers[0] == answers[1]


def test_what_does_not_exist_is_told_as_a_page_and_as_a_problem(desk):
    browser, program = desk.browser(), desk.program()

    page = browser.get(f"leases/{uuid4()}")
    odd = browser.get("leases/not-an-id")
    unknown = browser.client.get("/a/b/c/d")
    problem = program.get(f"/api/{desk.company}/leases/{uuid4()}")
    method = program.delete(f"/api/{desk.company}/leases")

    assert [answer.status_code for answer in (page, odd, unknown, problem)] == [404] * 4
    assert "<h1" in page.text
    assert "<h1" in unknown.text
    assert problem.json()["instance"] == problem.headers["x-request-id"]
    assert method.status_code == 405
    assert method.headers["allow"]


def test_pages_offer_acts_to_those_who_may_do_them_alone(desk):
    lease_id = desk.lease()

    officer = desk.browser().get(f"leases/{lease_id}").text
    auditor = desk.browser("auditor").get(f"leases/{lease_id}").text

    assert "Noter l&#39;accueil" in officer
    assert "Noter l&#39;accueil" not in auditor
    assert "/imports" not in auditor


def test_every_file_that_was_imported_can_be_seen_a_hundred_a_page(desk):
    program, browser = desk.program(), desk.browser()
    for number in range(101):
        answer = program.post(
            f"/api/{desk.company}/imports/dwellings",
            content=f"reference\nD{number}\n",
            params={"filename": f"d-{number}.csv"},
        )
        assert answer.json()["state"] == "accepted"

    first, second = browser.get("imports").text, browser.get("imports?page=2").text
    beyond = browser.get("imports?page=3").text

    shown = [set(re.findall(r"\bd-[0-9]+\.csv", page)) for page in (first, second)]
    assert [len(files) for files in shown] == [100, 1]
    assert len(shown[0] | shown[1]) == 101
    assert "101 fichiers, page 1 sur 2" in first
    assert 'href="?page=2"' in first
    assert 'href="?page=1"' in second
    assert "Cette page n'a pas de ligne." in beyond


def test_every_answer_carries_safe_headers_and_is_not_kept(desk):
    answer = desk.browser().get("leases")

    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in answer.text
    assert "style=" not in answer.text


def test_the_description_names_every_refusal_of_a_route(desk):
    document = desk.program().get("/openapi.json").json()
    transfer = document["paths"]["/api/{company}/leases/{lease_id}/transfer"]["post"]

    assert document["openapi"].startswith("3.1")
    assert "`dwelling-already-let`" in transfer["responses"]["409"]["description"]
    assert "`stale-edit`" in transfer["responses"]["412"]["description"]
    assert {p["name"] for p in transfer["parameters"]} >= {"company", "lease_id", "idempotency-key"}


def test_a_welcome_whose_day_is_corrected_stays_where_it_was_held(desk):
    lease_id = desk.lease()
    browser = desk.browser()
    browser.fill_in(f"leases/{lease_id}/welcome-meeting", mode="home")

    browser.fill_in(f"leases/{lease_id}/welcome-meeting/correction", held_on__day="1")

    lease = browser.get(f"leases/{lease_id}").text
    assert "Accueil corrigé : il a eu lieu le 1er mars 2026 à domicile." in lease


def test_a_welcome_is_asked_for_of_those_alone_who_are_to_be_welcomed(desk):
    lease_id = desk.lease()
    browser = desk.browser()
    assert "Pas encore noté" in browser.get(f"leases/{lease_id}").text
    desk.program().post(
        f"/api/{desk.company}/dwellings", json={"reference": "L3", "registered_on": "2020-01-01"}
    )

    moved = browser.fill_in(
        f"leases/{lease_id}/transfer",
        dwelling_reference="L3",
        reference="B3",
        start_on__day="2",
        start_on__month="3",
        start_on__year="2026",
        rent="500",
    )

    left = browser.get(f"leases/{lease_id}").text
    assert "welcome-meeting" in left
    assert "welcome-meeting" not in left.partition("Autres actes")[0]
    new = browser.client.get(moved.headers["location"]).text
    assert "Pas attendu\u00a0: le ménage a été muté" in new
    assert "welcome-meeting" not in new
