"""Reading a document that a person wrote, YAML or JSON, so that every refusal names its line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

M = TypeVar("M", bound=BaseModel)
BYTES_MAX = 16 * 1024 * 1024
Path_ = Sequence[str | int]


@dataclass(frozen=True)
class Fault:
    """What is wrong in a document: `line` from 1, 0 where none can be told."""

    line: int
    field: str
    reason: str


class DocumentRefused(Exception):
    """A document cannot be used; `faults` say where and how to mend it."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        super().__init__(f"{name}: {len(faults)} to mend")
        self.name = name
        self.faults = faults


class _AsWritten(RoundTripConstructor):
    """Days stay text: one that does not exist is then refused with its line, like anything else."""


_AsWritten.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


class Written:
    """A document's tree with the line of each part."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        # JSON may be indented by tabs, which YAML does not allow; no line moves by it.
        text = text.replace("\t", " ") if text.lstrip().startswith("{") else text
        try:
            yaml = YAML(typ="rt", pure=True)
            yaml.Constructor = _AsWritten
            self.tree: Any = yaml.load(text)
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            reason = str(error.problem or "cannot be read")
            raise DocumentRefused(name, [Fault(line, "", reason)]) from None
        except (YAMLError, ValueError, RecursionError) as error:
            reason = f"cannot be read ({type(error).__name__})"
            raise DocumentRefused(name, [Fault(0, "", reason)]) from None

    def line(self, path: Path_) -> int:
        """The line of a part, or of the nearest part around it that is there."""
        node, line = self.tree, 1
        for step in path:
            try:
                if isinstance(node, CommentedMap) and step in node:
                    line = node.lc.key(step)[0] + 1
                elif isinstance(node, CommentedSeq) and isinstance(step, int):
                    line = node.lc.item(step)[0] + 1
                else:
                    continue  # a step that pydantic adds, such as the name of a kind
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        return line

    def fault(self, path: Path_, reason: str) -> Fault:
        return Fault(self.line(path), ".".join(map(str, self._written(path))), reason)

    def _written(self, path: Path_) -> list[str | int]:
        """The steps of a path that stand in the document, and the last one, which may not."""
        node, kept = self.tree, []
        for step in path:
            if isinstance(node, CommentedMap | CommentedSeq):
                try:
                    node = node[step]
                    kept.append(step)
                    continue
                except (KeyError, IndexError, TypeError):
                    pass
            if step == path[-1] and isinstance(step, str):
                kept.append(step)
        return kept

    def read(self, model: type[M]) -> M:
        """Errors: DocumentRefused, with a fault for each thing to mend."""
        if not isinstance(self.tree, CommentedMap):
            raise DocumentRefused(self.name, [Fault(1, "", "the document is not a mapping")])
        try:
            return model.model_validate(self.tree)
        except ValidationError as error:
            faults = [
                self.fault(problem["loc"], problem["msg"].removeprefix("Value error, "))
                for problem in error.errors(include_url=False, include_input=False)
            ]
            raise DocumentRefused(self.name, faults) from None


def read_file(path: Path) -> Written:
    """Errors: DocumentRefused; OSError."""
    content = path.read_bytes()
    if len(content) > BYTES_MAX:
        raise DocumentRefused(path.name, [Fault(0, "", f"over {BYTES_MAX // 2**20} MB")])
    try:
        return Written(path.name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DocumentRefused(path.name, [Fault(line, "", "is not UTF-8 text")]) from None
