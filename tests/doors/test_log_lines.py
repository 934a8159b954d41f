"""What the log says of requests: ids, types and positions; never a name, a text or a search."""

import json
import logging

import pytest
from premises import done

from services.chassis.accounts import Role
from services.chassis.log import JsonLines

NAME, CONTACT, SOUGHT = "Philomène Discrète", "0470 98 76 54", "Discrete-42"


class Written(logging.Handler):
    """Keeps each line as it would be written, at the moment that it would be."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(JsonLines("test").format(record))


@pytest.fixture
def lines(caplog):
    """What would be written: our own lines, and libraries' from WARNING as `set_up_logging`."""
    caplog.set_level(logging.WARNING)
    caplog.set_level(logging.INFO, "referent")
    handler = Written()
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in handler.lines]
    logging.getLogger().removeHandler(handler)


def test_no_line_holds_what_was_typed_and_every_request_has_its_line(premises, working, lines):
    slug, word = working.slug, working.word
    intake = premises.program("intake", Role.INTAKE_OFFICER, slug)
    officer = premises.browser("followup", Role.SUPPORT_OFFICER, slug)
    arrears = premises.program("arrears", Role.ARREARS_OFFICER, slug)
    signed = {
        "reference": SOUGHT,
        "dwelling_reference": f"D-{word}-8",
        "start_on": "2024-04-01",
        "rent_cents": 1,
        "charges_cents": 1,
        "leaseholders": [{"name": NAME, "contact": CONTACT}],
    }
    recording = f"/{slug}/households/{working.ids['household_id']}/visits/recording"
    typed = {"performed_by": NAME, "csrf": premises.csrf("followup", officer), "key": CONTACT}
    roll = f"lease;month;rent;charges\n{NAME};2024-04;x;0\n".encode()

    answers = [
        intake.post(f"/api/{slug}/leases", json=signed),
        intake.post(f"/api/{slug}/leases", json=signed),
        intake.post(f"/api/{slug}/leases", json=signed | {"rent_cents": CONTACT}),
        intake.post(f"/api/{slug}/leases", content=f'{{"name": "{NAME}"'.encode()),
        intake.get(f"/api/{slug}/leases?q={SOUGHT}"),
        intake.get(f"/{slug}/leases/{NAME}"),
        officer.get(f"/{slug}/households?q={NAME}"),
        officer.post(recording, data=typed),
        officer.post(f"/{slug}/households/{NAME}/visits/recording", data=typed),
        arrears.post(f"/api/{slug}/imports/rent-roll?filename={NAME}.csv", content=roll),
        arrears.get(f"/api/{slug}/accounts?search={NAME}"),
        premises.client("front").post("/sign-in", data={"account": NAME, "code": CONTACT}),
    ]

    written = lines()
    assert done(answers[0])
    text = json.dumps(written, ensure_ascii=False)
    for secret in (NAME, CONTACT, SOUGHT, "Philom", "Discr", word):
        assert secret not in text
    requests = [line for line in written if line["what"] == "request"][-len(answers) :]
    assert [line["request_id"] for line in requests] == [
        answer.headers["x-request-id"] for answer in answers
    ]
    assert {line["company"] for line in requests[:-1]} == {slug}


def test_a_callers_own_request_id_is_kept_in_answer_problem_and_log(premises, working, lines):
    program = premises.program("arrears", Role.ARREARS_OFFICER, working.slug)

    answer = program.get(
        f"/api/{working.slug}/accounts/42", headers={"x-request-id": "from-the-caller-1"}
    )

    assert answer.headers["x-request-id"] == answer.json()["instance"] == "from-the-caller-1"
    assert {line["request_id"] for line in lines()} == {"from-the-caller-1"}
