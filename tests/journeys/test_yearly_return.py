"""The yearly return of one company: signed, held against what comes later, restated."""

import json
import sys
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "contracts"))

from validating import fact_validators, faults

from contracts.envelope import FIRST_HASH, hash_of, read_envelope
from contracts.followup import VisitKind, VisitPlace, VisitResult
from services.chassis.caller import Caller
from services.chassis.facts import read_head
from services.chassis.position_rule import Delivery
from services.chassis.refusal import Busy, Malformed, StaleEdit
from services.chassis.settings import SERVICES
from services.embedded.composition import PARTS
from services.embedded.mending import mend
from services.intake import lookups
from services.intake.leaseholders import Person
from services.reporting.fact_store import FactStore
from services.reporting.indicators.register import editions
from services.reporting.ingestion import Decisions, Ingestion
from services.reporting.rebuilding import FromLog, rebuild
from services.reporting.return_shown import figures as figures_shown
from services.reporting.return_told import told_version
from services.reporting.signing import as_known, known_at
from services.reporting.yearly_return import (
    FiguresHaveMoved,
    NothingToRestate,
    ReasonNeeded,
    ReturnAlreadyValidated,
    ReturnNotComplete,
    ReturnNotValidated,
    ReturnState,
    UnknownReturn,
    YearlyReturn,
    YearNotOver,
)

MANAGER = Caller("manager.1")
SIGNING_DAY = date(2025, 1, 10)
WHY = "Le journal a commencé en mars"


@pytest.fixture
def over(company):
    """One lease of 2024, the year over and every day closed; its return prepared."""
    company.at_day = partial(company.at_day, services=SERVICES)
    company.intake.register_dwelling(company.me, "D1", date(2020, 1, 1))
    signed = date(2024, 3, 1), 30_000, 0, [Person("Zoé Evrard")]
    company.intake.sign_lease(company.me, "L1", "D1", *signed)
    company.go_to(SIGNING_DAY)
    company.reporting.returns.prepare(MANAGER, 2024)
    return company


ASKED = " Écrivez pourquoi la déclaration peut être signée ainsi."


def visit(company, done_on):
    lease_id = company.lease_id("L1")
    household = lookups.lease(company.intake, lease_id).household_id
    visit_id = uuid4()
    company.followup.record_visit(
        company.me,
        household,
        visit_id,
        lease_id,
        VisitKind.COURTESY,
        done_on=done_on,
        place=VisitPlace.HOME,
        performed_by="agent-01",
        result=VisitResult.ALL_WELL,
    )
    company.settle()
    return household, visit_id


def standing(company):
    return company.reporting.returns.standing(2024, SIGNING_DAY)


def signed(company, version=None):
    """A version as it is told, with whether a rebuild gives the same bytes."""
    return told_version(*company.reporting.returns.version(2024, version))


def figure(told, indicator):
    (found,) = [f for f in told["figures"] if f["indicator"] == indicator]
    return found["numerator"], found["denominator"]


def pending(company):
    """What differs: indicator → (before, after, [(kind, fact), …]); the list tells how many."""
    found = {
        change["indicator"]: (
            change["before"].get("value"),
            change["after"].get("value"),
            [(cause["kind"], cause.get("fact")) for cause in change["causes"]],
        )
        for change in standing(company).pending
    }
    assert company.reporting.returns.moved()[2024] == len(found)
    return found


def last_fact(company, service):
    return read_envelope(company.facts(service)[-1]).id


def on_another_machine(company, told, folder):
    """The digest of a return that is reckoned from its facts alone, in a file of its own."""
    store = FactStore(folder / f"{told['return_version']}.duckdb")
    ingestion = Ingestion(company.slug, store, lambda _: Decisions(), lambda *_: None)
    for publisher, position in told["cutoff"].items():
        facts = enumerate(company.facts(publisher)[:position])
        ingestion.take(publisher, [Delivery(*fact) for fact in facts])
    with store.read() as cursor:
        known = known_at(told["known_on"])
        digest = as_known(cursor, company.slug, 2024, known, lambda figure, _: figure).digest
    store.close()
    return digest


