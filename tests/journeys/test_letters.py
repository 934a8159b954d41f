"""A letter from the step that sends it to the day it goes, is stopped, fails or is printed anew."""

import hashlib
import io
import sys
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

sys.path.insert(0, str(Path(__file__).parents[1] / "contracts"))

from mail_desk import mail_desk
from validating import fact_validators, facts_of, faults

from contracts import arrears_letters
from contracts.arrears_cases import CancelReason, Circumstance, PlanWith
from contracts.arrears_letters import ReturnReason
from contracts.contacts import ContactChannel
from contracts.envelope import read_envelope
from contracts.intake import Language
from services.arrears.casework import acting, agreeing, contacting, known_then
from services.arrears.casework.case_rows import select_entries
from services.arrears.casework.explaining import explain_proposal
from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.casework.work_list import count_by_step, work_list_on
from services.arrears.imports import FileKind, import_file
from services.arrears.ladder.case import Plan
from services.arrears.ladder.spans import Frequency
from services.arrears.letters import late_letters, letter_rows, mailing, reprinting, sending
from services.arrears.letters.letter import LetterNotReleased, LetterNotWaiting
from services.arrears.letters.mail_server import NoMailServer
from services.arrears.letters.queueing import LetterAlreadyWaits
from services.arrears.letters.template_shelf import SHIPPED as LETTERS
from services.arrears.letters.template_shelf import adopt_templates
from services.arrears.letters.typesetting import CannotBeSet
from services.chassis.caller import Caller
from services.chassis.failpoint import FailPointHit, arm
from services.intake.lease import Lease
from services.intake.leaseholders import Person

ME = Caller("officer-1")
TO_PAY = 'bank_accounts = ["BE71 0961 2345 6769"]\ncommune = "Charleroi"'
PERSONS = {
    "L1": Person("Zoé Evrard", "zoe@example.be", "Rue Haute 3, 6000 Charleroi"),
    "L2": Person("Yves Dubois", "", "Kerkstraat 8, 1600 Halle", Language.NL),
}


class Desk:
    """The officer's desk of one company with two households that pay nothing."""

    def __init__(self, slug: str, hosts: Any, at_day: Any) -> None:
        self.slug, self.hosts, self._at_day = slug, hosts, at_day
        self.arrears = hosts("arrears").service(slug)
        self.intake = hosts("intake").service(slug)

    def at(self, day: date, hour: int = 9) -> None:
        self._at_day(self.slug, day, hour)
        with self.arrears.datastore.act() as connection:
            connection.execute("UPDATE looked_until SET day = day - 1")
        self.arrears.tick()

    def lease(self, reference: str) -> UUID:
        return Lease.id_of(self.slug, reference)

    def confirm(self, step: str = "first-reminder", reference: str = "L1") -> UUID:
        """Confirm a step; gives the letter that waits."""
        acting.take_step(self.arrears, ME, self.lease(reference), step)
        (waiting,) = [
            row["letter_id"]
            for row in self.of(reference)
            if row["step"] == step and row["state"] in ("draft", "waiting")
        ]
        return waiting

    def of(self, reference: str = "L1") -> list[dict[str, Any]]:
        with self.arrears.datastore.reading() as rows:
            return letter_rows.select_of_lease(rows, self.lease(reference))

    def states(self, reference: str = "L1") -> list[str]:
        return [row["state"] for row in self.of(reference)]

    def told(self, kind: str) -> list[dict[str, Any]]:
        facts = map(read_envelope, self.facts())
        return [fact.data for fact in facts if fact.type == f"arrears.{kind}"]

    def facts(self) -> list[bytes]:
        with self.arrears.datastore.reading() as rows:
            found = rows.execute("SELECT content FROM facts ORDER BY position").fetchall()
        return [bytes(row["content"]) for row in found]

    def to_do(self, day: date) -> list[tuple[Any, Any]]:
        found = work_list_on(self.arrears, day).every
        assert len(found) == sum(row["cases"] for row in count_by_step(found))
        return [(row["reference"], row["trouble"]) for row in found]

    def print(self, *letters: UUID) -> UUID:
        return UUID(sending.print_letters(self.arrears, ME, letters).id)


