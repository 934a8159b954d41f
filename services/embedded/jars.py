"""The locked jars: fetched once per user, checked by SHA-256 at every use."""

import hashlib
import shutil
import tempfile
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from services.chassis.accounts import alone
from services.embedded.refusals import EmbeddedError, unwritable

LOCK = Path(__file__).with_name("jars.lock.toml")
_DOWNLOADS_AT_ONCE = 8
_DOWNLOAD_TIMEOUT_S = 30

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LockedJar:
    """One line of the lock: a Maven coordinate and what its bytes must be."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Name in the folder of jars."""
        return f"{self.artifact}-{self.version}.jar"


def locked_jars(purpose: str) -> tuple[LockedJar, ...]:
    """The jars of a purpose (kafka, pages), in class path order."""
    lock = tomllib.loads(LOCK.read_text("utf-8"))
    return tuple(LockedJar(**entry) for entry in lock[purpose])


def jars_folder(home: Path) -> Path:
    """Where jars lie: the user's cache, shared by all homes; below the home if there is none."""
    shared = platformdirs.user_cache_path("referent") / "jars"
    try:
        shared.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return home / "jars"
    return shared


def fetch_jars(purpose: str, home: Path, progress: Progress | None = None) -> tuple[Path, ...]:
    """Paths of a purpose's jars, each with the locked SHA-256; missing ones are downloaded.

    progress is told how many of how many are there, after each one.
    Refuses: EmbeddedError without network on the first use, or when bytes are not the locked ones.
    """
    folder = jars_folder(home)
    jars = locked_jars(purpose)
    try:
        if _missing(folder, jars):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Several at once would ask for every jar several times, and be turned away.
            with alone(folder):  # whoever waited may find them all
                if missing := _missing(folder, jars):
                    _download(missing, folder, len(jars), progress)
    except EmbeddedError:
        raise
    except OSError as error:
        raise unwritable(folder, error) from None
    return tuple(folder / jar.file_name for jar in jars)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _missing(folder: Path, jars: tuple[LockedJar, ...]) -> list[LockedJar]:
    return [jar for jar in jars if not _is_locked(folder / jar.file_name, jar)]


def _is_locked(path: Path, jar: LockedJar) -> bool:
    return path.is_file() and sha256_of(path) == jar.sha256


def _download(
    missing: list[LockedJar], folder: Path, wanted: int, progress: Progress | None
) -> None:
    # Downloads land in a folder of their own and are moved in when they are complete and
    # right, so that a killed start leaves no half jar.
    with (
        tempfile.TemporaryDirectory(prefix="incoming-", dir=folder) as incoming,
        ThreadPoolExecutor(_DOWNLOADS_AT_ONCE) as pool,
    ):
        tasks = [pool.submit(_download_one, jar, Path(incoming)) for jar in missing]
        try:
            for done, (jar, task) in enumerate(zip(missing, tasks, strict=True), start=1):
                task.result().replace(folder / jar.file_name)
                if progress:
                    progress(wanted - len(missing) + done, wanted)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _download_one(jar: LockedJar, incoming: Path) -> Path:
    # Imported where it is used: it takes 0.2 s, and most starts download nothing.
    import requests
    from jgo.maven import MavenContext

    folder = incoming / jar.file_name
    context = MavenContext(repo_cache=folder, timeout=_DOWNLOAD_TIMEOUT_S)
    component = context.project(jar.group, jar.artifact).at_version(jar.version)
    try:
        path = component.artifact(packaging="jar").resolve()
    except (requests.RequestException, RuntimeError) as error:
        if shutil.disk_usage(incoming).free == 0:
            raise
        raise EmbeddedError(
            f"{jar.file_name} could not be downloaded ({type(error).__name__}): connect this "
            "machine to the Maven repository for the first start, or copy the folder "
            f"{incoming.parent} from a machine where the suite has started."
        ) from None
    found = sha256_of(path)
    if found != jar.sha256:
        raise EmbeddedError(
            f"{jar.file_name} was downloaded with SHA-256 {found}, and {LOCK.name} asks for "
            f"{jar.sha256}: try again; if it stays so, what the Maven repository or a proxy "
            "hands out is not the file that was tested."
        )
    return path
