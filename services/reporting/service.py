"""Reporting: figures from the facts of the other three, explained down to each fact."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from duckdb import DuckDBPyConnection
from psycopg import Connection
from psycopg.rows import DictRow
from psycopg_pool import ConnectionPool

from contracts.envelope import position_of, read_envelope
from services.chassis.caller import Caller
from services.chassis.clock import Clock
from services.chassis.companies import Company
from services.chassis.day_book import close_days
from services.chassis.facts import read_head
from services.chassis.keyring import Keyring
from services.chassis.refusal import Refusal
from services.chassis.service import Service
from services.reporting import returns_by_year
from services.reporting.answers import Explanation, Figure, Report, Told
from services.reporting.band_files import BandFiles
from services.reporting.completeness import each_complete, lacks
from services.reporting.cutoffs import cut_off
from services.reporting.differences import Differences, differences
from services.reporting.extent import bank_complete_until, cutoff
from services.reporting.fact_store import FactStore
from services.reporting.figures import (
    KnownOn,
    Period,
    counted_in,
    counts_of,
    figure_of,
    known_on,
    period_of,
)
from services.reporting.indicators.definition import PERIMETER, Indicator
from services.reporting.indicators.register import asked_for, indicator
from services.reporting.ingestion import Ingestion, why_unreadable
from services.reporting.objectives import contracts_by_year
from services.reporting.objectives.contracts import Contracts
from services.reporting.objectives.followed import signed_figures
from services.reporting.parking import Parking
from services.reporting.parts import OnPage, cited, cited_on_page
from services.reporting.publishing import PUBLICATIONS
from services.reporting.rebuilding import current_path
from services.reporting.reckoned import Reckoned
from services.reporting.reckoned_ahead import ReckonedAhead
from services.reporting.renewal import Renewal
from services.reporting.returns import Returns
from services.reporting.returns_by_year import Row
from services.reporting.series import YEARS_BEFORE, Series, series
from services.reporting.signing import known_at, signed_definition
from services.reporting.store_files import open_store
from services.reporting.workers.moving import moving


class FactStillUnreadable(Refusal):
    slug = "fact-still-unreadable"
    title = "Fait toujours illisible"


class Reporting(Service):
    """At work for one company; holds its DuckDB file, alone, from the first time it is asked for.

    `may_hold` says whether this process is the company's owner at this moment: without it nothing
    of the file is opened, read or written. What stands in PostgreSQL needs no owner.
    """

    name = "reporting"
    publications = PUBLICATIONS
    folds = (returns_by_year.fold, contracts_by_year.fold)
    folder: ClassVar[Path]
    bootstrap_servers: ClassVar[str] = ""

    def __init__(
        self, company: Company, pool: ConnectionPool[Connection[DictRow]], keyring: Keyring
    ) -> None:
        super().__init__(company, pool, keyring)
        self.parking = Parking(self.datastore)
        self.bands = BandFiles(self.folder.parent / "bands")
        self.returns = Returns(self)
        self.contracts = Contracts(self)
        self.swapping = threading.RLock()
        self.may_hold: Callable[[], bool] = lambda: True
        self.given_up = threading.Event()
        self.renewal = Renewal(self, self.bootstrap_servers)
        self.ahead = ReckonedAhead(self)
        self._store: FactStore | None = None
        self._opening = threading.Lock()

    @property
    def store(self) -> FactStore:
        """The company's facts. Errors: CompanyIsMoving where another process is its owner."""
        if self.given_up.is_set() or not self.may_hold():
            raise moving()
        if self._store is None:
            with self._opening:
                if self.given_up.is_set():
                    raise moving()
                if self._store is None:
                    self.hold(open_store(current_path(self.folder, self.company.slug)))
        assert self._store is not None
        return self._store

    @property
    def ingestion(self) -> Ingestion:
        """What feeds the store. Errors: CompanyIsMoving."""
        return Ingestion(self.company.slug, self.store, self.parking.decisions, self.parking.park)

    def hold(self, store: FactStore) -> None:
        """Read from and write to this store from now on."""
        self.reckoned = Reckoned()
        self._store = store

    def now(self) -> datetime:
        return Clock.of(read_head(self.datastore)).now

    def report(
        self,
        year: int,
        asked: str | None = None,
        as_of: str | None = None,
        definitions: Iterable[str] = (),
    ) -> Report:
        """All figures of a year, up to a day of it, as known at a moment, by the definitions in
        force or those that are named. Errors: Malformed, UnknownIndicator.
        """
        known = known_on(asked, self.now())
        period = period_of(year, known, as_of)
        with self.store.read() as cursor:
            told = self.told(cursor, period, known)
            found = self.figures(cursor, asked_for(definitions), period, known)
        judged = (self.bands.attach(figure, period.last) for figure in found)
        return {**told, "figures": [*each_complete(judged, told["missing"])]}

    def figures(
        self, cursor: DuckDBPyConnection, names: Iterable[str], period: Period, known: KnownOn
    ) -> list[Figure]:
        """Figures of a period; what was reckoned from the same facts is not reckoned again."""
        return self.reckoned.figures(cursor, names, [period], known)[period]

    def explain(
        self, name: str, year: int, asked: str | None = None, as_of: str | None = None
    ) -> Explanation:
        """One figure with its parts and their facts. Errors: UnknownIndicator, Malformed."""
        known = known_on(asked, self.now())
        period = period_of(year, known, as_of)
        with self.store.read() as cursor:
            return self._explained(cursor, indicator(name, period.last), period, known)

    def explain_over_time(
        self,
        name: str,
        year: int,
        page: int | None,
        asked: str | None = None,
        as_of: str | None = None,
    ) -> tuple[Explanation, Series]:
        """The same over time, of one look at the facts; only the parts of one page have theirs."""
        known = known_on(asked, self.now())
        period = period_of(year, known, as_of)
        chosen = indicator(name, period.last)
        years = list(range(year - YEARS_BEFORE, year + 1))
        with self.datastore.reading() as rows:
            signed = signed_figures(rows, years, known.before)
        how = (name, period, known, signed)
        with self.store.read() as cursor:
            explained = self._explained(cursor, chosen, period, known, OnPage(page))
            return explained, series(cursor, self.reckoned, *how, to_its_day=as_of is not None)

    def explain_signed(
        self, identity: str, version: Row, on_page: OnPage | None = None
    ) -> Explanation:
        """A figure of a signed version, reckoned again from the facts that it was signed on.

        Errors: UnknownIndicator.
        """
        known = known_at(version["known_on"])
        chosen, period = signed_definition(version, identity), period_of(version["year"], known)
        with self.store.read() as cursor, cut_off(cursor, version["cutoff"]):
            return self._explained(cursor, chosen, period, known, on_page)

    def _explained(
        self,
        cursor: DuckDBPyConnection,
        chosen: Indicator,
        period: Period,
        known: KnownOn,
        on_page: OnPage | None = None,
    ) -> Explanation:
        how = (cursor, chosen, period, known, self.company.slug)
        numerator, denominator = (
            cited_on_page(*how, on_page, self.reckoned) if on_page else cited(*how)
        )
        figure = figure_of(chosen, counted_in(chosen, numerator, denominator, period))
        return {
            **self.told(cursor, period, known, [chosen]),
            "figure": self.bands.attach(figure, period.last),
            "formula": chosen.formula,
            "counter_examples": [*chosen.counter_examples],
            "period_kind": chosen.period_kind.value,
            "perimeter": PERIMETER,
            "source": chosen.source,
            "valid_from": str(chosen.since) if chosen.since else None,
            "numerator_parts": numerator,
            "denominator_parts": [] if chosen.median else denominator,
            "denominator_over": counts_of(chosen, period),
            "left_out_parts": denominator if chosen.median else [],
            "rounding": 0,
        }

    def differences(
        self, year: int, first: str, second: str, definitions: Iterable[str] = ()
    ) -> Differences:
        """Which figures moved between two known-on moments, and by which facts.

        Errors: Malformed, UnknownIndicator.
        """
        one, other = (known_on(text, self.now()) for text in (first, second))
        if one.before > other.before:
            one, other = other, one
        with self.store.read() as cursor:
            slug = self.company.slug
            found = differences(cursor, slug, year, one, other, self.figures, definitions)
            missing = [self.told(cursor, period_of(year, k), k)["missing"] for k in (one, other)]
        return {**found, "missing": missing}

    def told(
        self,
        cursor: DuckDBPyConnection,
        period: Period,
        known: KnownOn,
        of: Iterable[Indicator] | None = None,
    ) -> Told:
        """What stands above whatever is told of the facts: of all figures unless said."""
        missing = [lack.sentence for lack in lacks(self, cursor, period, known, of)]
        bank = bank_complete_until(cursor, known)
        return {
            "company": self.company.slug,
            "period": {"from": period.first.isoformat(), "to": period.last.isoformat()},
            "known_on": known.shown,
            "complete": not missing,
            "missing": missing,
            "bank_complete_until": bank.isoformat() if bank else None,
            "cutoff": cutoff(cursor, known),
            "rebuilt_at": self.store.rebuilt_at.isoformat() if self.store.rebuilt_at else None,
        }

    def decide_parked(self, caller: Caller, identity: str, because: str, *, release: bool) -> None:
        """Retry or release a parked fact, then those behind it.

        Errors: NotFound, FactStillUnreadable.
        """
        publisher, first = identity.split("/")[1], position_of(identity)
        state = "released" if release else "retried"
        if self._decide_held(publisher, identity, state, caller.actor, because):
            return
        waiting = self.parking.waiting(identity, release=release)
        taken = waiting[1:] if release else waiting
        for position, content in taken:
            if (reason := why_unreadable(read_envelope(content))) is not None:
                raise FactStillUnreadable(
                    f"Le fait {position} est toujours illisible\u00a0: {reason}."
                )
        for position, content in taken[::-1]:
            # The named one is the last: killed before it, this is listed and decided once more.
            self.ingestion.take_parked(publisher, position, content)
            self.parking.decide(publisher, position, "retried", caller.actor, because)
        if release:
            self.parking.decide(publisher, first, state, caller.actor, because)

    def _decide_held(
        self, publisher: str, identity: str, state: str, decided_by: str, because: str
    ) -> bool:
        """Whether this fact is what holds a publisher up; released, its other bytes never count."""
        with self.store.writing:
            standing = self.store.standing(publisher)
            if standing.held_fact != identity or standing.held_fingerprint is None:
                return False
            self.parking.decide_held(publisher, standing, state, decided_by, because)
            self.store.save_standing(publisher, standing.released())
            return True

    def tick(self) -> None:
        self.perform(Caller(actor="timer:reporting"), close_days)
        self.renewal.look()
        self.ahead.look()

    def close(self) -> None:
        """Let go of the file for good, once whoever reads or rebuilds it has ended."""
        self.given_up.set()
        self.renewal.stop()
        self.ahead.stop()
        with self.swapping, self._opening:
            if self._store is not None:
                self._store.retire()
