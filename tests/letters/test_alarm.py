"""The warning on « À faire »: where something has waited too long, and only there."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from services.arrears import letters
from services.arrears.letters.late_letters import Silence
from services.chassis.templating import build_templates

TEMPLATES = Path(letters.__file__).parents[1] / "templates"


@pytest.fixture
def alarm():
    parts = build_templates(TEMPLATES).get_template("_letters.html").module
    asked = SimpleNamespace(company=SimpleNamespace(slug="habitat"))
    return lambda silence: str(parts.alarm(asked, silence)).replace("\u00a0", " ")


def test_the_warning_says_how_many_since_when_and_leads_to_them(alarm):
    told = alarm(Silence(2, date(2024, 3, 20), 3))

    assert "2 lettres attendent depuis plus de 3 jours" in told
    assert "depuis le 20 mars 2024" in told
    assert 'href="/habitat/late-letters"' in told
    assert "1 lettre attend depuis" in alarm(Silence(1, date(2024, 3, 20), 3))


def test_nothing_is_said_where_nothing_waits_too_long(alarm):
    assert alarm(None).strip() == ""
