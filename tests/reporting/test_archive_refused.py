"""An archive that is not whole, or not of this company, is refused with the file and the place."""

from dataclasses import replace

import pytest
from archived import FIRST, LOGS, SECOND, THIRD, read_archive, with_manifest
from made_up import chained, charge

from contracts.envelope import hash_of
from services.reporting.archive.fact_columns import as_columns
from services.reporting.archive.manifest import sha256
from services.reporting.archive.reading import (
    ArchiveNotFound,
    ArchiveNotWhole,
    ArchiveOfAnotherCompany,
)

PARQUET, NDJSON = ".parquet", ".ndjson.zst"
BESIDE = "reporting/000000000001-000000000002"
"""Of reporting's own log, which no figure is made of."""


def altered(name):
    def spoil(folder):
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)

    return spoil


def truncated(name):
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-7])


def missing(name):
    return lambda folder: (folder / name).unlink()


def swapped(one, other):
    def spoil(folder):
        (folder / one).rename(folder / "between")
        (folder / other).rename(folder / one)
        (folder / "between").rename(folder / other)

    return spoil


def said(text):
    return lambda folder: (folder / "manifest.json").write_bytes(text)


def manifest(change):
    return lambda folder: with_manifest(folder, change)


def entry(document, name):
    return next(file for file in document["files"] if file["path"] == name)


def forged(name, contents, last=None):
    """A file that says other things, and a manifest that was made to agree with it."""

    def spoil(folder):
        content = as_columns("arrears", contents)
        (folder / name).write_bytes(content)
        told = {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
        if last is not None:
            told["hash"] = hash_of(last).hex()
        with_manifest(folder, lambda document: entry(document, name).update(told))

    return spoil


def dearer(position):
    """The log's facts with one amount raised, the others as they were recorded."""
    content = LOGS["arrears"][position - 1]
    raised = content.replace(b'"charges_cents":5000', b'"charges_cents":9000')
    assert raised != content
    return [*LOGS["arrears"][: position - 1], raised, *LOGS["arrears"][position:]]


def told_anew():
    """The same facts, one amount raised and every hash after it reckoned again."""
    facts = [charge(n) for n in range(900)]
    facts[700] = replace(facts[700], data=facts[700].data | {"rent_cents": 1})
    return chained(facts)


NOT_WHOLE = [
    (altered(FIRST + PARQUET), f"{FIRST}.parquet, position 1 : ses octets"),
    (altered(SECOND + NDJSON), f"{SECOND}.ndjson.zst, position 601 : ses octets"),
    (altered(BESIDE + PARQUET), f"{BESIDE}.parquet, position 1 : ses octets"),
    (altered(BESIDE + NDJSON), f"{BESIDE}.ndjson.zst, position 1 : ses octets"),
    (truncated(SECOND + PARQUET), f"{SECOND}.parquet, position 601 : ses octets"),
    (truncated(FIRST + NDJSON), f"{FIRST}.ndjson.zst, position 1 : ses octets"),
    (missing(SECOND + PARQUET), f"{SECOND}.parquet, position 601 : ce fichier"),
    (missing(THIRD + NDJSON), f"{THIRD}.ndjson.zst, position 881 : ce fichier"),
    (swapped(FIRST + PARQUET, SECOND + PARQUET), f"{FIRST}.parquet, position 1 : ses octets"),
    (swapped(FIRST + NDJSON, FIRST + PARQUET), f"{FIRST}.ndjson.zst, position 1 : ses octets"),
    (said(b""), "manifest.json n'est pas"),
    (said(b"{"), "manifest.json n'est pas"),
    (said(b"[]"), "manifest.json n'est pas"),
    (said(b"\xff\xfe"), "manifest.json n'est pas"),
    (manifest(lambda d: d.update(version=2)), "entière (version)"),
    (manifest(lambda d: d["files"].pop()), "entière (reporting, ndjson.zst, position 1)"),
    (manifest(lambda d: d["files"].pop(4)), f"entière ({THIRD}.parquet)"),
    (manifest(lambda d: d["services"].pop("intake")), "entière (intake/0"),
    (manifest(lambda d: d["services"].update(moon=d["services"]["intake"])), "entière (« moon »)"),
    (manifest(lambda d: d["services"]["arrears"].update(last=899)), "entière (arrears, parquet"),
    (
        manifest(lambda d: entry(d, FIRST + PARQUET).update(path="../../etc/1.parquet")),
        "entière (../../etc/1.parquet)",
    ),
    (
        manifest(lambda d: entry(d, FIRST + PARQUET).update(path="/etc/1.parquet")),
        "entière (/etc/1.parquet)",
    ),
    (manifest(lambda d: entry(d, FIRST + PARQUET).update(count=599)), f"entière ({FIRST}.parquet)"),
    (manifest(lambda d: entry(d, FIRST + PARQUET).update(sha256="x")), "files."),
    (manifest(lambda d: entry(d, FIRST + PARQUET).update(first="1")), "first"),
    (forged(SECOND + PARQUET, dearer(701)[600:880]), f"{SECOND}.parquet, position 702 : le fait"),
    (forged(SECOND + PARQUET, dearer(880)[600:880]), f"{SECOND}.parquet, position 880 : il ne"),
    (forged(SECOND + PARQUET, LOGS["arrears"][600:879]), f"{SECOND}.parquet, position 880 : il ne"),
    (forged(SECOND + PARQUET, LOGS["arrears"][601:880]), f"{SECOND}.parquet, position 880 : il ne"),
    (forged(SECOND + PARQUET, told_anew()[600:880]), f"{SECOND}.parquet, position 880 : il ne"),
    (
        forged(SECOND + PARQUET, told_anew()[600:880], last=told_anew()[879]),
        f"entière ({THIRD}.parquet)",
    ),
    (
        forged(FIRST + PARQUET, chained([charge(n) for n in range(600)], company="beta")),
        f"{FIRST}.parquet, position 600 : il ne",
    ),
]


@pytest.mark.parametrize(("spoil", "words"), NOT_WHOLE)
def test_what_is_missing_altered_or_cut_is_named_with_its_place(spoil, words, folder, taker):
    spoil(folder)

    with pytest.raises(ArchiveNotWhole) as refused:
        read_archive(taker(), folder)

    assert words in refused.value.detail
    assert refused.value.detail.endswith("les vues en service restent.")


def test_an_archive_of_another_company_is_refused_by_its_name(folder, taker):
    with_manifest(folder, lambda document: document.update(company="beta"))

    with pytest.raises(ArchiveOfAnotherCompany, match="« beta », non de « alpha »"):
        read_archive(taker(), folder)


@pytest.mark.parametrize("place", ["nowhere", "file", "x" * 300])
def test_a_folder_without_a_manifest_is_not_found(place, tmp_path, taker):
    (tmp_path / "file").write_text("a file", "utf-8")

    with pytest.raises(ArchiveNotFound):
        read_archive(taker(), tmp_path / place)
