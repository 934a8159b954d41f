"""Documents that a company adopts: the one chosen on a page, and why one cannot be adopted."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from services.chassis.forms import Form
from services.chassis.refusal import Malformed
from services.chassis.templating import counted
from services.chassis.written import DocumentRefused

T = TypeVar("T")
DOCUMENT_MAX = 200_000


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
