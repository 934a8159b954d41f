"""After an upgrade the old views serve while new ones are made beside them, killed or not."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from made_up import START, chained, charge
from taking import Taker
from told import like

from services.chassis.failpoint import arm
from services.chassis.position_rule import Delivery
from services.reporting.completeness import renewed
from services.reporting.figures import figure, known_on, period_of
from services.reporting.indicators.register import indicator, indicators
from services.reporting.ingestion import Decisions
from services.reporting.rebuilding import FromLog, current_path, rebuild
from services.reporting.store_files import open_store

ROOT = Path(__file__).parents[2]
LOG = chained([charge(n) for n in range(60)])
DWELLING = like("intake.dwelling-registered", dwelling=1, registered_on="2010-01-01", at=START)
STOCK = chained([DWELLING], "intake")
KNOWN = known_on(None, datetime(2026, 1, 1, tzinfo=UTC))


class Owner:
    """Whoever holds a company's views: what `rebuild` asks of it."""

    def __init__(self, folder):
        self.folder = folder
        self.company = SimpleNamespace(slug="alpha")
        self.parking = SimpleNamespace(decisions=lambda _: Decisions(), park=lambda *_: None)
        self.swapping = threading.RLock()
        self.hold(open_store(current_path(folder, "alpha")))

    def hold(self, store):
        self.store = store

    def rebuild(self):
        def lines(publisher, first):
            yield from {"arrears": LOG, "intake": STOCK}.get(publisher, [])[first - 1 :]

        return rebuild(self, FromLog(lines), by_log=True)

    def due(self):
        """A figure that needs no column which the old rows lack."""
        with self.store.read() as cursor:
            return figure(cursor, indicator("I05"), period_of(2024, KNOWN), KNOWN)["denominator"]

    def close(self):
        self.store.close()


@pytest.fixture
def old(tmp_path):
    """The views of a version that knew no dwellings and made rows another way."""
    taker = Taker(current_path(tmp_path, "alpha"))
    taker.take(LOG[:40])
    taker.ingestion.take("intake", [Delivery(0, STOCK[0])])
    assert taker.count() == 41
    taker.store.close()
    with duckdb.connect(str(taker.path)) as file:
        file.execute("ALTER TABLE fact DROP COLUMN dwelling_id")
        file.execute("DROP TABLE lacking")
        file.execute("DROP TABLE rebuilt")
        file.execute("UPDATE made_by SET identity = 'the version before'")
    return tmp_path


def test_old_views_serve_and_say_which_figures_are_not_right_yet(old):
    for _ in range(2):  # also after a restart, when the column is there and empty
        owner = Owner(old)
        assert owner.store.is_outdated
        assert owner.store.lacking == {"dwelling_id"}
        assert owner.due() > 0
        owner.close()

    told = renewed(frozenset({"dwelling_id"}))
    assert "I25A, I25B" in told
    assert "I05" not in told, "it reads no lease and no dwelling"
    assert renewed(frozenset()).endswith("voici ceux d'avant.")


def test_new_views_are_made_compared_in_what_both_have_and_take_the_place(old):
    owner = Owner(old)
    before = owner.due()

    answer = owner.rebuild()

    assert (answer["facts"], answer["identical_to_previous"]) == (61, True)
    assert (owner.store.is_outdated, owner.store.lacking) == (False, frozenset())
    assert owner.store.rebuilt_at is not None
    assert owner.due() > before
    assert (old / "alpha-1.duckdb").exists(), "the generation before stays until the next"
    owner.close()
    again = Owner(old)
    assert not again.store.is_outdated
    assert again.store.rebuilt_at == owner.store.rebuilt_at
    again.close()


def test_old_rows_that_say_something_else_are_told_apart(old):
    with duckdb.connect(str(current_path(old, "alpha"))) as file:
        file.execute("UPDATE fact SET rent_cents = rent_cents + 1 WHERE position = 7")
    owner = Owner(old)

    assert not owner.rebuild()["identical_to_previous"]
    owner.close()


def test_killed_before_the_switch_the_old_views_serve_on_and_the_next_try_succeeds(old):
    places = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    killed = subprocess.run(
        [sys.executable, __file__, str(old)],
        env=os.environ | {"PYTHONPATH": places},
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert (old / "alpha-2.duckdb").exists()

    owner = Owner(old)
    assert owner.store.is_outdated
    assert owner.store.positions()["arrears"] == 40
    assert owner.rebuild()["facts"] == 61
    assert current_path(old, "alpha").name == "alpha-2.duckdb"
    owner.close()


def test_rows_of_which_a_column_has_another_type_are_begun_anew(old):
    with duckdb.connect(str(current_path(old, "alpha"))) as file:
        file.execute("ALTER TABLE fact ALTER rent_cents TYPE VARCHAR")
    owner = Owner(old)

    assert owner.store.positions()["arrears"] == 0
    assert not owner.store.is_outdated
    owner.close()


def test_whatever_column_is_lacking_a_figure_that_reads_it_is_named():
    assert {i.id for i in indicators().values()} >= {"I06", "I25A"}
    assert "I06" in renewed(frozenset({"cleared_on"}))
    assert "I05" not in renewed(frozenset({"start_on"}))


if __name__ == "__main__":
    arm("reporting.before-switch=kill")
    Owner(Path(sys.argv[1])).rebuild()
