"""The rule by which a fact is taken, at each edge: the last one again, the next, the one after."""

import pytest

from contracts.envelope import FIRST_HASH, hash_of
from services.chassis.position_rule import LastTaken, Verdict

THIS, OTHER = b"the bytes of the fact before", b"other bytes"


@pytest.mark.parametrize(
    ("position", "previous", "verdict"),
    [
        (6, THIS, Verdict.REPEAT),
        (7, THIS, Verdict.REPEAT),
        (7, OTHER, Verdict.REPEAT),
        (8, THIS, Verdict.TAKE),
        (8, OTHER, Verdict.FOREIGN),
        (9, THIS, Verdict.GAP),
        (9, OTHER, Verdict.GAP),
    ],
)
def test_the_fact_right_after_the_last_one_is_taken_and_only_on_top_of_it(
    position, previous, verdict
):
    assert LastTaken.after(7, THIS).judge(position, hash_of(previous).hex()) is verdict


def test_the_first_fact_names_nothing_before_it():
    assert LastTaken().judge(1, FIRST_HASH.hex()) is Verdict.TAKE
    assert LastTaken().judge(1, hash_of(THIS).hex()) is Verdict.FOREIGN
    assert LastTaken().judge(2, FIRST_HASH.hex()) is Verdict.GAP
