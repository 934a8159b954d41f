"""Who may know whom, who may ask the environment, and what the chassis may not have heard of."""

import ast
import re
import tomllib

import pytest
from sources import PACKAGES, ROOT, kebab, modules, name_of, tree_of

from contracts.catalogue import CONTRACTS, publisher_of
from services.chassis.settings import SERVICES
from services.embedded.composition import PARTS
from services.embedded.kinds import KINDS

LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
RULES = {rule["name"]: rule for rule in LINTER["contracts"]}
ALL = {f"services.{path.name}" for path in PACKAGES}
OURS = {f"services.{name}" for name in SERVICES}

ASKS_THE_ENVIRONMENT = {
    "services/chassis/settings.py": "the one reader",
    "services/chassis/failpoint.py": "armed at import, before there are settings; tests alone",
    "services/embedded/commands.py": "hands its own environment on to the supervisor",
    "services/embedded/suite.py": "hands its own on to the services; how many workers there are",
    "services/embedded/forking.py": "puts it in the place of the one that they were forked with",
}
HOUSING = {
    "allocation",
    "arrears",
    "bail",
    "charge",
    "charges",
    "coda",
    "debt",
    "dwelling",
    "dwellings",
    "eviction",
    "followup",
    "household",
    "households",
    "intake",
    "landlord",
    "lease",
    "leases",
    "leaseholder",
    "locataire",
    "logement",
    "loyer",
    "menage",
    "owed",
    "payer",
    "payment",
    "payments",
    "rent",
    "rental",
    "tenancy",
    "tenant",
    "tenants",
    "visit",
    "visits",
}
NAMES_SERVICES = {
    "services/chassis/settings.py": "which services there are, and which of them publish",
    "services/chassis/operating.py": "waits for each publisher by its name",
    "services/chassis/accounts.py": "the roles, two of which are named after their service",
}


def test_the_linter_knows_every_package():
    roots = set(LINTER["root_packages"])

    assert roots == ALL | {"contracts"}, (
        "import-linter passes over a package that is not on its list without a word: name every "
        "package of services/ in root_packages of pyproject.toml"
    )


def test_no_service_may_know_another():
    rule = RULES["Services know each other by their facts alone"]

    assert rule["type"] == "independence"
    assert set(rule["modules"]) == OURS, "name the new service in the independence rule"


def test_the_chassis_may_know_nobody_and_contracts_even_less():
    chassis = RULES["The chassis carries every service and knows none"]
    contracts = RULES["Contracts stand alone"]

    assert set(chassis["forbidden_modules"]) == ALL - {"services.chassis"}
    assert set(contracts["forbidden_modules"]) == ALL


def test_no_service_may_know_where_its_servers_come_from():
    rule = RULES["A service runs on servers that it is told of"]

    assert set(rule["source_modules"]) == OURS
    assert set(rule["forbidden_modules"]) == ALL - OURS - {"services.chassis"}


def test_only_settings_ask_the_environment():
    asking = {
        name_of(path)
        for path in modules()
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"})
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and {alias.name for alias in node.names} & {"environ", "environb", "getenv"}
        )
    }

    assert asking == set(ASKS_THE_ENVIRONMENT), (
        "a setting has one reader: add a function or a field to services/chassis/settings.py and "
        "pass the value on; who hands a whole environment to a process stands in this test"
    )


def test_every_variable_that_is_asked_stands_in_the_readme_of_the_chassis():
    asked = {
        node.value
        for name in ASKS_THE_ENVIRONMENT
        for node in ast.walk(tree_of(ROOT / name))
        if isinstance(node, ast.Constant)
        and re.fullmatch(r"[A-Z]+(_[A-Z]+)*", str(node.value))
        and node.value not in {"REFERENT_F", "GET", "POST"}
    }
    readme = (ROOT / "services" / "chassis" / "README.md").read_text("utf-8")
    rows = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| `")]

    told = set(re.findall(r"`([A-Z_]+)`", " ".join(rows)))
    assert told == asked, "mend the table of environment variables"


def words_of(path):
    """The words of every identifier of a module, with a line where each stands."""
    found = {}
    for node in ast.walk(tree_of(path)):
        for field in ("name", "id", "attr", "arg", "asname", "module"):
            text = getattr(node, field, None)
            if isinstance(text, str):
                for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text):
                    found.setdefault(word.lower(), getattr(node, "lineno", 0))
    return found


@pytest.mark.parametrize(
    "path", [p for p in modules() if name_of(p).startswith("services/chassis/")], ids=name_of
)
def test_the_chassis_has_never_heard_of_housing(path):
    allowed = set(SERVICES) if name_of(path) in NAMES_SERVICES else set()
    heard = {w: line for w, line in words_of(path).items() if w in HOUSING - allowed}

    assert not heard, (
        f"{name_of(path)} says {heard}: the chassis would serve a library or a school. Move this "
        "to the service that means it, and pass it in."
    )


@pytest.mark.parametrize("part", PARTS[:-1], ids=lambda part: part.service)
def test_a_service_hears_the_publishers_that_its_reactions_name(part):
    reactions = KINDS[part.service].reactions

    assert {publisher_of(fact_type) for fact_type in reactions} == set(part.consumes)
    assert set(reactions) <= set(CONTRACTS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_reaction_is_named_after_its_fact(kind):
    for fact_type, reaction in kind.reactions.items():
        name = f"on_{kebab(CONTRACTS[fact_type].__name__).replace('-', '_')}"

        assert reaction.__name__ == name, f"call it {name}"
        assert reaction.__doc__, f"{name} says what a correction and a withdrawal do"
