"""The register says in a sentence why it cannot be used."""

import pytest

from services.chassis.companies import RESERVED, RegisterFile, RegisterRefused, read_register


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


@pytest.mark.parametrize("account", ["BE69 5390 0754 7034", "nonsense", "12345"])
def test_a_bank_account_that_is_none_is_refused_where_it_is_written(tmp_path, account):
    path = tmp_path / "companies.toml"
    path.write_text(f'[companies.a1]\nnames = {{ fr = "A" }}\nbank_accounts = ["{account}"]\n')

    with pytest.raises(RegisterRefused, match=f"a1.*bank_accounts.*{account}"):
        read_register(path)


@pytest.mark.parametrize("account", ["BE68 5390 0754 7034", "539-0075470-34"])
def test_an_iban_or_an_old_number_is_a_bank_account(tmp_path, account):
    path = tmp_path / "companies.toml"
    path.write_text(f'[companies.a1]\nnames = {{ fr = "A" }}\nbank_accounts = ["{account}"]\n')

    assert read_register(path)["a1"].bank_accounts == (account,)


def test_a_company_says_its_province_or_none(tmp_path):
    path = tmp_path / "companies.toml"
    path.write_text(
        '[companies.a1]\nnames = { fr = "A" }\nprovince = "Liège"\n'
        '[companies.b1]\nnames = { fr = "B" }\n',
        "utf-8",
    )

    assert [company.province for company in read_register(path)] == ["Liège", None]


@pytest.mark.parametrize("province", ['"hainaut"', '"Liege"', '"Bruxelles"', '""', "5"])
def test_a_province_that_is_none_is_refused_with_the_five(tmp_path, province):
    path = tmp_path / "companies.toml"
    path.write_text(f'[companies.a1]\nnames = {{ fr = "A" }}\nprovince = {province}\n', "utf-8")

    with pytest.raises(RegisterRefused) as refused:
        read_register(path)

    assert str(refused.value) == (
        f"{path}, société « a1 », province. Valeurs admises\u00a0: 'Brabant wallon', 'Hainaut', "
        "'Liège', 'Luxembourg' ou 'Namur'."
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('provnce = "Namur"', "« a1 », provnce. Ce champ n'existe pas ici"),
        (
            "limits = { upload_mb = 0 }",
            "« a1 », limits, upload_mb. .*au moins 1",
        ),
        ('slug = "b1"', r"écrivez \[companies.a1\], sans « slug »"),
    ],
)
def test_what_a_company_cannot_be_told_is_refused_in_words(tmp_path, line, why):
    path = tmp_path / "companies.toml"
    path.write_text(f'[companies.a1]\nnames = {{ fr = "A" }}\n{line}\n', "utf-8")

    with pytest.raises(RegisterRefused, match=why):
        read_register(path)


def test_a_company_that_is_no_table_is_refused(tmp_path):
    path = tmp_path / "companies.toml"
    path.write_text("[companies]\na1 = 5\n", "utf-8")

    with pytest.raises(RegisterRefused, match=r"écrivez \[companies.a1\]"):
        read_register(path)


@pytest.mark.parametrize(
    "written",
    [
        "companies = 5\n",
        '[[companies]]\nnames = { fr = "A" }\n',
        '[company.a1]\nnames = { fr = "A" }\n',
        'a1 = { names = { fr = "A" } }\n',
    ],
)
def test_a_company_that_stands_elsewhere_in_the_file_is_not_passed_over(tmp_path, written):
    path = tmp_path / "companies.toml"
    path.write_text(written, "utf-8")

    with pytest.raises(RegisterRefused, match=r"\[companies.foyer-de-sambre\]"):
        read_register(path)


def test_a_register_that_is_a_folder_is_refused_like_any_that_cannot_be_read(tmp_path):
    path = tmp_path / "companies.toml"
    path.mkdir()

    with pytest.raises(RegisterRefused, match="ne peut pas être lu"):
        read_register(path)


@pytest.mark.parametrize("lose", [lambda path: path.unlink(), lambda path: path.write_text("")])
def test_a_register_that_was_lost_stays_as_it_was(tmp_path, lose):
    path = tmp_path / "companies.toml"
    path.write_text('[companies.a1]\nnames = { fr = "A" }\n', "utf-8")
    register = RegisterFile(path)
    register.read()

    lose(path)

    assert [company.slug for company in register.read()] == ["a1"]
    path.write_text('[companies.b1]\nnames = { fr = "B" }\n', "utf-8")
    assert [company.slug for company in register.read()] == ["b1"]
