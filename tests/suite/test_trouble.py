"""Whatever is killed or in the way: the rest goes on, nothing is lost, one sentence says why."""

import re
import socket
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import psutil
import pytest
from disks import can_mount, mounted

from services.embedded.kafka import EmbeddedKafka
from services.embedded.postgres import EmbeddedPostgres
from services.embedded.waiting import wait_until

ORDER = ("front", "intake", "followup", "arrears", "reporting")


def answers(suite, name, kind="ready"):
    address = f"http://127.0.0.1:{suite.port + ORDER.index(name)}/health/{kind}"
    try:
        return httpx.get(address, timeout=10).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("name", ORDER)
def test_a_killed_process_is_started_again_while_the_others_answer(name, suite):
    killed = suite.process_of(name)

    killed.kill()

    assert all(answers(suite, other) for other in ORDER if other != name)
    assert wait_until(lambda: answers(suite, name), 40)
    assert suite.process_of(name).pid != killed.pid


@pytest.mark.parametrize("server", [EmbeddedPostgres, EmbeddedKafka])
def test_a_killed_server_is_started_again_and_said(server, suite):
    killed = server(suite.home).pid

    psutil.Process(killed).kill()

    assert wait_until(lambda: server(suite.home).pid not in (None, killed), 40)
    assert wait_until(lambda: all(answers(suite, name) for name in ORDER), 40)
    assert "ended, starting it again" in (suite.home / "logs" / "suite.log").read_text("utf-8")


def test_up_after_a_killed_supervisor_starts_a_new_one_and_what_it_had_said_stays(suite):
    killed = suite.state["pid"]
    suite.process_of("front").kill()
    log = suite.home / "logs" / "suite.log"
    again = rf"(?m)^{datetime.now(UTC):%Y-%m-%d}T[0-9:]{{8}}\+00:00 front ended \(-9\), starting"
    assert wait_until(lambda: re.search(again, log.read_text("utf-8")), 40)
    psutil.Process(killed).kill()
    assert wait_until(lambda: not suite.is_up, 40)

    said = suite.up()

    assert said.json["pid"] == suite.state["pid"] != killed
    assert all(answers(suite, name) for name in ORDER)
    assert re.search(again, log.read_text("utf-8"))


def test_a_service_that_hangs_is_told_as_down_and_holds_up_no_command(suite):
    hanging = suite.process_of("followup")
    hanging.suspend()
    try:
        said = suite.run("status", "--format", "json")
    finally:
        hanging.resume()

    assert said.code == 1
    assert [one["service"] for one in said.json["services"] if not one["up"]] == ["followup"]


def test_a_company_that_left_the_register_is_told_until_its_accounts_are_taken_out_too(suite):
    register, accounts = suite.home / "companies.toml", suite.home / "accounts.toml"
    right = accounts.read_text("utf-8")
    ours = '[accounts."manager.gone"]\nname = "Direction"\nrole = "manager"\ncompanies = ["gone"]\n'
    accounts.write_text(f"{right}\n{ours}", "utf-8")
    try:
        said = suite.run("status")
    finally:
        accounts.write_text(right, "utf-8")

    assert said.code == 1
    assert f"{register} does not name « gone »" in said.err
    suite.status_says(lambda status: status["code"] == 0)


def test_down_in_a_home_that_is_not_there_has_nothing_to_stop(suite, tmp_path):
    nowhere = replace(suite, home=tmp_path / "nowhere")

    said = nowhere.run("down", "--format", "json")

    assert (said.code, said.json) == (0, {"stopped": False}), said.err
    assert not nowhere.home.exists()


def test_after_every_kill_all_is_well_and_nothing_is_lost(suite, log):
    suite.status_says(lambda status: status["code"] == 0)
    for service, facts in log.items():
        assert suite.facts("demonstration", service, "--to", str(len(facts))) == facts


def servers_of(home):
    """Running (PostgreSQL, Kafka) servers and services of a home."""
    postgres = kafka = 0
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        postgres += str(home / "postgres") in command
        kafka += str(home / "kafka" / "server.properties") in command
    return postgres, kafka


def test_a_killed_demo_leaves_no_second_server_and_the_next_start_succeeds(suite, log):
    suite.run("down")
    demo = suite.start("demo", "--leases", "40", "--months", "13", "--format", "json")
    assert demo.stdout is not None
    answer = demo.stdout.readline()
    try:
        assert b'"demonstration"' in answer
        children = suite.services
    finally:
        demo.kill()
        demo.communicate(timeout=30)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert len(children) == len(ORDER)
    assert not alive
    assert suite.run("status").code == 1

    suite.up()

    assert servers_of(suite.home) == (1, 1)
    suite.status_says(lambda status: status["code"] == 0)
    assert (
        suite.facts("demonstration", "arrears", "--to", str(len(log["arrears"])))
        == (log["arrears"])
    )


def test_a_demo_that_is_stopped_stops_everything_and_says_nothing_else(suite):
    suite.run("down")
    demo = suite.start("demo", "--leases", "40", "--months", "13", "--format", "json")
    assert demo.stdout is not None
    try:
        assert b'"demonstration"' in demo.stdout.readline()
    finally:
        demo.terminate()
        _, said = demo.communicate(timeout=60)

    assert demo.returncode == 0
    assert said.decode().splitlines()[-1] == "Stopping …"
    assert servers_of(suite.home) == (0, 0)


def refused(suite, home, *arguments, port=9700):
    """What one command on another home says when it cannot be done: a sentence, exit 1."""
    process = subprocess.run(
        suite.command(*arguments),
        env=suite.environment | {"REFERENT_HOME": str(home), "REFERENT_PORT": str(port)},
        cwd=suite.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert process.returncode == 1, process
    said = process.stderr.splitlines()
    assert "Traceback" not in process.stderr
    return said[-1]


@pytest.mark.parametrize("command", ["up", "demo"])
def test_a_port_in_use_is_named_with_the_way_out(command, played, tmp_path):
    with socket.create_server(("127.0.0.1", 9702)):
        said = refused(played, tmp_path / "home", command)
    assert said.startswith("referent: Port 9702 is taken")
    assert "REFERENT_PORT=9800" in said


@pytest.mark.parametrize("command", ["up", "demo", "status", "down", "provision"])
def test_a_home_that_is_a_file_is_told(command, played, tmp_path):
    home = tmp_path / "home"
    home.write_text("a file", "utf-8")
    arguments = (command,)
    if command == "status":
        arguments = ("report", "--company", "demonstration", "--year", "2025")
    said = refused(played, home, *arguments)
    assert str(home) in said
    assert "REFERENT_HOME" in said


if can_mount():

    @pytest.mark.parametrize("command", ["up", "demo"])
    def test_a_home_that_is_read_only_is_told(command, played, tmp_path):
        with mounted(tmp_path / "disk", "ro,size=1m") as disk:
            said = refused(played, disk / "home", command)
        assert str(disk) in said
        assert "REFERENT_HOME" in said

    @pytest.mark.parametrize("size", ["16k", "30m"])
    def test_a_full_disk_is_told_and_nothing_stays_behind(size, played, tmp_path):
        with mounted(tmp_path / "disk", f"size={size},mode=755") as disk:
            said = refused(played, disk / "home", "up")
            assert servers_of(disk / "home") == (0, 0)
        assert "is full: free some space" in said
