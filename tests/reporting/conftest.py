"""The test modules of this folder share `made_up.py`, `taking.py`, `told.py` and `archived.py`."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

import services.reporting

sys.path.insert(0, str(Path(__file__).parent))
from archived import archive_days
from histories import history
from taking import Taker
from told import Told


@pytest.fixture
def taker(tmp_path: Path) -> Iterator[Callable[[], Taker]]:
    made: list[Taker] = []

    def make() -> Taker:
        made.append(Taker(tmp_path / f"store-{len(made)}.duckdb"))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


@pytest.fixture
def company(taker: Callable[[], Taker]) -> Told:
    return Told(taker())


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], Told]]:
    """The history of a seed, in a store of its own."""
    folder = tmp_path_factory.mktemp("histories")
    companies: list[Told] = []

    def take(seed: int) -> Told:
        companies.append(history(seed).tell(Told(Taker(folder / f"{seed}.duckdb"))).take())
        return companies[-1]

    yield take
    for company in companies:
        company.taker.store.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three days, to be left as it is."""
    folder = tmp_path_factory.mktemp("archive") / "alpha"
    archive_days(folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """The same, for a test to spoil."""
    return Path(shutil.copytree(made, tmp_path / "archive" / "alpha"))


@pytest.fixture(scope="session")
def drawing() -> Callable[..., str]:
    """What draws the years of a figure on a page."""
    (folder,) = services.reporting.__path__
    found = Environment(loader=FileSystemLoader(Path(folder, "templates")), autoescape=True)
    drawing: Callable[..., str] = found.get_template("_trend.html").module.drawing  # type: ignore[attr-defined]
    return drawing
