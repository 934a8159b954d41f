"""Golden examples, and the schemas that they and every recorded fact must satisfy."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from describe import EXAMPLES
from validating import fact_validators


@pytest.fixture(scope="session")
def validators():
    return fact_validators()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `golden` is run once with each."""
    if "golden" in metafunc.fixturenames:
        goldens = sorted(EXAMPLES.glob("*.json"))
        metafunc.parametrize("golden", goldens, ids=lambda path: path.stem)
