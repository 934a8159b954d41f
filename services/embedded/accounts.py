"""Which user PostgreSQL runs as: it refuses root, so root lends it another one."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from services.embedded.refusals import EmbeddedError

_USER = "nobody"
# access(2) forgets capabilities of a user other than root unless this securebit is set,
# and PostgreSQL asks access(2) about its own program file.
_READ_ANYWHERE = (
    "--securebits=+no_setuid_fixup",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
)


class Identity(TypedDict, total=False):
    """The arguments of subprocess that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A user that is not root, and what is put before a command to become it.

    With an empty prefix the user is changed by subprocess itself.
    """

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def command(self, command: Sequence[str]) -> list[str]:
        """The command as this account runs it."""
        return [*self.prefix, *command]

    def identity(self) -> Identity:
        """What subprocess needs to know besides."""
        if self.prefix:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, *paths: Path) -> None:
        """Give it files and folders."""
        for path in paths:
            os.chown(path, self.uid, self.gid)


def server_account(program: Path, home: Path, data: Path) -> Account | None:
    """Who runs the server: None for the user that asks, an account when root asks.

    Data that a plain user made stays that user's; else it is the user nobody.
    No folder above the program or the home is opened to others. Where they are closed, the
    server gets one capability, to pass through folders and read (never to write).
    Refuses: EmbeddedError when the kernel or a missing setpriv makes that impossible.
    """
    if os.geteuid() != 0:
        return None
    plain = _owner_of(data) or _lent_account()
    if _reaches(plain, program, home):
        return plain
    setpriv = shutil.which("setpriv")
    if setpriv is not None:
        become = (setpriv, f"--reuid={plain.uid}", f"--regid={plain.gid}", "--clear-groups")
        capable = Account(plain.uid, plain.gid, (*become, *_READ_ANYWHERE))
        if _reaches(capable, program, home):
            return capable
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and user {plain.uid} cannot reach {program} and {home}: "
        "run as a plain user, or move both below folders that every user may pass through."
    )


def _owner_of(data: Path) -> Account | None:
    if not data.exists() or data.stat().st_uid == 0:
        return None
    return Account(data.stat().st_uid, data.stat().st_gid)


def _lent_account() -> Account:
    try:
        entry = pwd.getpwnam(_USER)
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and there is no user {_USER} here to run it: "
            "create that user, or run as a plain user."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def _reaches(account: Account, program: Path, home: Path) -> bool:
    question = 'test -x "$1" && "$2" --version'
    answer = subprocess.run(
        account.command(["/bin/sh", "-c", question, "sh", str(home), str(program)]),
        cwd="/",
        check=False,
        capture_output=True,
        **account.identity(),
    )
    return answer.returncode == 0
