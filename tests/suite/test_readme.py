"""What README.md tells people to type works as it stands, and what it counts is right."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import duckdb
import pytest

from services.arrears.other_charge_file import COLUMNS as OTHER_CHARGE_COLUMNS
from services.arrears.payment_file import COLUMNS as PAYMENT_COLUMNS
from services.arrears.rent_roll import COLUMNS as RENT_ROLL_COLUMNS
from services.chassis.settings import FRONT_PORT, SERVICES
from services.demonstration.steps import FileKind, ImportFile
from services.embedded.commands import KINDS
from services.intake.imports import DWELLING_COLUMNS, LEASE_COLUMNS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
TEXT = README.read_text("utf-8")
READMES = [README, *sorted(ROOT.glob("services/*/README.md"))]
FILE = re.compile(
    r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|toml|md|css)|(?:services|contracts|tests)/[\w/]*)[:`]"
)


def block(heading, language):
    """The lines of the first code block of a language below a heading."""
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


def lines_of(heading):
    lines = [shlex.split(line, comments=True) for line in block(heading, "sh").splitlines()]
    assert lines
    assert all(line[0] == ".venv/bin/referent" for line in lines)
    return lines


def typed(suite, line, folder):
    """A line as it is typed, in a folder where the files are that it names."""
    program = Path(sys.executable).with_name("referent")
    return subprocess.run(
        [str(program), *line[1:]],
        cwd=folder,
        env=suite.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_walk_from_a_command_to_the_figure_can_be_walked(suite, tmp_path):
    walk = lines_of("From a command to the figure")

    for line in walk:
        said = typed(suite, line, tmp_path)
        assert said.returncode == 0, (line, said.stderr)
        assert said.stdout.strip(), line

    assert walk[0][1] == "up"
    assert walk[-1][1] == "down"
    assert not suite.is_up


def test_the_morning_of_an_arrears_officer_is_told_in_the_words_of_the_pages():
    told = (ROOT / "services/arrears/README.md").read_text("utf-8")
    morning = " ".join(told.split("## A morning")[1].split("\n## ")[0].split())
    places = [ROOT / "services/arrears/templates", ROOT / "services/arrears/pages.py"]
    files = [file for place in places for file in ([place] if place.is_file() else place.iterdir())]
    pages = " ".join(file.read_text("utf-8") for file in files)
    pages = pages.replace("&nbsp;", " ").replace("\\u00a0", " ")

    labels = re.findall(r"« (.+?) »", morning)

    assert len(labels) > 10
    assert [label for label in labels if label not in pages] == []


def test_a_company_of_ones_own_is_made_as_it_says(suite, story, tmp_path):
    companies = suite.home / "companies.toml"
    registered = block("A company of one's own", "toml")
    (slug,) = tomllib.loads(registered)["companies"]
    if f"[companies.{slug}]" not in companies.read_text("utf-8"):
        with companies.open("a", encoding="utf-8") as file:
            file.write("\n" + registered)
    (tmp_path / "dwellings.csv").write_text("reference;bedrooms\nREADME-1;2\n", "utf-8")
    bank_file = next(
        step.content
        for page in story.days
        for step in page.steps
        if isinstance(step, ImportFile) and step.kind is FileKind.CODA
    )
    (tmp_path / "2026-01-05.cod").write_bytes(bank_file)

    for line in lines_of("A company of one's own"):
        said = typed(suite, line, tmp_path)
        assert said.returncode == 0, (line, said.stdout, said.stderr)


def test_an_archive_is_made_and_read_as_it_says(suite, tmp_path):
    archive, rebuild = lines_of("The archive")

    first, again = typed(suite, archive, tmp_path), typed(suite, archive, tmp_path)
    rebuilt = typed(suite, rebuild, tmp_path)

    assert (first.returncode, again.returncode, rebuilt.returncode) == (0, 0, 0), (first, rebuilt)
    assert "facts added" in first.stdout
    assert again.stdout.startswith("Nothing new")
    assert "identical to the views before" in rebuilt.stdout
    with duckdb.connect() as alone:
        alone.execute(f"SET file_search_path = '{tmp_path}'")
        for question in filter(str.strip, block("The archive", "sql").split(";")):
            alone.execute(question)


def columns_told(kind):
    row = re.search(rf"^\| `{kind}` \| (.*) \|$", TEXT, re.MULTILINE)
    assert row is not None
    required, _, optional = row[1].partition("; optional ")
    return set(re.findall(r"`(\w+)`", required)), set(re.findall(r"`(\w+)`", optional))


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("dwellings", DWELLING_COLUMNS),
        ("leases", LEASE_COLUMNS),
        ("rent-roll", RENT_ROLL_COLUMNS),
        ("payments", PAYMENT_COLUMNS),
        ("other-charges", OTHER_CHARGE_COLUMNS),
    ],
)
def test_the_columns_of_every_table_are_those_that_are_read(kind, columns):
    required = {column.name for column in columns if column.required}
    assert columns_told(kind) == (required, {column.name for column in columns} - required)


def test_every_kind_of_file_is_told():
    section = TEXT.split("## A company of one's own\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE) == list(KINDS)


def test_the_ports_are_those_it_says():
    told = " ".join(TEXT.split())
    assert f"The front page is `http://127.0.0.1:{FRONT_PORT}/`" in told
    assert len(SERVICES) == 4
    assert "the four services have the next four ports, more workers of reporting those" in told
    assert "that follow (`REFERENT_PORT` moves all of them)" in told


def test_a_home_is_backed_up_as_it_says_and_comes_back(suite, tmp_path):
    before = suite.json("report", "--company", "demonstration", "--year", "2025")
    script = block("For the operator", "sh").replace("/a/safe/place", str(tmp_path / "copy"))
    script = script.replace(".venv/bin/referent", str(Path(sys.executable).with_name("referent")))

    subprocess.run(["bash", "-e", "-c", script], env=suite.environment, check=True, timeout=180)
    suite.run("down")
    suite.home.rename(tmp_path / "lost")
    (tmp_path / "copy").rename(suite.home)
    suite.up()

    after = suite.json("report", "--company", "demonstration", "--year", "2025")
    assert after["figures"] == before["figures"]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_exists(readme, played):
    named = FILE.findall(readme.read_text("utf-8"))

    below = {path.name for path in ROOT.glob("services/**/*") if path.is_file()}
    missing = [
        name
        for name in named
        if not any((place / name).exists() for place in (readme.parent, ROOT, played.home))
        and not ("/" not in name and name in below)
    ]
    assert not missing


def test_make_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None

    said = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    targets = {line.split()[0]: line for line in said.stdout.splitlines()}
    assert set(targets) == set(phony[1].split())
    assert all(len(line.split()) > 1 for line in targets.values())
    for target in re.findall(r"`make (\w+)`", TEXT):
        assert target in targets


def test_a_policy_is_run_over_a_companys_history_as_it_says(suite, tmp_path):
    section = TEXT.split("## What a policy would propose\n")[1].split("\n## ")[0]
    (line,) = [part for part in section.splitlines() if "simulate --company" in part]
    rows = tmp_path / "rows.csv"

    said = typed(suite, [*shlex.split(line), "--csv", str(rows)], ROOT)

    assert said.returncode == 0, said.stderr
    assert "done as proposed" in said.stdout
    head, *written = rows.read_text("utf-8-sig").splitlines()
    assert head == "account;on;would_propose;rule;was_done;done_on"
    assert any(";first-reminder;" in row for row in written)


def test_a_policy_run_over_history_asks_for_what_it_needs(suite, tmp_path):
    policy = str(ROOT / "services" / "arrears" / "policies" / "wallonie.yaml")
    line = ["referent", "simulate", "--company", "demonstration", "--policy", policy]

    said = typed(suite, line, tmp_path)

    assert (said.returncode, said.stdout) == (2, "")
    assert "--from and --to" in said.stderr
