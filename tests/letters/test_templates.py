"""Templates of letters: what cannot be set is refused with its line, the rest is set alike."""

import io
import json
from decimal import Decimal

import pytest
from pypdf import PdfReader
from segno import helpers

from contracts.intake import Language
from services.__main__ import main
from services.arrears.ladder.case import Plan
from services.arrears.letters import setting
from services.arrears.letters.composing import number_of_instalments
from services.arrears.letters.payment_slip import (
    MASK,
    NoAccountToPayTo,
    account_to_pay,
    payment_code,
)
from services.arrears.letters.template_book import read_templates
from services.arrears.letters.template_shelf import LettersNotPossible, checked
from services.arrears.letters.typesetting import (
    SAMPLE_DAY,
    CannotBeSet,
    begin_pdf,
    pages_in,
    pdf_of,
    samples,
)
from services.chassis.clock import moment_on
from services.chassis.companies import Company
from services.chassis.refusal import Busy
from services.chassis.written import Written

MOMENT = moment_on(SAMPLE_DAY, 12)
WORDS = {
    Language.FR: ("1 234,56 €", "20 mars 2024", "Pour payer"),
    Language.NL: ("€ 1.234,56", "20 maart 2024", "Om te betalen"),
    Language.DE: ("1.234,56 €", "20. März 2024", "Zum Bezahlen"),
    Language.EN: ("€1,234.56", "20 March 2024", "How to pay"),
}


def line_of(document, text):
    return document[: document.index(text)].count("\n") + 1


WRONG = [
    ("#letter.total*", "#letter.totl*", "«\u00a0totl\u00a0» n'est pas un champ"),
    ("*#letter.plan.starting*", "*#letter.plan.begin*", "«\u00a0begin\u00a0» n'est pas un champ"),
    ("Tous nos droits sont réservés.", '#import "@preview/x:1.0.0"', "sort du document"),
    ("Tous nos droits sont réservés.", '#read("/etc/passwd")', "sort du document"),
    ("Tous nos droits sont réservés.", '#{import/**/"@preview/x:1.0.0"}', "sort du document"),
    ("Tous nos droits sont réservés.", '#{let p = "@preview/x:1.0.0"; import p}', "sort du"),
    ("Tous nos droits sont réservés.", '#{let e = eval; e("imp" + "ort p")}', "sort du document"),
    ("Tous nos droits sont réservés.", "#emph(", "ne se referme pas"),
    ("Une lettre de votre société de logement", '"Une\\nlettre"', "une seule ligne"),
    ("Une lettre de votre société de logement", '"Une\\0lettre"', "caractère invisible"),
    ("source: Vade-mecum", 'source: "\\ud800" # Vade-mecum', "caractère invisible"),
    (
        "Tous nos droits sont réservés.",
        "Tous nos droits 日 réservés.",
        "n'a pas le caractère «\u00a0日\u00a0»",
    ),
    ("#v(2pt)", "#v(2pt, 3)", "un argument de trop"),
]


@pytest.mark.parametrize(("right", "wrong", "reason"), WRONG)
def test_what_cannot_be_set_is_refused_with_its_line(document, right, wrong, reason):
    spoilt = document.replace(right, wrong, 1)
    assert spoilt != document

    with pytest.raises(LettersNotPossible) as refused:
        checked(spoilt)

    lines = [error["field"] for error in refused.value.facts["errors"]]
    assert f"ligne {line_of(spoilt, wrong)}" in lines
    assert reason in refused.value.facts["errors"][0]["reason"]


LOOPS = "#for i in range(7000) { for j in range(7000) {} }"
"""Sooner or later it ends, so that the tests do too: nobody waits for it."""


@pytest.fixture
def begun(monkeypatch):
    """What the typesetters began, in order; they give up after a second."""
    begun = []
    begin = setting._Typesetter.begin
    monkeypatch.setattr(setting, "SET_S", 1.0)  # nobody waits for twenty seconds here
    monkeypatch.setattr(setting, "_without_end", set())  # what other tests gave up is tried
    monkeypatch.setattr(  # what is set is watched, and set
        setting._Typesetter,
        "begin",
        lambda *of, **how: begun.append(begin(*of, **how)) or begun[-1],
    )
    return begun


def test_a_text_that_takes_too_long_is_refused_and_no_letter_waits_for_it(document, begun):
    slow = document.replace("Tous nos droits sont réservés.", LOOPS, 1)

    with pytest.raises(LettersNotPossible, match="vingt secondes"):
        checked(slow)
    endless = begun[-1]
    sheet = next(samples("first-reminder.fr", Language.FR, for_plan=False))
    pdf_of(read_templates(Written("letters", document)), "Essai", [sheet], MOMENT)

    assert not endless.done()


def test_a_text_without_end_for_some_letters_fails_them_once_and_holds_up_no_other(document, begun):
    """None is found on trial: only the letters of one household have it."""
    hidden = f'#if letter.reference == "B2015-9999" [{LOOPS}]'
    book = checked(document.replace("Tous nos droits sont réservés.", hidden, 1))
    good = read_templates(Written("letters", document))
    (sheet, _) = samples("formal-notice.fr", Language.FR, for_plan=False)
    that_one = sheet | {"reference": "B2015-9999"}
    began = len(begun)

    held = begin_pdf(book, "Essai", [that_one], MOMENT)
    same_text, other_text = (begin_pdf(each, "Essai", [sheet], MOMENT) for each in (book, good))
    with pytest.raises(TimeoutError):
        held.wait()
    with pytest.raises(TimeoutError):
        same_text.wait()
    with pytest.raises(Busy):
        other_text.wait()
    with pytest.raises(CannotBeSet, match="n'en finit pas"):
        pdf_of(book, "Essai", [that_one], MOMENT)
    assert pdf_of(good, "Essai", [sheet], MOMENT)

    assert not begun[began].done()
    assert [each.cancelled() for each in begun[began:]] == [False, True, True, False]


