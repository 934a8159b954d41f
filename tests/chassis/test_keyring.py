"""What a process does when the database of the keys cannot be reached."""

from uuid import uuid4

import pytest

from services.chassis.companies import Company
from services.chassis.keyring import PREFIX, UNAVAILABLE, Keyring


@pytest.fixture
def away(tmp_path):
    keyring = Keyring(f"postgresql://nobody@/none?host={tmp_path}", tmp_path, "intake")
    (tmp_path / "company-keys").mkdir()
    (tmp_path / "company-keys" / "a1.key").write_text("A" * 43 + "=", "ascii")
    yield keyring
    keyring.close()


def test_a_page_waits_once_for_keys_that_are_away_and_not_for_each_name(away):
    company = Company(slug="a1", names={"fr": "A"})
    sealed = [f"{PREFIX}{uuid4()}:x" for _ in range(3)]

    first = away.show_all(company, sealed[:1], "name")
    asked = away.pool.get_stats()["requests_num"]
    others = [away.show_all(company, [value], "name") for value in sealed[1:]]

    assert [first, *others] == [[UNAVAILABLE]] * 3
    assert away.pool.get_stats()["requests_num"] == asked
