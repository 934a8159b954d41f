"""The pages that take over the stock from files."""

from fastapi import Response

from services.chassis.asked import Asked
from services.chassis.imports import select_imports
from services.chassis.routes import Routes
from services.chassis.set_aside import Page
from services.intake.file_columns import COLUMN_WORDS
from services.intake.imports import DWELLING_COLUMNS, KINDS, LEASE_COLUMNS, FileKind, import_file
from services.intake.roles import OFFICERS

ROUTES = Routes()
COLUMNS = {"dwellings": DWELLING_COLUMNS, "leases": LEASE_COLUMNS}
SHOWN_MAX = 200


@ROUTES.page("/{company}/imports", roles=OFFICERS)
def imports(asked: Asked, page: Page = 1) -> Response:
    return asked.render(
        "imports.html",
        kinds=KINDS,
        tables=COLUMNS,
        words=COLUMN_WORDS,
        imported=select_imports(asked.service, page),
        page=page,
    )


@ROUTES.act("/{company}/imports", roles=OFFICERS, form=imports, uploads=True)
def import_uploaded(asked: Asked) -> Response:
    with asked.form as form:
        kind = form.choice("kind", "ce que contient le fichier", FileKind)
        filename, content = form.upload("file", "un fichier CSV")
    report = import_file(
        asked.service,
        asked.caller(),
        kind,
        filename,
        content,
        dry_run=form.checked("dry_run"),
        partial=form.checked("partial"),
    )
    status = 200 if report.state in ("accepted", "already-imported") else 422
    words = {"words": COLUMN_WORDS, "shown_max": SHOWN_MAX}
    return asked.render("file_report.html", status, report=report, dry_run=report.dry_run, **words)
