"""The same request again, other words under the same key, and an old version: by the doors."""

import signal
import socket
import subprocess
import sys
from uuid import os, uuid4

import httpx
import pytest

from services.chassis.accounts import Role
from services.chassis.failpoint import arm
from services.chassis.identity import mint_token


def welcome(town):
    path = f"/api/{town.slug}/leases/{town.ids['lease_2']}/welcome-meeting"
    body = {"held_on": "2024-03-02", "mode": "home"}
    return "intake", Role.INTAKE_OFFICER, "POST", path, body, body | {"mode": "office"}


def record(town):
    visit = f"households/{town.ids['household_id']}/visits/{town.ids['visit_id']}"
    body = {
        "lease_id": town.ids["lease_1"],
        "kind": "m6",
        "done_on": "2024-04-05",
        "place": "home",
        "performed_by": "agent-02",
        "result": "all-well",
    }
    path = f"/api/{town.slug}/{visit}/record"
    return "followup", Role.SUPPORT_OFFICER, "PUT", path, body, body | {"place": "office"}


def charge(town):
    path = f"/api/{town.slug}/accounts/{town.ids['lease_2']}/charges/2024-03"
    body = {"rent_cents": 12_345, "charges_cents": 0}
    return "arrears", Role.ARREARS_OFFICER, "PUT", path, body, body | {"rent_cents": 1}


def release(town):
    path = f"/api/{town.slug}/parked/release?fact={town.ids['parked_arrears']}"
    return "arrears", Role.OPERATOR, "POST", path, {"because": "Essai"}, {"because": "Autre"}


def sign(town):
    path, body = f"/api/{town.slug}/returns/2022/validation", {"reason": "Le journal a commencé"}
    return "reporting", Role.MANAGER, "POST", path, body, {"reason": "Une autre raison"}


ACTS = [welcome, record, charge, release, sign]
VERSIONED = [welcome, record, charge, sign]


@pytest.mark.parametrize("act", VERSIONED)
def test_an_act_on_an_old_version_is_told_so_and_not_done(premises, working, act):
    service, role, method, path, body, _ = act(working)
    program = premises.program(service, role, working.slug)
    before = premises.heads(working.slug)

    answer = program.request(method, path, json=body, headers={"if-match": '"999"'})

    assert (answer.status_code, answer.json()["type"]) == (412, "/problems/stale-edit")
    assert premises.heads(working.slug) == before


@pytest.mark.parametrize("act", ACTS)
def test_an_act_whose_answer_was_lost_is_answered_the_second_time_and_done_once(
    premises, working, act
):
    service, role, method, path, body, other = act(working)
    program = premises.program(service, role, working.slug)
    key = {"idempotency-key": uuid4().hex}

    arm("act.after-commit=raise")
    lost = program.request(method, path, json=body, headers=key)
    arm("")
    after = premises.heads(working.slug)
    answers = [program.request(method, path, json=body, headers=key) for _ in range(2)]
    reused = program.request(method, path, json=other, headers=key)

    assert lost.status_code == 500
    assert [answer.status_code for answer in answers] == [done_status(act)] * 2
    assert answers[0].json() == answers[1].json()
    assert (reused.status_code, reused.json()["type"]) == (
        422,
        "/problems/idempotency-key-reused",
    )
    assert premises.heads(working.slug) == after


def done_status(act):
    return 201 if act is welcome else 200


def test_a_process_killed_between_commit_and_answer_is_answered_for_by_the_next(
    premises, working, tmp_path
):
    body = {"reference": f"D-{working.word}-30", "registered_on": "2020-01-01"}
    account = premises.account(Role.INTAKE_OFFICER, working.slug)
    headers = {
        "authorization": f"Bearer {mint_token(premises.home.folder, account)}",
        "idempotency-key": uuid4().hex,
    }
    path = f"/api/{working.slug}/dwellings"
    before = premises.heads(working.slug)["intake"]

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = start(premises, tmp_path, port)
    try:
        transport = httpx.HTTPTransport(retries=8)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport) as client:
            assert client.get("/health/ready", timeout=30).status_code == 200
            with pytest.raises(httpx.RemoteProtocolError):
                client.post(path, json=body, headers=headers, timeout=30)
        assert process.wait(timeout=30) == -signal.SIGKILL
    finally:
        process.kill()
        process.wait(timeout=30)
    after = premises.heads(working.slug)["intake"]
    program = premises.client("intake", **headers)
    answers = [program.post(path, json=body) for _ in range(2)]

    assert after == before + 1
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert premises.heads(working.slug)["intake"] == after


def start(premises, folder, port):
    """Intake as a process of its own, killed by its first act once that is committed."""
    settings = premises.apps["intake"].state.frame.host.settings
    with (folder / "stderr").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "services.intake"],
            stderr=errors,
            env=os.environ
            | {
                "REFERENT_HOME": str(settings.home),
                "DATABASE_URL": settings.database_url,
                "KEYRING_DATABASE_URL": settings.keyring_url,
                "KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers,
                "PORT": str(port),
                "SWEEP_S": "600",
                "REFERENT_FAILPOINTS": "act.after-commit=kill",
            },
        )
