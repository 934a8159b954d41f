"""The register says in a sentence why it cannot be used."""

import pytest

from services.chassis.companies import RESERVED, RegisterRefused, read_register


@pytest.mark.parametrize("slug", sorted(RESERVED))
def test_a_company_cannot_stand_where_an_address_of_every_service_does(tmp_path, slug):
    register = tmp_path / "companies.toml"
    register.write_text(f'[companies.{slug}]\nnames = {{ fr = "Le Foyer" }}\n', "utf-8")

    with pytest.raises(RegisterRefused, match=f"société « {slug} ».*choisissez un autre nom court"):
        read_register(register)


def test_a_company_may_be_called_almost_anything_else(tmp_path):
    register = tmp_path / "companies.toml"
    register.write_text('[companies.api-de-sambre]\nnames = { fr = "Le Foyer" }\n', "utf-8")

    assert [company.slug for company in read_register(register)] == ["api-de-sambre"]
