"""One company's DuckDB file: every fact as one typed row, and how far each publisher was read.

Disposable: built only from fact bytes. Exactly one process holds the file; rows and positions
commit together. Bytes go in as one column and come out as typed rows by one statement, whatever
their number: a statement over so many columns costs the same for one row as for a thousand. So a
handful of facts is kept as bytes (`keep`) and typed when somebody looks, or when they are many.
"""

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import duckdb

from contracts.envelope import FIRST_HASH
from services.chassis.failpoint import failpoint
from services.chassis.position_rule import LastTaken, Standing
from services.chassis.refusal import Busy
from services.reporting import fact_sql, shape, views
from services.reporting.fact_column import FactColumn
from services.reporting.shape import HEARD

KEPT_MAX = 2_000
"""Facts kept as bytes before they are typed unasked."""


class FactStore:
    """See the module. `read()` gives a cursor of its own to each reader; one writer at a time.

    `is_outdated`: another version made its rows; it serves until new ones are made beside it.
    `lacking`: the columns that those rows do not have. `rebuilt_at`: when rows were made anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writing = threading.RLock()
        self._readers = threading.Condition()
        self._reading = 0
        self._retired = False
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database = duckdb.connect(str(path), config={"preserve_insertion_order": "true"})
        try:
            self._prepare()
        except BaseException:
            self._database.close()
            raise
        self._kept = self._count_kept()
        self._standings = {publisher: self._read_standing(publisher) for publisher in HEARD}

    def _prepare(self) -> None:
        """Errors: MadeByOtherCode."""
        self._database.execute("SET TimeZone = 'UTC'")
        self._writer = self._database.cursor()
        self._writer.execute(fact_sql.tables())
        self._know_by_whom()
        self._writer.execute(fact_sql.FIRST_STANDINGS, [FIRST_HASH.hex()])
        self._has_views = False

    def _know_by_whom(self) -> None:
        made_by = self._writer.execute("SELECT identity FROM made_by").fetchall()
        ((standings,),) = self._writer.execute("SELECT count(*) FROM standing").fetchall()
        if not made_by and not standings:
            self._writer.execute("INSERT INTO made_by VALUES (?)", [fact_sql.identity()])
        elif not made_by:
            raise MadeByOtherCode
        elif made_by != [(fact_sql.identity(),)]:
            self._serve_meanwhile()
        self.is_outdated = made_by not in ([], [(fact_sql.identity(),)])
        lacking = self._writer.execute("SELECT name FROM lacking").fetchall()
        self.lacking = frozenset(name for (name,) in lacking)
        rebuilt = self._writer.execute("SELECT moment FROM rebuilt").fetchall()
        self.rebuilt_at = rebuilt[0][0].replace(tzinfo=UTC) if rebuilt else None

    def _serve_meanwhile(self) -> None:
        """Add the columns that the rows of another version lack, and note which these are.

        Errors: MadeByOtherCode where a column that both have is of another type.
        """
        there = dict(self._writer.execute(fact_sql.COLUMNS_THERE).fetchall())
        wanted = shape.columns()
        if any(there[name] != kind for name, kind in wanted.items() if name in there):
            raise MadeByOtherCode
        for name in wanted.keys() - there.keys():
            self._writer.execute(f'ALTER TABLE fact ADD COLUMN "{name}" {wanted[name]}')
            self._writer.execute("INSERT INTO lacking VALUES (?)", [name])

    def note_rebuilt(self, moment: datetime) -> None:
        """When its rows were made anew, to be told beside its figures."""
        self._writer.execute("INSERT INTO rebuilt VALUES (?)", [moment.astimezone(UTC)])
        self.rebuilt_at = moment

    def close(self) -> None:
        with self.writing:
            self._kept = 0
            self._writer.close()
            self._database.close()

    def retire(self) -> None:
        """Close once those who still read have finished; new readers go to the next store."""
        with self._readers:
            self._retired = True
            self._readers.wait_for(lambda: self._reading == 0)
        self.close()

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A consistent look at facts, views and positions (one transaction).

        Refuses: Busy, once others serve in its place.
        """
        self._make_views()
        with self.rows() as cursor:
            yield cursor

    @contextmanager
    def rows(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The same without views, which the first look of all would have to make."""
        self.type_kept()
        with self._readers:
            if self._retired:
                raise Busy("Les vues viennent d'être remplacées. Réessayez dans un instant.")
            self._reading += 1
            cursor = self._database.cursor()
        try:
            cursor.execute("BEGIN")
            yield cursor
        finally:
            cursor.close()
            with self._readers:
                self._reading -= 1
                self._readers.notify_all()

    def _make_views(self) -> None:
        """The first reader makes them: they take longer than all else of an opening."""
        if not self._has_views:
            with self.writing:
                if not self._has_views:
                    views.make(self._writer)
                    self._has_views = True

    def standing(self, publisher: str) -> Standing:
        """How far a publisher was read, as committed; from memory, since nobody else writes."""
        return self._standings[publisher]

    def _read_standing(self, publisher: str) -> Standing:
        (row,) = self._writer.execute(
            "SELECT position, hash, next_offset, passed_over, held, held_fact, held_fingerprint"
            " FROM standing WHERE publisher = ?",
            [publisher],
        ).fetchall()
        last = LastTaken(row[0], bytes.fromhex(row[1]))
        return Standing(last, *row[2:])

    def keep(self, publisher: str, contents: Sequence[bytes], standing: Standing) -> None:
        """Store judged facts as bytes, and the new position, in one transaction."""
        values = [content.decode() for content in contents]
        # Counted before they can be seen: whoever sees the position then finds the rows.
        self._kept += len(values)
        with self._transaction():
            if values:
                self._writer.execute("INSERT INTO kept SELECT ?, unnest(?)", [publisher, values])
            self._write_standing(publisher, standing)
        self._standings[publisher] = standing
        if self._kept >= KEPT_MAX:
            self.type_kept()

    def type_kept(self) -> None:
        """Turn what is kept as bytes into typed rows."""
        if self._kept:
            with self.writing:
                if self._kept:  # others may have done it meanwhile, or closed it
                    with self._transaction():
                        self._writer.execute(fact_sql.TYPE_KEPT)
                        failpoint("reporting.mid-typing")
                        self._writer.execute("DELETE FROM kept")
                self._kept = 0

    def _count_kept(self) -> int:
        ((count,),) = self._writer.execute("SELECT count(*) FROM kept").fetchall()
        return int(count)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._writer.execute("BEGIN")
        try:
            yield
            self._writer.execute("COMMIT")
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise

    def append(
        self,
        publisher: str,
        facts: FactColumn,
        standing: Standing,
        next_offset: int,
        waiting: Collection[str] = (),
    ) -> Standing | None:
        """Store a batch that follows `standing` unbroken and readable; where it ends.

        None, and nothing is stored, when it does not, or when a subject of `waiting` is in it.
        """
        last = standing.last
        after = replace(
            standing,
            last=LastTaken(last.position + len(facts), bytes.fromhex(facts.hashes[-1])),
            next_offset=next_offset,
            held=None,
        )
        self._writer.register("incoming", facts.staged(last))
        try:
            with self._transaction():
                self._append(publisher, last.position, waiting)
                self._write_standing(publisher, after)
        except (duckdb.InvalidInputException, duckdb.ConstraintException, _NotAsExpected):
            return None
        finally:
            self._writer.unregister("incoming")
        self._standings[publisher] = after
        return after

    def _append(self, publisher: str, before: int, waiting: Collection[str]) -> None:
        self._writer.execute(fact_sql.TAKE, [publisher, before])
        ((odd,),) = self._writer.execute(
            fact_sql.ODD, [publisher, before, list(waiting)]
        ).fetchall()
        if odd:
            raise _NotAsExpected

    def save_standing(self, publisher: str, standing: Standing) -> None:
        self._write_standing(publisher, standing)
        self._standings[publisher] = standing

    def _write_standing(self, publisher: str, standing: Standing) -> None:
        self._writer.execute(
            "UPDATE standing SET position = ?, hash = ?, next_offset = ?, passed_over = ?,"
            " held = ?, held_fact = ?, held_fingerprint = ? WHERE publisher = ?",
            [
                standing.last.position,
                standing.last.hash.hex(),
                standing.next_offset,
                standing.passed_over,
                standing.held,
                standing.held_fact,
                standing.held_fingerprint,
                publisher,
            ],
        )

    def forget_offset(self, publisher: str) -> None:
        """The next read starts at the topic's beginning; positions tell what is known."""
        self.save_standing(publisher, replace(self.standing(publisher), next_offset=0))

    def fingerprints(self, publisher: str, positions: Sequence[int]) -> dict[int, int]:
        """First 8 bytes of the hash of facts that were taken, to know a repeat with other bytes."""
        if not positions:
            return {}
        self.type_kept()
        rows = self._writer.execute(
            "SELECT position, hash_start FROM fact WHERE service = ? AND position = ANY(?)",
            [publisher, list(positions)],
        ).fetchall()
        return dict(rows)

    def digest(self, upto: dict[str, int] | None = None, leaving_out: Collection[str] = ()) -> str:
        """SHA-256 over every row in key order, `recorded_at` and positions included."""
        statement = fact_sql.row_hashes(leaving_out)
        limit = upto or dict.fromkeys(HEARD, 2**62)
        whole = sha256()
        with self.rows() as cursor:
            for publisher in HEARD:
                cursor.execute(statement, [publisher, limit[publisher]])
                while rows := cursor.fetchmany(50_000):
                    whole.update("".join(row[0] for row in rows).encode())
        return whole.hexdigest()

    def positions(self) -> dict[str, int]:
        return {publisher: self.standing(publisher).last.position for publisher in HEARD}


class MadeByOtherCode(Exception):
    """The rows of a file are not those that this version would make, nor can it read them."""


class _NotAsExpected(Exception):
    """The batch must be judged fact by fact."""
