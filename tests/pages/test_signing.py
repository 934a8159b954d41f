"""A manager signs a year off, and signs it again once a lease of that year has come late."""

import re

import pytest
from premises import done

from services.chassis.accounts import Role


@pytest.fixture
def a_late_lease(premises, worked):
    """A lease of 2023, recorded after the return of 2023 was signed, and withdrawn at the end."""
    intake = premises.program("intake", Role.INTAKE_OFFICER, worked.slug)
    lease = {
        "reference": f"L-{worked.word}-2023",
        "dwelling_reference": f"D-{worked.word}-9",
        "start_on": "2023-06-01",
        "rent_cents": 30_000,
        "charges_cents": 0,
        "leaseholders": [{"name": "Zoé Evrard"}],
    }
    signed = done(intake.post(f"/api/{worked.slug}/leases", json=lease))
    premises.settle(worked.slug)
    yield
    done(intake.post(f"/api/{worked.slug}/leases/{signed['id']}/withdrawal"))
    premises.settle(worked.slug)


def test_a_return_is_validated_then_restated_by_a_manager(worked, visitor, a_late_lease):
    manager = visitor(Role.MANAGER, worked.slug)
    manager.go("reporting")
    manager.follow("Déclarations annuelles")
    waiting = manager.row("Déclaration de 2023").inner_text().lower()
    assert "validée" in waiting
    assert re.search(r"\d+ chiffres? (a|ont) bougé depuis la signature", waiting)

    manager.follow("Déclaration de 2022")
    manager.press("Valider la déclaration")
    manager.press("Valider la déclaration")
    assert "Écrivez pourquoi" in manager.told(), "what is missing is signed for in writing"
    manager.type("Raison", "Le journal a commencé en 2024")
    manager.press("Valider la déclaration")
    assert "Raison : « Le journal a commencé en 2024 »" in manager.told()
    despite = manager.page.locator(".govuk-inset-text", has_text="Signée malgré ceci").inner_text()
    assert despite.endswith("Le journal a commencé en 2024\u00a0»"), "a question with its answer"
    assert "Aucune : les chiffres d'aujourd'hui sont ceux de la déclaration." in manager.told()

    manager.follow("Déclarations annuelles")
    manager.follow("Déclaration de 2023")
    declared = manager.page.locator("tbody tr", has_text="I03").last.inner_text()
    assert "pas calculable" in declared
    assert "validé" in declared
    fact = manager.page.locator("a.ref-fact").first
    assert re.fullmatch(r"Accueil n° \d+", fact.inner_text())
    manager.press("Rectifier la déclaration")
    manager.type("Raison", "Un bail de 2023 a été encodé en 2024")
    manager.press("Rectifier la déclaration")
    manager.go("reporting", "returns/2023/restatement")
    assert "Il n'y a rien à rectifier : les chiffres d'aujourd'hui sont" in manager.told()
    manager.go("reporting", "returns")
    assert "bougé" not in manager.row("Déclaration de 2023").inner_text()
    manager.go("reporting", "returns/2023")

    assert "Version 2, signée le 12 avril 2024" in manager.told()
    manager.follow("Version 1")
    assert "identique au bit près" in manager.told()
    assert "Ce qui a changé" not in manager.told()
    assert "Cette version ne compte plus : la dernière est la version 2." in manager.told()
    manager.follow("Déclaration de 2023")
    manager.follow("Version 2")
    assert "identique au bit près" in manager.told()
    assert "noté après la signature" in manager.told()


def test_whoever_signs_second_is_told_who_signed_and_finds_what_they_wrote(
    premises, worked, visitor
):
    program = premises.program("reporting", Role.MANAGER, worked.slug)
    done(program.put(f"/api/{worked.slug}/returns/2020"))
    first, second = visitor(Role.MANAGER, worked.slug), visitor(Role.MANAGER, worked.slug)
    for manager, reason in ((first, "Le journal commence en 2024"), (second, "Rien avant 2024")):
        manager.go("reporting", "returns/2020/validation")
        manager.type("Raison", reason)
    first.press("Valider la déclaration")
    second.press("Valider la déclaration")

    assert "est déjà validée" in second.told()
    assert "Signée le 12 avril 2024 à" in second.told()
    assert "par Direction" in second.told()
    assert "n'a pas été publié : « Rien avant 2024 »" in second.told()
    assert "Votre saisie est conservée" not in second.told()
    second.follow("Voir la déclaration de 2020")
    assert "Raison : « Le journal commence en 2024 »" in second.told()


def test_a_year_that_runs_is_not_offered_for_signing(premises, worked, visitor):
    done(
        premises.program("reporting", Role.MANAGER, worked.slug).put(
            f"/api/{worked.slug}/returns/2024"
        )
    )
    manager = visitor(Role.MANAGER, worked.slug)
    for path in ("returns/2024", "returns/2024/validation"):
        manager.go("reporting", path)
        assert "se valide à partir du 1er janvier 2025." in manager.told()
        assert manager.page.get_by_role("button", name="Valider la déclaration").count() == 0


def test_a_return_whose_days_are_not_closed_is_not_offered_for_signing(premises, unlooked, visitor):
    operator = premises.program("reporting", Role.OPERATOR, unlooked.slug)
    ahead = {"shown_at": "2025-03-01T08:00:00+01:00"}
    done(operator.put(f"/api/{unlooked.slug}/clock", json=ahead))
    program = premises.program("reporting", Role.MANAGER, unlooked.slug)
    done(program.put(f"/api/{unlooked.slug}/returns/2019"))
    manager = visitor(Role.MANAGER, unlooked.slug)
    manager.go("reporting", "returns/2019")

    assert "des faits peuvent encore arriver" in manager.told()
    assert "La déclaration se signera une fois ces jours clos" in manager.told()
    assert manager.page.get_by_role("button", name="Valider la déclaration").count() == 0


def test_an_auditor_reads_returns_and_is_offered_no_act(worked, visitor):
    auditor = visitor(Role.AUDITOR, worked.slug)
    auditor.go("reporting", "returns/2023")

    assert auditor.title().startswith("Déclaration de 2023")
    assert auditor.page.get_by_role("button", name=re.compile("Valider|Rectifier")).count() == 0
