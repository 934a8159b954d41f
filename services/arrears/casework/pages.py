"""The page of a household in arrears: what is proposed, on any past day too, and its history."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Response

from services.arrears import shown
from services.arrears.api import READERS
from services.arrears.casework import known_then, promises
from services.arrears.casework.case_rows import select_case, select_entries
from services.arrears.casework.desk import STOPS
from services.arrears.casework.explaining import explain_proposal, policies_of, sentences_of
from services.arrears.casework.sentences import PLAN_STATES, sentence
from services.arrears.casework.work_list import titles_of
from services.arrears.letters import late_letters, letter_rows
from services.arrears.letters.letter_sentences import named
from services.chassis.asked import Asked, Asking
from services.chassis.forms import Day
from services.chassis.routes import Routes

ROUTES = Routes()
CASE = "/{company}/accounts/{lease_id}/case"
FACT = "/{company}/facts/{position}"
Sentences = Mapping[tuple[str, str, str], str]


def fact_link(asked: Asking, fact: str | None) -> dict[str, str] | None:
    """The way to a fact, for whoever may open it."""
    return asked.fact_link(fact) if fact and asked.may(FACT) else None


@ROUTES.page(CASE, roles=READERS)
def case(asked: Asked, lease_id: UUID, on: Day | None = None) -> Response:
    day = min(on or asked.today, asked.today)
    policies = policies_of(asked.service)
    titles, sentences = titles_of(policies), sentences_of(policies)
    with asked.service.datastore.reading() as rows:
        known = select_case(rows, asked.today, lease_id)
        entries = select_entries(rows, lease_id)
        letters = letter_rows.select_of_lease(rows, lease_id)
        until = asked.service.bank_data().complete_until
        promised = promises.last_promises(rows, [lease_id], until, asked.today).get(lease_id)
    if day != asked.today:
        entries = known_then.entries_known(asked.service, entries, day)
        letters = known_then.letters_known(asked.service, letters, day)
    return asked.render(
        "case.html",
        rent_account=shown.account(asked.service, lease_id),
        seen=explain_proposal(asked.service, lease_id, day, asked.today),
        day=day,
        case=known,
        promise=promised,
        promise_states=promises.STATES,
        letters=named(letters, late_letters.book_in_use(asked.service)),
        entries=[_entry(asked, entry, titles, sentences) for entry in entries],
        stops=STOPS,
        plan_states=PLAN_STATES,
        may_act=asked.may(f"{CASE}/steps/{{step}}", "POST"),
    )


def _entry(
    asked: Asking,
    row: dict[str, Any],
    titles: Mapping[str, str],
    sentences: Sentences,
) -> dict[str, Any]:
    said = row["said"]
    if row["what"] == "StepProposed":
        said = said | {"sentence": _sentence_of(said, sentences)}
    return {
        "day": row["on_day"],
        "sentence": sentence(row["what"], said, titles),
        "withdrawn": row["withdrawn"],
        "actor": row["actor"],
        "fact": fact_link(asked, row["fact"]),
        "withdrawal": _withdrawal(row["what"], said),
    }


WITHDRAWALS = {
    "StepTaken": ("steps-taken", "step_id", "Retirer cette étape"),
    "ContactNoted": ("contacts", "contact_id", "Retirer ce contact"),
    "PromiseNoted": ("promises", "promise_id", "Retirer cette promesse"),
}


def _withdrawal(what: str, said: Mapping[str, Any]) -> dict[str, str] | None:
    """Where an entry noted by mistake is taken back, if it can be."""
    if what not in WITHDRAWALS:
        return None
    place, name, words = WITHDRAWALS[what]
    return {"place": f"{place}/{said[name]}/withdrawal", "words": words}


def _sentence_of(proposed: Mapping[str, Any], sentences: Sentences) -> str:
    """The sentence of the rule that a proposal comes from; empty for a default."""
    rule = (proposed["policy"], proposed["policy_version"], proposed["rule"])
    return sentences.get(rule, "")
