"""How uploaded tables are read: every line judged, every refusal told in French."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.tabular import Column, Kind, Table, read_table

NAME = Column("nom", max_length=50)
AMOUNT = Column("montant", Kind.CENTS)
DAY = Column("jour", Kind.DAY)
COUNT = Column("nombre", Kind.INTEGER)
STATE = Column("état", Kind.CHOICE, choices=("Loué", "Vide"))
ACCOUNT = Column("compte", Kind.IBAN)
NOTE = Column("note", required=False)


def table(text: str, *columns: Column) -> Table:
    return read_table(text.encode(), columns)


def reasons(read: Table) -> Sequence[tuple[int, str]]:
    return [(refused.line, refused.field) for refused in read.refused]


def refusal_of(kind: Column, cell: str) -> str:
    read = table(f"{kind.name}\n{cell}\n", kind)
    assert read.rows == []
    (refused,) = read.refused
    assert (refused.line, refused.field) == (2, kind.name)
    return refused.reason


def test_a_file_of_wrong_lines_is_not_read_to_its_end() -> None:
    read = table("nom;montant\n" + "a;x\n" * 5_000, NAME, AMOUNT)

    assert read.rows == []
    assert len(read.refused) == 1_001
    assert read.refused[-1].reason.startswith("Trop de refus")


def test_a_first_line_of_very_many_columns_is_refused() -> None:
    read = table("nom" + ";a" * 1_000 + "\n", NAME)

    (refused,) = read.refused
    assert "1001 colonnes ; 200 au plus" in refused.reason


@pytest.mark.parametrize("unseen", ["\u00ad", "\u061c", "\u200b", "\u202e", "\ufeff", "\ufff9"])
def test_a_character_that_shows_nothing_is_refused(unseen: str) -> None:
    assert "invisible" in refusal_of(NAME, f"Lam{unseen}bert")


def test_each_kind_of_cell_is_read() -> None:
    read = table(
        "NOM;Montant;jour;nombre;ÉTAT;compte;note\n"
        "Élodie;1.234,56;23/11/2026;-3;loué;be68 5390 0754 7034;\n"
        "\n"
        ";;;;;;\n"
        'Ann;-12,50;2026-11-05;007;VIDE;FR1420041010050500013M02606;"a;b"\n',
        NAME, AMOUNT, DAY, COUNT, STATE, ACCOUNT, NOTE,
    )  # fmt: skip
    assert read.refused == []
    assert read.rows == [
        {
            "line": 2, "nom": "Élodie", "montant": 123456, "jour": date(2026, 11, 23),
            "nombre": -3, "état": "Loué", "compte": "BE68539007547034", "note": None,
        },
        {
            "line": 5, "nom": "Ann", "montant": -1250, "jour": date(2026, 11, 5),
            "nombre": 7, "état": "Vide", "compte": "FR1420041010050500013M02606", "note": "a;b",
        },
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_of_spreadsheets_are_understood(encoding: str, end: str) -> None:
    content = end.join(["nom;montant", "Zoé – l'été;12,50", "Ann;1 234,00"]).encode(encoding)
    read = read_table(content, [NAME, AMOUNT])
    assert [(row["nom"], row["montant"]) for row in read.rows] == [
        ("Zoé – l'été", 1250),
        ("Ann", 123400),
    ]


def test_the_separator_is_told_by_the_header_line() -> None:
    by_comma = table('nom,montant\n"Dupont; père","1.234,56"\n', NAME, AMOUNT)
    assert (by_comma.separator, by_comma.rows[0]["montant"]) == (",", 123456)
    by_semicolon = table("nom;montant\na,b,c,d;5\n", NAME, AMOUNT)
    assert (by_semicolon.separator, by_semicolon.rows[0]["nom"]) == (";", "a,b,c,d")


def test_unknown_columns_are_reported_and_left_out() -> None:
    read = table("nom;Remarque;;montant\nAnn;x;y;5\n", NAME, AMOUNT)
    assert read.unknown_columns == ("Remarque",)
    assert read.rows == [{"line": 2, "nom": "Ann", "montant": 500}]


def test_a_missing_column_refuses_the_file_unless_optional() -> None:
    read = table("nom\nAnn\n", NAME, AMOUNT, NOTE)
    assert (read.rows, reasons(read)) == ([], [(1, "montant")])
    assert table("nom\nAnn\n", NAME, NOTE).rows == [{"line": 2, "nom": "Ann", "note": None}]


def test_a_column_given_twice_refuses_the_file() -> None:
    assert reasons(table("nom;NOM\na;b\n", NAME)) == [(1, "nom")]


def test_every_line_is_judged_and_good_ones_are_kept() -> None:
    read = table("nom;montant\nAnn;1,234\n;5\nBen;7\nCid;8;9\n", NAME, AMOUNT)
    assert [row["nom"] for row in read.rows] == ["Ben"]
    assert reasons(read) == [(2, "montant"), (3, "nom"), (5, "")]
    assert "ambigu" in read.refused[0].reason


def test_lines_are_numbered_as_an_editor_shows_them() -> None:
    read = table('nom;note\n"a\nb";x\nBen;y\n', NAME, NOTE)
    assert reasons(read) == [(2, "nom")]
    assert read.rows[0]["line"] == 4


@pytest.mark.parametrize(
    "cell", ["30/02/2026", "2026-13-01", "29/02/2025", "31/04/2026", "00/01/2026"]
)
def test_a_day_that_does_not_exist_is_refused(cell: str) -> None:
    assert "n'existe pas" in refusal_of(DAY, cell)


@pytest.mark.parametrize("cell", ["1/2/26", "01/01/0026", "11-23-2026", "hier", "٠١/٠١/٢٠٢٦"])
def test_what_is_no_full_day_is_refused(cell: str) -> None:
    assert refusal_of(DAY, cell)


@pytest.mark.parametrize(
    ("cell", "said"),
    [("1,234", "ambigu"), ("12,345,6", "pas un montant"), ("10000000,01", "limite"),
     ("1234,567", "deux décimales")],
)  # fmt: skip
def test_an_unsafe_amount_is_refused(cell: str, said: str) -> None:
    assert said in refusal_of(AMOUNT, cell)


@pytest.mark.parametrize("cell", ["1,5", "douze", "1 000", "9" * 16, "²"])
def test_what_is_no_whole_number_is_refused(cell: str) -> None:
    assert "nombre entier" in refusal_of(COUNT, cell)


def test_a_choice_outside_the_list_is_refused_with_the_list() -> None:
    assert "Loué, Vide" in refusal_of(STATE, "Brûlé")


@pytest.mark.parametrize(
    "cell", ["BE69539007547034", "BE6853900754703", "FR1420041010050500013M02607", "bonjour"]
)
def test_an_iban_with_wrong_check_digits_is_refused(cell: str) -> None:
    assert "IBAN" in refusal_of(ACCOUNT, cell)


def test_a_text_too_long_is_refused_with_its_length() -> None:
    assert "51 caractères" in refusal_of(NAME, "x" * 51)
    assert "100000 caractères" in refusal_of(NAME, "x" * 100_000)


def test_an_endless_quoted_cell_is_refused_and_named() -> None:
    read = table('nom\n"' + "x" * 200_000, NAME)
    assert read.rows == []
    assert "guillemet" in read.refused[0].reason


@pytest.mark.parametrize("cell", ["a\tb\x07", "a\x7fb", "a\u2028b", "a\x85b"])
def test_control_characters_are_refused(cell: str) -> None:
    assert "invisible" in refusal_of(NAME, cell)


def test_no_break_spaces_and_accents_are_text() -> None:
    assert table("nom\nMaître\u00a0Œil\n", NAME).rows[0]["nom"] == "Maître\u00a0Œil"


def test_null_bytes_refuse_the_file_and_tell_the_line() -> None:
    read = read_table(b"nom\nAnn\nB\0n\n", [NAME])
    assert (read.rows, reasons(read)) == ([], [(3, "")])


def test_a_file_over_the_limit_is_refused_naming_the_limit() -> None:
    read = read_table(b"nom\n" + b"x" * 3 * 2**20, [NAME], limit_bytes=2 * 2**20)
    assert read.rows == []
    assert "2.0 Mo" in read.refused[0].reason


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert "vide" in read_table(content, [NAME]).refused[0].reason


def test_bytes_of_no_known_encoding_are_refused() -> None:
    assert "Windows-1252" in read_table(b"nom\n\x81\x8d\n", [NAME]).refused[0].reason


def test_columns_declared_twice_are_a_programmer_s_mistake() -> None:
    with pytest.raises(ValueError, match="differ"):
        read_table(b"nom\n", [NAME, Column("Nom")])


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_refusals(content: bytes) -> None:
    read = read_table(content, [NAME, NOTE])
    assert read.refused or all(row["nom"] for row in read.rows)


@given(st.text(max_size=200))
def test_any_text_gives_rows_or_refusals(text: str) -> None:
    read = table("nom;montant;jour;nombre;état;compte\n" + text,
                 NAME, AMOUNT, DAY, COUNT, STATE, ACCOUNT)  # fmt: skip
    assert all(isinstance(row["jour"], date) for row in read.rows)


def test_a_hundred_thousand_rows_of_ten_columns_are_read() -> None:
    columns = [NAME, AMOUNT, DAY, COUNT, STATE, ACCOUNT, NOTE,
               Column("rue"), Column("loyer", Kind.CENTS), Column("fin", Kind.DAY)]  # fmt: skip
    header = ";".join(column.name for column in columns)
    lines = (
        f"Nom {i};{i},{i % 90 + 10};{1 + i % 28:02d}/{1 + i % 12:02d}/2026;{i};vide;"
        f"{belgian_iban(i)};;Rue Haute {i};{i % 1000}.50;2026-12-31"
        for i in range(100_000)
    )
    content = "\n".join([header, *lines]).encode()
    read = read_table(content, columns)
    assert (len(read.rows), read.refused) == (100_000, [])


def belgian_iban(number: int) -> str:
    account = f"{number:012d}"
    return f"BE{98 - int(account + '111400') % 97:02d}{account}"
