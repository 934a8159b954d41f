"""A manager at the objectives contract."""

import pytest

from services.chassis.accounts import Role

AMENDMENT = "contracts/2024/objectives/I19/amendment"


@pytest.fixture
def manager(worked, visitor):
    return visitor(Role.MANAGER, worked.slug)


def test_a_figure_of_facts_that_are_incomplete_says_so_beside_its_target(manager):
    manager.go("reporting", "contracts/2024")

    assert "année en cours, incomplet, définition" in manager.row("I19").inner_text()


def test_whoever_met_another_change_sees_what_stands_beside_what_they_typed(manager, visitor):
    manager.go("reporting", AMENDMENT)
    manager.page.locator("#least-2028").fill("97")
    manager.type("Raison", "La première")
    another = visitor(Role.MANAGER, manager.slug)
    another.go("reporting", AMENDMENT)
    another.page.locator("#least-2028").fill("98")
    another.type("Raison", "La seconde")
    another.press("Modifier les cibles")

    manager.press("Modifier les cibles")

    assert "Modifié entre-temps" in manager.told()
    assert "2028, au moins 98 %." in manager.told()
    assert manager.page.locator("#least-2028").input_value() == "97"


def test_an_objective_is_found_however_its_number_is_written(manager):
    manager.go("reporting", AMENDMENT.replace("I19", "i19"))
    manager.page.locator("#least-2028").fill("96")
    manager.type("Raison", "En minuscules")
    manager.press("Modifier les cibles")

    assert "« En minuscules »" in manager.told()
