"""Reporting takes over the columns that it reads, and no other."""

import re

from sources import ROOT

from services.reporting import shape, views


def test_every_column_that_is_taken_over_is_read_by_a_view_or_an_indicator():
    files = sorted((ROOT / "services" / "reporting" / "indicators").glob("i*.py"))
    read = " ".join([*views.ALL, *(file.read_text("utf-8") for file in files)])
    idle = [name for name in shape.TAKEN if not re.search(rf"\b{name}\b", read)]

    assert not idle, f"{idle}: nothing reads these columns; take them out of shape.TAKEN"
    assert set(shape.columns()) == shape.TAKEN, "a column is named that no contract has"
