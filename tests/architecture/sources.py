"""The product's modules as text and as trees, for tests about how they are written."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(p.parent for p in (ROOT / "services").glob("*/__init__.py"))
DOMAIN = ("chassis", "intake", "followup", "arrears", "reporting")
"""Packages whose every module can be imported without starting anything."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> list[Path]:
    found = [p for folder in ("services", "contracts") for p in (ROOT / folder).rglob("*.py")]
    assert len(found) > 100, "the tests look in the wrong place"
    return sorted(found)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), name_of(path))


def subclasses(kind: type) -> Iterator[type]:
    """Every class of the product that is one, directly or not."""
    import_all()
    for child in kind.__subclasses__():
        if child.__module__.startswith("services."):
            yield child
            yield from subclasses(child)


@cache
def import_all() -> None:
    for path in modules():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] == "services" and parts[-1] != "__main__":
            importlib.import_module(".".join(parts).removesuffix(".__init__"))


def package_of(kind: type) -> str:
    return kind.__module__.split(".")[1]


def kebab(name: str) -> str:
    """`PaymentMissed` → `payment-missed`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
