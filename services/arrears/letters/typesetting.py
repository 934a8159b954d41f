"""Letters as PDF/UA-1, by Typst: the same letters give the same bytes.

Nothing of the machine goes in: the fonts are those inside the wheel, the moment is given, no file
is read and no package fetched. A character that no font has is refused, never left out in silence.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

import typst

from contracts.intake import Language
from services.arrears.letters.setting import NOT_SET, Setting, Sheet
from services.arrears.letters.sheet import sheet_of
from services.arrears.letters.template_book import LetterTemplates, body_of, line_in
from services.arrears.letters.typst_messages import in_french
from services.chassis.clock import moment_on
from services.chassis.refusal import Refusal
from services.chassis.written import DocumentRefused, Fault, Written

TYPESETTER = f"typst {version('typst')}"
HEAD = """#set document(title: sys.inputs.title)
#set text(font: "Libertinus Serif", size: 11pt)
"""
TAIL = """
#let letters = json(bytes(sys.inputs.letters))
#for (number, letter) in letters.enumerate() {
  if number > 0 { pagebreak() }
  set text(lang: letter.lang)
  counter(page).update(1)
  sheet(letter, (texts.at(letter.text))(letter))
}
"""
WHERE = re.compile(r"__typst_py_bytes__\.typ:(\d+):")
PAGES = re.compile(rb"/Type/Pages/Count (\d+)")
SAMPLE_DAY = date(2024, 3, 20)
SAID_OF_IT = (
    "Ce document ne peut pas être composé\u00a0: un caractère du nom ou de l'adresse ne peut pas "
    "être imprimé, ou le modèle a une boucle qui n'en finit pas."
)


class CannotBeSet(Refusal):
    slug = "cannot-be-set"
    title = "Document impossible à composer"


def _source(book: LetterTemplates, sheets: Sequence[Sheet]) -> str:
    """With the texts of these letters alone: the others would be read with every letter."""
    wanted = {sheet["text"] for sheet in sheets}
    lines = [HEAD, book.layout, "#let texts = (:)"]
    for name, language, text in book.texts():
        if (key := f"{name}.{language.value}") in wanted:
            lines.append(f'#texts.insert("{key}", letter => [\n{text.body}\n])')
    return "\n".join([*lines, TAIL])


def pdf_of(book: LetterTemplates, title: str, sheets: Sequence[Sheet], moment: datetime) -> bytes:
    """The letters, one after the other; each sheet's `text` says by which message and language.

    Refuses: CannotBeSet (409), Busy (503).
    """
    return _made(begin_pdf(book, title, sheets, moment))


def begin_pdf(
    book: LetterTemplates,
    title: str,
    sheets: Sequence[Sheet],
    moment: datetime,
    *,
    on_trial: bool = False,
) -> Setting:
    """As `pdf_of`, while whoever asks goes on."""
    return _pdf(_source(book, sheets), title, sheets, moment, on_trial=on_trial)


def document_pdf(source: str, title: str, sheet: Sheet, moment: datetime) -> bytes:
    """One document of our own layout, which finds its sheet in `sys.inputs.letters`.

    Refuses: CannotBeSet (409), Busy (503).
    """
    return _made(_pdf(HEAD + source, title, [sheet], moment))


def _pdf(
    source: str, title: str, sheets: Sequence[Sheet], moment: datetime, *, on_trial: bool = False
) -> Setting:
    return Setting(
        source,
        title,
        sheets,
        on_trial=on_trial,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=moment.replace(microsecond=0),
    )


def _made(setting: Setting) -> bytes:
    try:
        made: bytes = setting.wait()
    except NOT_SET:
        # What the typesetter says of it may hold a name: it goes no further.
        raise CannotBeSet(SAID_OF_IT) from None
    return made


def pictures_of(book: LetterTemplates, sheets: Sequence[Sheet]) -> list[bytes]:
    """The pages as PNG, to be looked at."""
    made = Setting(_source(book, sheets), "", sheets, format="png", ppi=110).wait()
    return [made] if isinstance(made, bytes) else made


def pages_in(pdf: bytes) -> int:
    found = PAGES.search(pdf)
    assert found is not None
    return int(found.group(1))


def check(book: LetterTemplates, written: Written) -> None:
    """Set every text with all that a letter may hold and with the least, apart from the others:
    by a compiler of its own, so that no letter of any company waits for a text that has no end.

    Errors: DocumentRefused, with the line of the document for each thing to mend.
    """
    faults: list[Fault] = []
    moment = moment_on(SAMPLE_DAY, 12)
    for name, language, text in book.texts():
        one = book.messages[name].model_copy(update={"texts": {language: text}})
        alone = book.model_copy(update={"messages": {name: one}})
        for sheet in samples(f"{name}.{language.value}", language, for_plan=one.for_plan):
            try:
                begin_pdf(alone, "Essai", [sheet], moment, on_trial=True).wait()
            except TimeoutError:
                reason = "Ce texte n'est pas composé en vingt secondes\u00a0: ôtez-en les boucles."
                raise DocumentRefused(
                    written.name, [written.fault(body_of(name, language), reason)]
                ) from None
            except typst.TypstError as error:
                fault = _fault(alone, written, name, language, error)
                if fault not in faults:
                    faults.append(fault)
    if faults:
        raise DocumentRefused(written.name, sorted(faults, key=lambda fault: fault.line))


def specimen(book: LetterTemplates) -> bytes:
    """Each letter in each language, with all that it may hold, as one PDF."""
    sheets = [
        next(samples(f"{name}.{language.value}", language, for_plan=book.messages[name].for_plan))
        | {"subject": text.subject}
        for name, language, text in book.texts()
    ]
    return pdf_of(book, book.title, sheets, moment_on(SAMPLE_DAY, 12))


def _fault(
    book: LetterTemplates, written: Written, name: str, language: Language, error: typst.TypstError
) -> Fault:
    """Where in the document, by the line of the source that Typst names."""
    found = WHERE.search(error.diagnostic)
    line = int(found.group(1)) if found else 0
    layout = HEAD.count("\n") + 2
    body = layout + book.layout.count("\n") + 3
    place: list[str | int] = ["layout"] if layout <= line < body - 2 else body_of(name, language)
    begins = layout if place == ["layout"] else body
    length = (book.layout if place == ["layout"] else _body(book, name, language)).count("\n") + 1
    within = min(max(line - begins, 0), length - 1)
    return Fault(
        line_in(written, place, within), ".".join(map(str, place)), in_french(error.message)
    )


def _body(book: LetterTemplates, name: str, language: Language) -> str:
    return book.messages[name].texts[language].body


def samples(text: str, language: Language, *, for_plan: bool) -> Iterator[dict[str, Any]]:
    """Letters to try a text with: one that holds all it may, one that holds the least."""
    plan = {
        "starting_cents": 123_456,
        "instalment_cents": 10_000,
        "instalments": 12,
        "frequency": "monthly",
        "first_due_on": "2024-04-05",
        "lump_sum_cents": 20_000,
        "lump_sum_on": "2024-04-01",
    }
    said = {
        "text": text,
        "language": language.value,
        "company": "Société d'essai",
        "commune": "Charleroi",
        "day": SAMPLE_DAY.isoformat(),
        "reference": "B2015-0001",
        "dwelling": "S01-001",
        "payment_reference": "090933755493",
        "iban": "BE71096123456769",
        "subject": "Essai",
        "owed_cents": 123_456,
        "owed_since": "2024-01-11",
        "fee_cents": 750,
        "pay_cents": plan["lump_sum_cents"] if for_plan else 124_206,
        "plan": plan if for_plan else None,
    }
    names, address = ["Odette Lambert", "Ahmed Saïdi"], "Rue Haute 3, boîte 2, 6000 Charleroi"
    yield sheet_of(said, names, address, is_draft=True)
    least: dict[str, Any] = {"owed_since": None, "fee_cents": 0, "pay_cents": 0}
    lump = {"lump_sum_cents": 0, "lump_sum_on": None}
    least |= {"plan": plan | lump if for_plan else None}
    yield sheet_of(said | least, names[:1], address)
