"""The page of a case: no line of it begins with the mark that ends a part of a sentence."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

from services import arrears
from services.chassis.templating import build_templates

TEMPLATES = Path(arrears.__file__).with_name("templates")
TODAY = date(2025, 6, 16)
DUE = "Deux mois restent dus ; un plan d'apurement est à proposer."
UNBROKEN = "Deux mois restent dus\u00a0; un plan"


def test_what_a_policy_says_breaks_no_line_before_a_semicolon():
    parts = build_templates(TEMPLATES).get_template("_case_parts.html").module
    asked = SimpleNamespace(company=SimpleNamespace(slug="habitat"), today=TODAY)
    seen = {"balance_cents": 90_000, "policy": "wallonie", "policy_version": "1"}
    seen |= {"rule": "plan-due", "plans": [], "sentence": DUE}
    seen |= {"also_matching": ["other"], "also_sentences": [DUE], "reasons": [DUE]}
    entry = {"day": TODAY, "sentence": DUE, "actor": "officer"}

    assert str(parts.proposal(asked, seen, TODAY, {}, {})).count(UNBROKEN) == 3
    assert str(parts.history(asked, [entry], "", False)).count(UNBROKEN) == 1
