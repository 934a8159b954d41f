"""Taking over the stock: a file is judged whole, and posted whole or told line by line."""

import pytest

from contracts.envelope import read_envelope
from services.chassis.caller import Caller
from services.chassis.facts import read_facts, read_head
from services.chassis.failpoint import FailPointHit, arm
from services.chassis.imports import select_imports
from services.intake.imports import LEASES_INSTEAD, FileKind, import_file

DWELLINGS = "reference;bedrooms\n" + "".join(f"L{n};2\n" for n in range(1, 6))
LEASES = (
    "reference;dwelling;start_on;rent;charges;name;contact;payment_reference;welcomed_on\n"
    "B1;L1;01/03/2015;450,00;50,00;Odette Lambert;;;15/03/2015\n"
    "B2;L2;01/04/2016;460,00;50,00;Ahmed Saïdi;0470 11 22 33;+++090/9337/55493+++;\n"
)
CALLER = Caller(actor="intake-officer.test")


@pytest.fixture
def intake(desk):
    return desk.app.state.frame.host.service(desk.company)


@pytest.fixture
def take(intake):
    def take(kind, text, **options):
        content = text if isinstance(text, bytes) else text.encode()
        return import_file(intake, CALLER, FileKind(kind), f"{kind}.csv", content, **options)

    return take


@pytest.fixture
def _disarmed():
    yield
    arm("")


def position(intake):
    return read_head(intake.datastore)["position"]


def test_a_good_file_is_posted_once_and_known_the_second_time(intake, take):
    first = take("dwellings", DWELLINGS)
    leases = take("leases", LEASES)
    before = position(intake)
    again = take("leases", LEASES)

    assert (first.state, first.accepted, first.facts) == ("accepted", 5, 5)
    assert (leases.state, leases.accepted, leases.facts) == ("accepted", 2, 4)
    assert (again.state, again.accepted, again.facts) == ("already-imported", 2, 0)
    assert position(intake) == before


def test_imported_leases_are_not_new_tenants_and_keep_their_names_and_communication(desk, take):
    take("dwellings", DWELLINGS)
    take("leases", LEASES)
    browser = desk.browser()

    assert "ont été accueillis" in browser.get("new-tenants-to-welcome").text
    found = browser.get("leases?q=B2").text
    assert "Ahmed Saïdi" in found
    leases = desk.program().get(f"/api/{desk.company}/leases?q=B").json()["rows"]
    assert leases[1]["payment_reference"] == "090933755493"
    assert leases[0]["welcomed_on"] == "2015-03-15"


def test_where_and_in_which_language_letters_go_is_taken_over_and_sealed(desk, intake, take):
    take("dwellings", DWELLINGS)
    head, *lines = LEASES.splitlines()
    first = f"{lines[0]};Rue Haute 3, 6000 Charleroi;NL"
    report = take("leases", f"{head};adresse;langue\n{first}\n{lines[1]};;\n")
    wrong = take("leases", f"{head};adresse;langue\n{first.replace('B1', 'B3')[:-2]}it\n")

    assert report.state == "accepted"
    assert "language" in {refused.field for refused in wrong.refused}
    rows = desk.program().get(f"/api/{desk.company}/leases?q=B").json()["rows"]
    assert [(row["addresses"], row["language"]) for row in rows] == [
        (["Rue Haute 3, 6000 Charleroi"], "nl"),
        ([], None),
    ]
    assert all(b"Haute" not in fact for fact in read_facts(intake.datastore))


def test_a_file_with_one_bad_line_posts_nothing_and_says_why(intake, take):
    take("dwellings", DWELLINGS)
    before = position(intake)

    report = take("leases", LEASES + "B3;L3;31/02/2020;1.234;50,00;Nom;;;\n")

    assert report.state == "refused"
    assert [(r.line, r.field) for r in report.refused] == [(4, "rent"), (4, "start_on")]
    assert position(intake) == before
    assert select_imports(intake)[0]["kind"] == "dwellings"