def test_a_branch_that_is_seldom_taken_is_tried_too(document):
    seldom = document.replace("soit *#letter.total* en tout", "soit *#letter.all* en tout")

    with pytest.raises(LettersNotPossible, match="«\u00a0all\u00a0» n'est pas un champ"):
        checked(seldom)


def test_two_messages_for_one_step_and_a_message_without_french_are_refused(document):
    twice = document.replace("for_steps: [second-reminder]", "for_steps: [first-reminder]")
    no_french = document.replace(
        "      fr:\n        subject: Mise en demeure", "      it:\n        s: x"
    )

    with pytest.raises(LettersNotPossible, match="first-reminder\u00a0» part déjà pour"):
        checked(twice)
    with pytest.raises(LettersNotPossible):
        checked(no_french)


@pytest.mark.parametrize("language", Language)
def test_a_letter_is_the_same_bytes_each_time_tagged_and_in_its_own_language(document, language):
    book = read_templates(Written("letters", document))
    (sheet, _) = samples(f"second-reminder.{language}", language, for_plan=False)
    pdf = pdf_of(book, "Lettre", [sheet], MOMENT)
    both = pdf_of(book, "Lettre", [sheet, sheet], MOMENT)

    assert pdf == pdf_of(book, "Lettre", [sheet], MOMENT)
    reader = PdfReader(io.BytesIO(pdf))
    text = reader.pages[0].extract_text().replace("\u00a0", " ").replace("\u202f", " ")
    assert [word for word in WORDS[language] if word not in text] == []
    assert reader.trailer["/Root"]["/Lang"] == str(language)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert (pages_in(pdf), pages_in(both)) == (1, 2)


def test_a_plan_is_confirmed_with_the_number_of_its_instalments(document):
    book = read_templates(Written("letters", document))
    (sheet, _) = samples("plan-confirmation.fr", Language.FR, for_plan=True)
    pages = PdfReader(io.BytesIO(pdf_of(book, "Lettre", [sheet], MOMENT))).pages
    text = " ".join(pages[0].extract_text().replace("\u00a0", " ").split())
    assert "en 12 versements au plus." in text

    terms = {"on": "2025-01-01", "what": "plan", "plan": "p", "instalment_cents": 10_000}
    of_a_debt = Plan(**terms, starting_balance_cents=100_001, lump_sum_cents=10_000)
    assert number_of_instalments(of_a_debt) == 10
    assert number_of_instalments(Plan(**terms, count=3)) == 3
    assert number_of_instalments(Plan(**terms | {"instalment_cents": 0})) is None


def test_the_sample_of_a_plan_asks_for_its_first_payment_as_the_letter_does():
    (sheet, _) = samples("plan-confirmation.en", Language.EN, for_plan=True)

    assert sheet["pay"] == sheet["plan"]["lump_sum"] == "€200.00"


def test_the_payment_code_is_that_of_the_european_guideline():
    """Segno writes the guideline's text itself; where it finds our mask best, the images agree."""
    compared = 0
    for cents in range(12_345, 12_385):
        to, told = "BE71096123456769", "+++090/9337/55493+++"
        theirs = helpers.make_epc_qr(
            "Société", to, Decimal(cents) / 100, text=told, encoding="utf-8"
        )
        if theirs.mask == MASK:
            image = io.BytesIO()
            theirs.save(image, kind="svg", xmldecl=False, border=4, omitsize=True, nl=False)
            assert payment_code("Société", to, cents, told) == image.getvalue().decode()
            compared += 1
            break
    assert compared


def test_a_company_is_paid_on_its_first_account_whatever_its_form():
    old = Company(slug="ab", names={}, bank_accounts=("096-1234567-69",))
    new = Company(slug="ab", names={}, bank_accounts=("BE71 0961 2345 6769",))

    assert account_to_pay(old) == account_to_pay(new) == "BE71096123456769"
    with pytest.raises(NoAccountToPayTo):
        account_to_pay(Company(slug="ab", names={}))


def test_check_letters_shows_how_they_look_and_says_what_to_mend(
    document, written_to, tmp_path, capsys
):
    good = main(["check-letters", str(written_to(document)), "--to", str(tmp_path / "all.pdf")])
    told = capsys.readouterr().out
    spoilt = document.replace("#letter.total*", "#letter.totl*", 1)
    bad = main(["check-letters", str(written_to(spoilt)), "--format", "json"])

    assert (good, bad) == (0, 1)
    assert "formal-notice: de, en, fr, nl" in told
    assert len(PdfReader(tmp_path / "all.pdf").pages) == 16
    assert json.loads(capsys.readouterr().out)["errors"][0]["line"]


def test_a_sample_that_cannot_be_written_is_told_of_its_own_place(
    document, written_to, tmp_path, capsys
):
    there = tmp_path / "nowhere" / "all.pdf"

    assert main(["check-letters", str(written_to(document)), "--to", str(there)]) == 1

    assert capsys.readouterr().err == (
        f"referent: {there} cannot be written: No such file or directory.\n"
    )
