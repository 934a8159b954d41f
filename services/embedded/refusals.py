"""What people read when an embedded server cannot be started, stopped or fed."""

import errno
from collections.abc import Iterable
from pathlib import Path

# PostgreSQL says the first of files it writes, the second of files it lengthens.
_DISK_FULL = ("No space left on device", "could not extend file")
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


class EmbeddedError(Exception):
    """One sentence for people: what could not be done, where, and how to mend it."""


class WrongUse(EmbeddedError):
    """What was asked for names something that is not there: the command is to be typed anew."""


def no_company(slug: str, home: Path, known: Iterable[str]) -> WrongUse:
    """Names those that are there: whoever may read the home may read companies.toml."""
    there = ", ".join(sorted(known))
    how = (
        f"known are {there}; one that is new in companies.toml needs « referent provision » first."
        if there
        else "none is there yet. Add it to companies.toml, or play one with « referent demo »."
    )
    return WrongUse(f"No company « {slug} » is known in {home}: {how}")


def unwritable(path: Path, error: OSError) -> EmbeddedError:
    """Say why a file or folder could not be written, in a sentence with the way out."""
    if error.errno == errno.ENOSPC:
        return disk_full(path)
    if error.errno in _DENIED:
        return EmbeddedError(
            f"No permission to write {path}: give this user the right to, "
            "or set REFERENT_HOME to a folder of its own."
        )
    return EmbeddedError(
        f"{path} cannot be written ({error.strerror or error}): "
        "mend it, or set REFERENT_HOME to another folder."
    )


def tells_of_full_disk(said: str) -> bool:
    """Whether the output of a server blames the disk's size."""
    return any(words in said for words in _DISK_FULL)


def disk_full(path: Path) -> EmbeddedError:
    """Say that the disk below a path is full."""
    return EmbeddedError(
        f"The disk that holds {path} is full: free some space, "
        "or set REFERENT_HOME to a folder on another disk."
    )