@pytest.fixture
def desk(new_company, hosts, at_day, start_for) -> Desk:
    slug = new_company(date(2024, 3, 1), TO_PAY)
    for service in ("intake", "arrears"):
        start_for(hosts(service), slug)
    desk = Desk(slug, hosts, at_day)
    for number, (reference, person) in enumerate(PERSONS.items(), 1):
        desk.intake.register_dwelling(ME, f"D{number}", date(2020, 1, 1))
        start = (date(2024, 3, 1), 30_000, 5_000)
        desk.intake.sign_lease(ME, reference, f"D{number}", *start, [person])
    heard = hosts("arrears")

    def both() -> bool:
        with desk.arrears.datastore.reading() as rows:
            found = rows.execute("SELECT count(*) AS n FROM account WHERE reference <> ''")
            return bool(found.fetchone()["n"] == len(PERSONS))

    assert heard.wait_until(both, 20)
    roll = b"lease;month;rent;charges\nL1;2024-03;300;50\nL2;2024-03;300;50\n"
    import_file(desk.arrears, ME, FileKind.RENT_ROLL, "roll.csv", roll)
    agreeing.adopt_policy(desk.arrears, ME, (SHIPPED / "wallonie.yaml").read_text("utf-8"))
    adopt_templates(desk.arrears, ME, (LETTERS / "wallonie.yaml").read_text("utf-8"))
    desk.at(date(2024, 3, 20))
    return desk


@pytest.fixture
def mail(home):
    with mail_desk(home.folder / "secrets") as counter:
        yield counter


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ")


def test_a_step_is_taken_on_the_day_its_letter_goes_and_each_is_printed_in_its_language(desk):
    letters = [desk.confirm(reference=reference) for reference in PERSONS]
    waiting = desk.to_do(date(2024, 3, 20))
    taken = desk.told("step-taken")
    desk.at(date(2024, 3, 22))
    batch_id = desk.print(*letters)
    again = sending.print_letters(desk.arrears, ME, letters).id

    assert (waiting, taken, again) == ([], [], "")
    steps = desk.told("step-taken")
    assert [(step["taken_on"], step["balance_cents"]) for step in steps] == [
        ("2024-03-22", 35_000),
        ("2024-03-22", 35_000),
    ]
    printed = reprinting.batch_pdf(desk.arrears, batch_id)
    text = text_of(printed.pdf).replace("\u202f", " ")
    assert "Zoé Evrard\nRue Haute 3\n6000 Charleroi" in text
    assert "350,00 € restent à payer" in text
    assert "22 mars 2024" in text
    assert "Yves Dubois\nKerkstraat 8\n1600 Halle" in text
    assert "€ 350,00 betalen" in text
    assert "BE71 0961 2345 6769" in text
    assert printed.same
    for word in ("Evrard", "Haute", "Dubois", "Kerkstraat", "zoe@"):
        assert word.encode() not in stored(desk)


def test_a_letter_says_since_when_what_is_owed_today_is_owed(desk):
    roll = b"lease;month;rent;charges\nL1;2024-04;300;50\n"
    import_file(desk.arrears, ME, FileKind.RENT_ROLL, "april.csv", roll)
    desk.at(date(2024, 4, 25))
    paid = b"receipt;paid_on;amount;lease\nR-1;2024-04-15;350,00;L1\n"
    import_file(desk.arrears, ME, FileKind.PAYMENTS, "paid.csv", paid)

    day = date(2024, 4, 25)
    seen = explain_proposal(desk.arrears, desk.lease("L1"), day, day)
    assert (seen["owed_since"], seen["unpaid_since"]) == (date(2024, 3, 10), date(2024, 4, 10))
    batch_id = desk.print(desk.confirm())
    text = text_of(reprinting.batch_pdf(desk.arrears, batch_id).pdf).replace("\u202f", " ")
    assert "depuis le 10 avril 2024" in text


def stored(desk) -> bytes:
    """All that the service has written of the company: events, facts, rows of letters."""
    with desk.arrears.datastore.reading() as rows:
        states = rows.execute("SELECT state FROM stored_events").fetchall()
        entries = rows.execute("SELECT said::text FROM letter_entry").fetchall()
    told = b"".join(bytes(row["state"]) for row in states) + b"".join(desk.facts())
    assert b"sealed:1:" in told
    return told + "".join(row["said"] for row in entries).encode()


