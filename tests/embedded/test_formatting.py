import pytest

from services.embedded.formatting import IDENTITIES, Formatting
from services.embedded.kafka import EmbeddedKafka

AS_FORMATTED = "#\n#Sat Nov 28\ncluster.id=aaaa\ndirectory.id=bbbb\nnode.id=1\nversion=1\n"


@pytest.fixture
def formatted(tmp_path):
    folder = tmp_path / "first"
    (folder / "__cluster_metadata-0").mkdir(parents=True)
    (folder / "__cluster_metadata-0" / "0.checkpoint").write_bytes(b"\x00records")
    (folder / IDENTITIES).write_text(AS_FORMATTED, "ascii")
    return folder


def told(folder):
    lines = (folder / IDENTITIES).read_text("ascii").splitlines()
    return dict(line.split("=") for line in lines if not line.startswith("#"))


def test_each_home_has_the_same_records_and_identities_of_its_own(tmp_path, formatted):
    (tmp_path / "jars").mkdir()
    formatting = Formatting(tmp_path / "jars", "kafka-1")
    assert not formatting.copy_to(tmp_path / "second")
    assert not (tmp_path / "second").exists()
    formatting.keep(formatted)
    homes = [tmp_path / "second", tmp_path / "third"]
    assert all(formatting.copy_to(home) for home in homes)
    for home in homes:
        records = home / "__cluster_metadata-0" / "0.checkpoint"
        assert records.read_bytes() == b"\x00records"
        assert told(home) | {"cluster.id": "", "directory.id": ""} == {
            "cluster.id": "",
            "directory.id": "",
            "node.id": "1",
            "version": "1",
        }
    own = [told(home)[name] for home in homes for name in ("cluster.id", "directory.id")]
    assert len({*own, "aaaa", "bbbb"}) == 6
    assert {len(identity) for identity in own} == {22}


def test_other_jars_are_formatted_by_themselves(tmp_path, formatted):
    Formatting(tmp_path, "kafka-1").keep(formatted)
    assert not Formatting(tmp_path, "kafka-2").copy_to(tmp_path / "second")


def test_a_copy_that_was_cut_off_is_no_formatted_folder_and_is_made_again(tmp_path, formatted):
    formatting = Formatting(tmp_path, "kafka-1")
    formatting.keep(formatted)
    cut_off = tmp_path / "second.new"
    cut_off.mkdir()
    (cut_off / "left").touch()
    assert formatting.copy_to(tmp_path / "second")
    assert not cut_off.exists()
    assert {path.name for path in (tmp_path / "second").iterdir()} == {
        "__cluster_metadata-0",
        IDENTITIES,
    }


def test_what_cannot_be_kept_leaves_nothing_behind_and_stops_nobody(tmp_path, formatted):
    Formatting(formatted / IDENTITIES, "kafka-1").keep(formatted)  # a file is no place
    assert {path.name for path in tmp_path.iterdir()} == {"first"}
    (tmp_path / "kafka-1.formatted").mkdir()
    (tmp_path / "kafka-1.formatted" / "another").touch()
    Formatting(tmp_path, "kafka-1").keep(formatted)  # somebody was quicker
    assert {path.name for path in tmp_path.iterdir()} == {"first", "kafka-1.formatted"}


def test_brokers_of_two_homes_are_two_clusters(kafka, tmp_path):
    with EmbeddedKafka(tmp_path / "other") as other:
        first, second = (told(one.data / "log") for one in (kafka, other))
        assert first["cluster.id"] != second["cluster.id"]
        assert first["directory.id"] != second["directory.id"]