def test_of_two_lines_with_a_number_neither_is_posted_where_the_first_is_refused(take):
    take("dwellings", DWELLINGS)

    twice = "L6;2;12/2020\nL6;3;\nL7;2;\n"
    dwellings = take("dwellings", f"reference;bedrooms;registered_on\n{twice}", partial=True)
    leases = LEASES + "B3;L3;31/02/2020;1,00;1,00;N;;;\nB3;L4;01/01/2020;1,00;1,00;N;;;\n"
    report = take("leases", leases, partial=True)

    assert dwellings.accepted == 1
    assert [r.field for r in dwellings.refused] == ["registered_on", "reference"]
    assert report.accepted == 2
    assert [(r.line, r.field) for r in report.refused] == [(4, "start_on"), (5, "reference")]
    assert "à la ligne 4" in report.refused[1].reason


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("B1;L3;01/01/2020;1,00;1,00;N;;;", "reference", "déjà à la ligne 2"),
        ("B3;L1;01/01/2020;1,00;1,00;N;;;", "dwelling", "déjà à la ligne 2"),
        ("B3;L9;01/01/2020;1,00;1,00;N;;;", "dwelling", "n'est pas enregistré"),
        ("B3;L3;01/01/1949;1,00;1,00;N;;;", "start_on", "antérieur à 1950"),
        ("B3;L3;01/01/2030;1,00;1,00;N;;;", "start_on", "plus d'un an"),
        ("B3;L3;01/01/2020;-1,00;1,00;N;;;", "rent", "négatif"),
        ("B3;L3;01/01/2020;1,00;1,00;N;;090933755494;", "payment_reference", "contrôle"),
        ("B3;L3;01/01/2020;1,00;1,00;N;;090933755493;", "payment_reference", "à la ligne 3"),
        ("B3;L3;01/01/2020;1,00;1,00;N;;12;", "payment_reference", "Douze chiffres"),
        ("B3;L3;01/01/2020;1,00;1,00;N;;;01/01/2031", "welcomed_on", "pas encore eu lieu"),
    ],
)
def test_what_is_wrong_across_lines_is_found_before_anything_is_posted(take, line, field, reason):
    take("dwellings", DWELLINGS)

    report = take("leases", f"{LEASES}{line}\n")

    assert report.state == "refused"
    assert [(refused.line, refused.field) for refused in report.refused] == [(4, field)]
    assert reason in report.refused[0].reason


def test_a_dwelling_that_is_let_is_refused_with_the_lease_it_is_let_under(desk, take):
    desk.lease("A1", "L1")
    take("dwellings", DWELLINGS)

    report = take("leases", LEASES)

    assert [(refused.line, refused.field) for refused in report.refused] == [(2, "dwelling")]
    assert "par le bail A1" in report.refused[0].reason


def test_a_lease_known_with_other_terms_is_left_alone_and_flagged(desk, take):
    take("dwellings", DWELLINGS)
    take("leases", LEASES)

    report = take("leases", LEASES.replace("450,00", "455,00"))

    assert report.state == "accepted"
    assert report.facts == 0
    assert [(flagged.line, flagged.field) for flagged in report.flagged] == [(2, "rent")]
    rows = desk.program().get(f"/api/{desk.company}/leases?q=B1").json()["rows"]
    assert rows[0]["rent_cents"] == 450_00


def test_a_dry_run_judges_and_posts_nothing(intake, take):
    before = position(intake)

    report = take("dwellings", DWELLINGS, dry_run=True)

    assert (report.state, report.accepted, report.facts, report.dry_run) == ("accepted", 5, 0, True)
    assert position(intake) == before
    assert take("dwellings", DWELLINGS).state == "accepted"