def test_letters_are_printed_anew_to_the_digests_of_the_log_until_a_person_is_erased(desk):
    letters = [desk.confirm(reference=reference) for reference in PERSONS]
    batch_id = desk.print(*letters)
    told = reprinting.manifest(desk.arrears, batch_id)
    (batch,) = desk.told("letter-batch-printed")
    sent = {UUID(fact["letter_id"]): fact for fact in desk.told("letter-sent")}

    pdf = reprinting.batch_pdf(desk.arrears, batch_id).pdf
    assert hashlib.sha256(pdf).hexdigest() == batch["sha256"] == told["sha256"]
    assert [row["first_page"] for row in told["letters"]] == [1, 2]
    assert len(PdfReader(io.BytesIO(pdf)).pages) == batch["pages"] == 2
    for row in told["letters"]:
        single = reprinting.letter_pdf(desk.arrears, row["letter_id"])
        digest = hashlib.sha256(single.pdf).hexdigest()
        assert digest == row["sha256"] == sent[row["letter_id"]]["sha256"]
    assert sent[letters[0]]["step_id"] in {step["step_id"] for step in desk.told("step-taken")}

    (holder,) = holders(desk)
    desk.intake.keyring.destroy(desk.intake.company, UUID(holder["person_id"]))
    desk.arrears.keyring._cached.clear()
    for reprint in (
        reprinting.letter_pdf(desk.arrears, letters[0]),
        reprinting.batch_pdf(desk.arrears, batch_id),
    ):
        text = text_of(reprint.pdf)
        assert (reprint.same, reprint.erased) == (False, True)
        assert "[effacé]" in text
        assert "Evrard" not in text
        assert "Haute" not in text
    assert reprinting.letter_pdf(desk.arrears, letters[1]).same


def holders(desk):
    with desk.intake.datastore.reading() as rows:
        found = rows.execute(
            "SELECT leaseholders FROM lease WHERE lease_id = %s", (desk.lease("L1"),)
        ).fetchone()
    return found["leaseholders"]


def test_the_history_and_the_letters_of_a_past_day_are_those_that_were_known_then(desk):
    lease, first, then = desk.lease("L1"), date(2024, 3, 20), date(2024, 3, 21)
    letter_id = desk.confirm()
    desk.at(then)
    contacting.note_contact(desk.arrears, ME, lease, ContactChannel.PHONE, reached=True)
    (noted,) = desk.told("contact-noted")
    desk.at(date(2024, 3, 22))
    desk.print(letter_id)
    contacting.withdraw_contact(desk.arrears, ME, lease, UUID(noted["contact_id"]))

    def known(day):
        with desk.arrears.datastore.reading() as rows:
            entries = select_entries(rows, lease)
        letters = known_then.letters_known(desk.arrears, desk.of(), day)
        return [
            [
                (e["what"], e["withdrawn"])
                for e in known_then.entries_known(desk.arrears, entries, day)
            ],
            [(row["state"], row["ended_on"]) for row in letters],
        ]

    proposed, contact = ("StepProposed", False), ("ContactNoted", False)
    assert known(date(2024, 3, 19)) == [[], []]
    assert known(first) == [[proposed], [("waiting", None)]]
    assert known(then) == [[contact, proposed], [("waiting", None)]]
    entries, letters = known(date(2024, 3, 22))
    assert letters == [("sent", date(2024, 3, 22))]
    assert ("ContactNoted", True) in entries
    assert ("StepTaken", False) in entries


def test_what_stops_it_at_the_moment_of_sending_keeps_the_letter_here_and_the_step_untaken(desk):
    letter_id = desk.confirm()
    acting.record_circumstance(desk.arrears, ME, desk.lease("L1"), Circumstance.DISPUTE)

    receipt = sending.print_letters(desk.arrears, ME, [letter_id])

    assert (receipt.id, desk.states()) == ("", ["stopped"])
    assert [fact["reasons"] for fact in desk.told("letter-stopped")] == [["dispute"]]
    assert [fact["reasons"] for fact in desk.told("step-stopped")] == [["dispute"]]
    assert (desk.told("step-taken"), desk.told("letter-sent")) == ([], [])


