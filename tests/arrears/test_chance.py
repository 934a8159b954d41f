"""The readers of bank files against bytes by chance: refused in words, or read whole."""

import camt_files
import coda_files
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.arrears.bank_file_refused import BankFileRefused

EITHER = pytest.mark.parametrize("files", [coda_files, camt_files], ids=["coda", "camt053"])


@EITHER
@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=400))
def test_random_bytes_are_refused_and_nothing_else(files, content):
    assert files.refusals(content)


@EITHER
@settings(max_examples=300, deadline=None)
@given(data=st.data(), noise=st.binary(min_size=1, max_size=3))
def test_bytes_overwritten_anywhere_are_read_or_refused(files, data, noise):
    place = data.draw(st.integers(0, len(files.SOUND) - 1))
    content = files.SOUND[:place] + noise + files.SOUND[place + len(noise) :]
    try:
        closing_cents = files.only(content).closing_cents
    except BankFileRefused:
        return
    assert closing_cents == 2_137_66
