"""An auditor replays a year between two days, and is told what either day did not know yet."""

from dataclasses import replace
from datetime import date

from services.chassis.accounts import Role
from services.reporting.indicators.register import editions


def test_a_replay_says_that_a_day_is_missing_and_that_a_year_has_not_begun(shown, visitor):
    auditor = visitor(Role.AUDITOR, shown.slug)
    auditor.go("reporting", "replay/2024?first=2024-03-15")
    assert "Il manque un des deux jours" in auditor.told()
    auditor.press("Rejouer")
    assert "Il manque un des deux jours" not in auditor.told()

    refused = auditor.go("reporting", "replay/2027")
    assert "l'année 2027 n'avait pas commencé" in auditor.told()
    assert refused is None or refused.status == 422
    assert auditor.page.get_by_role("button", name="Rejouer").count() == 0


def test_a_replay_says_of_each_day_what_its_figures_lacked(shown, visitor):
    auditor = visitor(Role.AUDITOR, shown.slug)
    auditor.go("reporting", "replay/2024?first=2024-03-15&second=2024-04-12")

    told = [line.replace("\u00a0", " ") for line in auditor.told().splitlines()]
    first = next(line for line in told if line.startswith("15 mars 2024, fin du jour :"))
    other = next(line for line in told if line.startswith("12 avril 2024, fin du jour :"))
    assert "Incomplet" in first
    assert "Incomplet" in other
    for line in (first, other):
        assert "Le journal commence le" in line
    assert "incomplet" in auditor.row("I19").inner_text()


def test_a_replay_over_two_versions_of_a_definition_can_be_told_by_either(
    shown, visitor, monkeypatch
):
    (first,) = editions()["I03"]
    second = replace(first, version=2, valid_from=date(2024, 4, 1))
    monkeypatch.setitem(editions(), "I03", (first, second))  # as a file more would
    auditor = visitor(Role.AUDITOR, shown.slug)

    auditor.go("reporting", "replay/2024?first=2024-03-15&second=2024-04-12")
    assert "compté par une autre version" in auditor.row("I03").inner_text()
    auditor.follow("Rejouer par la définition 1")

    assert "definition=I03%401" in auditor.page.url
    assert "compté par une autre version" not in auditor.told()
    download = auditor.page.get_by_role("link", name="Télécharger les faits en CSV")
    assert "definition=I03%401" in download.get_attribute("href")
    auditor.press("Rejouer")
    assert "definition=I03%401" in auditor.page.url
