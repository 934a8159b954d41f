"""The tables of the READMEs are what publications and reactions say."""

import re

import pytest
from describe import CONTRACTS_FOLDER, READERS

from contracts.catalogue import CONTRACTS, MODULES, publisher_of
from services.arrears.publishing import PUBLICATIONS as ARREARS
from services.followup.publishing import PUBLICATIONS as FOLLOWUP
from services.intake.publishing import PUBLICATIONS as INTAKE
from services.reporting.publishing import PUBLICATIONS as REPORTING

ROW = re.compile(r"^\| `([a-z]+\.[a-z-]+)` \| (\d+) \| ([a-z]+) \| ([a-z, ]+) \|$", re.MULTILINE)


def test_the_readme_says_who_publishes_and_who_consumes_every_fact():
    text = (CONTRACTS_FOLDER / "README.md").read_text("utf-8")
    said = [
        (name, int(version), publisher, set(readers.split(", ")) - {"nobody yet"})
        for name, version, publisher, readers in ROW.findall(text)
    ]
    true = [
        (name, contract.VERSION, publisher_of(name), {r for r, f in READERS.items() if name in f})
        for name, contract in CONTRACTS.items()
    ]

    assert said == true, "mend the table of contracts/README.md: one line a fact, as in catalogue"


def test_every_module_of_facts_is_named_here_and_by_its_publisher():
    own = (CONTRACTS_FOLDER / "README.md").read_text("utf-8")
    assert "`{intake,followup,arrears,reporting}.py`" in own
    for module in MODULES:
        publisher = next(
            publisher_of(n) for n, c in CONTRACTS.items() if c in vars(module).values()
        )
        place = f"`{module.__name__.replace('.', '/')}.py`"
        readme = CONTRACTS_FOLDER.parent / "services" / publisher / "README.md"

        assert place in readme.read_text("utf-8"), f"services/{publisher}/README.md: {place}"
        assert module.__name__ == f"contracts.{publisher}" or place in own, f"{place} is not here"


@pytest.mark.parametrize(
    ("service", "publications"),
    [("intake", INTAKE), ("followup", FOLLOWUP), ("arrears", ARREARS), ("reporting", REPORTING)],
)
def test_every_event_that_is_published_stands_in_the_readme_of_its_service(service, publications):
    readme = (CONTRACTS_FOLDER.parent / "services" / service / "README.md").read_text("utf-8")
    named = {name.rpartition(".")[2] for name in re.findall(r"`([A-Z][\w.]+)`", readme)}

    missing = {event.__name__ for event in publications.by_event} - named - {"DayClosed"}
    assert not missing, f"say in services/{service}/README.md which act records them"


def test_the_readme_is_read_in_one_go():
    lines = (CONTRACTS_FOLDER / "README.md").read_text("utf-8").splitlines()

    said = [line for line in lines if not ROW.match(line)]
    assert len(said) <= 60, "say it shorter, or say it in the docstring of the contract"
