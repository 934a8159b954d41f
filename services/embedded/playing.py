"""Playing the demonstration company once, and finding it again."""

import json
import time
from argparse import Namespace
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from services.chassis.accounts import access_code
from services.demonstration.company import DemonstrationCompany
from services.demonstration.http_doors import HttpDoors
from services.demonstration.objectives import contract_document
from services.demonstration.player import play
from services.embedded.client import Client
from services.embedded.folders import prepare_home
from services.embedded.refusals import EmbeddedError
from services.embedded.suite import Suite

if TYPE_CHECKING:
    from services.embedded.shown import Shown

SLUG = "demonstration"
REGISTERED = """
[companies.demonstration]
names = { fr = "Le Foyer de Démonstration" }
commune = "Charleroi"
province = "Hainaut"
demonstration = true
bank_accounts = ["BE68 5390 0754 7034"]
"""


def play_demonstration(
    suite: Suite, given: Namespace, shown: "Shown", started: float
) -> dict[str, Any]:
    """Start the suite, play what is left, and give the answer of `referent demo`."""
    prepare_register(suite.folder)
    chosen = {"leases": given.leases, "months": given.months, "seed": given.seed}
    played = _played(suite.folder)
    if played and played["chosen"] != chosen:
        raise EmbeddedError(
            f"{suite.folder} holds another demonstration ({_words(played['chosen'])}): ask for "
            "that one, or set REFERENT_HOME to an empty folder."
        )
    suite.start()
    shown.say(
        f"Look while it plays: {suite.address_of('front')}/ (manager.{SLUG}, access code "
        f"{access_code(suite.folder)})"
    )
    client = Client(suite.folder, suite.port)
    company = DemonstrationCompany(**chosen, slug=SLUG)
    try:
        if not played or not played["done"]:
            _play(suite.folder, client, company, chosen, played, shown)
        adopt_contract(client, company)
        return _answer(client, company, chosen, started)
    finally:
        client.close()


def prepare_register(folder: Path) -> None:
    """Put the demonstration into `companies.toml` if it is not there."""
    prepare_home(folder)
    path = folder / "companies.toml"
    text = path.read_text("utf-8") if path.exists() else ""
    if f"[companies.{SLUG}]" not in text:
        path.write_text(text + REGISTERED, "utf-8")


def _play(
    folder: Path,
    client: Client,
    company: DemonstrationCompany,
    chosen: dict[str, int],
    played: dict[str, Any] | None,
    shown: "Shown",
) -> None:
    doors = HttpDoors(client, SLUG)
    start = date.fromisoformat(played["next"]) if played and played["next"] else None
    console = Console(file=shown.err)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        total = (company.last_day - company.first_day).days + 1
        task = bar.add_task(f"{chosen['leases']} leases", total=total)

        def on_progress(day: date) -> None:
            bar.update(task, completed=(day - company.first_day).days + 1, description=str(day))
            _remember(folder, chosen, _day_after(day))

        with closing(doors):
            play(company, doors, on_progress, start=start)
            doors.go_on(company.last_day)
    _remember(folder, chosen, _day_after(company.last_day), done=True)


def adopt_contract(client: Client, company: DemonstrationCompany) -> None:
    """Adopt the objectives contract, by the door of its manager; a second time changes nothing."""
    written = contract_document(company.first_day.year)
    client.call(
        "POST",
        "reporting",
        f"/api/{SLUG}/contracts",
        f"manager.{SLUG}",
        json={"document": json.dumps(written)},
        headers={"Idempotency-Key": f"play-{company.parameters.seed}-contract"},
    )


def _answer(
    client: Client, company: DemonstrationCompany, chosen: dict[str, int], started: float
) -> dict[str, Any]:
    heads = client.wait_settled(SLUG)
    path = f"/api/{SLUG}/figures/{company.last_day.year}"
    report = client.call("GET", "reporting", path, f"auditor.{SLUG}")
    return {
        "company": SLUG,
        "leases": chosen["leases"],
        "from": company.first_day.isoformat(),
        "to": company.last_day.isoformat(),
        "facts": heads,
        "seconds": round(time.monotonic() - started, 1),
        "figures": report["figures"],
    }


def _day_after(day: date) -> date:
    return day + timedelta(days=1)


def _state_path(folder: Path) -> Path:
    return folder / "demonstration.json"


def _played(folder: Path) -> dict[str, Any] | None:
    try:
        state: dict[str, Any] = json.loads(_state_path(folder).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return None
    return state


def _remember(folder: Path, chosen: dict[str, int], following: date, *, done: bool = False) -> None:
    """The day to go on with; `done`: nothing is left."""
    draft = _state_path(folder).with_suffix(".draft")
    state = {"chosen": chosen, "next": following.isoformat(), "done": done}
    draft.write_text(json.dumps(state), "utf-8")
    draft.replace(_state_path(folder))


def _words(chosen: dict[str, int]) -> str:
    return " ".join(f"--{name} {value}" for name, value in chosen.items())
