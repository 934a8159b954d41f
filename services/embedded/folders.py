"""The folders of a home, and the short one for a unix socket."""

import hashlib
import os
import pwd
import stat
import tempfile
from pathlib import Path

from services.embedded.refusals import EmbeddedError, unwritable

# Linux takes 107 bytes for the path of a unix socket, macOS 103.
_SOCKET_PATH_BYTES_MAX = 103


def prepare_home(home: Path) -> None:
    """Create the home and what every server needs in it; what stands there keeps its mode.

    Shape: 0700. Created by root it is 0710 for the group of the account that is lent to
    PostgreSQL, so that this account alone may pass through.
    Refuses: EmbeddedError.
    """
    if "," in str(home):
        # PostgreSQL and Kafka both read a list of folders where they are told this one.
        raise EmbeddedError(
            f"The path of {home} has a comma: set REFERENT_HOME to a folder without one."
        )
    try:
        if not home.exists():
            home.mkdir(mode=0o700, parents=True)
            _let_lent_account_pass(home)
        for name in ("locks", "logs", "secrets"):
            (home / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise unwritable(Path(error.filename or home), error) from None


def _let_lent_account_pass(home: Path) -> None:
    if os.geteuid() != 0:
        return
    try:
        group = pwd.getpwnam("nobody").pw_gid
    except KeyError:
        return
    os.chown(home, 0, group)
    home.chmod(0o710)


def socket_folder(home: Path, socket: str) -> Path:
    """Where the socket goes: below the home, or in a short private folder if that is too long."""
    below_home = home / "run"
    if _fits(below_home / socket):
        return below_home
    short = f"referent-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
    for root in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - private, checked below
        if _fits(root / short / socket):
            return root / short
    raise EmbeddedError(
        f"The path of {home} is too long for a unix socket: set REFERENT_HOME to a shorter one."
    )


def private_folder(folder: Path, owner: int) -> None:
    """Create a folder that only its owner may enter, or check that it is one.

    Refuses: EmbeddedError when somebody else's folder or a link stands in its place.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
            raise EmbeddedError(
                f"{folder} belongs to somebody else: remove it, "
                "or set REFERENT_HOME to another folder."
            )
        if found.st_uid != owner:
            os.chown(folder, owner, -1, follow_symlinks=False)
        folder.chmod(0o700)
    except OSError as error:
        raise unwritable(folder, error) from None


def _fits(socket: Path) -> bool:
    return len(os.fsencode(socket)) <= _SOCKET_PATH_BYTES_MAX
