"""Reading a document that a person wrote, YAML or JSON, so that every refusal names its line."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.reader import ReaderError

from services.chassis.readings import read_day
from services.chassis.reasons import REASONS, reason_of, reason_of_yaml

M = TypeVar("M", bound=BaseModel)
BYTES_MAX, DEPTH_MAX = 16 * 1024 * 1024, 60
Path_ = Sequence[str | int]


@dataclass(frozen=True)
class Fault:
    """What is wrong in a document: `line` from 1, 0 where none can be told."""

    line: int
    field: str
    reason: str

    @property
    def words(self) -> str:
        """Where and why, without the places that cannot be told."""
        place = ", ".join(filter(None, (f"Ligne {self.line}" if self.line else "", self.field)))
        return f"{place}\u00a0: {self.reason}" if place else self.reason


STRICT = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
"""How the shape of a document is read: what it does not know is refused."""
Day = Annotated[date, BeforeValidator(read_day)]


class DocumentRefused(Exception):
    """A document cannot be used; `faults` say where and how to mend it, in its order."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        super().__init__(f"{name}: {len(faults)} to mend")
        self.name = name
        self.faults = sorted(faults, key=lambda fault: fault.line)

    @property
    def errors(self) -> list[dict[str, str]]:
        """The same as those of a problem."""
        told = self.faults
        return [{"field": f"ligne {f.line}" if f.line else "", "reason": f.words} for f in told]


class _WithoutAliases(Composer):
    """A few lines of aliases of aliases are a document without end."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        is_alias = self.parser.check_event(AliasEvent)
        self.depth += 1
        if is_alias or self.depth > DEPTH_MAX:
            mark = self.parser.peek_event().start_mark
            raise ComposerError(problem="alias" if is_alias else "too deep", problem_mark=mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _AsWritten(RoundTripConstructor):
    """Days stay text: one that does not exist is then refused with its line, like anything else."""


_AsWritten.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\u00a0" else "?" for c in text[:500])


class Written:
    """A document's tree with the line of each part."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        # JSON may be indented by tabs, which YAML does not allow; no line moves by it.
        text = text.replace("\t", " ") if text.lstrip().startswith("{") else text
        try:
            yaml = YAML(typ="rt", pure=True)
            yaml.Composer, yaml.Constructor = _WithoutAliases, _AsWritten
            self.tree: Any = yaml.load(text)
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            reason = reason_of_yaml(str(error.problem))
            raise DocumentRefused(name, [Fault(line, "", reason)]) from None
        except ReaderError as error:
            line = text[: error.position].count("\n") + 1
            reason = "Un caractère invisible est ici\u00a0: enlevez-le, ou retapez le texte."
            raise DocumentRefused(name, [Fault(line, "", reason)]) from None
        except Exception:  # noqa: BLE001 - a tag on what it does not fit fails in any way
            reason = "Le document contient une valeur illisible\u00a0: un nombre sans fin\u00a0?"
            raise DocumentRefused(name, [Fault(0, "", reason)]) from None

    def line(self, path: Path_) -> int:
        """The line of a part, or of the nearest part around it that is there."""
        node, line = self.tree, 1
        for step in self._standing(path):
            mark = (node.lc.data or {}).get(step)  # what « <<: {…} » brings stands nowhere
            node, line = node[step], mark[0] + 1 if mark else line
        return line

    def fault(self, path: Path_, reason: str) -> Fault:
        standing = self._standing(path)
        if path and isinstance(path[-1], str) and path[-1] not in standing[-1:]:
            standing.append(path[-1])
        return Fault(self.line(path), _printable(".".join(map(str, standing))), _printable(reason))

    def _standing(self, path: Path_) -> list[str | int]:
        """The steps of a path that stand in the document, without those that pydantic adds."""
        node, standing = self.tree, []
        for number, step in enumerate(path, 1):
            if not isinstance(node, CommentedMap | CommentedSeq):
                break
            if number < len(path) and isinstance(node, CommentedMap) and node.get("what") == step:
                continue  # the name of a kind, which may be that of a part too
            with suppress(KeyError, IndexError, TypeError):
                node = node[step]
                standing.append(step)
        return standing

    def read(self, model: type[M]) -> M:
        """Errors: DocumentRefused, with a fault for each thing to mend."""
        if not isinstance(self.tree, CommentedMap):
            raise DocumentRefused(self.name, [Fault(1, "", REASONS["dict_type"])])
        try:
            return model.model_validate(self.tree)
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
            faults = [self._fault_of(p) for p in problems if not _follows(p, problems)]
            raise DocumentRefused(self.name, faults) from None

    def _fault_of(self, problem: Any) -> Fault:
        is_missing, place = problem["type"] == "missing", problem["loc"]
        return self.fault(place if is_missing else self._standing(place), reason_of(problem))


def _follows(problem: Any, problems: list[Any]) -> bool:
    """A list that is said to be short only because something in it was refused."""
    place = problem["loc"]
    within = (p for p in problems if p["loc"][: len(place)] == place and p is not problem)
    return problem["type"] == "too_short" and any(within)


def read_file(path: Path) -> Written:
    """Errors: DocumentRefused."""
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)
    except OSError as error:
        reason = f"Le fichier ne peut pas être lu ({error.strerror})\u00a0: vérifiez son nom."
        raise DocumentRefused(str(path), [Fault(0, "", reason)]) from None
    if len(content) > BYTES_MAX:
        reason = f"Le fichier dépasse {BYTES_MAX // 2**20} Mo."
        raise DocumentRefused(path.name, [Fault(0, "", reason)])
    try:
        return Written(path.name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        reason = "Un caractère n'est pas en UTF-8\u00a0: enregistrez le fichier en UTF-8."
        raise DocumentRefused(path.name, [Fault(line, "", reason)]) from None
