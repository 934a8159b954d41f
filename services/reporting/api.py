"""The JSON routes of reporting: figures, what they are made of, rebuilding."""

from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

import httpx
from fastapi import Path, Query
from pydantic import Field

from services.chassis.asked import Asked
from services.chassis.identity import Role, mint_token
from services.chassis.refusal import Busy, Malformed
from services.chassis.routes import Routes
from services.reporting.answers import Explanation, Report
from services.reporting.archive.reading import (
    Archive,
    ArchiveNotFound,
    ArchiveNotWhole,
    ArchiveOfAnotherCompany,
)
from services.reporting.differences import Differences
from services.reporting.indicators.register import UnknownIndicator
from services.reporting.rebuilding import (
    FromArchive,
    FromKafka,
    FromLog,
    RebuildStopped,
    RebuildWouldGoBack,
    Source,
    rebuild,
)

READERS = {Role.MANAGER, Role.AUDITOR}
Year = Annotated[int, Path(ge=0, le=9999, description="From 1990 to 2100.")]
KnownOn = Annotated[
    str | None, Query(max_length=40, description="A day (its end), or a moment with its offset.")
]
AsOf = Annotated[
    str | None, Query(max_length=40, description="A day of the year: what happened up to it.")
]
Moment = Annotated[
    str, Query(max_length=40, description="A day (its end), or a moment with its offset.")
]
Definitions = Annotated[
    list[Annotated[str, Field(max_length=10)]],
    Query(
        alias="definition",
        max_length=50,
        description="`I20@1`: by that version of its definition, whatever the period.",
    ),
]
ArchiveFolder = Annotated[
    str | None,
    Query(max_length=4096, description="With from=archive: its absolute path on this machine."),
]
IndicatorId = Annotated[str, Path(max_length=10)]

ROUTES = Routes()


@ROUTES.api(
    "GET",
    "/api/{company}/figures/{year}",
    roles=READERS,
    refusals=[Malformed, UnknownIndicator],
)
def report(
    asked: Asked,
    year: Year,
    known_on: KnownOn = None,
    as_of: AsOf = None,
    definitions: Definitions = [],  # noqa: B006 (FastAPI copies it)
) -> Report:
    """All figures of a year, up to its end or a day of it, as they are or as they were known."""
    told: Report = asked.service.report(year, known_on, as_of, definitions)
    return told


@ROUTES.api(
    "GET",
    "/api/{company}/figures/{year}/differences",
    roles=READERS,
    refusals=[Malformed, UnknownIndicator],
)
def diff(
    asked: Asked,
    year: Year,
    first: Moment,
    second: Moment,
    definitions: Definitions = [],  # noqa: B006 (FastAPI copies it)
) -> Differences:
    """Which figures moved between two known-on moments, and by which facts."""
    found: Differences = asked.service.differences(year, first, second, definitions)
    return found


@ROUTES.api(
    "GET",
    "/api/{company}/figures/{year}/{indicator}",
    roles=READERS,
    refusals=[Malformed, UnknownIndicator],
)
def explain(
    asked: Asked,
    year: Year,
    indicator: IndicatorId,
    known_on: KnownOn = None,
    as_of: AsOf = None,
) -> Explanation:
    """One figure with its parts and the facts behind each."""
    told: Explanation = asked.service.explain(indicator, year, known_on, as_of)
    return told


@ROUTES.api(
    "POST",
    "/api/{company}/rebuild",
    roles={Role.OPERATOR, Role.AUDITOR},
    refusals=[
        RebuildStopped,
        RebuildWouldGoBack,
        ArchiveNotFound,
        ArchiveOfAnotherCompany,
        ArchiveNotWhole,
        Malformed,
        Busy,
    ],
)
def rebuild_views(
    asked: Asked,
    source: Annotated[Literal["kafka", "log", "archive"], Query(alias="from")] = "kafka",
    folder: ArchiveFolder = None,
) -> dict[str, Any]:
    """Build the views anew beside those that serve, compare, switch."""
    topics = FromKafka(asked.frame.host.settings.kafka_bootstrap_servers, asked.service)
    if source == "archive":
        archive = Archive(_folder(folder), asked.company.slug)
        answer = rebuild(asked.service, FromArchive(archive, topics), by_log=False)
        return answer | {"ignored": archive.ignored}
    chosen: Source = topics if source == "kafka" else FromLog(_log_reader(asked))
    return rebuild(asked.service, chosen, by_log=source == "log")


def _folder(given: str | None) -> FilePath:
    """Refuses: Malformed, unless it is one whole path of this machine."""
    if not given or "\0" in given or not FilePath(given).is_absolute():
        raise Malformed(
            "Le dossier de l'archive est à préciser.",
            [{"field": "folder", "reason": "Donnez le chemin absolu du dossier."}],
        )
    return FilePath(given)


def _log_reader(asked: Any) -> Any:
    """The facts of a publisher from its own service, as an auditor of the company reads them."""
    slug, settings = asked.company.slug, asked.frame.host.settings
    token = mint_token(settings.home, f"auditor.{slug}")

    def lines(publisher: str, first: int) -> Any:
        url = f"{settings.links[publisher]}/api/{slug}/facts"
        headers = {"Authorization": f"Bearer {token}"}
        try:
            with httpx.stream(
                "GET", url, params={"from": first}, headers=headers, timeout=60
            ) as answer:
                if answer.status_code != 200:
                    raise Busy(f"Le service {publisher} n'a pas donné son journal.")
                rest = b""
                for chunk in answer.iter_bytes(1 << 20):
                    *whole, rest = (rest + chunk).split(b"\n")
                    yield from whole
        except httpx.TransportError:
            raise Busy(f"Le service {publisher} ne répond pas.") from None

    return lines
