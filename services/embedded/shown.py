"""What a command shows, and where."""

import json
from collections.abc import Callable
from typing import Any, TextIO


class Shown:
    """Where answers go: text for people or JSON on standard output, the rest on standard error."""

    def __init__(self, as_json: bool, out: TextIO, err: TextIO) -> None:
        self.as_json = as_json
        self.out = out
        self.err = err

    def answer(self, document: Any, text: Callable[[Any], str]) -> None:
        if self.as_json:
            json.dump(document, self.out, ensure_ascii=False)
            self.out.write("\n")
        else:
            self.out.write(text(document).rstrip() + "\n")
        self.out.flush()

    def say(self, sentence: str) -> None:
        self.err.write(sentence + "\n")
        self.err.flush()

    def problem(self, problem: dict[str, Any]) -> None:
        if self.as_json:
            json.dump(problem, self.out, ensure_ascii=False)
            self.out.write("\n")
        self.say(f"referent: {problem.get('detail') or problem.get('title')}")
        for error in problem.get("errors") or []:
            line = f"line {error['line']}" if error.get("line") else ""
            place = ", ".join(filter(None, (line, error.get("field"))))
            self.say(f"  {place}: {error.get('reason')}" if place else f"  {error.get('reason')}")
