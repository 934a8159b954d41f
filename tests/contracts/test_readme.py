"""The table of contracts/README.md is what publications and reactions say."""

import re

from describe import CONTRACTS_FOLDER, READERS

from contracts.catalogue import CONTRACTS, MODULES, publisher_of

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


def test_the_readme_is_read_in_one_go():
    lines = (CONTRACTS_FOLDER / "README.md").read_text("utf-8").splitlines()

    said = [line for line in lines if not ROW.match(line)]
    assert len(said) <= 60, "say it shorter, or say it in the docstring of the contract"
