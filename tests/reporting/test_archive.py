"""An archive is added to, never rewritten; the views that are made from it are those of the log."""

import re
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from archived import DAYS, LOGS, archive_day, files_of, read_archive, read_log
from made_up import chained, charge

from services.__main__ import main
from services.embedded.archiving import archive_in
from services.embedded.refusals import EmbeddedError
from services.reporting import shape
from services.reporting.archive.reading import Archive
from services.reporting.rebuilding import FromArchive, Source

ROOT = Path(__file__).parents[2]


def column(folder, service, name):
    found = duckdb.sql(f"SELECT \"{name}\" FROM '{folder}/{service}/*.parquet' ORDER BY position")
    return [value for (value,) in found.fetchall()]


def test_views_from_the_archive_are_those_from_the_log(folder, taker):
    assert read_archive(taker(), folder) == read_log(taker())


def test_a_fact_that_cannot_be_read_is_parked_from_the_archive_as_from_the_log(tmp_path, taker):
    facts = [charge(n) for n in range(700)]
    facts[600] = replace(facts[600], data=facts[600].data | {"rent_cents": "much"})
    contents = chained(facts)
    with archive_in(tmp_path / "archive", "alpha") as archiving:
        archiving.add("arrears", contents)
    live, again = taker(), taker()

    live.take(contents)
    again.feed(FromArchive(Archive(tmp_path / "archive", "alpha"), Source()))

    assert live.parked
    assert again.parked == live.parked
    assert (again.position, again.store.digest()) == (700, live.store.digest())


@pytest.mark.parametrize("service", LOGS)
def test_both_twins_hold_the_very_bytes_of_the_log(folder, service):
    lines = [pa.input_stream(path).read() for path in sorted((folder / service).glob("*.zst"))]

    assert b"".join(lines) == b"".join(content + b"\n" for content in LOGS[service])
    assert [text.encode() for text in column(folder, service, "content")] == LOGS[service]


def test_the_columns_beside_the_bytes_are_what_the_views_read(folder, taker):
    store = taker()
    read_archive(store, folder)
    names = [*shape.columns(), "position", "type", "occurred_on", "recorded_at", "actor"]
    shown = ", ".join(f'"{name}"::VARCHAR' for name in names)
    asked = f"SELECT {shown} FROM {{}} WHERE service = 'arrears' ORDER BY position"

    with store.store.rows() as cursor:
        kept = cursor.execute(asked.format("fact")).fetchall()

    assert duckdb.sql(asked.format(f"'{folder}/*/*.parquet'")).fetchall() == kept
    assert any(value is not None for value in kept[0])


def test_a_day_adds_files_and_leaves_what_is_there_as_it_is(tmp_path):
    seen: dict = {}
    for day, added in zip(DAYS, (610, 280, 45), strict=True):
        assert archive_day(tmp_path, day or None) == added
        now = {path: (tmp_path / path).stat().st_mtime_ns for path in files_of(tmp_path)}
        now.pop("manifest.json")
        assert seen.items() <= now.items()
        assert len(now) > len(seen)
        seen = now


def test_a_run_with_nothing_new_changes_nothing(folder):
    before = files_of(folder), (folder / "manifest.json").stat().st_mtime_ns

    assert archive_day(folder) == 0
    assert (files_of(folder), (folder / "manifest.json").stat().st_mtime_ns) == before


KILLED = """
import os, sys
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from archived import archive_day
from services.chassis.failpoint import arm
from services.reporting.archive import fact_columns
for place in sys.argv[4:]:
    if not os.fork():
        arm(place)
        archive_day(Path(sys.argv[3]) / place)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.wait()[1]))
"""
PLACES = (
    "archive.mid-file=kill@1",  # amid the first manifest
    "archive.mid-file=kill@2",  # amid the first file
    "archive.drafted=kill@3",  # a file is written and not moved, after a manifest of one service
    "archive.drafted=kill@4",  # of a pair, one is moved
    "archive.before-manifest=kill@2",
    "archive.manifest-drafted=kill@3",
    "archive.after-manifest=kill@2",
)


def test_a_run_that_is_killed_anywhere_is_made_good_by_the_next(tmp_path, taker):
    archive_day(tmp_path / "whole")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, ROOT, Path(__file__).parent, tmp_path, *PLACES],
        capture_output=True,
        check=True,
        text=True,
    )
    assert killed.stdout.split() == ["-9"] * len(PLACES)
    whole = files_of(tmp_path / "whole")

    for place in PLACES:
        assert files_of(tmp_path / place) != whole
        archive_day(tmp_path / place)
        assert files_of(tmp_path / place) == whole, place


def test_what_a_killed_run_left_is_removed_though_the_log_has_grown(folder):
    before = files_of(folder)
    with archive_in(folder, "alpha") as archiving:
        end = archiving.manifest.log("arrears").last
    for leftover in (f"{end + 1:012}-000000000950.parquet", "000000000001.ndjson.zst.draft"):
        (folder / "arrears" / leftover).write_bytes(b"half")

    archive_day(folder)

    assert files_of(folder) == before


