"""Downloads of a contract, of a signed return, of the region's table."""

from collections.abc import Iterator
from typing import IO, Annotated, Literal

from fastapi import Path, Response
from fastapi.responses import StreamingResponse

from services.chassis.asked import Asked
from services.chassis.clock import moment_on
from services.chassis.routes import Routes
from services.reporting.api import READERS
from services.reporting.exports.contract_report import contract_report
from services.reporting.exports.region_sheet import region_sheet
from services.reporting.exports.report_drawing import Drawing
from services.reporting.exports.return_report import return_report, years_before
from services.reporting.exports.sheet import Sheet
from services.reporting.exports.sheets import contract_sheet, return_sheet
from services.reporting.exports.typesetting import CONTRACT, RETURN, pdf_of
from services.reporting.exports.writing import written
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
PIECE = 256 * 1024
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
def export_contract(asked: Asked, first_year: FirstYear, file: FormatOrReport) -> Response:
    """Every objective and year, with targets, figures and evaluations; as PDF a report with
    drawings and definitions.
    """
    standing = contract_standing(asked.service, first_year)
    sheet = contract_sheet(asked.company.slug, standing, asked.today)
    if file == "pdf":
        report = contract_report(asked.company.name, standing, asked.today, _drawing(asked))
        return _as_report(pdf_of(CONTRACT, report, moment_on(asked.today, 0)), sheet)
    return as_file(sheet, file)


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
    with asked.service.datastore.reading() as rows:
        before = years_before(rows, version)
    report = return_report(asked.company.name, version, before, _drawing(asked))
    return _as_report(pdf_of(RETURN, report, version["recorded_at"]), return_sheet(version))


def _drawing(asked: Asked) -> Drawing:
    drawing: Drawing = asked.frame.templates.get_template("_trend.html").module.drawing  # type: ignore[attr-defined]
    return drawing


def _as_report(content: bytes, sheet: Sheet) -> Response:
    headers = {"content-disposition": f'attachment; filename="{sheet.filename}.pdf"'}
    return Response(content, media_type=FILE, headers=headers)


@ROUTES.api("GET", "/api/region/{year}/export/{format}", roles=REGION, streams=FILE)
def export_region(asked: Asked, year: ReturnYear, file: Format) -> Response:
    """What is shown of every company, the parts of the provinces and the region's totals."""
    return as_file(region_sheet(comparable_table(asked.frame.host, year, region_today())), file)


def as_file(sheet: Sheet, file: str) -> Response:
    """The whole sheet is written before the first byte is sent: what is refused is no half file."""
    content = written(sheet, file)
    headers = {"content-disposition": f'attachment; filename="{sheet.filename}.{file}"'}
    return StreamingResponse(_pieces(content), media_type=FILE, headers=headers)


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while piece := content.read(PIECE):
            yield piece