def test_what_comes_after_the_signature_waits_until_it_is_restated(over, tmp_path):
    returns = over.reporting.returns
    returns.validate(MANAGER, 2024, WHY)
    first = signed(over)
    household, visit_id = visit(over, date(2024, 9, 10))
    late = last_fact(over, "followup")

    assert figure(first, "I20") == (0, 1)
    assert first["identical"]
    assert pending(over) == {"I20": ("0.00", "100.00", [("late", late)])}
    today = {f["indicator"]: f for f in over.reporting.report(2024)["figures"]}
    assert today["I20"]["value"] == "100.00"

    assert explained(over, "I20") == ("0.00", [], 1)
    cited = over.reporting.explain("I20", 2024)["numerator_parts"][0]["facts"]
    assert late in cited

    returns.restate(MANAGER, 2024, "Une visite a été notée en retard")
    second = signed(over)
    (change,) = second["changes"]

    assert (first["return"], second["return"]) == ("2024/1", "2024/2")
    assert (change["indicator"], change["causes"]) == ("I20", [{"kind": "late", "fact": late}])
    assert figure(second, "I20") == (1, 1)
    assert pending(over) == {}

    over.followup.withdraw_visit(over.me, household, visit_id)
    over.settle()
    corrected = last_fact(over, "followup")
    assert pending(over) == {"I20": ("100.00", "0.00", [("correction", corrected)])}
    facts = over.facts("reporting")
    assert [read_envelope(f).type.rpartition("-")[2] for f in facts] == ["validated", "restated"]
    assert [faults(fact_validators(), content) for content in facts] == [[], []]
    assert explained(over, "I20", 2) == ("100.00", cited, 1)
    assert (first["reason"], second["reason"]) == (WHY, "Une visite a été notée en retard")

    rebuilt = rebuild(over.reporting, FromLog(from_logs(over)), by_log=True)
    assert rebuilt["identical_to_previous"]
    assert (signed(over, 1), signed(over, 2)) == (first, second)
    for told in (first, second):
        assert on_another_machine(over, told, tmp_path) == told["digest"]


def test_a_figure_that_was_restated_stays_so_when_another_one_is(over):
    returns = over.reporting.returns
    returns.validate(MANAGER, 2024, WHY)
    visit(over, date(2024, 9, 10))
    returns.restate(MANAGER, 2024, "Une visite a été notée en retard")
    over.intake.register_dwelling(over.me, "D2", date(2024, 5, 1))
    over.settle()
    returns.restate(MANAGER, 2024, "Un logement a été encodé en retard")

    def restated(number):
        shown = figures_shown(returns.signed(2024, number), ReturnState.RESTATED)
        return [row["indicator"] for row in shown if row["tag"][0] == "rectifié"]

    assert restated(2) == ["I20"]
    assert restated(3) == ["I20", "I25A", "I25B"]


def explained(company, identity, number=1):
    """A signed figure down to its facts: its value, what is cited above, how many parts below."""
    told = company.reporting.explain_signed(
        identity, company.reporting.returns.signed(2024, number)
    )
    cited = [fact for part in told["numerator_parts"] for fact in part["facts"]]
    return told["figure"]["value"], cited, len(told["denominator_parts"])


def from_logs(company):
    return lambda publisher, first: company.facts(publisher)[first - 1 :]


def test_a_new_definition_and_other_bands_move_nothing_that_is_signed(over, monkeypatch):
    returns = over.reporting.returns
    returns.validate(MANAGER, 2024, WHY)
    first = signed(over)
    (old,) = editions()["I20"]
    newer = replace(old, version=2, numerator=old.denominator)
    monkeypatch.setitem(editions(), "I20", (old, newer))
    folder = over.reporting.bands.folder
    folder.mkdir(exist_ok=True)
    bands = (
        "indicator: I03\nsets:\n  - version: a\n    valid_from: 2024-01-01\n    bands:\n"
        "      - {label: faible, at_most: 10}\n"
    )
    (folder / "I03.yaml").write_text(bands, "utf-8")

    assert pending(over) == {
        "I03": ("0.00", "0.00", [("band", None)]),
        "I20": ("0.00", "100.00", [("definition", None)]),
    }
    told = signed(over)
    assert told["figures"] == first["figures"]
    assert not told["identical"]
    assert told["digest"] == first["digest"] != told["rebuilt_digest"]

    # By the definition that it was signed by, and without bands, it gives the same bytes.
    (folder / "I03.yaml").unlink()
    assert signed(over)["identical"]
    assert explained(over, "I20")[0] == "0.00"
    assert pending(over) == {"I20": ("0.00", "100.00", [("definition", None)])}

    monkeypatch.setitem(editions(), "I20", (newer,))
    assert not signed(over)["identical"]

    monkeypatch.setitem(editions(), "I20", (replace(newer, version=1),))
    assert pending(over) == {"I20": ("0.00", "100.00", [("recount", None)])}


