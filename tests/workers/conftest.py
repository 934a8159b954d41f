"""Three companies and two workers of reporting, as real processes on servers of their own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from crew import Crew, at_work


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Both at work, each company with some facts that its owner has taken."""
    with at_work(tmp_path_factory.mktemp("workers")) as crew:
        yield crew
