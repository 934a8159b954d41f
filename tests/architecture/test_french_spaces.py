"""Before « : », « ; », « ? », « ! » and within quotation marks a line does not break."""

import re

import pytest
from jinja2 import Environment
from sources import ROOT, name_of

PLAIN = re.compile(r" (?=[:;?!»](?![^\s<«.,»)\"'\]}]))|(?<=«) ")
TEMPLATES = sorted((ROOT / "services").rglob("templates/**/*.html"))


def said(source):
    """What of a template people read: its text outside tags, and the strings of its expressions."""
    for _, kind, value in Environment().lex(source):
        if kind == "data":
            yield from (part for part in re.split(r"(<[^>]*>)", value) if not part.startswith("<"))
        elif kind == "string":
            yield value


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_has_no_plain_space_where_french_lets_no_line_break(template):
    wrong = [text.strip()[-60:] for text in said(template.read_text("utf-8")) if PLAIN.search(text)]

    assert not wrong, f"{wrong}: write &nbsp; in the text, \\u00a0 in a string"


@pytest.mark.parametrize(
    ("source", "is_wrong"),
    [
        ("<p>Source : x</p>", True),
        ("<p>Source&nbsp;: x</p>", False),
        ('{{ "Quoi ?" }}', True),
        ('{{ "Quoi\\u00a0?" }}', False),
        ("« mot&nbsp;»", True),
        ('<a href="x ; y">{{ a ~ {"b" : c} }}</a>', False),
    ],
)
def test_a_plain_space_is_seen_where_people_read_it(source, is_wrong):
    assert any(PLAIN.search(text) for text in said(source)) is is_wrong


def test_what_is_left_out_of_a_row_is_one_other_or_several():
    """« et 1 autres » was read wherever exactly one was left out."""
    wrong = [name_of(t) for t in TEMPLATES if re.search(r"\}\} autres\b", t.read_text("utf-8"))]

    assert not wrong, f"{wrong}: write |count('autre', 'autres')"