def test_a_step_has_one_letter_at_a_time_and_one_taken_off_comes_back_to_the_list(desk):
    letter_id = desk.confirm()
    with pytest.raises(LetterAlreadyWaits):
        desk.confirm()
    sending.cancel(desk.arrears, ME, letter_id)
    with pytest.raises(LetterNotWaiting):
        sending.cancel(desk.arrears, ME, letter_id)

    assert ("L1", None) in desk.to_do(date(2024, 3, 20))
    assert desk.confirm() != letter_id


def test_a_step_taken_for_several_is_answered_alike_when_the_button_is_pressed_twice(desk):
    leases = [desk.lease(reference) for reference in PERSONS]
    first = acting.take_steps(desk.arrears, ME, "first-reminder", leases)
    second = acting.take_steps(desk.arrears, ME, "first-reminder", leases)

    assert first == second == acting.Together(leases, [])
    assert [len(desk.of(reference)) for reference in PERSONS] == [1, 1]


def test_a_statutory_step_is_a_draft_until_a_person_has_read_it(desk):
    acting.take_step(desk.arrears, ME, desk.lease("L1"), "first-reminder", date(2024, 3, 19))
    noted = desk.states()
    letter_id = desk.confirm("formal-notice")
    with pytest.raises(LetterNotReleased):
        sending.print_letters(desk.arrears, ME, [letter_id])
    draft = text_of(reprinting.letter_pdf(desk.arrears, letter_id).pdf)
    before = desk.told("step-taken")
    sending.release(desk.arrears, ME, letter_id)
    desk.print(letter_id)

    assert "Projet" in draft
    assert "Mise en demeure" in draft
    assert (noted, [step["step"] for step in before]) == ([], ["first-reminder"])
    assert [step["step"] for step in desk.told("step-taken")][1:] == ["formal-notice"]
    assert "Projet" not in text_of(reprinting.letter_pdf(desk.arrears, letter_id).pdf)


def test_what_leaves_first_of_a_batch_stops_what_follows_for_the_same_household(desk):
    notice = desk.confirm("formal-notice")
    sending.release(desk.arrears, ME, notice)
    desk.at(date(2024, 3, 21))
    letters = [desk.confirm(reference=reference) for reference in PERSONS]

    batch_id = desk.print(notice, *letters)

    sent = [fact["letter_id"] for fact in desk.told("letter-sent")]
    assert sent == [str(letter) for letter in (notice, letters[1])]
    assert [fact["reasons"] for fact in desk.told("letter-stopped")] == [["formal-path"]]
    assert len(reprinting.manifest(desk.arrears, batch_id)["letters"]) == len(sent)


def plan() -> Plan:
    return Plan.model_construct(
        what="plan",
        plan="new",
        on=date(2024, 3, 20),
        with_=PlanWith.TENANT.value,
        formal=False,
        instalment_cents=10_000,
        frequency=Frequency.MONTHLY,
        first_due_on=date(2024, 4, 5),
        lump_sum_cents=5_000,
        lump_sum_on=date(2024, 4, 1),
    )


def test_a_plan_is_confirmed_by_letter_unless_it_is_no_more(desk):
    for reference in PERSONS:
        agreeing.agree_plan(desk.arrears, ME, desk.lease(reference), plan())
    (agreed, _) = desk.told("repayment-plan-agreed")
    kept, ended = (desk.of(reference)[0]["letter_id"] for reference in ("L2", "L1"))
    cancelled = UUID(agreed["plan_id"])
    agreeing.cancel_plan(
        desk.arrears, ME, desk.lease("L1"), cancelled, CancelReason.HOUSEHOLD_ASKED
    )
    batch_id = desk.print(kept, ended)

    text = text_of(reprinting.batch_pdf(desk.arrears, batch_id).pdf).replace("\u202f", " ")
    assert "€ 50,00 op 1 april 2024" in text
    assert "€ 100,00 per maand, vanaf 5 april 2024" in text
    assert desk.states("L1") == ["stopped"]
    assert [fact["reasons"] for fact in desk.told("letter-stopped")] == [["plan-over"]]
    assert desk.told("step-taken") == []


