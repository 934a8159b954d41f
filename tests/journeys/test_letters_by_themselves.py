"""Letters that go by e-mail without a person: each once, judged again; and those that come back."""

from datetime import date

import pytest
from mail_desk import mail_desk
from test_letters import ME, _disarmed, desk, mail  # noqa: F401

from contracts.arrears_cases import Circumstance
from contracts.arrears_letters import ReturnReason
from contracts.envelope import read_envelope
from services.arrears.casework import acting
from services.arrears.letters import mailing, sending
from services.arrears.letters.letter import LetterNotSent, ReturnDayNotPossible
from services.arrears.letters.mail_round import send_by_itself
from services.chassis.failpoint import FailPointHit, arm

TODAY = date(2024, 3, 20)


@pytest.fixture
def let_go(desk, home):  # noqa: F811
    """The operator lets the company's letters go by themselves; then the timer comes by.

    It comes by when a test says so: the company's own is told that it works for nobody.
    """
    host = desk.hosts("arrears")
    host.ownership.claim = lambda _: frozenset()
    host.tick_wanted.set()
    assert host.wait_until(lambda: not host._owned, 10)

    def let_go():
        path = home.folder / "secrets" / "mail.toml"
        path.write_text(path.read_text("utf-8") + f'by_itself = ["{desk.slug}"]\n', "utf-8")
        send_by_itself(desk.arrears)

    return let_go


def test_what_is_released_goes_on_its_own_and_what_comes_back_is_to_be_done_again(
    desk,  # noqa: F811
    mail,  # noqa: F811
    let_go,
):
    letter = desk.confirm()
    desk.confirm("first-reminder", "L2")
    send_by_itself(desk.arrears)
    before = desk.states()
    let_go()

    assert (before, desk.states(), desk.states("L2")) == (["waiting"], ["sent"], ["waiting"])
    assert [message["To"] for message in mail.read] == ["zoe@example.be"]
    actors = {read_envelope(f).type: read_envelope(f).actor for f in desk.facts()}
    assert actors["arrears.letter-sent"] == "timer:letters"
    assert desk.to_do(TODAY) == []
    came_back = (desk.arrears, ME, letter, ReturnReason.MAILBOX_UNKNOWN)
    for day in (date(2024, 3, 19), date(2024, 3, 21)):
        with pytest.raises(ReturnDayNotPossible):
            sending.come_back(*came_back, day)
    sending.come_back(*came_back, TODAY)
    with pytest.raises(LetterNotSent):
        sending.come_back(*came_back, TODAY)
    send_by_itself(desk.arrears)
    assert desk.to_do(TODAY) == [("L1", "mailbox-unknown")]
    taken, withdrawn = desk.told("step-taken")
    assert (taken, len(mail.read)) == (withdrawn, 1)
    desk.print(letter)
    assert desk.to_do(TODAY) == []


@pytest.mark.usefixtures("_disarmed")
def test_a_round_that_dies_anywhere_sends_each_letter_once_or_leaves_it_to_a_person(
    desk,  # noqa: F811
    mail,  # noqa: F811
    let_go,
):
    def dies(point, timer):
        arm(f"{point}=raise")
        with pytest.raises(FailPointHit):
            timer()
        arm("")
        for _ in range(2):
            send_by_itself(desk.arrears)

    def again():
        send_by_itself(desk.arrears)

    letter = desk.confirm()
    for point, read, timer in (("letter.handed-over", 0, let_go), ("letter.delivered", 1, again)):
        dies(point, timer)
        assert (desk.states(), len(mail.read)) == (["handed-over"], read)
        mailing.tell_outcome(desk.arrears, ME, letter, mailing.Outcome.LOST)
    dies("letter.before-tried", again)

    assert (desk.states(), len(mail.read)) == (["sent"], 2)
    assert len(desk.told("step-taken")) == 1


def wake(desk):  # noqa: F811
    """The while is over."""
    with desk.arrears.datastore.act() as connection:
        connection.execute("DELETE FROM mail_rest")


def test_a_server_that_is_away_is_left_alone_for_a_while_and_stops_are_judged_again(
    desk,  # noqa: F811
    home,
    let_go,
):
    desk.confirm()
    with mail_desk(home.folder / "secrets") as taking:
        path = home.folder / "secrets" / "mail.toml"
        there = path.read_text("utf-8")
        path.write_text(there.replace("127.0.0.1", "127.0.0.2"), "utf-8")
        path.write_text(path.read_text("utf-8").replace('tls = "none"', 'tls = "tls"'), "utf-8")
        let_go()
        assert desk.states() == ["failed"]
        send_by_itself(desk.arrears)
        wake(desk)
        send_by_itself(desk.arrears)
        once_a_day = len(desk.told("letter-failed"))
        desk.at(date(2024, 3, 21))
        assert (once_a_day, len(desk.told("letter-failed"))) == (1, 2)
        acting.record_circumstance(desk.arrears, ME, desk.lease("L1"), Circumstance.DISPUTE)
        path.write_text(f'{there}by_itself = ["{desk.slug}"]\n', "utf-8")
        desk.at(date(2024, 3, 22))
        resting = desk.states()
        wake(desk)
        send_by_itself(desk.arrears)

        assert (resting, desk.states()) == (["failed"], ["stopped"])
        assert taking.read == []
        assert [fact["reasons"] for fact in desk.told("letter-stopped")] == [["dispute"]]
