"""The elements of a camt.053 file as they are read, one small tree at a time, each with its line.

The parser is the one of the standard library: it counts lines exactly in files of any length, and
is told to refuse a DOCTYPE, without which there are no entities to expand and nothing to fetch.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from services.arrears.bank_file_refused import MEND, BankFileRefused, LineError, refuse_too_large

VERSIONS: Final = ("camt.053.001.02", "camt.053.001.08")
SPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"
INCLUSIONS: Final = "http://www.w3.org/2001/XInclude"
CHUNK_BYTES: Final = 64 * 1024
# Of one small tree; the largest real ones, transactions with their addresses, have a hundred.
ELEMENTS_MAX: Final = 2_000
CHARACTERS_MAX: Final = 50_000
# Of a file; real ones have some two hundred names, twenty levels, and tags of a few bytes.
NAMES_MAX: Final = 5_000
DEPTH_MAX: Final = 200
TAG_BYTES_MAX: Final = 1024 * 1024
CUT_OFF: Final = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}
SOMETHING: Final = re.compile(rb"[^\xef\xbb\xbf\x1a\s]")
_BLANKED: Final = dict.fromkeys((*range(32), *range(0x7F, 0xA0)), " ")

# What transactions are full of and nothing is taken from.
UNREAD: Final = {
    *("PstlAdr", "CtctDtls", "CtryOfRes", "RltdAgts", "RltdDts", "RltdRmtInf", "Purp", "Tax"),
    *("Avlbty", "Intrst", "CardTx", "SplmtryData", "RfrdDocInf", "RfrdDocAmt"),
}
# What is opened, and what of it is given whole; the rest is passed over.
CONTAINERS: Final = {
    "Document": ("BkToCstmrStmt",),
    "BkToCstmrStmt": ("Stmt",),
    "Stmt": (
        *("Id", "ElctrncSeqNb", "LglSeqNb", "StmtPgntn", "CpyDplctInd", "Acct", "Bal"),
        *("TxsSummry", "Ntry"),
    ),
    "Ntry": (
        *("Amt", "CdtDbtInd", "RvslInd", "Sts", "BookgDt", "ValDt", "AcctSvcrRef", "BkTxCd"),
        *("Chrgs", "AddtlNtryInf", "NtryDtls"),
    ),
    "NtryDtls": ("Btch", "TxDtls"),
}


@dataclass(slots=True)
class Element:
    """One element: its path from the statement, the line where it begins, its text stripped."""

    name: str
    path: str
    line: int
    currency: str = ""
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def find(self, path: str) -> "Element | None":
        """The first element under this path, `A/B`."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.name == name:
                found = child.find(rest) if rest else child
                if found is not None:
                    return found
        return None

    def find_all(self, name: str) -> list["Element"]:
        return [child for child in self.children if child.name == name]

    def told(self, *paths: str) -> str:
        """The text under the first of these paths that has some."""
        for path in paths:
            found = self.find(path)
            if found is not None and found.text:
                return found.text
        return ""


@dataclass(slots=True)
class Opened:
    """A container begins: a statement, an entry, the details of an entry."""

    name: str
    line: int


@dataclass(slots=True)
class Closed:
    """A container ends."""

    name: str
    line: int


Step = Opened | Closed | Element


def read_steps(content: bytes, limit_bytes: int) -> Iterator[Step]:
    """Read a file from its start, with the memory of one small tree.

    Refuses: BankFileRefused for what is too large, no XML, another document, cut off, or refers to
             what is outside of it.
    """
    _refuse_other_kinds(content, limit_bytes)
    reading = _Reading()
    for start in range(0, len(content), CHUNK_BYTES):
        end = start + CHUNK_BYTES
        yield from reading.steps_of(content[start:end], last=end >= len(content))


