"""An intake officer signs a lease and holds the welcome meeting, with scripts off."""

from services.chassis.accounts import Role


def test_an_officer_signs_in_signs_a_lease_and_welcomes_the_tenant(premises, worked, visitor):
    officer = visitor(None, worked.slug)
    officer.open("front", "/sign-in")
    officer.page.get_by_label("Votre compte").select_option(f"intake-officer.{worked.slug}")
    officer.type("Code d'accès", (premises.home.folder / "secrets/access-code").read_text().strip())
    officer.press("Se connecter")
    officer.follow("Signer un bail")

    officer.type("Numéro du bail", "L-Neuf")
    officer.type("Numéro du logement", f"D-{worked.word}-4")
    officer.type("Loyer", "512,30")
    officer.type("Nom du locataire", "Ysaline Collard")
    officer.press("Signer le bail")

    assert officer.title() == "Ysaline Collard"
    assert "512,30 € par mois" in officer.text().replace("\u00a0", " ").replace("\u202f", " ")

    officer.follow("À accueillir")
    before = officer.page.locator("tbody tr").count()
    assert "3 nouveaux locataires" in officer.text()
    officer.row("Ysaline Collard").get_by_role("link", name="Noter l'accueil").click()
    officer.press("Noter l'accueil")

    assert "Ménage accueilli au bureau." in officer.text()
    officer.follow("À accueillir")
    assert officer.page.locator("tbody tr").count() == before - 1
    assert "2 nouveaux locataires" in officer.text()
    assert "Ysaline Collard" not in officer.text()


def test_the_same_is_done_by_the_keyboard_alone(worked, visitor):
    officer = visitor(Role.INTAKE_OFFICER, worked.slug)
    officer.go("intake", "new-tenants-to-welcome")
    keyboard = officer.page.keyboard

    keyboard.press("Tab")
    assert officer.focused() == "Aller au contenu"
    keyboard.press("Enter")
    keyboard.press("Tab")
    assert officer.focused().startswith("Anne")
    keyboard.press("Enter")
    officer.page.wait_for_url("**/leases/*")

    officer.go("intake", "leases/signing")
    officer.page.locator("#reference").focus()
    typed = ("L-Clavier", f"D-{worked.word}-5", None, None, None, "400", None, None, "Noa Petit")
    for text in typed:
        if text is not None:
            keyboard.type(text)
        keyboard.press("Tab")
    keyboard.press("Enter")
    officer.page.wait_for_url("**/leases/*-*-*-*-*")
    assert officer.title() == "Noa Petit"


def test_an_error_summary_leads_to_its_fields_and_keeps_what_was_typed(worked, visitor):
    officer = visitor(Role.INTAKE_OFFICER, worked.slug)
    officer.go("intake", "leases/signing")
    officer.type("Numéro du bail", "L-Faux")
    officer.type_day("start_on", "2024-02-31")
    officer.type("Loyer", "1.234")
    officer.press("Signer le bail")

    summary = officer.page.locator(".govuk-error-summary a")
    targets = [link.get_attribute("href") for link in summary.all()]
    assert {"#dwelling_reference", "#start_on-day", "#rent", "#name"} <= set(targets)
    assert all(officer.page.locator(target).count() == 1 for target in targets)
    assert officer.page.title().startswith("Erreur")
    for target in targets:
        officer.page.locator(f'.govuk-error-summary a[href="{target}"]').click()
        assert f"#{officer.page.evaluate('document.activeElement.id')}" == target
    assert officer.page.locator("#reference").input_value() == "L-Faux"
    assert officer.page.locator("#start_on-day").input_value() == "31"
    assert officer.page.locator("#rent").input_value() == "1.234"


def test_a_number_that_does_not_do_is_told_beside_it(worked, visitor):
    officer = visitor(Role.INTAKE_OFFICER, worked.slug)
    officer.go("intake", "leases/signing")
    officer.type("Numéro du bail", "L-Mal")
    officer.type("Loyer", "400")
    officer.type("Nom du locataire", "Ada Noël")
    told = []
    for number in ("D-0", f"D-{worked.word}-1", f"D-{worked.word}-6"):
        officer.type("Numéro du logement", number)
        officer.press("Signer le bail")
        told.append(officer.page.locator("#dwelling_reference-error").inner_text())
        summary = officer.page.locator(".govuk-error-summary a")
        assert summary.get_attribute("href") == "#dwelling_reference"

    for sentence, words in zip(told, ("pas enregistré", "déjà loué", "retiré"), strict=True):
        assert words in sentence


def test_whoever_comes_second_is_told_and_loses_nothing(worked, visitor):
    first, second = (visitor(Role.INTAKE_OFFICER, worked.slug) for _ in range(2))
    place = f"leases/{worked.ids['lease_3']}/correction"
    for officer in (first, second):
        officer.go("intake", place)
    first.type("Loyer", "700,00")
    first.press("Corriger le bail")

    second.type("Loyer", "711,11")
    second.press("Corriger le bail")

    assert "Modifié entre-temps" in second.text()
    assert second.page.locator("#rent").input_value() == "711,11"
    second.press("Corriger le bail")
    assert "711,11" in second.text()


def test_what_was_sent_after_the_session_expired_comes_back_after_signing_in(
    premises, worked, visitor
):
    officer = visitor(Role.INTAKE_OFFICER, worked.slug)
    officer.go("intake", "leases/signing")
    officer.type("Numéro du bail", "L-Tard")
    officer.type("Numéro du logement", f"D-{worked.word}-7")
    officer.type("Loyer", "455,10")
    officer.type("Nom du locataire", "Odile Wauters")
    officer.page.context.clear_cookies()
    officer.press("Signer le bail")

    assert "n'est pas enregistré, mais n'est pas perdu" in officer.told()
    with officer.page.context.expect_page() as opened:
        officer.page.get_by_role("link", name="Se connecter dans un nouvel onglet").click()
    tab = opened.value
    tab.get_by_label("Votre compte").select_option(f"intake-officer.{worked.slug}")
    code = (premises.home.folder / "secrets/access-code").read_text().strip()
    tab.get_by_label("Code d'accès").fill(code)
    with tab.expect_navigation():
        tab.get_by_role("button", name="Se connecter").click()
    tab.close()
    officer.page.reload()

    assert "Formulaire expiré" in officer.text()
    assert officer.page.get_by_label("Nom du locataire").input_value() == "Odile Wauters"
    officer.press("Signer le bail")
    assert officer.title() == "Odile Wauters"