def test_a_partial_import_posts_the_good_lines_and_may_be_completed(take):
    take("dwellings", DWELLINGS)
    text = LEASES + "B3;L9;01/01/2020;1,00;1,00;Nom;;;\n"

    partly = take("leases", text, partial=True)
    again = take("leases", text, partial=True)
    take("dwellings", "reference\nL9\n")
    completed = take("leases", text)

    assert (partly.state, partly.accepted, len(partly.refused)) == ("accepted", 2, 1)
    assert (again.state, again.facts) == ("already-imported", 0)
    assert (completed.state, completed.accepted, completed.facts) == ("accepted", 3, 2)


@pytest.mark.usefixtures("_disarmed")
def test_an_import_that_is_cut_off_shows_as_interrupted_and_is_completed_by_a_repeat(intake, take):
    many = "reference\n" + "".join(f"D{n}\n" for n in range(4500))
    arm("import.between-acts=raise@1")

    with pytest.raises(FailPointHit):
        take("dwellings", many)

    assert select_imports(intake)[0]["state"] == "interrupted"
    assert position(intake) == 2000
    report = take("dwellings", many)
    assert (report.state, report.accepted, report.facts) == ("accepted", 4500, 2500)
    found = select_imports(intake)[0]
    assert (found["state"], found["accepted"], found["facts"]) == ("accepted", 4500, 4500)
    assert position(intake) == 4500


def test_french_headers_a_byte_order_mark_and_windows_1252_are_read(take):
    dwellings = take("dwellings", "\ufeffRéférence;Chambres\nL1;3\n")
    leases = take(
        "leases",
        "Numéro,Logement,Début,Loyer,Charges,Nom,Accueilli le\n"
        "B1,L1,2020-01-01,450.00,50.00,Élise,\n".encode("cp1252"),
    )

    assert dwellings.state == "accepted"
    assert leases.state == "accepted", leases.refused


def test_columns_and_reasons_are_read_as_the_page_words_them(desk, take):
    page = desk.browser().get("imports").text
    text = "Numéro;Pas louable depuis;Pourquoi pas louable\nL1;02/03/2026;Travaux\n"
    dwellings = take("dwellings", text + "L2;;\n")
    leases = take(
        "leases",
        "Numéro;Numéro du logement;Début du bail;Loyer;Charges;Nom\nB1;L2;01/02/2026;1;0;Al\n",
    )

    assert "unlettable_reason</code>&nbsp;: pourquoi pas louable" in page
    assert (dwellings.state, dwellings.flagged, dwellings.refused) == ("accepted", [], [])
    assert (leases.state, leases.flagged, leases.refused) == ("accepted", [], [])
    assert "travaux depuis le 2 mars 2026" in desk.browser().get("vacant-dwellings").text


def test_a_welcome_taken_over_with_the_stock_is_corrected_by_one_that_is_noted_here(desk, take):
    take("dwellings", DWELLINGS)
    take("leases", LEASES)
    welcomed, unknown = desk.program().get(f"/api/{desk.company}/leases?q=B").json()["rows"]
    browser = desk.browser()

    page = f"leases/{welcomed['lease_id']}"
    assert "15 mars 2015" in browser.get(page).text
    assert "welcome-meeting/withdrawal" not in browser.get(page).text
    browser.fill_in(f"{page}/welcome-meeting/correction", held_on__day="16", mode="home")
    browser.fill_in(f"{page}/correction", rent="455,00")
    corrected = browser.get(page).text
    assert "Accueil du 15 mars 2015, repris avec le stock : corrigé." in corrected
    assert "Ménage accueilli à domicile." in corrected
    assert "16 mars 2015" in corrected.partition("Autres actes")[0]
    browser.fill_in(f"{page}/welcome-meeting/withdrawal")
    assert "Pas connu" in browser.get(page).text

    assert "/welcome-meeting" in browser.get(f"leases/{unknown['lease_id']}").text
    browser.fill_in(f"leases/{unknown['lease_id']}/welcome-meeting")
    assert "welcome-meeting/withdrawal" in browser.get(f"leases/{unknown['lease_id']}").text


