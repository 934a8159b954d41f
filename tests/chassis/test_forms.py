"""Reading forms: kind, all at once, nothing lost."""

from datetime import date
from enum import StrEnum
from io import BytesIO

import pytest
from starlette.datastructures import UploadFile

from services.chassis.forms import Form, plain
from services.chassis.refusal import Malformed, Refusal


class Place(StrEnum):
    HERE = "here"
    THERE = "there"


def day_form(day, month, year):
    return Form([("on-day", day), ("on-month", month), ("on-year", year)])


def reason(form, read):
    with pytest.raises(Malformed) as refused, form:
        read(form)
    (error,) = refused.value.facts["errors"]
    return error["reason"]


def test_an_amount_that_is_negative_is_told_in_french_whatever_its_name():
    form = Form([("charges", "-80")])

    told = reason(form, lambda form: form.cents("charges", "les charges"))

    assert told == "Les charges : un montant ne peut pas être négatif."


def test_what_is_right_is_read():
    form = Form(
        [("name", " Odette "), ("rent", "1 234,50"), ("place", "there"), ("n", "3"), ("yes", "1")]
    )

    with form:
        read = (
            form.text("name", "le nom"),
            form.cents("rent", "le loyer"),
            form.choice("place", "le lieu", Place),
            form.integer("n", "le nombre", 0, 5),
            form.checked("yes"),
            form.checked("no"),
            form.text("more", "le reste", required=False),
            form.day_if_any("on", "la date"),
        )

    assert read == ("Odette", 1234_50, Place.THERE, 3, True, False, "", None)


def test_everything_wrong_is_told_at_once():
    form = Form([("rent", "beaucoup"), ("place", "nowhere"), ("n", "-1"), ("id", "x")])

    with pytest.raises(Malformed) as refused, form:  # noqa: PT012 - leaving the form refuses
        form.text("name", "le nom")
        form.cents("rent", "le loyer")
        form.choice("place", "le lieu", Place)
        form.integer("n", "le nombre")
        form.uuid("id", "le bail")
        form.day("on", "la date")
        form.upload("file", "un fichier")

    fields = [error["field"] for error in refused.value.facts["errors"]]
    assert fields == ["name", "rent", "place", "n", "id", "on", "file"]


def test_a_bug_inside_a_form_is_not_taken_for_what_was_typed():
    with pytest.raises(ZeroDivisionError), Form() as form:  # noqa: PT012 - see the name
        form.text("name", "le nom")
        1 / 0  # noqa: B018 - a bug of the endpoint


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("31", "2", "2026"), "le 31/02/2026 n'existe pas"),
        (("29", "02", "2025"), "le 29/02/2025 n'existe pas"),
        (("1", "13", "2026"), "n'existe pas"),
        (("", "2", ""), "indiquez aussi le jour et l'année"),
        (("un", "2", "2026"), "écrivez des chiffres"),
        (("١", "2", "2026"), "écrivez des chiffres"),
        (("1", "2", "26"), "quatre chiffres"),
        (("1", "2", "9" * 400), "écrivez des chiffres"),
        (("", "", ""), "Indiquez la date"),
    ],
)
def test_an_impossible_day_is_explained(typed, said):
    assert said in reason(day_form(*typed), lambda form: form.day("on", "la date"))


def test_a_day_is_read_from_its_three_fields():
    with day_form(" 29", "02 ", "2024") as form:
        assert form.day("on", "la date") == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\ud800", "a\u2028b", "a\x85b"])
def test_what_no_text_can_hold_is_refused(text):
    assert "invisible" in reason(Form([("name", text)]), lambda f: f.text("name", "le nom"))
    with pytest.raises(Malformed):
        plain(text, "q")


def test_one_line_is_one_line():
    form = Form([("note", "a\r\nb")])

    assert "une seule ligne" in reason(form, lambda f: f.text("note", "la note"))


def test_a_text_that_is_too_long_is_told_its_length_and_limit():
    said = reason(Form([("name", "x" * 100_000)]), lambda f: f.text("name", "le nom"))

    assert "100000 caractères, le maximum est de 200" in said


def test_a_file_in_the_place_of_a_text_is_no_text():
    form = Form([("name", UploadFile(BytesIO(b"x"), filename="x"))])

    assert reason(form, lambda f: f.text("name", "le nom")) == "Indiquez le nom."


def test_a_refused_form_shows_what_was_typed_and_leads_to_what_is_wrong():
    form = day_form("31", "2", "2026")
    form.texts["name"] = "Élise\x00"
    form.problem = Malformed("…", [{"field": "on", "reason": "n'existe pas"}])

    assert form.day_value("on", date(2026, 1, 1)) == ["31", "2", "2026"]
    assert form.value("name", "défaut") == "Élise"
    assert form.value("other", "défaut") == "défaut"
    assert form.error("on") == "n'existe pas"
    assert form.anchor("on") == "#on-day"
    assert form.anchor("name") == "#name"


def test_a_refusal_without_fields_is_told_on_top():
    form = Form()
    form.problem = Refusal("Déjà loué.")

    assert form.errors == [{"field": "", "reason": "Déjà loué."}]


@pytest.mark.parametrize("typed", ["Marie Dupont", "MD", "m d", "é", "-a", "<b>"])
def test_a_person_is_named_by_a_code_never_by_a_name(typed):
    with pytest.raises(Malformed, match="jamais un nom"), Form([("by", typed)]) as form:
        form.code("by", "l'agent")

    with Form([("by", " agent-02 ")]) as form:
        assert form.code("by", "l'agent") == "agent-02"
