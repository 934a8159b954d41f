"""An arrears officer: who owes what, an account, money without a lease, the bank's files."""

import csv
import io
import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from premises import ACCOUNT, TODAY
from pypdf import PdfReader

from services.arrears.accounts_in_arrears import select_lines
from services.arrears.casework.policy_shelf import SHIPPED
from services.chassis.accounts import Role
from services.chassis.amounts import format_day
from services.demonstration.coda_writer import Booking, write_statement


@pytest.fixture
def officer(worked, visitor):
    officer = visitor(Role.ARREARS_OFFICER, worked.slug)
    officer.go("arrears")
    officer.follow("Impayés")
    return officer


def lines_of(premises, town):
    with premises.service("arrears", town.slug).datastore.reading() as rows:
        return select_lines(rows, UUID(town.ids["lease_1"]))


def upload(officer, name, content, kind="Extraits CODA"):
    officer.follow("Importer")
    officer.choose(kind)
    officer.page.locator("#file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    officer.press("Importer")


def test_the_list_tells_who_owes_how_much_in_which_band_and_since_when(worked, officer):
    row = officer.row(f"L-{worked.word}-2").inner_text().replace("\u00a0", " ")

    assert "3 comptes, 1 316,47 €" in officer.told()
    assert "de la plus grande dette à la plus petite" in officer.told()
    assert "658,23 €" in row
    assert "1 à 3 mois" in row
    assert "10 mars 2024" in row
    officer.row(f"L-{worked.word}-2").get_by_role("link").first.click()
    assert "2 lignes" in officer.told() or "1 ligne" in officer.told()
    assert "Solde dû" in officer.told()


def test_the_list_of_another_day_tells_what_was_owed_then(worked, officer):
    officer.page.locator("#on").fill("2024-03-09")
    officer.press("Voir ce jour")
    assert "0 compte, 0,00 €" in officer.told()
    assert "au 9 mars 2024" in officer.told()

    officer.go("arrears", "accounts-in-arrears?on=2024-03-10")
    assert f"L-{worked.word}-2" in officer.told()
    listed = officer.page.get_by_role("link", name="Enregistrer cette liste (CSV)")
    answer = officer.page.request.get(officer.link("arrears") + listed.get_attribute("href"))
    assert 'filename="impayes-2024-03-10.csv"' in answer.headers["content-disposition"]
    officer.go("arrears", "accounts-in-arrears?on=2190-01-01")
    assert f"au {format_day(TODAY)}" in officer.told()


def test_the_work_list_tells_how_old_a_debt_is_and_when_its_step_was_proposed(worked, officer):
    officer.follow("À faire")
    row = officer.page.get_by_role("table", name="Ménages").locator("tbody tr").first.inner_text()

    days = (TODAY - date(2024, 3, 10)).days
    assert f"{format_day(date(2024, 3, 10))}\n{days} jours" in row
    assert "Proposé le " in row


def test_what_was_chosen_of_the_list_stays_chosen_until_all_is_asked_for(officer):
    def heading():
        return officer.page.locator("h2").first.inner_text()

    officer.follow("À faire")
    officer.follow("Premier rappel")
    officer.follow("Comptes")
    officer.follow("À faire")
    assert heading() == "Premier rappel"

    officer.go("arrears", "work-list?step=&overdue=yes")
    officer.go("arrears", "work-list")
    assert heading() == "Tous les ménages, en retard"

    officer.follow("Voir tous les ménages")
    officer.go("arrears", "work-list")
    assert heading() == "Tous les ménages"


def test_a_part_of_the_list_in_which_nothing_is_to_be_done_says_that_the_rest_waits(officer):
    officer.go("arrears", "work-list?step=no-such-step")

    assert "Rien n'est à faire ici, mais bien ailleurs dans la liste." in officer.told()


def test_a_case_is_told_in_words_and_names_the_rule_to_whoever_opens_what_it_asks(worked, officer):
    officer.go("arrears", f"accounts/{worked.ids['lease_2']}/case")

    assert "-due" not in officer.told()
    officer.page.get_by_text("Ce que la règle demande").click()
    assert re.search(r"cette règle s'appelle « [a-z-]+ »", officer.told())


def test_the_lists_are_saved_for_a_spreadsheet_as_the_page_shows_them(worked, officer):
    def saved(name):
        place = officer.page.get_by_role("link", name=name).get_attribute("href")
        answer = officer.page.request.get(officer.link("arrears") + place)
        assert "attachment" in answer.headers["content-disposition"]
        return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig")), delimiter=";"))

    owing = saved("Enregistrer cette liste (CSV)")
    officer.go("arrears", "work-list?step=first-reminder")
    to_do = saved("Enregistrer cette liste (CSV)")

    assert {"658,23", "10/03/2024", "1 à 3 mois"} <= set(
        next(row for row in owing if row["Bail"] == f"L-{worked.word}-2").values()
    )
    shown = officer.page.get_by_role("table", name="Ménages").locator("tbody tr").all_inner_texts()
    assert len(to_do) == len(shown)
    for row, text in zip(to_do, shown, strict=True):
        assert row["Bail"] in text
        assert row["Locataire"] in text
        assert row["Proposé"] == "Premier rappel"
        assert row["En retard"] == ("oui" if ", en retard" in text else "non")


def test_money_without_a_lease_is_given_to_one_and_leaves_the_list(worked, officer):
    officer.follow("Paiements sans bail")
    rows = officer.page.locator("tbody tr")
    before = rows.count()
    assert "sans communication structurée" in rows.first.inner_text()
    amount = rows.first.locator(".ref-amount").inner_text()
    rows.first.get_by_role("link", name="Attribuer").click()
    officer.page.locator("#q").fill(f"L-{worked.word}-1")
    officer.press("Chercher")
    officer.follow(f"Choisir le bail L-{worked.word}-1")
    officer.press("Attribuer le paiement")

    assert worked.word in officer.title()
    assert f"\u2212{amount}" in officer.row(f"\u2212{amount}").inner_text()
    officer.follow("Paiements sans bail")
    assert officer.page.locator("tbody tr").count() == before - 1


def test_a_payment_that_a_colleague_has_just_assigned_is_not_assigned_twice(
    worked, officer, visitor
):
    colleague = visitor(Role.ARREARS_OFFICER, worked.slug)
    place = f"unmatched-payments/{worked.ids['second_payment']}/assignment/{{}}"
    officer.go("arrears", place.format(worked.ids["lease_2"]))
    colleague.go("arrears", place.format(worked.ids["lease_3"]))
    colleague.press("Attribuer le paiement")

    officer.press("Attribuer le paiement")

    assert "Modifié entre-temps" in officer.told()


def test_a_debt_is_written_off_shown_on_paper_and_asked_for_again(worked, officer):
    place = f"accounts/{worked.ids['lease_2']}"
    officer.go("arrears", place)
    officer.follow("Abandonner une créance")
    officer.type("Montant", "1,23")
    officer.press("Abandonner la créance")
    assert "Choisissez pourquoi." in officer.told()
    officer.choose("La dette est prescrite")
    officer.choose("Le conseil d'administration")
    officer.press("Abandonner la créance")
    assert "Créance abandonnée" in officer.row("\u22121,23").inner_text().replace("\u00a0", " ")

    paper = f"{officer.link('arrears')}/{worked.slug}/{place}/statement/pdf"
    answer = officer.page.request.get(paper)
    (page,) = PdfReader(io.BytesIO(answer.body())).pages
    printed = page.extract_text().replace("\u00a0", " ").replace("\u202f", " ")
    assert "Créance abandonnée" in printed
    assert "1,23 €" in printed
    assert worked.word in printed

    officer.row("\u22121,23").get_by_role("link", name="Retirer").click()
    officer.press("Retirer")
    assert officer.page.locator("tbody tr", has_text="\u22121,23").count() == 0


def test_a_case_says_since_when_its_debt_is_owed_as_the_lists_do(worked, officer):
    lease = f"L-{worked.word}-2"
    roll = f"lease;month;rent;charges;due_on\n{lease};2024-04;10,00;0;2024-04-05\n"
    upload(officer, "avril.csv", roll.encode(), "Loyers")
    paid = f"receipt;paid_on;amount;lease\nR-9;2024-04-06;658,23;{lease}\n"
    upload(officer, "recus.csv", paid.encode(), "Paiements hors banque")

    case = f"accounts/{worked.ids['lease_2']}/case"
    officer.go("arrears", case)
    assert "10,00 € depuis le 5 avril 2024" in officer.told()
    assert "Compte non soldé\tdepuis le 10 mars 2024" in officer.told()

    more = f"receipt;paid_on;amount;lease\nR-10;2024-04-07;30,00;{lease}\n"
    officer.go("arrears", "imports")
    upload(officer, "trop.csv", more.encode(), "Paiements hors banque")
    officer.go("arrears", case)
    assert "Avance\t20,00 €" in officer.told()


def test_an_account_says_who_paid_on_the_page_and_on_paper(worked, officer):
    place = f"accounts/{worked.ids['lease_2']}"
    paid = "receipt;paid_on;amount;lease;payer\n" + "".join(
        f"R-{payer};2024-04-0{n};0,0{n};L-{worked.word}-2;{payer}\n"
        for n, payer in enumerate(("cpas", "tenant", "other"), 1)
    )
    upload(officer, "recus.csv", paid.encode(), "Paiements hors banque")

    officer.go("arrears", place)
    answer = officer.page.request.get(
        f"{officer.link('arrears')}/{worked.slug}/{place}/statement/pdf"
    )
    (page,) = PdfReader(io.BytesIO(answer.body())).pages
    for payer in ("par le CPAS", "par le locataire", "par quelqu'un d'autre"):
        assert f"Paiement {payer}" in officer.told()
        assert f"Paiement {payer}" in page.extract_text().replace("\u2019", "'")


def test_lines_of_an_account_are_corrected_cancelled_and_taken_off_by_their_pages(
    premises, worked, officer
):
    officer.go("arrears", f"accounts/{worked.ids['lease_1']}")
    officer.row("03/2024").get_by_role("link").click()
    officer.type("Loyer", "123,45")
    officer.type("Charges", "6,00")
    officer.press("Corriger le loyer")
    assert "129,45 €" in officer.row("03/2024").inner_text().replace("\u00a0", " ")
    (charge,) = [line for line in lines_of(premises, worked) if line["month"] == "2024-03"]
    assert (charge["rent_cents"], charge["charges_cents"]) == (12_345, 600)

    officer.go("arrears", f"accounts/{worked.ids['lease_1']}/payments/{charge['line_id']}/release")
    assert "Cette ligne n'est pas, ou plus, sur ce compte." in officer.told()
    officer.go("arrears", f"accounts/{worked.ids['lease_1']}")
    officer.row("03/2024").get_by_role("link").click()
    officer.follow("Ce mois n'était pas dû")
    assert "129,45 € ne sont plus dus" in officer.told()
    officer.press("Annuler le loyer")
    assert officer.page.locator("tbody tr", has_text="03/2024").count() == 0

    officer.page.get_by_role("link", name="Retirer").first.click()
    assert "n'était pas pour ce bail" in officer.told()
    officer.press("Retirer le paiement")
    assert officer.title().replace("\u00a0", " ") == "À quel bail va ce paiement ?"
    officer.go("arrears", f"accounts/{worked.ids['lease_1']}/charges/2024-03")
    assert "Cette ligne n'est pas, ou plus, sur ce compte." in officer.told()


def test_a_bank_file_is_taken_and_its_report_says_what_was_in_it(worked, officer):
    day = date(2024, 4, 8)
    closing = 10_000_000 + worked.rent_cents * 4 + 10 + 9
    content = write_statement(ACCOUNT, 2, day, closing, [Booking(12_345, day, communication="?")])

    upload(officer, "avril.cod", content)

    assert officer.title() == "Le fichier est importé"
    assert "1 ligne acceptée, dont 1 paiement sans bail, 0 refus" in officer.told()
    assert "n° 002 du 08/04/2024" in officer.told()
    assert officer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    upload(officer, "avril.cod", content)
    assert officer.title() == "Ce fichier était déjà importé"


def test_who_imports_statements_is_told_where_some_are_missing(worked, officer):
    day = date(2024, 4, 12)
    content = write_statement(ACCOUNT, 9, day, 1, [Booking(5, day, communication="?")])
    missing = f"{ACCOUNT} : il manque des extraits"

    officer.go("arrears", "imports")
    assert missing not in officer.told()
    upload(officer, "plus-tard.cod", content)
    assert missing in officer.told()
    officer.go("arrears", "imports")
    assert missing in officer.told()


def test_a_bank_file_that_contradicts_itself_is_refused_by_line_and_reason(officer):
    day = date(2024, 4, 9)
    good = write_statement(ACCOUNT, 3, day, 0, [Booking(12_345, day, communication="?")])
    spoilt = good.replace(b"0000000000012345", b"0000000000099999", 1)
    assert spoilt != good

    upload(officer, "faux.cod", spoilt)

    assert officer.title() == "Le fichier n'a pas été importé"
    assert "Rien n'a été enregistré." in officer.told()
    refused = officer.page.locator("tbody tr").last
    assert refused.locator('[data-label="Ligne"]').inner_text().split()[-1].isdigit()
    reason = refused.locator('[data-label="Pourquoi"]').inner_text().replace("\u00a0", " ")
    assert "annonce 999,99 €, ses mouvements donnent 123,45 €" in reason
    assert "Redemandez le fichier à la banque" in reason


def test_a_rent_whose_lease_nobody_knows_yet_is_seen_to_wait_for_it(officer):
    months = b"lease;month;rent;charges\nL-NEW;2024-05;1,00;0\nL-NEW;2024-04;1,00;0\n"
    upload(officer, "b.csv", months, "Loyers")
    officer.follow("Importer")

    waiting = officer.page.get_by_role("table", name="Loyers qui attendent leur bail")
    assert "L-NEW" in waiting.inner_text()
    assert "2024-04, 2024-05" in waiting.inner_text()
    assert "2,00\u00a0€" in waiting.inner_text()


def test_a_refused_line_names_its_column_in_french_and_as_it_stands_in_the_file(officer):
    upload(officer, "c.csv", b"lease;month;rent;charges\nL-1;2024-05;beaucoup;0\n", "Loyers")

    column = officer.page.locator('[data-label="Colonne"]').last.inner_text().split()
    assert column[-2:] == ["Loyer", "rent"]


def test_a_file_that_was_forgotten_is_asked_for_at_its_field(officer):
    officer.follow("Importer")
    officer.press("Importer")

    link = officer.page.locator(".govuk-error-summary a")
    assert link.get_attribute("href") == "#file"
    assert officer.page.locator("#file").count() == 1


def test_a_letter_is_printed_from_the_list_and_its_batch_tells_of_it(shown, visitor):
    officer = visitor(Role.ARREARS_OFFICER, shown.slug)
    officer.go("arrears")
    officer.follow("Lettres")
    told = officer.told()
    officer.page.locator("tbody tr").filter(has_text="Mise en demeure").get_by_role(
        "link", name="Mise en demeure"
    ).click()

    assert "À relire avant de partir" in told
    assert "Deuxième rappel" in told
    assert "Projet à relire" in officer.told()
    assert "J'ai relu : valider la lettre" in officer.told()


def test_of_several_policies_the_page_says_which_one_is_in_force(worked, visitor):
    manager = visitor(Role.MANAGER, worked.slug)
    manager.go("arrears", "policies")
    manager.choose("Un document de la société")
    manager.page.locator("#file").set_input_files(SHIPPED / "early-signal.yaml")
    manager.press("Adopter")

    assert "en vigueur" in manager.row("wallonie").inner_text()
    assert "en vigueur" not in manager.row("early-signal").inner_text()


def test_who_adopts_a_faulty_policy_is_told_each_line_and_field_in_french(
    worked, visitor, premises, tmp_path
):
    text = (SHIPPED / "early-signal.yaml").read_text("utf-8").replace("rank:", "rang:", 1)
    document = tmp_path / "faulty.yaml"
    document.write_text(text.replace("version:", "version: 3 #", 1), "utf-8")
    line = text[: text.index("rang:")].count("\n") + 1
    manager = visitor(Role.MANAGER, worked.slug)
    manager.go("arrears", "policies")
    manager.choose("Un document de la société")
    manager.page.locator("#file").set_input_files(document)
    manager.press("Adopter")
    summary = manager.page.locator(".govuk-error-summary")

    told = summary.inner_text()
    program = premises.program("arrears", Role.MANAGER, worked.slug)
    answer = program.post(
        f"/api/{worked.slug}/policies", json={"document": document.read_text("utf-8")}
    )

    unknown = "Ce champ n'existe pas ici\u00a0: vérifiez son nom, ou enlevez-le."
    assert f"Ligne {line}, rules.0.rang\u00a0: {unknown}" in told
    assert "rules.0.rank\u00a0: Ce champ manque." in told
    assert "version\u00a0: Un texte est attendu, entre guillemets." in told
    assert summary.locator("a").count() == 0, "no line of a file is a place of the page"
    errors = answer.json()["errors"]
    assert [error["reason"] for error in errors] == told.splitlines()[1:]
    assert errors == sorted(errors, key=lambda error: int(error["field"].removeprefix("ligne ")))


def test_who_is_to_look_at_a_pause_again_is_asked_to_resume_or_to_go_on(worked, officer, premises):
    # A policy was adopted: the round that follows changes cases under the eyes of whoever has one.
    premises.service("arrears", worked.slug).tick()
    case = f"accounts/{worked.ids['lease_3']}/case"
    officer.go("arrears", f"{case}/pause")
    officer.choose("Deuil")
    officer.type_day("review_on", (TODAY + timedelta(days=9)).isoformat())
    officer.press("Suspendre")
    assert "Reprendre" in officer.told()

    officer.go("arrears", f"{case}/steps/review-pause")
    assert "Suspendre encore ce dossier" in officer.told()
    officer.follow("reprendre le dossier")
    officer.press("Reprendre le dossier")

    assert "Suspendre le dossier" in officer.told()
    officer.follow("Faire ou noter une autre étape")
    assert "Mise en demeure" in officer.told()
    assert "Revoir la pause" not in officer.told()


def test_a_plan_is_agreed_for_the_debt_that_the_parties_state(worked, officer):
    officer.go("arrears", f"accounts/{worked.ids['lease_3']}/case/plan")
    officer.type("Chaque versement", "100,00")
    officer.type_day("first_due_on", (TODAY + timedelta(days=30)).isoformat())
    officer.type("Dette au départ du plan", "0")
    officer.press("Conclure le plan")
    assert "La dette au départ du plan : un montant de plus de 0 €." in officer.told()
    officer.type("Dette au départ du plan", "700,00")
    officer.press("Conclure le plan")
    assert "Au plus ce qui est dû aujourd'hui : 0,00 €." in officer.told()
    assert officer.page.locator(".govuk-error-summary a").get_attribute("href") == "#starting"

    officer.choose("Le juge de paix")
    officer.type("Nombre de versements", "2")
    officer.press("Conclure le plan")
    link = officer.page.locator(".govuk-error-summary a")
    assert "Ces versements n'éteindront jamais la dette" in link.inner_text()
    assert link.get_attribute("href") == "#instalment"

    officer.type("Nombre de versements", "7")
    officer.press("Conclure le plan")

    assert "Plan d'apurement conclu pour 700,00 €" in officer.told()


def test_the_page_of_a_past_day_has_the_history_until_that_day_alone(worked, officer):
    case = f"accounts/{worked.ids['lease_2']}/case"
    officer.go("arrears", case)
    assert "Retirer cette étape" in officer.told()

    officer.go("arrears", f"{case}?on={TODAY - timedelta(days=1)}")

    before = format_day(TODAY - timedelta(days=1))
    assert f"0 entrée, de la plus récente à la plus ancienne, au {before}." in officer.told()
    assert "Rien n'est noté." in officer.told()
    assert officer.page.locator("h2", has_text="Lettres").count() == 0


def one_of(premises, town, sql):
    with premises.service("arrears", town.slug).datastore.reading() as rows:
        return rows.execute(sql).fetchone()


def test_a_letter_that_is_gone_waits_no_more_and_no_mail_is_offered_without_a_server(
    premises, shown, visitor
):
    officer = visitor(Role.ARREARS_OFFICER, shown.slug)
    sent = one_of(premises, shown, "SELECT letter_id FROM letter WHERE state = 'sent'")
    officer.go("arrears", f"letters/{sent['letter_id']}")
    gone = officer.told()
    officer.go("arrears", "letters")

    assert "Attend depuis" not in gone
    assert "page(s)" not in gone
    assert "1 page." in gone
    assert "Imprimer les lettres choisies" in officer.told()
    assert "courriel" not in officer.told()


def test_a_plan_of_who_has_left_says_that_its_letter_will_not_go(premises, worked, officer):
    plan, told = f"accounts/{worked.ids['lease_3']}/case/plan", "ne partira pas"
    officer.go("arrears", plan)
    assert told not in officer.told()
    with premises.service("arrears", worked.slug).datastore.act() as connection:
        ending = "UPDATE account SET ended_on = %s WHERE lease_id = %s"
        connection.execute(ending, (TODAY, worked.ids["lease_3"]))
    officer.go("arrears", plan)
    assert told in officer.told()
    with premises.service("arrears", worked.slug).datastore.act() as connection:
        connection.execute(ending, (None, worked.ids["lease_3"]))


def test_a_petition_is_offered_for_what_is_owed(premises, worked, officer):
    lease_id = UUID(worked.ids["lease_2"])
    owed = f"SELECT sum(cents) AS cents FROM account_line WHERE lease_id = '{lease_id}'"
    cents = one_of(premises, worked, owed)["cents"]
    officer.go("arrears", f"accounts/{lease_id}/legal-path/petition")

    offered = f"{cents // 100},{cents % 100:02}" if cents > 0 else ""
    assert officer.page.locator("#claim_cents").input_value() == offered