@pytest.mark.stops_a_part
def test_what_is_kept_and_altered_is_no_longer_identical(home, over, tmp_path):
    over.reporting.returns.validate(MANAGER, 2024, WHY)
    assert signed(over)["identical"]
    with psycopg.connect(home.admin_url, dbname="reporting", autocommit=True) as connection:
        connection.execute(
            f"UPDATE {over.reporting.datastore.schema}.return_version"
            " SET figures = jsonb_set(figures, '{2,numerator}', '1')"
        )

    assert not signed(over)["identical"]

    # While a file is filled anew, what is not read yet is no difference.
    over.hosts["reporting"].inbox.stop()
    over.reporting.store.close()
    over.reporting.hold(FactStore(tmp_path / "anew.duckdb"))
    for ask in (signed, standing):
        with pytest.raises(Busy):
            ask(over)
    assert over.reporting.returns.moved() == {}, "the list of returns is there all the same"


def test_signing_is_refused_until_everything_is_there(over):
    returns = over.reporting.returns
    seen = standing(over).today.figures_digest

    with pytest.raises(ReturnNotValidated):
        returns.restate(MANAGER, 2024, WHY)
    with pytest.raises(UnknownReturn, match="2022 n'est pas établie"):
        returns.validate(MANAGER, 2022, WHY)
    with pytest.raises(Malformed, match="n'avait pas commencé"):
        returns.prepare(MANAGER, 2026)
    returns.prepare(MANAGER, 2025)
    with pytest.raises(YearNotOver):
        returns.validate(MANAGER, 2025, WHY)
    with pytest.raises(ReasonNeeded) as needed:
        returns.validate(MANAGER, 2024)
    assert "Le journal commence le 1er mars 2024" in needed.value.detail
    assert "Les extraits bancaires ne sont complets pour aucun jour" in needed.value.detail
    with pytest.raises(StaleEdit):
        returns.validate(replace(MANAGER, expected_version=7), 2024, WHY)
    visit(over, date(2024, 9, 10))
    with pytest.raises(FiguresHaveMoved):
        returns.validate(MANAGER, 2024, WHY, seen)
    over.at_day(over.slug, date(2025, 1, 12), services=["reporting"])
    with pytest.raises(ReturnNotComplete, match="Accueil n'a clos ses jours que jusqu'au 9 jan"):
        returns.validate(MANAGER, 2024, WHY)
    over.go_to(date(2025, 1, 12))
    park(over)
    with pytest.raises(
        ReturnNotComplete, match="Des faits de «\u00a0Accueil\u00a0» sont mis de côté"
    ):
        returns.validate(MANAGER, 2024, WHY)
    parked = f"{over.slug}/intake/{over.reporting.store.standing('intake').last.position}"
    over.reporting.decide_parked(MANAGER, parked, "illisible", release=True)

    key = replace(MANAGER, key="once", route="POST validation")
    receipts = [returns.validate(key, 2024, WHY) for _ in range(2)]
    assert [(r.version, r.repeated) for r in receipts] == [(2, False), (2, True)]
    with pytest.raises(ReturnAlreadyValidated):
        returns.validate(MANAGER, 2024, WHY)
    with pytest.raises(ReasonNeeded):
        returns.restate(MANAGER, 2024, "")
    for before_their_eyes in ("", seen):  # an older tab has nothing to confirm
        with pytest.raises(NothingToRestate):
            returns.restate(MANAGER, 2024, WHY, before_their_eyes)
    (fact,) = over.facts("reporting")
    assert WHY.encode() not in fact
    despite = read_envelope(fact).data["despite"]
    assert returns.version(2024)[0]["despite"] == despite
    assert " ".join(despite) == needed.value.detail.removesuffix(ASKED)