def test_a_letter_that_nobody_knows_where_to_send_comes_back_with_its_reason(desk):
    known = [Person("Zoé Evrard")]
    desk.intake.correct_leaseholders(ME, desk.lease("L1"), known)

    def heard() -> bool:
        with desk.arrears.datastore.reading() as rows:
            (row,) = rows.execute(
                "SELECT leaseholders FROM account WHERE reference = 'L1'"
            ).fetchall()
        return "address" not in row["leaseholders"][0]

    assert desk.hosts("arrears").wait_until(heard, 20)
    letter_id = desk.confirm()
    sending.print_letters(desk.arrears, ME, [letter_id])

    assert desk.states() == ["failed"]
    assert ("L1", "no-address") in desk.to_do(date(2024, 3, 20))


def test_a_name_that_cannot_be_printed_fails_its_letter_and_is_told_where_it_is_looked_at(desk):
    def sealed() -> Any:
        with desk.arrears.datastore.reading() as rows:
            found = rows.execute("SELECT leaseholders FROM account WHERE reference = 'L1'")
            return found.fetchone()["leaseholders"]

    before = sealed()
    desk.intake.correct_leaseholders(ME, desk.lease("L1"), [Person("Li 日", "", "Rue Haute 3")])
    assert desk.hosts("arrears").wait_until(lambda: sealed() != before, 20)
    letter_id = desk.confirm()
    sending.print_letters(desk.arrears, ME, [letter_id])

    assert desk.states() == ["failed"]
    assert ("L1", "cannot-be-set") in desk.to_do(date(2024, 3, 20))
    with pytest.raises(CannotBeSet) as refused:
        reprinting.letter_pdf(desk.arrears, letter_id)
    assert "日" not in str(refused.value)


def test_a_letter_goes_by_e_mail_once_with_its_own_message_id(desk, mail):
    letter_id = desk.confirm()
    for _ in range(2):
        try:
            mailing.email_letter(desk.arrears, ME, letter_id)
        except LetterNotWaiting:
            refused = True

    (message,) = mail.read
    assert refused
    assert message["To"] == "zoe@example.be"
    assert message["Message-ID"] == f"<letter-{letter_id}@societe.example>"
    cover, attached = message.get_payload()
    assert "pièce jointe" in cover.get_payload(decode=True).decode()
    assert "350" not in cover.get_payload(decode=True).decode()
    (sent,) = desk.told("letter-sent")
    pdf = attached.get_payload(decode=True)
    assert (sent["channel"], sent["sha256"]) == ("email", hashlib.sha256(pdf).hexdigest())
    assert len(desk.told("step-taken")) == 1


def test_what_the_server_refuses_comes_back_and_may_go_again_and_is_dated_then(desk, mail):
    letter_id = desk.confirm()
    back = []
    for mood in ("refuses-recipient", "refuses-message"):
        mail.mood = mood
        mailing.email_letter(desk.arrears, ME, letter_id)
        back += [trouble for lease, trouble in desk.to_do(date(2024, 3, 20)) if lease == "L1"]
    desk.at(date(2024, 3, 25))
    mail.mood = "takes"
    mailing.email_letter(desk.arrears, ME, letter_id)

    assert back == ["recipient-refused", "message-refused"]
    assert [fact["trouble"] for fact in desk.told("letter-failed")] == back
    assert [step["taken_on"] for step in desk.told("step-taken")] == ["2024-03-25"]
    assert len(mail.read) == 1


def test_a_line_that_breaks_after_the_text_leaves_it_to_a_person_and_sends_nothing_twice(
    desk, mail
):
    letter_id = desk.confirm()
    mail.mood = "hangs-up"
    mailing.email_letter(desk.arrears, ME, letter_id)
    desk.at(date(2024, 3, 25))
    before = desk.told("step-taken")
    mailing.tell_outcome(desk.arrears, ME, letter_id, mailing.Outcome.ARRIVED)

    assert [fact["trouble"] for fact in desk.told("letter-failed")] == ["outcome-unknown"]
    assert (before, len(mail.read)) == ([], 1)
    (step,) = desk.told("step-taken")
    assert (step["taken_on"], step["noted_on"]) == ("2024-03-20", "2024-03-25")
    assert desk.states() == ["sent"]


@pytest.fixture
def _disarmed():
    yield
    arm("")


