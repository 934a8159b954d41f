"""Facts in batches: as many as DuckDB compresses together, whatever pieces they come in."""

from services.chassis.position_rule import Delivery
from services.reporting.fact_column import BATCH, FactColumn
from services.reporting.rebuilding import gather

MANY = 2 * BATCH + 7
PIECES = (1, 299, 50_000, BATCH, MANY)
"""Of daily runs, of what Kafka gives at once, of whole files; the last holds two batches."""


def in_pieces(facts):
    """The facts again and again in pieces of each size, until there are no more."""
    start = 0
    while start < len(facts):
        for size in PIECES:
            yield facts[start : start + size]
            start += size


def test_columns_come_in_whole_batches_in_their_order_and_the_rest_last():
    facts = [b"%d" % number for number in range(3 * MANY)]
    batches = list(FactColumn.batches(FactColumn.of(piece) for piece in in_pieces(facts)))

    sizes = [len(batch) for batch in batches]
    assert sizes[:-1] == [BATCH] * (len(facts) // BATCH)
    assert sizes[-1] == len(facts) % BATCH
    assert [d.content for batch in batches for d in batch.deliveries(0)] == facts
    assert [hash_ for batch in batches for hash_ in batch.hashes] == FactColumn.of(facts).hashes


def test_deliveries_come_in_whole_batches_in_their_order_and_the_rest_last():
    facts = [Delivery(number, b"") for number in range(3 * MANY)]
    batches = list(gather(in_pieces(facts)))

    assert [len(batch) for batch in batches[:-1]] == [BATCH] * (len(facts) // BATCH)
    assert [delivery for batch in batches for delivery in batch] == facts


def test_of_nothing_there_is_no_batch():
    assert list(FactColumn.batches([])) == []
    assert list(FactColumn.batches([FactColumn.of([])])) == []
    assert list(gather([[], []])) == []
