"""The letters that are shipped, as their document and as the templates in it."""

from pathlib import Path

import pytest

from services.arrears.letters.template_shelf import SHIPPED

DOCUMENT = (SHIPPED / "wallonie.yaml").read_text("utf-8")


@pytest.fixture
def document() -> str:
    return DOCUMENT


@pytest.fixture
def written_to(tmp_path: Path):
    """Writes a document down and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "letters.yaml"
        path.write_text(text, "utf-8")
        return path

    return write
