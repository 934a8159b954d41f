"""What a service does when its clock passes midnight."""

from datetime import date

from services.chassis.caller import Caller


def facts(service):
    with service.datastore.reading() as rows:
        (row,) = rows.execute("SELECT position FROM head").fetchall()
    return row["position"]


def test_a_day_that_is_over_is_stated_once(hosts, new_company, at_day):
    intake = hosts("intake").service(new_company(date(2024, 3, 1)))
    intake.tick()
    before = facts(intake)
    at_day(intake.company.slug, date(2024, 3, 2))

    intake.tick()
    intake.tick()

    assert facts(intake) == before + 1


def test_a_key_answers_its_repeats_for_thirty_days(hosts, new_company, at_day):
    intake = hosts("intake").service(new_company(date(2024, 3, 1)))
    intake.tick()
    for key in ("old", "young"):
        caller = Caller("officer", key, "route", b"body")
        intake.perform(caller, lambda _, key=key: key)
    with intake.datastore.act() as connection:
        connection.execute(
            "UPDATE idempotency SET kept_since = now() - CASE key"
            " WHEN 'old' THEN interval '30 days 1 minute' ELSE interval '29 days 23 hours' END"
        )
    at_day(intake.company.slug, date(2024, 3, 2))

    intake.tick()

    with intake.datastore.reading() as rows:
        kept = rows.execute("SELECT key FROM idempotency").fetchall()
    assert [row["key"] for row in kept] == ["young"]
