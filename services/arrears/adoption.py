"""Documents that a company adopts: the one chosen on a page, and why one cannot be adopted."""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from services.chassis.forms import Form
from services.chassis.refusal import Malformed
from services.chassis.templating import counted
from services.chassis.written import DocumentRefused, Path_, Written

T = TypeVar("T")
DOCUMENT_MAX = 200_000
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What YAML refuses as it stands, and `"\\0"` would bring: no table, page or letter can hold it."""


class Source(StrEnum):
    """Where a document to adopt comes from: shipped with the product, or a file."""

    WALLONIE = "wallonie"
    FILE = "file"


def chosen_document(form: Form, shipped: Path) -> str:
    """The document that a form names, empty where the form is to be mended."""
    if form.choice("source", "un document", Source) is Source.WALLONIE:
        return (shipped / "wallonie.yaml").read_text("utf-8")
    _, content = form.upload("file", "le fichier du document")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        form.wrong("file", "Enregistrez le document en UTF-8.")
    return ""


def read_adoptable(document: str, read: Callable[[str], T], refusal: type[Malformed]) -> T:
    """A document as `read` gives it.   Refuses: `refusal`, with a fault for each thing to mend."""
    if len(document) > DOCUMENT_MAX:
        raise refusal(f"Le document dépasse {DOCUMENT_MAX // 1000} ko.")
    try:
        return read(document)
    except DocumentRefused as refused:
        points = counted(len(refused.errors), "point", "points")
        raise refusal(
            f"Le document ne peut pas être adopté\u00a0: {points} à corriger. "
            f"{refused.errors[0]['reason']}",
            refused.errors,
        ) from None


def refuse_unwritable(written: Written) -> None:
    """Errors: DocumentRefused.   Only of what is to be adopted: what was is read as it stands."""
    faults = [
        written.fault(path, "Un caractère invisible est ici\u00a0: enlevez-le.")
        for path in _unwritable(written.tree, ())
    ]
    if faults:
        raise DocumentRefused(written.name, faults)


def _unwritable(node: object, path: Path_) -> Iterator[Path_]:
    match node:
        case str() if UNWRITABLE.search(node):
            yield path
        case dict():
            for name, part in node.items():
                yield from _unwritable(part, (*path, name))
        case list():
            for number, part in enumerate(node):
                yield from _unwritable(part, (*path, number))
