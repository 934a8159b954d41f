"""A new PostgreSQL data folder, made whole or not at all."""

import re
import shutil
import subprocess
from pathlib import Path

from services.embedded.accounts import Account
from services.embedded.folders import private_folder
from services.embedded.processes import environment
from services.embedded.refusals import EmbeddedError, disk_full, tells_of_full_disk, unwritable

MAJOR = "18"


def initialise(
    programs: Path, data: Path, superuser: str, password: str, account: Account | None
) -> None:
    """Make the data folder: UTF-8, the builtin C.UTF-8 order, SCRAM for every connection.

    It is made beside its place and moved there when it is complete, so that a start that is
    killed half-way leaves nothing that looks like data.
    Refuses: EmbeddedError when initdb fails.
    """
    draft = data.with_name("postgres.new")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        private_folder(draft, account.uid if account else draft.parent.stat().st_uid)
        given = draft / "password"
        given.touch(mode=0o600)
        given.write_text(password, "ascii")
        if account:
            account.own(draft, given)
        _initdb(programs, draft / "data", superuser, given, account)
        (draft / "data").rename(data)
        shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise unwritable(data, error) from None


def _initdb(
    programs: Path, data: Path, superuser: str, password_file: Path, account: Account | None
) -> None:
    command = [
        str(programs / "initdb"),
        f"--pgdata={data}",
        f"--username={superuser}",
        f"--pwfile={password_file}",
        "--set=scram_iterations=1",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    done = subprocess.run(
        account.command(command) if account else command,
        cwd="/",
        env=environment("C"),
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        **(account.identity() if account else {}),
    )
    if done.returncode == 0:
        return
    if tells_of_full_disk(done.stderr):
        raise disk_full(data.parent.parent)
    said = re.search(r"(?:error|FATAL|PANIC|initdb): +(.+)", done.stderr)
    reason = said[1] if said else "no reason given"
    raise EmbeddedError(
        f"PostgreSQL cannot make its data folder {data.parent.parent} ({reason}): "
        "mend that, or set REFERENT_HOME to another folder."
    )
