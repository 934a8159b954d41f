"""Every refusal stands in the README of its part, with its status and its cure."""

import re

import pytest
from sources import DOMAIN, ROOT, kebab, package_of, subclasses

from services.chassis.refusal import Refusal

ROW = re.compile(r"^\| `([a-z-]+)` \| (\d{3}) \| (\S.*) \|$", re.MULTILINE)


def refusals_of(package):
    return [kind for kind in subclasses(Refusal) if package_of(kind) == package]


@pytest.mark.parametrize("package", [*DOMAIN, "embedded"])
def test_the_readme_lists_every_refusal_with_status_and_cure(package):
    readme = (ROOT / "services" / package / "README.md").read_text("utf-8")
    said = {(slug, int(status)) for slug, status, _ in ROW.findall(readme)}
    true = {(kind.slug, kind.status) for kind in refusals_of(package)}

    missing = "\n".join(f"| `{s}` | {n} | what the person does now |" for s, n in true - said)
    assert not true - said, f"add to services/{package}/README.md:\n{missing}"
    assert not said - true, f"services/{package}/README.md lists what nobody refuses any more"


def test_every_refusal_has_a_slug_and_a_title_of_its_own():
    kinds = list(subclasses(Refusal))
    slugs = [kind.slug for kind in kinds]

    assert len(kinds) > 30
    for kind in kinds:
        assert {"slug", "title"} <= vars(kind).keys(), f"{kind.__qualname__}: slug and title"
        assert 400 <= kind.status < 600
    assert len(slugs) == len(set(slugs)), "two refusals have one slug: a caller cannot tell them"


@pytest.mark.parametrize("package", [name for name in DOMAIN if name != "chassis"])
def test_a_service_names_a_refusal_and_its_slug_alike(package):
    for kind in refusals_of(package):
        assert kind.slug == kebab(kind.__name__), f"{kind.__qualname__}: {kebab(kind.__name__)}"
