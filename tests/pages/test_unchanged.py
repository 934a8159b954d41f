"""A correction that changes nothing says so, and nothing is recorded."""

import pytest
from visits import CLOSED, LEASE, MADE, PERIOD

from services.chassis.accounts import Role

INTAKE, FOLLOWUP, ARREARS = Role.INTAKE_OFFICER, Role.SUPPORT_OFFICER, Role.ARREARS_OFFICER
FORMS = (
    (INTAKE, "intake", f"{LEASE}/correction"),
    (INTAKE, "intake", f"{LEASE}/leaseholders/correction"),
    (INTAKE, "intake", f"{LEASE}/welcome-meeting/correction"),
    (FOLLOWUP, "followup", f"{MADE}/correction"),
    (FOLLOWUP, "followup", f"{PERIOD}/correction"),
    (FOLLOWUP, "followup", f"{CLOSED}/closure/correction"),
    (ARREARS, "arrears", "/{company}/accounts/{lease_1}/charges/2024-03"),
    (ARREARS, "arrears", "/{company}/accounts/{lease_id}/other-charges/{other_charge_id}"),
)


@pytest.mark.parametrize(("role", "service", "form"), FORMS)
def test_a_correction_that_changes_nothing_says_so_and_records_nothing(
    premises, shown, visitor, role, service, form
):
    somebody = visitor(role, shown.slug)
    somebody.open(service, form.format(company=shown.slug, **shown.ids))
    before = premises.heads(shown.slug)

    somebody.page.locator("main form button").last.click()

    said = somebody.page.get_by_role("status").inner_text().replace("\u00a0", " ")
    assert said == "Rien n'a changé : rien n'est enregistré."
    assert premises.heads(shown.slug) == before