def test_who_begins_today_is_told_when_the_first_return_can_be_signed(company):
    company.at_day(company.slug, date(2024, 3, 1), services=["reporting"])
    company.reporting.returns.prepare(MANAGER, 2023)

    with pytest.raises(ReturnNotComplete, match="un jour se clôt la nuit qui le suit"):
        company.reporting.returns.validate(MANAGER, 2023, WHY)


def park(company):
    """Reporting meets a fact of intake in a version that is not there yet."""
    facts = company.facts("intake")
    document = json.loads(next(f for f in facts if b'"intake.lease-signed"' in f))
    position = len(facts) + 1
    document |= {
        "id": f"{company.slug}/intake/{position}",
        "dataschema": "urn:referent:intake.lease-signed.v99",
        "position": position,
        "previous": hash_of(facts[-1]).hex(),
    }
    content = json.dumps(document, separators=(",", ":")).encode()
    company.reporting.ingestion.take("intake", [Delivery(10**6, content)])


@pytest.mark.stops_a_part
def test_returns_come_back_from_their_topic_with_the_words_that_were_written(home, over):
    returns, host = over.reporting.returns, over.hosts["reporting"]
    returns.validate(MANAGER, 2024, WHY)
    visit(over, date(2024, 9, 10))
    returns.restate(MANAGER, 2024, "Une visite a été notée en retard")
    before = [signed(over, 1), signed(over, 2)]

    def relayed():
        head = read_head(over.reporting.datastore)
        return head["relayed"] == head["position"] == 2

    assert host.wait_until(relayed, 20)
    host.relay.stop()
    with psycopg.connect(home.admin_url, dbname="reporting") as connection:
        connection.execute(f"SET search_path = {over.reporting.datastore.schema}")
        connection.execute(
            "DELETE FROM stored_events WHERE originator_id = %s",
            (YearlyReturn.id_of(over.slug, 2024),),
        )
        connection.execute("DELETE FROM facts")
        connection.execute("UPDATE head SET position = 0, hash = %s", (FIRST_HASH,))

    (ddl,) = [part.read_models for part in PARTS if part.service == "reporting"]
    mended = mend(home.admin_url, home.kafka_bootstrap_servers, over.reporting, ddl)

    assert (mended.adopted, mended.position) == (2, 2)
    assert [signed(over, 1), signed(over, 2)] == before


def checks(company, year):
    """Each check of a year: both sides, and whether it fails."""
    found = company.reporting.returns.standing(year, SIGNING_DAY).checks
    return {one.check.id: (one.left, one.right, one.fails) for one in found}


def test_a_year_that_does_not_open_as_the_last_one_closed_is_signed_for_in_writing(over):
    returns = over.reporting.returns
    returns.prepare(MANAGER, 2025)
    assert checks(over, 2025)["C04"] == (None, 1, False), "nothing is signed to check against"
    returns.validate(MANAGER, 2024, WHY)
    assert checks(over, 2024)["C02"] == (1, 1, False)
    assert {name: fails for name, (_, _, fails) in checks(over, 2025).items() if fails} == {}

    over.intake.register_dwelling(over.me, "D2", date(2020, 1, 1))
    late = date(2024, 6, 1), 30_000, 0, [Person("Yves Dubois")]
    over.intake.sign_lease(over.me, "L2", "D2", *late)
    over.settle()

    assert checks(over, 2025)["C04"] == (1, 2, True)
    assert checks(over, 2025)["C03"] == (0, 0, False)
    lacks = returns.standing(2025, SIGNING_DAY).lacks
    (told,) = [lack for lack in lacks if "Contrôle" in lack.sentence]
    assert told.sentence.startswith("Contrôle C04 en échec\u00a0: les baux à l'ouverture")
    assert not told.may_come, "it does not come right by waiting: a person writes why"
    over.go_to(date(2026, 1, 10))
    with pytest.raises(ReasonNeeded, match="Contrôle C04 en échec"):
        returns.validate(MANAGER, 2025)
    returns.validate(MANAGER, 2025, "Un bail de 2024 a été encodé en 2025")

    returns.restate(MANAGER, 2024, "Le bail de 2024 est repris")
    assert checks(over, 2025)["C04"] == (2, 2, False)
