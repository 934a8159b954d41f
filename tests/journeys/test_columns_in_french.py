"""The tables of arrears may be written with the words that their page lists."""

from datetime import date

from services.arrears.file_columns import COLUMN_WORDS
from services.arrears.imports import TABLES, import_file

CELLS = {
    "lease": "L1",
    "month": "2024-04",
    "rent": "300",
    "charges": "50",
    "due_on": "10/04/2024",
    "receipt": "R-1",
    "paid_on": "10/04/2024",
    "amount": "1,00",
    "payer": "cpas",
    "kind": "frais",
    "reference": "F-1",
}


def test_every_table_is_read_by_the_words_that_its_page_lists(let):
    let.go_to(date(2024, 4, 20))

    for kind, columns in TABLES.items():
        head = ";".join(COLUMN_WORDS[column.name] for column in columns)
        line = ";".join(CELLS.get(column.name, "") for column in columns)
        content = f"{head}\n{line}\n".encode()
        report = import_file(let.arrears, let.me, kind, "f.csv", content, dry_run=True)

        assert (report["accepted"], report["refused"], report["flagged"]) == (1, [], [])
