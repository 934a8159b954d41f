"""A company's facts, archived at work and read again: figures are those of the topics, or stay."""

from datetime import date
from threading import Event
from types import SimpleNamespace

import pytest

from services.chassis.facts import read_facts
from services.embedded.archiving import archive_in
from services.reporting.archive.reading import Archive, ArchiveNotWhole
from services.reporting.rebuilding import (
    FromArchive,
    FromKafka,
    FromLog,
    RebuildWouldGoBack,
    Source,
    rebuild,
)
from services.reporting.shape import HEARD


def archived(company, folder):
    with archive_in(folder, company.slug) as archiving:
        for name in HEARD:
            datastore = company.hosts[name].service(company.slug).datastore
            archiving.add(name, read_facts(datastore, archiving.wants_from(name)))
        return archiving.manifest


def rebuilt(company, folder, rest):
    source = FromArchive(Archive(folder, company.slug), rest)
    return rebuild(company.reporting, source, by_log=False)


def test_figures_from_an_archive_are_those_of_the_topics_and_never_go_back(let, home, tmp_path):
    company = let
    company.settle()
    topics = FromKafka(home.kafka_bootstrap_servers, company.reporting)
    manifest = archived(company, tmp_path)
    live = company.reporting.store.digest()
    alone = rebuilt(company, tmp_path, Source())
    from_kafka = rebuild(company.reporting, topics, by_log=False)

    assert all(manifest.log(name).last > 0 for name in HEARD)
    assert alone["digest"] == live == from_kafka["digest"]
    assert alone["identical_to_previous"]
    assert alone["facts"] == alone["facts_before"] == manifest.facts

    company.intake.register_dwelling(company.me, "D3", date(2020, 1, 1))
    company.settle()
    reached, serving = company.reporting.store.positions(), company.reporting.store
    elsewhere = company.reporting.company.model_copy(update={"slug": "never-made"})
    no_topics = FromKafka(
        topics.bootstrap_servers, SimpleNamespace(company=elsewhere, given_up=Event())
    )
    with pytest.raises(RebuildWouldGoBack, match="intake : on arrive à la position"):
        rebuilt(company, tmp_path, no_topics)
    restored = {name: company.facts(name)[: manifest.log(name).last] for name in HEARD}
    with pytest.raises(RebuildWouldGoBack, match="referent mend"):
        rebuild(
            company.reporting, FromLog(lambda name, first: restored[name][first - 1 :]), by_log=True
        )
    for kept in (tmp_path / "intake").glob("*.parquet"):
        kept.rename(tmp_path / "kept")
        with pytest.raises(ArchiveNotWhole):
            rebuilt(company, tmp_path, topics)
        (tmp_path / "kept").rename(kept)
    assert company.reporting.store is serving
    assert len(list(company.reporting.folder.glob(f"{company.slug}-*.duckdb"))) == 2

    caught_up = rebuilt(company, tmp_path, topics)
    assert company.reporting.store.positions() == reached
    assert caught_up["identical_to_previous"]
    archived(company, tmp_path)
    assert rebuilt(company, tmp_path, Source())["digest"] == caught_up["digest"]
    company.intake.register_dwelling(company.me, "D4", date(2020, 1, 1))
    company.settle()
    assert company.reporting.store.positions()["intake"] == reached["intake"] + 1
