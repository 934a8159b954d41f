"""What people take back, and what they are told before they have to."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.followup import AbsenceReason, VisitKind, VisitPlace, VisitResult
from contracts.intake import EndReason, WelcomeMode
from services.arrears.account_search import search as search_accounts
from services.arrears.bank_data import select_waiting_charges
from services.arrears.imports import FileKind, import_file
from services.chassis.caller import Caller
from services.chassis.keyring import ERASED, PersonErased
from services.chassis.names import holds
from services.chassis.refusal import Malformed
from services.demonstration.coda_writer import Booking, write_statement
from services.followup import shown as followup_shown
from services.followup.household_file import HouseholdFile
from services.followup.visit import (
    VisitAlreadyPlanned,
    VisitAlreadyRecorded,
    VisitDayNotPossible,
    VisitIsNotOpen,
    VisitNotRecorded,
)
from services.intake import lookups
from services.intake.leaseholders import Person
from services.intake.letting import payment_reference_of
from services.intake.new_tenants_to_welcome import select_lease

MARCH = date(2024, 3, 1)
VISIT = {
    "done_on": MARCH,
    "place": VisitPlace.HOME,
    "performed_by": "agent-01",
    "result": VisitResult.ALL_WELL,
}


def take(company, text, name="roll.csv"):
    return import_file(company.arrears, company.me, FileKind.RENT_ROLL, name, text.encode())


def test_money_on_the_wrong_account_waits_again_and_goes_to_the_right_one(let):
    paid = Booking(35_000, MARCH, structured=payment_reference_of(let.slug, "L1"))
    content = write_statement("BE68539007547034", 1, MARCH, 0, [paid])
    import_file(let.arrears, let.me, FileKind.CODA, "1.cod", content)
    assert (let.balance("L1"), let.balance("L2")) == (0, 35_000)
    with let.arrears.datastore.reading() as rows:
        (line,) = rows.execute("SELECT line_id FROM account_line WHERE kind = 'payment'").fetchall()

    let.arrears.release_payment(let.me, let.lease_id("L1"), line["line_id"])
    assert (let.balance("L1"), let.balance("L2")) == (35_000, 35_000)
    let.arrears.assign_payment(let.me, line["line_id"], let.lease_id("L2"))

    assert (let.balance("L1"), let.balance("L2")) == (35_000, 0)
    let.arrears.release_payment(let.me, let.lease_id("L2"), line["line_id"])
    let.arrears.assign_payment(let.me, line["line_id"], let.lease_id("L1"))
    assert (let.balance("L1"), let.balance("L2")) == (0, 35_000)
    let.settle()
    told = [fact for fact in let.facts("arrears") if b"arrears.payment-received" in fact]
    assert [b'"withdrawn":true' in fact for fact in told] == [False, True, False, True, False]


def test_a_rent_that_is_doubtful_is_taken_and_told(let):
    report = take(let, "lease;month;rent;charges;renmark\nL1;2024-02;300;50;x\nXXX;2024-03;1;1;\n")

    assert report["state"] == "accepted"
    flagged = {(remark["line"], remark["field"]) for remark in report["flagged"]}
    assert flagged == {(1, "renmark"), (2, "month"), (3, "lease")}


def test_a_rent_that_waits_for_its_lease_is_not_passed_over_for_another_amount(let):
    head = "lease;month;rent;charges\n"
    assert take(let, head + "L9;2024-03;100;10\n")["state"] == "accepted"

    report = take(let, head + "L9;2024-03;200;10\n", "corrected.csv")

    (refused,) = report["refused"]
    assert (report["state"], refused["field"]) == ("refused", "rent")
    assert "100,00\u00a0€ et 10,00\u00a0€ de charges" in refused["reason"]
    assert take(let, head + "L9;2024-03;100;10\n#;2024-03;1;0\n", "more.csv")["refused"] == []
    with let.arrears.datastore.reading() as rows:
        waiting = [(row["reference"], row["cents"]) for row in select_waiting_charges(rows)]
    assert waiting == [("#", 100), ("L9", 11_000)]


def test_a_due_day_or_a_month_that_may_be_a_slip_of_the_pen_is_taken_and_told(let):
    let.intake.register_dwelling(let.me, "D3", MARCH)
    terms = ("L3", "D3", date(2024, 3, 15), 30_000, 5_000, [Person("Ada Petit")])
    let.intake.sign_lease(let.me, *terms)
    let.settle()
    text = (
        "lease;month;rent;charges;due_on\nL1;2062-04;300;50;\nL3;2024-03;300;50;\n"
        "L1;2024-03;300;50;25/03/2024\nL2;2024-03;300;50;10/03/2024\nL2;2024-04;300;50;\n"
    )

    report = take(let, text)

    assert report["state"] == "accepted"
    told = [(remark["line"], remark["field"]) for remark in report["flagged"]]
    assert told == [(2, "month"), (3, "due_on"), (4, "due_on")]


def test_a_rent_of_a_month_after_the_lease_has_ended_is_taken_and_told(let):
    let.intake.end_lease(let.me, let.lease_id("L1"), date(2024, 3, 31), EndReason.NOTICE)
    let.settle()

    report = take(let, "lease;month;rent;charges\nL1;2024-04;300;50\nL2;2024-04;300;50\n")

    (told,) = report["flagged"]
    assert (report["state"], told["line"], told["field"]) == ("accepted", 2, "month")
    assert "31/03/2024" in told["reason"]


def test_a_month_written_otherwise_is_told_how_it_is_written(let):
    report = take(let, "lease;month;rent;charges\nL1;01/04/2024;1;1\nL1;avr-24;1;1\n")

    assert [remark["reason"].partition("\u00a0: ")[::2] for remark in report["refused"]] == [
        (f"«\u00a0{month}\u00a0»", "un mois s'écrit AAAA-MM, par exemple 2025-03.")
        for month in ("01/04/2024", "avr-24")
    ]


def test_a_tenant_is_found_by_name_whatever_the_accents(let):
    let.settle()

    assert [row.reference for row in lookups.leases(let.intake, "zoe", MARCH).rows] == ["L1"]
    assert lookups.leases(let.intake, "personne", MARCH).rows == []
    assert [r["reference"] for r in followup_shown.search(let.followup, "dubois")] == ["L2"]
    assert [r["reference"] for r in search_accounts(let.arrears, "Évrard", MARCH)] == ["L1"]
    assert [r["reference"] for r in search_accounts(let.arrears, "L2", MARCH)] == ["L2"]


def test_a_tenant_is_found_by_surname_first_and_by_nobody_elses_words(let):
    let.settle()

    assert [row.reference for row in lookups.leases(let.intake, "evrard zoe", MARCH).rows] == ["L1"]
    assert [r["reference"] for r in followup_shown.search(let.followup, "Evrard  Zoé")] == ["L1"]
    assert [r["reference"] for r in search_accounts(let.arrears, "evrard zo", MARCH)] == ["L1"]
    sought = ("Dupont-Martin L", "martin léa", "pont lé", "léa - martin")
    assert [text for text in sought if holds(text, "Léa Dupont-Martin")] == list(sought[:2])
    assert lookups.leases(let.intake, "evrard dubois", MARCH).rows == []
    assert followup_shown.search(let.followup, "evrard dubois") == []
    assert search_accounts(let.arrears, "evrard dubois", MARCH) == []


def test_a_corrected_name_is_read_everywhere_and_touches_no_charge(let):
    lease_id = let.lease_id("L1")
    let.settle()
    charged = [fact for fact in let.facts("arrears") if b"rent-charged" in fact]

    let.intake.correct_leaseholders(let.me, lease_id, [Person("Zoé Hanssens", "071 1")])
    let.settle()

    assert lookups.leases(let.intake, "evrard", MARCH).rows == []
    assert [r["reference"] for r in followup_shown.search(let.followup, "hanssens")] == ["L1"]
    assert [r["reference"] for r in search_accounts(let.arrears, "hanssens", MARCH)] == ["L1"]
    assert [fact for fact in let.facts("arrears") if b"rent-charged" in fact] == charged
    assert let.balance("L1") == 35_000
    assert not [fact for fact in let.facts("intake") if b"Hanssens" in fact]


def test_names_are_corrected_by_whoever_read_them_all(let):
    lease_id = let.lease_id("L1")
    both = [Person("Zoé Evrard"), Person("Max Evrard")]
    let.intake.correct_leaseholders(let.me, lease_id, both)
    before = sealed_of(let, lease_id)

    with pytest.raises(Malformed):
        let.intake.correct_leaseholders(let.me, lease_id, [Person("Zoé")])
    with pytest.raises(Malformed):
        let.intake.correct_leaseholders(let.me, lease_id, [None, None])
    let.intake.correct_leaseholders(let.me, lease_id, both)
    assert sealed_of(let, lease_id) == before, "the same names are no correction"
    let.intake.correct_leaseholders(let.me, lease_id, [None, Person("Max Evrard")])

    assert sealed_of(let, lease_id) == before[1:]
    let.intake.correct_leaseholders(let.me, lease_id, [Person("Max Evrard"), Person("Ana")])
    persons = {holder["person_id"] for holder in [*before, *sealed_of(let, lease_id)]}
    assert len(persons) == 3, "a key is one person's for ever"


def test_an_erased_person_stays_so_whatever_is_typed(let):
    lease_id = let.lease_id("L1")
    (holder,) = sealed_of(let, lease_id)
    let.intake.keyring.destroy(let.intake.company, UUID(holder["person_id"]))
    assert lookups.leaseholders(let.intake, lease_id) == [Person(ERASED)]

    with pytest.raises(PersonErased):
        let.intake.correct_leaseholders(let.me, lease_id, [Person("Zoé Evrard")])
    let.intake.correct_leaseholders(let.me, lease_id, [Person(ERASED), Person("Ana")])

    assert sealed_of(let, lease_id)[0] == holder


def sealed_of(company, lease_id):
    with company.intake.datastore.reading() as rows:
        return select_lease(rows, lease_id)["leaseholders"]


def test_a_visit_sent_twice_is_noted_once_and_a_wrong_year_is_told(let):
    lease_id = let.lease_id("L1")
    household = lookups.lease(let.intake, lease_id).household_id
    noted = (household, uuid4(), lease_id, VisitKind.COURTESY)
    let.followup.record_visit(let.me, *noted, **VISIT)

    with pytest.raises(VisitAlreadyRecorded):
        let.followup.record_visit(let.me, household, uuid4(), *noted[2:], **VISIT)
    wrong = VISIT | {"done_on": date(1950, 1, 1)}
    with pytest.raises(VisitDayNotPossible):
        let.followup.record_visit(let.me, household, uuid4(), *noted[2:], **wrong)
    other = VISIT | {"result": VisitResult.ADVICE_GIVEN}
    let.followup.record_visit(let.me, household, uuid4(), *noted[2:], **other)


def test_a_visit_that_is_planned_twice_is_in_the_week_once(let):
    lease_id = let.lease_id("L1")
    household = lookups.lease(let.intake, lease_id).household_id
    first, again = ((household, uuid4(), lease_id, VisitKind.CRISIS) for _ in range(2))
    let.followup.plan_visit(let.me, *first, MARCH)

    with pytest.raises(VisitAlreadyPlanned):
        let.followup.plan_visit(let.me, *again, MARCH)
    let.followup.plan_visit(let.me, *first, MARCH)
    let.followup.record_visit(let.me, *first, **VISIT)
    let.followup.plan_visit(let.me, *again, MARCH)


def test_a_visit_that_a_person_planned_by_mistake_is_cancelled_and_one_of_policy_is_not(let):
    lease_id = let.lease_id("L1")
    let.settle()
    household = lookups.lease(let.intake, lease_id).household_id
    visit = (household, uuid4(), lease_id, VisitKind.CRISIS)
    let.followup.plan_visit(let.me, *visit, MARCH)

    def found(visit_id):
        return followup_shown.household(let.followup, household, MARCH).visit(visit_id)

    file = followup_shown.household(let.followup, household, MARCH)
    of_policy = next(one["visit_id"] for one in file.open_visits if one["kind"] == "m12")
    assert (found(visit[1])["is_own"], found(of_policy)["is_own"]) == (True, False)
    let.followup.withdraw_visit(let.me, household, visit[1])
    for not_to_be_cancelled in (visit[1], of_policy):
        with pytest.raises(VisitNotRecorded):
            let.followup.withdraw_visit(let.me, household, not_to_be_cancelled)

    assert found(visit[1])["state"] == "withdrawn"
    assert found(of_policy)["state"] == "planned"
    file = followup_shown.household(let.followup, household, MARCH)
    said = [entry.sentence for entry in file.history]
    assert "Visite urgente retirée : elle était prévue par erreur." in said


def test_a_visit_that_a_missed_payment_has_joined_is_not_cancelled_whoever_planned_it(let):
    lease_id = let.lease_id("L1")
    let.settle()
    household = lookups.lease(let.intake, lease_id).household_id
    visit_id = uuid4()
    let.followup.plan_visit(let.me, household, visit_id, lease_id, VisitKind.ARREARS, MARCH)

    def miss(act):
        file = act.load(HouseholdFile, household)
        file.propose_arrears_visit(uuid4(), lease_id, f"{let.slug}/arrears/99", MARCH)
        return act.save(file)

    let.followup.perform(let.me, miss)

    with pytest.raises(VisitNotRecorded):
        let.followup.withdraw_visit(let.me, household, visit_id)
    visit = followup_shown.household(let.followup, household, MARCH).visit(visit_id)
    assert (visit["state"], visit["is_own"]) == ("planned", False)


def test_a_visit_that_nobody_planned_is_no_more_once_its_record_is_withdrawn(let):
    lease_id = let.lease_id("L1")
    household = lookups.lease(let.intake, lease_id).household_id
    visit = (household, uuid4(), lease_id, VisitKind.COURTESY)
    let.followup.record_visit(let.me, *visit, **VISIT)

    let.followup.withdraw_visit(let.me, household, visit[1])

    file = followup_shown.household(let.followup, household, MARCH)
    assert file.visit(visit[1])["state"] == "withdrawn"
    assert visit[1] not in [one["visit_id"] for one in file.open_visits]
    with pytest.raises(VisitIsNotOpen):
        let.followup.plan_visit(let.me, *visit, MARCH)


def test_the_history_of_a_household_says_which_visit_which_lease_and_what_stands(let):
    lease_id = let.lease_id("L1")
    let.settle()
    let.intake.correct_leaseholders(let.me, lease_id, [Person("Zoé Evrard"), Person("Ana Evrard")])
    let.intake.end_lease(let.me, lease_id, date(2024, 3, 20), EndReason.NOTICE)
    let.settle()
    let.intake.withdraw_end(let.me, lease_id)
    for held_on in (date(2024, 2, 28), MARCH):
        let.intake.hold_welcome_meeting(let.me, lease_id, held_on, WelcomeMode.HOME)
        if held_on < MARCH:
            let.intake.correct_welcome(let.me, lease_id, date(2024, 2, 29), WelcomeMode.HOME)
            let.intake.withdraw_welcome(let.me, lease_id)
    let.settle()
    household = lookups.lease(let.intake, lease_id).household_id
    file = followup_shown.household(let.followup, household, MARCH)
    visit = file.open_visits[0]["visit_id"]
    reason = AbsenceReason.NOBODY_HOME
    let.followup.miss_visit(let.me, household, visit, MARCH, reason)

    history = followup_shown.household(let.followup, household, MARCH).history
    told = [entry.sentence.replace("\u00a0", " ") for entry in history]

    dwelling = file.leases[0]["dwelling_reference"]
    begins = f"commence le 1er mars 2024, logement {dwelling}."
    expected = [
        "Accueil tenu le 28 février 2024. (corrigé ensuite)",
        "Accueil tenu le 29 février 2024. (corrigé ensuite)",
        "Accueil tenu le 1er mars 2024.",
        "L'accueil enregistré a été annulé.",
        "La fin du bail L1 a été annulée : il continue.",
        f"Le bail L1 {begins} (corrigé ensuite)",
        f"Le bail L1, corrigé, {begins}",
        "Le bail L1 se termine le 20 mars 2024 (congé du locataire). (corrigé ensuite)",
        "Visite du premier mois manquée le 1er mars 2024 : personne n'était là.",
        "Visite du premier mois rétablie.",
        "Visite du premier mois retirée : le bail est terminé. (corrigé ensuite)",
    ]
    assert [one for one in expected if one not in told] == []


def test_a_missed_visit_stays_among_those_to_make_for_a_month(let):
    let.settle()
    let.go_to(date(2024, 4, 5))
    week = followup_shown.week(let.followup, date(2024, 4, 5)).rows
    visit = next(row for row in week if row["reference"] == "L1")

    let.followup.miss_visit(
        Caller("officer-1"),
        visit["household_id"],
        visit["visit_id"],
        date(2024, 4, 4),
        AbsenceReason.NOBODY_HOME,
    )

    after = followup_shown.week(let.followup, date(2024, 4, 5)).rows
    (missed,) = [row for row in after if row["when"] == "missed"]
    assert missed["because"] == "manquée le 4 avril 2024 : personne n'était là"
    assert after[-1] == missed, "what is planned comes first"
    later = followup_shown.week(let.followup, date(2024, 5, 6)).rows
    assert not [row for row in later if row["when"] == "missed"]


def test_a_visit_to_make_says_that_nobody_lives_there_any_more(let):
    lease_id = let.lease_id("L1")
    let.settle()
    let.go_to(date(2024, 4, 5))
    let.intake.end_lease(let.me, lease_id, date(2024, 4, 4), EndReason.DEATH)
    let.settle()

    def told(today):
        (seen,) = [
            r for r in followup_shown.week(let.followup, today).rows if r["reference"] == "L1"
        ]
        file = followup_shown.household(let.followup, seen["household_id"], today)
        assert file.visit(seen["visit_id"])["because"] == seen["because"]
        return seen["because"]

    assert "bail" not in told(date(2024, 4, 4)), "it is the last day"
    assert told(date(2024, 4, 5)).endswith("\u00a0; le bail a pris fin le 4 avril 2024")