def test_a_file_of_leases_registers_no_dwellings_under_their_numbers(intake, take):
    before = position(intake)

    for leases in (LEASES, LEASES.replace("dwelling;start_on", "Logement;Début")):
        refused = take("dwellings", leases, partial=True)
        assert (refused.state, refused.accepted) == ("refused", 0)
        assert refused.refused == [(1, "dwelling", LEASES_INSTEAD)]

    assert position(intake) == before


def test_a_file_without_lines_is_refused(take):
    assert take("dwellings", "reference\n").state == "refused"
    assert take("dwellings", b"").state == "refused"
    assert take("dwellings", b"a\x00b").state == "refused"


def test_the_page_shows_each_refused_line_with_its_field_and_reason(desk, take):
    take("dwellings", DWELLINGS)
    browser = desk.browser()
    fields = browser.fields(browser.get("imports").text) | {"kind": "leases"}
    bad = LEASES + "B3;L9;01/01/2020;1,00;1,00;Nom;;;\n"

    refused = browser.send("imports", fields, files={"file": ("baux.csv", bad.encode())})
    nothing = browser.send("imports", fields)
    good = browser.send("imports", fields, files={"file": ("baux.csv", LEASES.encode())})

    assert refused.status_code == 422
    assert "Le logement L9 n&#39;est pas enregistré" in refused.text
    assert nothing.status_code == 422
    assert "Choisissez un fichier CSV" in nothing.text
    assert good.status_code == 200
    assert "Le fichier est importé" in good.text
    assert "baux.csv" in browser.get("imports").text


def test_a_program_sends_the_file_as_the_body_and_gets_the_report(desk):
    path = f"/api/{desk.company}/imports/dwellings"
    program = desk.program()

    report = program.post(f"{path}?filename=d.csv", content=DWELLINGS.encode()).json()
    again = program.post(path, content=DWELLINGS.encode()).json()

    assert (report["state"], report["accepted"], report["facts"]) == ("accepted", 5, 5)
    assert report["file"] == "d.csv"
    assert report["refused"] == []
    assert again["state"] == "already-imported"


def test_a_rent_that_is_not_monthly_is_taken_over_corrected_and_follows_the_household(
    desk, intake, take
):
    take("dwellings", DWELLINGS)
    head, *lines = LEASES.splitlines()
    weekly = f"{head};rent_period\n{lines[0]};weeks-48\n{lines[1]};monthly\n"
    wrong = take("leases", weekly.replace("weeks-48", "weeks-45"))
    assert [refused.field for refused in wrong.refused] == ["rent_period"]
    assert take("leases", weekly).state == "accepted"
    otherwise = take("leases", weekly.replace("weeks-48", "weekly"))
    program, api = desk.program(), f"/api/{desk.company}/leases"
    first, _ = program.get(f"{api}?q=B").json()["rows"]
    terms = {"dwelling_reference": "L1", "start_on": "2015-03-01", "rent_cents": 1}
    terms |= {"charges_cents": 1}
    program.post(f"{api}/{first['lease_id']}/correction", json=terms)
    moved = {"reference": "B7", "dwelling_reference": "L3", "start_on": "2026-03-01"}
    program.post(f"{api}/{first['lease_id']}/transfer", json=terms | moved)
    program.post(f"{api}/{first['lease_id']}/correction", json=terms | {"rent_period": "monthly"})

    assert [flag.field for flag in otherwise.flagged] == ["rent_period"]
    rows = program.get(f"{api}?q=B").json()["rows"]
    assert {row["reference"]: row["rent_period"] for row in rows} == {
        "B1": None,
        "B2": None,
        "B7": "weeks-48",
    }
    signed = [f for f in map(read_envelope, read_facts(intake.datastore)) if "signed" in f.type]
    told = [(fact.data["reference"], fact.data.get("rent_period")) for fact in signed]
    weeks = ("B1", "weeks-48")
    assert told == [weeks, ("B2", None), weeks, ("B7", "weeks-48"), ("B1", None)]