@pytest.mark.usefixtures("_disarmed")
@pytest.mark.parametrize(("point", "read"), [("letter.handed-over", 0), ("letter.delivered", 1)])
def test_a_process_that_dies_around_the_handing_over_sends_nothing_twice(desk, mail, point, read):
    letter_id = desk.confirm()
    arm(f"{point}=raise")
    with pytest.raises(FailPointHit):
        mailing.email_letter(desk.arrears, ME, letter_id)
    arm("")
    with pytest.raises(LetterNotWaiting):
        mailing.email_letter(desk.arrears, ME, letter_id)
    in_doubt = desk.states()
    mailing.tell_outcome(desk.arrears, ME, letter_id, mailing.Outcome.LOST)
    mailing.email_letter(desk.arrears, ME, letter_id)

    assert in_doubt == ["handed-over"]
    assert len({message["Message-ID"] for message in mail.read}) == 1
    assert len(mail.read) == read + 1


def test_a_server_that_is_away_is_told_and_one_that_is_not_configured_refuses(desk, home):
    letter_id = desk.confirm()
    with pytest.raises(NoMailServer):
        mailing.email_letter(desk.arrears, ME, letter_id)
    with mail_desk(home.folder / "secrets"):
        away = (home.folder / "secrets" / "mail.toml").read_text("utf-8")
    path = home.folder / "secrets" / "mail.toml"
    path.write_text(away, "utf-8")
    mailing.email_letter(desk.arrears, ME, letter_id)
    path.write_text(away.replace("127.0.0.1", "mail.example.be"), "utf-8")
    with pytest.raises(NoMailServer, match="chiffrement"):
        mailing.email_letter(desk.arrears, ME, letter_id)
    path.unlink()

    assert [fact["trouble"] for fact in desk.told("letter-failed")] == ["server-unreachable"]


def test_silence_is_an_alarm_and_recovery_dates_nothing_back(desk):
    letters = [desk.confirm(reference=reference) for reference in PERSONS]
    book = late_letters.book_in_use(desk.arrears)

    def look(day: date) -> tuple[Any, list[Any], list[Any]]:
        with desk.arrears.datastore.reading() as rows:
            silence = late_letters.silence(rows, book, day)
            late = late_letters.late_letters(rows, book.waits_at_most_days, day)
            days = late_letters.due_against_sent(rows, book.waits_at_most_days, day)
        ages = [(row["reference"], row["age_days"]) for row in late]
        return silence, ages, [(r["day"], r["due"], r["sent"], r["waiting"]) for r in days]

    quiet, _, _ = look(date(2024, 3, 23))
    loud, ages, days = look(date(2024, 4, 2))
    desk.at(date(2024, 4, 2))
    acting.record_circumstance(desk.arrears, ME, desk.lease("L2"), Circumstance.HARDSHIP)
    desk.print(*letters)
    after, none, told = look(date(2024, 4, 2))

    assert quiet is None
    assert (loud.letters, loud.oldest, loud.limit_days) == (2, date(2024, 3, 20), 3)
    assert ages == [("L1", 13), ("L2", 13)]
    assert days == [(date(2024, 3, 20), 2, 0, 2)]
    assert (after, none) == (None, [])
    assert told == [(date(2024, 3, 20), 2, 1, 0)]
    assert [step["taken_on"] for step in desk.told("step-taken")] == ["2024-04-02"]
    assert desk.states("L2") == ["stopped"]


def test_every_kind_of_letter_fact_is_told_and_keeps_to_its_schema(desk, mail):
    first = desk.confirm()
    mail.mood = "refuses-recipient"
    mailing.email_letter(desk.arrears, ME, first)
    desk.print(first)
    sending.come_back(desk.arrears, ME, first, ReturnReason.MOVED_AWAY, date(2024, 3, 20))
    drafted = desk.confirm("formal-notice", "L2")
    sending.release(desk.arrears, ME, drafted)
    other = desk.confirm("first-reminder", "L2")
    sending.cancel(desk.arrears, ME, other)
    acting.record_circumstance(desk.arrears, ME, desk.lease("L2"), Circumstance.DISPUTE)
    sending.print_letters(desk.arrears, ME, [drafted])

    validators = fact_validators()
    facts = desk.facts()
    kinds = {kind.TYPE for kind in facts_of(arrears_letters)}
    assert kinds - {read_envelope(fact).type for fact in facts} == set()
    assert [why for fact in facts for why in faults(validators, fact)] == []
