"""A report as PDF/UA-1, by Typst: the same content gives the same bytes.

Nothing of the machine goes in: the fonts are those inside the wheel, the moment is given, no file
is read and no package fetched.
"""

import json
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
        inputs = {"report": json.dumps(told, ensure_ascii=False)}
        with self._lock:
            return self._compiler.compile(layout.encode(), sys_inputs=inputs, **how)


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
