import re

import pytest

from services.embedded import palette
from services.embedded.stylesheet import write_stylesheet

COMPONENT_BRAND = ("#0b0c0c", "#1d70b8", "#00703c", "#d4351c", "#ffdd00", "#fd0")


@pytest.fixture(scope="module")
def css(tmp_path_factory):
    target = tmp_path_factory.mktemp("home") / "static" / "referent.css"
    write_stylesheet(target)
    return target.read_text("utf-8")


def test_it_asks_for_nothing_from_elsewhere(css):
    assert css.startswith('@charset "UTF-8";')
    for asking in ("url(", "@import", "@font-face", "sourceMappingURL"):
        assert asking not in css


def test_it_bears_no_mark_of_another_government(css):
    rules = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).lower()
    for mark in ("gds", "crest", "crown", "logotype"):
        assert mark not in rules
    for colour in COMPONENT_BRAND:
        assert not re.search(rf"{colour}\b", rules)


def test_its_rules_are_whole(css):
    assert css.count("{") == css.count("}")
    for component in (".govuk-error-summary", ".govuk-date-input", ".govuk-tag", ".ref-timeline"):
        assert component in css


def luminance(colour):
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (palette.INK, palette.PAPER),
        (palette.INK, palette.MIST),
        (palette.INK, palette.SAND),
        (palette.MUTED, palette.PAPER),
        (palette.MUTED, palette.MIST),
        (palette.PETROL, palette.PAPER),
        (palette.PETROL, palette.MIST),
        (palette.COLOURS["#003078"], palette.PAPER),
        (palette.COLOURS["#4c2c92"], palette.PAPER),
        (palette.RED, palette.PAPER),
        (palette.RED, palette.MIST),
        (palette.PAPER, palette.RED),
        (palette.PAPER, palette.GREEN),
        (palette.PAPER, palette.PETROL),
        (palette.PAPER, palette.COLOURS["#003078"]),
        (palette.COLOURS["#0c2d4a"], palette.COLOURS["#bbd4ea"]),
        ("#005a30", "#cce2d8"),
    ],
)
def test_text_stands_out_from_its_ground_as_wcag_aa_asks(text, ground):
    assert contrast(text, ground) >= 4.5