def test_a_file_that_the_manifest_does_not_name_is_left_and_named(folder, taker):
    whole = read_archive(taker(), folder)
    notes = folder / "intake" / "notes.txt"
    notes.write_text("of the operator", "utf-8")
    (folder / "README.txt").write_text("beside the manifest", "utf-8")
    (folder / "payroll").mkdir()

    assert archive_day(folder) == 0
    ignored = ["README.txt", "intake/notes.txt", "payroll"]
    assert Archive(folder, "alpha").ignored == ignored
    assert read_archive(taker(), folder) == whole
    assert notes.exists()


def cut(folder):
    path = min((folder / "arrears").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-1])


def other_history(folder):
    other = chained([charge(n + 1) for n in range(900)])
    with archive_in(folder, "alpha") as archiving:
        archiving.add("arrears", other[archiving.wants_from("arrears") - 1 :])


def shorter_log(folder):
    with archive_in(folder, "alpha") as archiving:
        archiving.add("arrears", LOGS["arrears"][899 + 1 :])


def broken_chain(folder):
    later = chained([charge(n) for n in range(920)])
    later[905] = later[905].replace(b"officer", b"someone")
    with archive_in(folder, "alpha") as archiving:
        archiving.add("arrears", later[899:])


def of_another_service(folder):
    with archive_in(folder, "alpha") as archiving:
        archiving.add("followup", [LOGS["followup"][-1], LOGS["arrears"][3]])


def beside_another_run(folder):
    with archive_in(folder, "alpha"):
        archive_day(folder)


def too_large(folder):
    """As on a full disk: the system takes no more."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with archive_in(folder, "alpha") as archiving:
            archiving.add("arrears", chained([charge(n) for n in range(990)])[899:])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda folder: archive_day(folder, company="beta"), "the archive of alpha"),
        (cut, "000000000600.parquet is missing or cut"),
        (lambda folder: next(folder.glob("*/*.zst")).unlink(), "is missing or cut"),
        (lambda folder: (folder / "manifest.json").unlink(), "and no manifest.json"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "not the manifest of a whole"),
        (other_history, "fact 900 is not the log's"),
        (shorter_log, "fact 900 is not the log's"),
        (broken_chain, "position 907 does not follow"),
        (of_another_service, "followup: position 4 does not follow"),
        (beside_another_run, "Another run archives"),
        (too_large, "cannot be written (File too large)"),
    ],
)
def test_what_cannot_be_archived_is_told_in_a_sentence_and_nothing_is_half_there(
    act, words, folder, made
):
    def acted():
        act(folder)
        archive_day(folder)

    with pytest.raises(EmbeddedError) as refused:
        acted()

    assert words in str(refused.value)
    assert str(refused.value).endswith(".")
    assert files_of(folder).keys() <= files_of(made).keys()


def test_a_folder_that_cannot_be_one_is_told(tmp_path):
    (tmp_path / "file").write_text("a file", "utf-8")

    with pytest.raises(EmbeddedError, match="cannot be written"):
        archive_day(tmp_path / "file")


@pytest.mark.parametrize("source", ["", "archive", "archive:", "folder:/tmp", "logs"])
def test_a_source_that_is_none_is_wrong_use(source, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["rebuild", "--company", "alpha", "--from", source])

    assert ended.value.code == 2
    assert "none of kafka, log, archive:DIR" in capsys.readouterr().err


def test_a_folder_that_is_no_archive_is_wrong_use_before_anything_is_started(
    tmp_path, capsys, monkeypatch
):
    home = tmp_path / "home"
    home.mkdir()
    (home / "companies.toml").write_text('[companies.alpha]\nnames = { fr = "Alpha" }\n')
    monkeypatch.setenv("REFERENT_HOME", str(home))  # a command knows its home from there alone

    assert main(["rebuild", "--company", "alpha", "--from", f"archive:{tmp_path}"]) == 2
    assert (
        capsys.readouterr().err == f"referent: {tmp_path} is no archive: it has no manifest.json.\n"
    )


def test_an_archive_is_read_by_duckdb_alone_as_the_readme_says(folder):
    section = (ROOT / "README.md").read_text("utf-8").split("## The archive\n")[1]
    asked = re.findall(r"```sql\n(.*?)```", section, re.DOTALL)[0]

    with duckdb.connect() as alone:
        alone.execute(f"SET file_search_path = '{folder.parents[1]}'")
        *answers, altered = [
            alone.execute(one).fetchall() for one in asked.split(";") if one.strip()
        ]

    assert answers[0][0][:3] == ("arrears", "arrears.rent-charged", 900)
    assert all(answers)
    assert not altered
