"""A manager at the objectives contract."""

import pytest

from services.chassis.accounts import Role


@pytest.fixture
def manager(worked, visitor):
    return visitor(Role.MANAGER, worked.slug)


def test_a_figure_of_facts_that_are_incomplete_says_so_beside_its_target(manager):
    manager.go("reporting", "contracts/2024")

    assert "année en cours, incomplet, définition" in manager.row("I19").inner_text()
