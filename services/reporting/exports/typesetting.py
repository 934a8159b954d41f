"""A report as PDF/UA-1, by Typst: the same content gives the same bytes.

Nothing of the machine goes in: the fonts are those inside the wheel, the moment is given, no file
is read and no package fetched. A comment may hold what no font has, a pictograph: the PDF shows a
white square in its place, and a report is never refused for it.
"""

import json
import re
import tempfile
import threading
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).parent
FRAME = HERE.joinpath("frame.typ").read_text("utf-8")
RETURN, CONTRACT = (
    FRAME + HERE.joinpath(name).read_text("utf-8") for name in ("return.typ", "contract.typ")
)
NO_FONT_HAS = re.compile(r'the text `"(.*)"` could not be displayed', re.DOTALL)
SQUARE = "\N{WHITE SQUARE}"
BETWEEN_WORDS = frozenset(map(chr, range(0x2000, 0x2600)))
"""Punctuation, currencies, arrows, squares."""


class _Typesetter:
    """One compiler for the process, at work for one document at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._nowhere = tempfile.TemporaryDirectory(prefix="referent-reports-")
        place = self._nowhere.name
        self._compiler = typst.Compiler(
            root=place,
            font_paths=typst.Fonts(include_system_fonts=False),
            ignore_system_fonts=True,
            package_path=place,
            package_cache_path=place,
        )

    def set(self, layout: str, told: dict[str, Any], **how: Any) -> Any:
        report = json.dumps(told, ensure_ascii=False)
        with self._lock:
            while True:
                try:
                    return self._compiler.compile(
                        layout.encode(), sys_inputs={"report": report}, **how
                    )
                except typst.TypstError as error:
                    found = NO_FONT_HAS.search(error.message)
                    shown = _without_the_like(report, found[1] if found else "")
                    if shown == report:
                        raise
                    report = shown


def _without_the_like(report: str, text: str) -> str:
    """Typst names one text at a time: all of its script goes. Where it names a square, beside which
    something is lacking, all goes that may be: what is neither Latin nor stands between words.
    """
    named = set(map(_script, text)) - {None}
    scripts = ((c, _script(c)) for c in report)
    return "".join(
        SQUARE if script and (script in named or not named) else c for c, script in scripts
    )


def _script(character: str) -> int | None:
    """None of what is Latin or stands between words; pictographs and ideograms are one."""
    code = ord(character)
    if code < 0x370 or character in BETWEEN_WORDS:
        return None
    return min(code, 0x2600) >> 7


@cache
def _typesetter() -> _Typesetter:
    return _Typesetter()


def pdf_of(layout: str, told: dict[str, Any], moment: datetime) -> bytes:
    """The report, dated at a moment; `layout` is `RETURN` or `CONTRACT`."""
    content: bytes = _typesetter().set(
        layout, told, format="pdf", pdf_standards=["ua-1"], timestamp=moment.replace(microsecond=0)
    )
    return content


def pictures_of(layout: str, told: dict[str, Any]) -> list[bytes]:
    """Its pages as PNG, to be looked at."""
    made = _typesetter().set(layout, told, format="png", ppi=90)
    return [made] if isinstance(made, bytes) else made
