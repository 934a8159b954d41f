"""A company provisioned before there were returns has them once it is provisioned again."""

import psycopg
import pytest

from services.chassis.caller import Caller
from services.chassis.host import Host
from services.reporting.ingestion import ReportingReceiver
from services.reporting.service import Reporting
from services.reporting.shape import HEARD

OF_RETURNS = ("yearly_return", "return_version", "written_reason")


@pytest.fixture
def reporting(home, settings_for):
    Reporting.folder = home.folder / "reporting"
    host = Host(settings_for("reporting"), Reporting, HEARD, ReportingReceiver)
    yield host
    host.stop()


def test_an_older_company_has_returns_once_it_is_provisioned_again(home, new_company, reporting):
    slug = new_company()
    schema = f"c_{slug.replace('-', '_')}"
    with psycopg.connect(home.admin_url, dbname="reporting", autocommit=True) as connection:
        for table in OF_RETURNS:
            connection.execute(f"DROP TABLE {schema}.{table}")
    reporting.refresh()
    returns = reporting.service(slug).returns
    with pytest.raises(psycopg.errors.UndefinedTable):
        returns.prepare(Caller("manager.1"), 2024)

    home.provision(slug)

    returns.prepare(Caller("manager.1"), 2024)
    assert [row["year"] for row in returns.all()] == [2024]
