"""Letters that go by e-mail on their own, where the deployment's mail file says so of a company.

A letter goes by the same two acts as when a person sends it: judged again at that moment, handed
over at most once, and left to a person where the outcome is unknown. One that cannot go by e-mail
goes on waiting to be printed; what a server that was away did not take is tried again another day.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from contracts.arrears_letters import LetterTrouble
from services.arrears.letters.letter_rows import select_of
from services.arrears.letters.mail_server import NoMailServer, mail_server
from services.arrears.letters.mailing import email_letter
from services.chassis.caller import Caller
from services.chassis.clock import Clock
from services.chassis.facts import READ_HEAD
from services.chassis.failpoint import failpoint
from services.chassis.refusal import NameUnavailable, Refusal

if TYPE_CHECKING:
    from services.arrears.service import Arrears

TIMER = Caller(actor="timer:letters")
LETTERS_A_ROUND = 20
"""Other timers of the company wait for them."""
REST = "15 minutes"
"""How long nothing is tried after a server did not answer."""

SELECT_DUE = """
SELECT l.letter_id FROM letter l LEFT JOIN mail_tried t USING (letter_id)
WHERE (l.state = 'waiting' OR l.state = 'failed' AND l.trouble = 'server-unreachable')
AND (t.tried_on IS NULL OR t.tried_on < %s)
AND NOT EXISTS (SELECT 1 FROM mail_rest WHERE until > clock_timestamp())
ORDER BY l.queued_on, l.letter_id LIMIT %s
"""
TRIED = """
INSERT INTO mail_tried VALUES (%s, %s)
ON CONFLICT (letter_id) DO UPDATE SET tried_on = excluded.tried_on
"""
REST_A_WHILE = f"""
INSERT INTO mail_rest VALUES (true, clock_timestamp() + interval '{REST}')
ON CONFLICT (one) DO UPDATE SET until = excluded.until
"""


def send_by_itself(arrears: "Arrears") -> None:
    """Send what is released and can go by e-mail; each letter is tried once a day.

    Killed anywhere and begun again, a letter went once, or stands as one whose outcome is unknown.
    """
    try:
        server = mail_server(arrears.keyring.secrets)
    except NoMailServer:
        return
    if arrears.company.slug not in server.by_itself:
        return
    with arrears.datastore.reading() as rows:
        today = Clock.of(rows.execute(READ_HEAD).fetchone() or {}).today
        due = rows.execute(SELECT_DUE, (today, LETTERS_A_ROUND)).fetchall()
    for row in due:
        try:
            away = _try(arrears, row["letter_id"])
        except NameUnavailable:
            return
        failpoint("letter.before-tried")
        with arrears.datastore.act() as connection:
            connection.execute(TRIED, (row["letter_id"], today))
            if away:
                connection.execute(REST_A_WHILE)
        if away:
            return


def _try(arrears: "Arrears", letter_id: UUID) -> bool:
    """Whether the mail server did not answer.   Refuses: NameUnavailable (503)."""
    try:
        email_letter(arrears, TIMER, letter_id, by_itself=True)
    except NameUnavailable:
        raise
    except Refusal:
        # It goes by post, or somebody was quicker: it waits, or is not here any more.
        return False
    with arrears.datastore.reading() as rows:
        (row,) = select_of(rows, [letter_id])
    return bool(row["trouble"] == LetterTrouble.SERVER_UNREACHABLE)
