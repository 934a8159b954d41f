"""What policy proposed for a lease is explained on the command line as it was on that day."""

import orjson

OF_COMPANY = ("--company", "demonstration")


def test_a_proposal_of_a_past_day_is_explained_by_the_rules_and_the_knowledge_of_that_day(
    suite, log
):
    signed = map(orjson.loads, log["intake"])
    numbers = {
        fact["data"]["lease_id"]: fact["data"]["reference"]
        for fact in signed
        if fact["type"] == "intake.lease-signed"
    }
    of_lease = [
        fact for fact in map(orjson.loads, log["arrears"]) if "lease_id" in fact.get("data", {})
    ]
    last_of_day = {(fact["data"]["lease_id"], fact["time"][:10]): fact for fact in of_lease}
    proposed = next(
        fact
        for fact in last_of_day.values()
        if fact["type"] == "arrears.step-proposed" and fact["data"]["step"]
    )
    number, day = numbers[proposed["data"]["lease_id"]], proposed["data"]["proposed_on"]

    answer = suite.json("explain", number, "--on", day, *OF_COMPANY)
    told = suite.run("explain", number, "--on", day, *OF_COMPANY)

    said = ("rule", "policy", "policy_version", "also_matching", "balance_cents")
    assert {name: answer[name] for name in said} == {name: proposed["data"][name] for name in said}
    assert answer["proposed"] == proposed["data"]["step"]
    assert f"Proposed: {answer['proposed']}" in told.out.decode()
    assert answer["because"] in told.out.decode()


def test_a_lease_that_is_not_there_is_refused_by_its_number(suite):
    refused = suite.run("explain", "no-such-lease", "--on", "2025-01-31", *OF_COMPANY)

    assert refused.code == 2
    assert "No lease has the number « no-such-lease »" in refused.err


def test_a_day_on_which_nothing_is_explained_is_refused_in_the_words_of_commands(suite, log):
    signed = [fact for fact in map(orjson.loads, log["intake"]) if "start_on" in fact["data"]]
    number = signed[0]["data"]["reference"]

    to_come = suite.run("explain", number, "--on", "2199-01-31", *OF_COMPANY)
    before = suite.run("explain", number, "--on", "1999-01-31", *OF_COMPANY)

    assert (to_come.code, before.code) == (2, 2)
    assert "2199-01-31: that day is still to come" in to_come.err
    assert "1999-01-31: the lease had no account yet" in before.err
