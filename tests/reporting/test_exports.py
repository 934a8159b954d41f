"""A file that is exported says what the page says, to people and to programs."""

import csv
import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal
from functools import partial

import duckdb
import pyarrow.parquet as pq
import pytest
from jsonschema import validate

from services.reporting.exports.sheet import Column, Kind, Sheet, definitions, exactly
from services.reporting.exports.sheets import FIGURE
from services.reporting.exports.writing import IN_A_GROUP, WRITERS, written

FORMULAS = ["=1+1", "+32 4", "-1", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0", "\r=1"]
COLUMNS = [
    Column("words", "Commentaire"),
    Column("number", "Nombre", Kind.INTEGER),
    Column("value", "Valeur", Kind.DECIMAL),
    Column("on", "Le", Kind.DAY),
    Column("reached", "Atteint", Kind.YES_NO),
]
ROW = {
    "words": '« Été » ; à "suivre"',
    "number": -12,
    "value": Decimal("-7.50"),
    "on": date(2026, 3, 31),
    "reached": True,
}
EMPTY = dict.fromkeys(ROW)


def sheet(*words):
    rows = [ROW, EMPTY, *({**EMPTY, "words": told} for told in words)]
    return Sheet("essai", "Essai", [("Société", "=A1")], COLUMNS, rows, definitions([("I01", 1)]))


def content_of(given, name):
    with written(given, name) as file:
        return file.read()


def pages(content):
    """The parts of an XLSX file as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def test_every_figure_asked_for_has_its_definition():
    asked = ["I03", "I01", "I13"]

    assert [one["indicator"] for one in definitions((each, 1) for each in asked)] == sorted(asked)


def test_a_year_has_no_space_between_its_thousands():
    table = Sheet("x", "X", [], [Column("year", "Année", Kind.YEAR)], [{"year": 2026}], [])

    parts = pages(content_of(table, "xlsx"))
    styles = re.findall(r'<xf numFmtId="(\d+)"', parts["xl/styles.xml"].partition("<cellXfs")[2])
    (style,) = re.findall(r'<c r="A2" s="(\d+)"><v>2026</v>', parts["xl/worksheets/sheet1.xml"])
    assert styles[int(style)] == "1", "« 0 » of the formats that every spreadsheet has"
    assert content_of(table, "csv").decode("utf-8-sig").splitlines() == ["Année", "2026"]
    assert pq.read_table(io.BytesIO(content_of(table, "parquet"))).to_pylist() == [{"year": 2026}]
    document = json.loads(content_of(table, "json"))
    validate(document["rows"][0], document["schema"])


def test_a_mean_is_exported_exactly():
    assert exactly({"num": 1_234, "den": 12}) == (1_234, 12)
    assert exactly(7) == (7, 1)
    assert exactly(None) == (None, None)


def test_a_spreadsheet_has_figures_definitions_and_what_it_says_of_itself():
    parts = pages(content_of(sheet(), "xlsx"))

    assert re.findall('name="([^"]+)" sheetId', parts["xl/workbook.xml"]) == [
        "Chiffres",
        "Définitions",
        "À propos",
    ]
    first = parts["xl/worksheets/sheet1.xml"]
    assert '<c r="B2" s="3"><v>-12</v></c>' in first
    assert "<v>-7.50</v>" in first
    assert "Somme des arriérés" in parts["xl/worksheets/sheet2.xml"]
    assert "<pane" in first


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_somebody_typed_is_never_a_formula(formula):
    parts = pages(content_of(sheet(formula), "xlsx"))
    assert not any("<f>" in text for name, text in parts.items() if "worksheets" in name)

    (*_, last) = csv.reader(
        io.StringIO(content_of(sheet(formula), "csv").decode("utf-8-sig"), newline=""),
        delimiter=";",
    )
    assert last[0] == f"'{formula}"


def test_a_csv_file_is_one_that_spreadsheets_here_read():
    content = content_of(sheet(), "csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))

    assert content.startswith(b"\xef\xbb\xbf")
    assert rows[0] == {
        "Commentaire": ROW["words"],
        "Nombre": "-12",
        "Valeur": "-7,50",
        "Le": "31/03/2026",
        "Atteint": "oui",
    }
    assert set(rows[1].values()) == {""}


def test_people_read_words_where_programs_read_codes():
    coded = Sheet(
        "essai",
        "Essai",
        [],
        [*FIGURE, Column("state", "État")],
        [{column.name: None for column in FIGURE} | {"unit": "days", "amounts": "leases"}],
        definitions([("I06", 1)]),
    )
    coded.rows[0]["state"] = "days"

    (row,) = csv.DictReader(
        io.StringIO(content_of(coded, "csv").decode("utf-8-sig")), delimiter=";"
    )
    assert [row["Unité"], row["Ce qui est compté"], row["État"]] == ["jours", "baux", "days"]
    shown = "".join(pages(content_of(coded, "xlsx")).values())
    assert all(f"<t>{word}</t>" in shown for word in ("jours", "baux", "proposée"))
    (told,) = json.loads(content_of(coded, "json"))["rows"]
    assert [told["unit"], told["amounts"]] == ["days", "leases"]


def test_parquet_is_read_by_another_program_with_exact_types(tmp_path):
    path = tmp_path / "essai.parquet"
    path.write_bytes(content_of(sheet(), "parquet"))

    assert duckdb.sql(f"SELECT * FROM '{path}'").fetchall() == [
        tuple(ROW.values()),
        tuple(EMPTY.values()),
    ]
    rest = pq.read_schema(path).metadata
    (definition,) = json.loads(rest[b"definitions"])
    assert (definition["indicator"], definition["definition_version"]) == ("I01", 1)


def test_json_carries_the_schema_that_its_rows_keep_to():
    document = json.loads(content_of(sheet(*FORMULAS), "json"))

    for row in document["rows"]:
        validate(row, document["schema"])
    assert document["rows"][0] == {**ROW, "value": "-7.50", "on": "2026-03-31"}
    assert document["definitions"][0]["indicator"] == "I01"


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_sheet_gives_the_same_bytes(name):
    assert content_of(sheet(), name) == content_of(sheet(), name)


class Held(dict):
    """A row that is counted for as long as anybody holds it."""

    alive = most = 0

    def __init__(self, *given):
        super().__init__(*given)
        Held.alive += 1
        Held.most = max(Held.most, Held.alive)

    def __del__(self):
        Held.alive -= 1


@pytest.mark.parametrize("name", WRITERS)
def test_rows_that_come_one_by_one_are_never_all_in_memory(name):
    Held.most = Held.alive = 0
    count = 3 * IN_A_GROUP
    rows = (Held({"words": "deux", "number": n}) for n in range(count))
    coming = Sheet("essai", "Essai", [], COLUMNS[:2], rows, [])

    with written(coming, name) as file:
        size = sum(map(len, iter(partial(file.read, 65_536), b"")))

    assert size > 1_000
    assert 0 < Held.most < count
