"""The commands of `referent`: each asks the running services and shows their answer."""

import os
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from services.chassis.accounts import ALL, access_code, read_accounts
from services.chassis.companies import RegisterRefused, read_register
from services.chassis.settings import SERVICES, SettingsRefused, companies_file
from services.embedded import wording
from services.embedded.chain import Chain
from services.embedded.client import Client, ServiceRefused, reached
from services.embedded.refusals import EmbeddedError, WrongUse
from services.embedded.running import running_state, suite_of
from services.embedded.shown import Shown
from services.embedded.waiting import wait_until

KINDS = dict.fromkeys(("dwellings", "leases"), "intake") | dict.fromkeys(
    ("rent-roll", "coda", "camt053", "payments", "other-charges"), "arrears"
)
OFFICERS = {"intake": "intake-officer", "arrears": "arrears-officer"}
UP_S = 180.0


def demo(home: Path, given: Namespace, shown: Shown) -> int:
    """Start, play what is not played yet, show; stay up until Ctrl-C unless `--exit`."""
    from services.embedded.playing import play_demonstration

    suite = suite_of(home, shown.say)
    signal.signal(signal.SIGTERM, _interrupt)
    started = time.monotonic()
    try:
        answer = play_demonstration(suite, given, shown, started)
        shown.answer(answer, lambda a: wording.demo_text(a, suite, home, ends=given.exit))
        if not given.exit:
            shown.say("Ctrl-C stops everything.")
            suite.watch()
    except KeyboardInterrupt:
        shown.say("\nStopping …")
    finally:
        suite.stop()
    return 0


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def up(home: Path, given: Namespace, shown: Shown) -> int:
    """Start a supervisor of its own session, and wait until it says that all is ready."""
    state = running_state(home)
    if state is None:
        from services.embedded.processes import last_words, turn_over

        log = home / "logs" / "suite.log"
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        ready = home / "run" / "ready"
        ready.unlink(missing_ok=True)  # one that a killed supervisor left says nothing of ours
        turn_over(log)
        with log.open("ab") as output:
            began = output.tell()
            supervisor = subprocess.Popen(
                [sys.executable, "-m", "services", "supervise"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=os.environ | {"REFERENT_HOME": str(home)},
                cwd=Path(__file__).parents[2],
                start_new_session=True,
            )
        wait_until(lambda: ready.exists() or supervisor.poll() is not None, UP_S)
        if not ready.exists():
            raise EmbeddedError(last_words(log, began))
        state = running_state(home)
    assert state is not None
    answer = {"address": f"http://127.0.0.1:{state['port']}/", "pid": state["pid"]}
    shown.answer(answer, lambda a: f"{a['address']}\nAccess code: {access_code(home)}")
    return 0


def supervise(home: Path, given: Namespace, shown: Shown) -> int:
    """Everything, in the foreground, until SIGTERM."""

    def say(words: str) -> None:
        """Into a log of many nights."""
        shown.say(f"{datetime.now(UTC).isoformat(timespec='seconds')} {words}")

    suite = suite_of(home, say)
    signal.signal(signal.SIGTERM, _interrupt)
    ready = home / "run" / "ready"
    ready.unlink(missing_ok=True)
    try:
        suite.start()
        ready.touch()
        suite.watch()
    except KeyboardInterrupt:
        pass
    finally:
        ready.unlink(missing_ok=True)
        suite.stop()
    return 0


def down(home: Path, given: Namespace, shown: Shown) -> int:
    state = running_state(home)
    if state is None:
        found = home.exists() and suite_of(home).stop_orphans()
        shown.answer({"stopped": found}, wording.down_text)
        return 0
    with suppress(ProcessLookupError):
        os.kill(state["pid"], signal.SIGTERM)
    if not wait_until(lambda: running_state(home) is None and _nothing_is_left(home), 60):
        raise EmbeddedError(f"Process {state['pid']} does not end: look at {home / 'logs'}.")
    shown.answer({"stopped": True}, wording.down_text)
    return 0


def _nothing_is_left(home: Path) -> bool:
    """Also end a server that a supervisor left behind which was killed as it stopped."""
    with suppress(EmbeddedError):
        suite_of(home).stop_orphans()
        return True
    return False


def status(home: Path, given: Namespace, shown: Shown) -> int:
    """What runs; 1 when a service is down, or something is parked, held or diverged."""
    state = running_state(home)
    if state is None:
        services = [{"service": name, "up": False, "companies": []} for name in SERVICES]
        shown.answer({"mode": "embedded", "servers": [], "services": services}, wording.status_text)
        shown.say(f"Nothing runs in {home}: « referent up » starts it.")
        return 1
    client = Client(home, state["port"])
    try:
        answer = client.status()
    finally:
        client.close()
    shown.answer(answer, wording.status_text)
    wrong = list(_wrong_files(home))
    for sentence in wrong:
        shown.say(sentence)
    return 1 if wrong or wording.needs_an_operator(answer) else 0


def _wrong_files(home: Path) -> Iterator[str]:
    """What is wrong with what people edit; services go on with what they last read."""
    register, accounts = companies_file(home), home / "accounts.toml"
    named, accounted = None, set()
    try:
        named = read_register(register).companies.keys()
    except RegisterRefused as error:
        yield str(error)
    try:
        accounted = {slug for one in read_accounts(accounts).values() for slug in one.companies}
    except SettingsRefused as error:
        yield str(error)
    if named is None:
        return
    for slug in sorted(accounted - {ALL, *named}):
        yield (
            f"{register} does not name « {slug} »: it is not served, and what it recorded stays. "
            f"Put its table back; if it is to stay away, take its accounts out of {accounts}."
        )


def provision(home: Path, given: Namespace, shown: Shown) -> int:
    state = running_state(home)
    suite = suite_of(home, shown.say)
    if state is not None:
        done = suite.provision(suite.running_home(state))
    else:
        try:
            done = suite.provision(suite.start_servers())
        finally:
            suite.stop()
    answer = {"companies": [vars(company) for company in done]}
    shown.answer(answer, lambda a: wording.provision_text(a, companies_file(home)))
    return 0


def import_file(home: Path, given: Namespace, shown: Shown) -> int:
    """0 when accepted or already imported, 1 when refused or conflicting."""
    path = Path(given.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.") from None
    service = KINDS[given.kind]
    asked = {"filename": path.name, "dry_run": given.dry_run, "partial": given.partial}
    with reached(home, shown.say) as client:
        answer = client.call(
            "POST",
            service,
            f"/api/{quote(given.company, safe='')}/imports/{given.kind}",
            f"{OFFICERS[service]}.{given.company}",
            params=asked,
            content=content,
            headers={"Content-Type": "application/octet-stream"},
        )
    shown.answer(answer, lambda a: wording.import_text(a, dry_run=given.dry_run))
    return 0 if answer["state"] in ("accepted", "already-imported") else 1


def facts(home: Path, given: Namespace, shown: Shown) -> int:
    if given.last and given.last < given.first:
        raise WrongUse(f"--to {given.last} is before --from {given.first}: give them in order.")
    params = {"from": given.first} | ({"to": given.last} if given.last else {})
    path = f"/api/{quote(given.company, safe='')}/facts"
    with (
        reached(home, shown.say) as client,
        client.lines(given.service, path, f"auditor.{given.company}", params=params) as lines,
    ):
        chain = Chain()
        for line in lines:
            chain.follow(line)
            shown.out.buffer.write(line + b"\n")
        shown.out.buffer.flush()
    if not chain.last:
        upto = f" up to {given.last}" if given.last else ""
        shown.say(f"No fact of {given.service} from position {given.first} on{upto}.")
    if chain.gap:
        shown.say(chain.gap)
    return 1 if chain.gap else 0


def parked(home: Path, given: Namespace, shown: Shown) -> int:
    """List over all companies and services, or decide one fact."""
    with reached(home, shown.say) as client:
        if given.act == "list":
            answer, nothing = {"parked": _list_parked(client, given)}, "Nothing is parked."
        else:
            answer = _decide_parked(client, given)
            # The answer is of that service and company: elsewhere the fact may wait still.
            done = "released" if given.act == "release" else "taken"
            nothing = f"{given.fact} in {given.service}: {done}. Nothing more is parked there."
    shown.answer(answer, lambda a: wording.parked_text(a, nothing))
    return 0


def _list_parked(client: Client, given: Namespace) -> list[Any]:
    """All of them, or the fact that is named with what waits behind it.

    A company that is named and unknown is refused, not answered with an empty list.
    """
    found: list[Any] = []
    for service in client.status()["services"]:
        known = [company["company"] for company in service["companies"]]
        if given.service in (None, service["service"]):
            for slug in [given.company] if given.company else known:
                path = f"/api/{quote(slug, safe='')}/parked"
                found += client.call("GET", service["service"], path)["parked"]
    return [one for one in found if given.fact in (None, one["fact"], *one["behind"])]


def _decide_parked(client: Client, given: Namespace) -> Any:
    if not given.fact or not given.service or not given.because:
        raise ServiceRefused(
            {"status": 422, "detail": "Name the fact, --service where it is parked, and --because."}
        )
    slug = given.company or given.fact.split("/")[0]
    return client.call(
        "POST",
        given.service,
        f"/api/{quote(slug, safe='')}/parked/{given.act}",
        params={"fact": given.fact},
        json={"because": given.because},
    )


def mend(home: Path, given: Namespace, shown: Shown) -> int:
    if running_state(home) is not None:
        raise EmbeddedError("The services run: « referent down » first, then mend, then start.")
    from services.embedded.composition import PARTS
    from services.embedded.kinds import service_for_mending
    from services.embedded.mending import mend as mend_log

    suite = suite_of(home, shown.say)
    try:
        servers = suite.start_servers()
        company = servers.register()[given.company]
        with service_for_mending(servers, company, given.service) as service:
            ddl = next(part.read_models for part in PARTS if part.service == given.service)
            done = mend_log(servers.admin_url, servers.kafka_bootstrap_servers, service, ddl)
    finally:
        suite.stop()
    shown.answer(vars(done), wording.mended_text)
    return 0
