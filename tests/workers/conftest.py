"""Three companies and two workers of reporting, as real processes on a PostgreSQL of their own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from crew import Crew, at_work

from services.embedded.kafka import EmbeddedKafka


@pytest.fixture(scope="session")
def crew(tmp_path_factory: pytest.TempPathFactory, kafka: EmbeddedKafka) -> Iterator[Crew]:
    """Both at work, each company with some facts that its owner has taken."""
    with at_work(tmp_path_factory.mktemp("workers"), kafka) as crew:
        yield crew
