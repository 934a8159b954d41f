"""Every column of a file has French words on the pages that take files."""

from services.arrears.file_columns import COLUMN_WORDS as ARREARS
from services.arrears.imports import TABLES
from services.intake.file_columns import COLUMN_WORDS as INTAKE
from services.intake.import_pages import COLUMNS

OF_BANK_FILES = {"account", "statement", "structured"}


def test_every_column_of_every_file_is_called_something_in_french():
    of_arrears = {column.name for columns in TABLES.values() for column in columns}
    of_intake = {column.name for columns in COLUMNS.values() for column in columns}

    assert ARREARS.keys() == of_arrears | OF_BANK_FILES
    assert INTAKE.keys() == of_intake
