"""Finding, starting and ending server processes."""

import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from services.embedded.accounts import Account
from services.embedded.refusals import disk_full, tells_of_full_disk, unwritable
from services.embedded.waiting import wait_until

_LOG_BYTES_MAX = 8 * 1024 * 1024
SAYS = "referent: "


def find(program: str, argument: str) -> psutil.Process | None:
    """The running process of that program that was given exactly that argument.

    The command line is asked, not a file with a number in it: a number outlives its process
    and is given to another one.
    """
    for process in psutil.process_iter():
        try:
            command = process.cmdline()
        except psutil.Error:
            continue
        if command and Path(command[0]).name == program and argument in command[1:]:
            return process
    return None


def working_in(folder: Path, program: str) -> Iterator[psutil.Process]:
    """The processes of that program whose working folder it is."""
    for process in psutil.process_iter():
        try:
            if process.name() == program and process.cwd() == str(folder):
                yield process
        except psutil.Error:
            continue


def end(process: psutil.Process, *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn, giving the process its seconds to obey, and at last SIGKILL."""
    for number, patience_s in (*steps, (signal.SIGKILL, 10.0)):
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            return
        if wait_until(lambda: _has_ended(process), patience_s):
            return


def _has_ended(process: psutil.Process) -> bool:
    # A process that nobody has asked after keeps its number for a while, or for ever where the
    # first process of a container does not ask.
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def launch(
    command: Sequence[str], log: Path, account: Account | None = None, locale: str = "C"
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, its output going to the log.

    A session of its own: Ctrl-C at the terminal reaches the supervisor alone, which stops
    the servers in order.
    """
    try:
        turn_over(log)
        with log.open("ab") as output:
            return subprocess.Popen(
                account.command(command) if account else list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=environment(locale),
                start_new_session=True,
                **(account.identity() if account else {}),
            )
    except OSError as error:
        raise unwritable(log, error) from None


def environment(locale: str) -> dict[str, str]:
    """What a server is told of the machine: nothing of who starts it."""
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": locale, "TZ": "UTC"}


def last_words(log: Path, began: int = 0) -> str:
    """Why a process that is gone did not start; on a full disk it could not say so itself.

    Facts: it began to write at the byte `began`; what ends with it may still write behind its
    words, which begin with the command's name.
    """
    lines = log.read_bytes()[began:].decode("utf-8", "replace").strip().splitlines()
    said = [line for line in lines if line.startswith(SAYS)]
    if said:
        return said[-1].removeprefix(SAYS)
    if any(map(tells_of_full_disk, lines)) or shutil.disk_usage(log.parent).free == 0:
        return str(disk_full(log.parent))
    return lines[-1] if lines else f"No reason is given in {log}."


def turn_over(log: Path) -> None:
    """Put a log that has grown large aside; one such is kept."""
    if log.exists() and log.stat().st_size > _LOG_BYTES_MAX:
        log.replace(log.with_suffix(".log.1"))
