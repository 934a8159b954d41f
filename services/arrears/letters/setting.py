"""Typst at work: a compiler in a thread of its own, and no document for ever."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from functools import cache
from typing import Any

import typst

from services.chassis.refusal import Busy

SET_S = 20.0
"""A letter is set in a thousandth of it, a batch in a tenth; loops within loops never are."""
NOT_SET = (typst.TypstError, TimeoutError)
AT_WORK = "Un autre document est en cours de composition. Réessayez dans un instant."
Sheet = Mapping[str, Any]


class _Typesetter:
    """One compiler for the process, at work in a thread of its own for one document at a time:
    Typst lets go of the interpreter, so that whoever asks may go on meanwhile.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="typesetter")
        self._nowhere = tempfile.TemporaryDirectory(prefix="referent-letters-")
        place = self._nowhere.name
        self._compiler = typst.Compiler(
            root=place,
            font_paths=typst.Fonts(include_system_fonts=False),
            ignore_system_fonts=True,
            package_path=place,
            package_cache_path=place,
        )

    def leave(self) -> None:
        """At work on what has no end: it is left to it, and nothing that waits for it is begun."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._nowhere.cleanup()

    def begin(self, source: str, title: str, sheets: Sequence[Sheet], **how: Any) -> Future[Any]:
        inputs = {"title": title, "letters": json.dumps(list(sheets), ensure_ascii=False)}
        return self._thread.submit(
            lambda: self._compiler.compile(source.encode(), sys_inputs=inputs, **how)
        )


@cache
def _typesetter() -> _Typesetter:
    return _Typesetter()


@cache
def _trial() -> _Typesetter:
    """Of texts that nobody adopted yet: one without an end keeps no letter waiting."""
    return _Typesetter()


_without_end: set[str] = set()
"""Sources that were given up: none of them is begun a second time."""


class Setting:
    """A document on its way, while whoever asked for it goes on."""

    def __init__(
        self,
        source: str,
        title: str,
        sheets: Sequence[Sheet],
        *,
        on_trial: bool = False,
        **how: Any,
    ) -> None:
        self._source, self._whose = source, _trial if on_trial else _typesetter
        self._by = self._whose()
        self._made: Future[Any] | None = None
        if source not in _without_end:
            self._made = self._by.begin(source, title, sheets, **how)

    def wait(self) -> Any:
        """Errors: `NOT_SET`, of which TimeoutError is a text without an end.

        Refuses: Busy (503) when it waited for such a one: nothing is known of it.
        """
        if self._made is None:
            raise TimeoutError
        try:
            return self._made.result(SET_S)
        except (TimeoutError, CancelledError):
            if self._made.running():
                _without_end.add(self._source)
                self._whose.cache_clear()
                self._by.leave()
            if self._source in _without_end:
                raise TimeoutError from None
            raise Busy(AT_WORK) from None
