"""A company is worked for as soon as it is provisioned, however seldom a service looks around."""

from services.chassis.host import Host
from services.embedded.waiting import wait_until
from services.intake.service import Intake

SELDOM_S = 600


def test_a_service_at_work_takes_a_new_company_up_at_once(home):
    host = Host(home.settings("intake", pool_connections_max=4, sweep_s=SELDOM_S), Intake)
    host.start()
    try:
        slug = "newly-provisioned"
        with home.companies_file.open("a", encoding="utf-8") as file:
            file.write(f'[companies.{slug}]\nnames = {{ fr = "Nouvelle" }}\n')
        assert slug not in host.owned()

        home.provision()

        # With every company of these tests at its first look, a look around takes a while.
        assert wait_until(lambda: slug in host.owned(), SELDOM_S / 40)
    finally:
        host.stop()
