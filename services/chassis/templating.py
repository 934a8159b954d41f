"""The templates of pages: the maintained components, the frame, and a service's own."""

from datetime import date, datetime
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from services.chassis.accounts import Role
from services.chassis.amounts import format_cents, format_day, unbroken
from services.chassis.asked import SERVICE_NAMES
from services.chassis.clock import BRUSSELS
from services.chassis.set_aside import SHOWN_MAX

ROLES = {role.value.replace("_", "-"): role.label for role in Role}
FRAME = Path(__file__).with_name("templates")


def build_templates(folder: Path | None) -> Environment:
    """Templates by name: `frame.html` and the like are the chassis's, others the folder's."""
    folders = [FRAME] if folder is None else [folder, FRAME]
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    templates = Environment(
        loader=ChoiceLoader([components, FileSystemLoader(folders)]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "cents": format_cents,
        "plain_cents": plain_cents,
        "day": shown_day,
        "moment": shown_moment,
        "count": counted,
        "who": shown_actor,
        "unbroken": unbroken,
    }
    templates.globals["rows_a_page"] = SHOWN_MAX
    return templates


def shown_day(day: date | None) -> str:
    return format_day(day) if day else ""


def shown_moment(moment: datetime) -> str:
    """`23 novembre 2026 à 14:05`, in Brussels."""
    here = moment.astimezone(BRUSSELS)
    return f"{format_day(here.date())} à {here:%H:%M}"


def shown_actor(actor: str) -> str:
    """Who noted something, in words: a role, or a service that did it by itself."""
    _, _, service = actor.partition(":")
    if service in SERVICE_NAMES:
        return f"{SERVICE_NAMES[service]}, automatiquement"
    return ROLES.get(actor.partition(".")[0], actor) if not service else actor


def plain_cents(cents: int) -> str:
    """An amount as it is typed into a field: `1234,56`."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02}"


def counted(number: int, one: str, many: str) -> str:
    """`1 dossier`, `3 dossiers`; nought is singular in French."""
    return f"{number:,}".replace(",", "\u202f") + f" {one if abs(number) < 2 else many}"
