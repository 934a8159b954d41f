"""Reads a large camt.053 file in a process of its own and prints its size and the peak, in bytes.

Beside other tests, what their servers' threads use would be counted too.
"""

import sys
import tracemalloc
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from camt_files import camt
from coda_files import DAY, RENT_PAID

from services.arrears.camt_elements import read_steps
from services.demonstration.coda_writer import Booking

batch = Booking(8_000_00, DAY, details=tuple([Booking(1_00, DAY)] * 8_000))
content = camt(*[RENT_PAID] * 4_000, batch)
tracemalloc.start()
steps = sum(1 for _ in read_steps(content, len(content)))
assert steps > 50_000
print(len(content), tracemalloc.get_traced_memory()[1])
