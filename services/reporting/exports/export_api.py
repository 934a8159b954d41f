"""Downloads of a contract, of a signed return, of the region's table."""

from typing import Annotated, Literal

from fastapi import Path, Response

from services.chassis.asked import Asked
from services.chassis.routes import Routes
from services.reporting.api import READERS
from services.reporting.exports.return_report import return_report, years_before
from services.reporting.exports.sheet import Sheet
from services.reporting.exports.sheets import contract_sheet, region_sheet, return_sheet
from services.reporting.exports.typesetting import pdf_of
from services.reporting.exports.writing import WRITERS
from services.reporting.objectives.contract_api import FirstYear
from services.reporting.objectives.objectives_contract import UnknownContract
from services.reporting.objectives.standing import contract_standing
from services.reporting.region.comparable import comparable_table
from services.reporting.region.region_api import REGION
from services.reporting.region.region_clock import region_today
from services.reporting.return_api import ReturnYear, Version
from services.reporting.returns_by_year import Row
from services.reporting.yearly_return import UnknownReturn

FILE = "application/octet-stream"
Format = Annotated[Literal["xlsx", "csv", "parquet", "json"], Path(alias="format")]
FormatOrReport = Annotated[Literal["xlsx", "csv", "parquet", "json", "pdf"], Path(alias="format")]
ROUTES = Routes()


@ROUTES.api(
    "GET",
    "/api/{company}/contracts/{first_year}/export/{format}",
    roles=READERS,
    refusals=[UnknownContract],
    streams=FILE,
)
def export_contract(asked: Asked, first_year: FirstYear, file: Format) -> Response:
    """Every objective and year, with targets, figures and evaluations."""
    standing = contract_standing(asked.service, first_year)
    return as_file(contract_sheet(asked.company.slug, standing, asked.today), file)


@ROUTES.api(
    "GET",
    "/api/{company}/returns/{year}/versions/{version}/export/{format}",
    roles=READERS,
    refusals=[UnknownReturn],
    streams=FILE,
)
def export_return(
    asked: Asked, year: ReturnYear, version: Version, file: FormatOrReport
) -> Response:
    """The figures of one signed version; as PDF a report with drawings and definitions."""
    found, _ = asked.service.returns.version(year, version)
    if file == "pdf":
        return _report(asked, found)
    return as_file(return_sheet(found), file)


def _report(asked: Asked, version: Row) -> Response:
    drawing = asked.frame.templates.get_template("_trend.html").module.drawing  # type: ignore[attr-defined]
    with asked.service.datastore.reading() as rows:
        before = years_before(rows, version)
    content = pdf_of(return_report(version, before, drawing), version["recorded_at"])
    name = f"{return_sheet(version).filename}.pdf"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=FILE, headers=headers)


@ROUTES.api("GET", "/api/region/{year}/export/{format}", roles=REGION, streams=FILE)
def export_region(asked: Asked, year: ReturnYear, file: Format) -> Response:
    """What is shown of every company."""
    return as_file(region_sheet(comparable_table(asked.frame.host, year, region_today())), file)


def as_file(sheet: Sheet, file: str) -> Response:
    name = f'attachment; filename="{sheet.filename}.{file}"'
    headers = {"content-disposition": name}
    return Response(WRITERS[file](sheet), media_type=FILE, headers=headers)