class _Reading:
    """What the parser calls while it reads; the steps that come out of a piece of the file."""

    def __init__(self) -> None:
        self._interned: dict[str, str] = {}
        parser = self._parser = expat.ParserCreate(None, " ", self._interned)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        self._namespace = ""
        self._names: dict[str, str] = {}
        self._open: list[str] = []
        self._tree: list[Element] = []
        self._passed_over = self._elements = self._characters_read = self._bytes = 0
        self._steps: list[Step] = []

    def steps_of(self, piece: bytes, *, last: bool) -> list[Step]:
        self._steps = []
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise _refused(error.lineno, "fichier", _broken(error.code)) from None
        except (LookupError, ValueError):
            reason = f"son encodage n'est pas connu : un fichier camt.053 est en UTF-8. {MEND}"
            raise _refused(self._parser.CurrentLineNumber, "fichier", reason) from None
        self._bytes += len(piece)
        unread = self._bytes - self._parser.CurrentByteIndex
        if unread > TAG_BYTES_MAX or len(self._interned) > NAMES_MAX:
            self._refuse_shape()
        return self._steps

    def _refuse_shape(self) -> None:
        reason = f"il n'a pas la forme d'un extrait : balises ou noms démesurés. {MEND}"
        raise _refused(self._parser.CurrentLineNumber, "fichier", reason)

    def _start(self, full_name: str, attributes: dict[str, str]) -> None:
        if self._passed_over:
            self._passed_over += 1
            if self._passed_over > DEPTH_MAX:
                self._refuse_shape()
            return
        name = self._names.get(full_name)
        if name is None:
            name = self._names[full_name] = self._name(full_name)
        if not name:
            self._passed_over = 1
            return
        line = self._parser.CurrentLineNumber
        if self._tree:
            self._grow(name, line, attributes)
        elif not self._open:
            self._open.append(name)
        elif name not in CONTAINERS[self._open[-1]]:
            if self._open == ["Document"]:
                raise _refused(line, "fichier", _other_document(name))
            self._passed_over = 1
        elif name in CONTAINERS:
            self._open.append(name)
            self._steps.append(Opened(name, line))
        else:
            self._elements = self._characters_read = 0
            path = "/".join((*self._open[2:], name))
            self._tree = [Element(name, path, line, attributes.get("Ccy", ""))]

    def _name(self, full_name: str) -> str:
        """The name of an element that is read; "" for others, also of another namespace."""
        space, _, name = full_name.rpartition(" ")
        line = self._parser.CurrentLineNumber
        if not self._namespace:
            version = space.removeprefix(SPACE)
            if name != "Document" or version not in VERSIONS or version == space:
                raise _refused(line, "fichier", _other_document(version or name))
            self._namespace = space
        if space == INCLUSIONS:
            reason = f"il veut inclure un autre fichier, ce qu'un extrait ne fait pas. {MEND}"
            raise _refused(line, "fichier", reason)
        return name if space == self._namespace and name not in UNREAD else ""

    def _grow(self, name: str, line: int, attributes: dict[str, str]) -> None:
        parent = self._tree[-1]
        self._elements += 1
        if self._elements > ELEMENTS_MAX:
            raise _refused(line, parent.path, f"il a plus de {ELEMENTS_MAX} éléments. {MEND}")
        child = Element(name, f"{parent.path}/{name}", line, attributes.get("Ccy", ""))
        parent.children.append(child)
        self._tree.append(child)

    def _end(self, full_name: str) -> None:
        if self._passed_over:
            self._passed_over -= 1
        elif self._tree:
            element = self._tree.pop()
            if element.text:
                element.text = element.text.translate(_BLANKED).strip()
            if not self._tree:
                self._steps.append(element)
        else:
            self._steps.append(Closed(self._open.pop(), self._parser.CurrentLineNumber))

    def _characters(self, text: str) -> None:
        if self._tree and not self._passed_over:
            element = self._tree[-1]
            # Between elements there is nothing but blanks.
            if not element.text and text.isspace():
                return
            self._characters_read += len(text)
            if self._characters_read > CHARACTERS_MAX:
                reason = f"il a plus de {CHARACTERS_MAX} caractères. {MEND}"
                raise _refused(element.line, element.path, reason)
            element.text += text

    def _doctype(self, *_: object) -> None:
        reason = (
            "il contient une déclaration DOCTYPE. Un extrait n'en a pas : ni les entités, ni les "
            f"références à d'autres fichiers ne sont lues. {MEND}"
        )
        raise _refused(self._parser.CurrentLineNumber, "fichier", reason)


def _refuse_other_kinds(content: bytes, limit_bytes: int) -> None:
    refuse_too_large(content, limit_bytes)
    if SOMETHING.search(content) is None:
        raise _refused(1, "fichier", f"il est vide. {MEND}")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    start = content[:CHUNK_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return
    first_line = start.split(b"\n", 1)[0].rstrip(b"\r")
    if len(first_line) == 128 and first_line[:5].isdigit():
        reason = "c'est un fichier CODA, pas un fichier camt.053 : importez-le comme extrait CODA."
    else:
        reason = "ce n'est pas un fichier XML, comme l'est un camt.053. Vérifiez le fichier choisi."
    raise _refused(1, "fichier", reason)


def _refused(line: int, field_name: str, reason: str) -> BankFileRefused:
    return BankFileRefused([LineError(line, field_name, reason)])


def _other_document(what: str) -> str:
    shown = what if len(what) <= 80 else what[:80] + "…"
    return f"il contient « {shown} », seuls {VERSIONS[0]} et {VERSIONS[1]} sont lus."


def _broken(code: int) -> str:
    if code in CUT_OFF:
        return f"il est incomplet : il s'arrête avant sa fin. {MEND}"
    return f"ce n'est pas du XML bien formé, ou son encodage n'est pas celui qu'il annonce. {MEND}"
