"""A payment without a lease in words: what nobody kept is not said to be what the bank left out."""

from datetime import date
from pathlib import Path

import pytest

from contracts.arrears import UnmatchedReason
from services import arrears
from services.chassis.templating import build_templates

TEMPLATES = Path(arrears.__file__).with_name("templates")


@pytest.mark.parametrize(
    ("reason", "payer", "said"),
    [
        (UnmatchedReason.NO_REFERENCE, None, "Non dit par la banque"),
        (UnmatchedReason.ASSIGNED_WRONGLY, None, "Pas gardé"),
        (UnmatchedReason.LEASE_WITHDRAWN, None, "Pas gardé"),
        (UnmatchedReason.ASSIGNED_WRONGLY, "Zoé Evrard", "Zoé Evrard"),
    ],
)
def test_a_payer_is_not_told_where_the_bank_told_none_or_where_nobody_kept_it(reason, payer, said):
    parts = build_templates(TEMPLATES).get_template("_accounts.html").module
    payment = {"amount_cents": 1, "value_date": date(2024, 3, 8), "reason": reason, "because": ""}
    page = str(parts.payment_summary(payment | {"payer": payer}))

    assert [words in page for words in ("Non dit par la banque", "Pas gardé\n", "Zoé Evrard")] == [
        words == said for words in ("Non dit par la banque", "Pas gardé", "Zoé Evrard")
    ]
