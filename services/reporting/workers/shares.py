"""Which company belongs with which worker: each one reckons it alone and comes to the same."""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256


def shares(companies: Iterable[str], workers: Iterable[str]) -> dict[str, str]:
    """The worker of each company: as many for each, give or take one, whatever the order.

    Rendezvous hashing with room for so many: a company goes to the worker that comes first for it
    and has room, so that few companies move when a worker comes or goes.
    """
    found, there = sorted(set(companies)), sorted(set(workers))
    if not there:
        return {}
    room, larger = divmod(len(found), len(there))
    taken: Counter[str] = Counter()
    belongs = {}
    for company in sorted(found, key=lambda slug: _score(slug, "")):
        for worker in sorted(there, key=lambda name: _score(company, name)):
            if taken[worker] < room + (larger > 0):
                break
        larger -= taken[worker] == room
        taken[worker] += 1
        belongs[company] = worker
    return belongs


def _score(company: str, worker: str) -> bytes:
    return sha256(f"{company} {worker}".encode()).digest()
