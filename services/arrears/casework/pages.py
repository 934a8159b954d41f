"""The pages of households in arrears: what is to be done today, and one case with its history."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from services.arrears import shown
from services.arrears.accounts_in_arrears import select_since
from services.arrears.api import OFFICER, READERS
from services.arrears.casework import acting, promises
from services.arrears.casework.case_rows import (
    count_by_step,
    select_case,
    select_entries,
    select_work,
)
from services.arrears.casework.desk import STOPS
from services.arrears.casework.explaining import (
    explain_proposal,
    policies_of,
    sentences_of,
    steps_of,
)
from services.arrears.casework.sentences import PLAN_STATES, sentence
from services.arrears.ladder.policy import Policy
from services.arrears.letters import late_letters, letter_rows
from services.arrears.letters.letter_sentences import TROUBLES, named
from services.chassis.asked import Asked, Asking
from services.chassis.forms import Day
from services.chassis.routes import Routes

ROUTES = Routes()
CASE = "/{company}/accounts/{lease_id}/case"
FACT = "/{company}/facts/{position}"
SHOWN_MAX, TOGETHER_MAX = 200, 150
Sentences = Mapping[tuple[str, str, str], str]
StepQuery = Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9-]*$")]


def fact_link(asked: Asking, fact: str | None) -> dict[str, str] | None:
    """The way to a fact, for whoever may open it."""
    return asked.fact_link(fact) if fact and asked.may(FACT) else None


def titles_of(policies: Sequence[Policy]) -> dict[str, str]:
    """What each step of the policies adopted is called."""
    return {name: rules.title for name, rules in steps_of(policies).items()}


@ROUTES.page("/{company}/work-list", roles=READERS)
def work_list(asked: Asked, step: StepQuery = "") -> Response:
    data = asked.service.bank_data()
    with asked.service.datastore.reading() as rows:
        found = select_work(rows, asked.today, step)
        counts = count_by_step(rows)
        silence = late_letters.silence(rows, late_letters.book_in_use(asked.service), asked.today)
        shown_ids = [row["lease_id"] for row in found[:SHOWN_MAX]]
        promised = promises.last_promises(rows, shown_ids, data.complete_until, asked.today)
        since = select_since(rows, shown_ids, asked.today)
        promises_shown = promises.shown_promises(rows, data.complete_until, asked.today)
    policies = policies_of(asked.service)
    sentences = sentences_of(policies)
    return asked.render(
        "work_list.html",
        silence=silence,
        troubles=TROUBLES,
        cases=[
            row
            | {
                "sentence": _sentence_of(row, sentences),
                "promise": promised.get(row["lease_id"]),
                "since": since.get(row["lease_id"]),
            }
            for row in shown.with_names(asked.service, found[:SHOWN_MAX])
        ],
        promises=shown.with_names(asked.service, promises_shown[:SHOWN_MAX]),
        promise_states=promises.STATES,
        count=len(found),
        total=sum(row["owed_cents"] for row in found),
        counts=counts,
        step=step,
        titles=titles_of(policies),
        data=data,
        has_policy=bool(policies),
        shown_max=SHOWN_MAX,
        may_act=asked.may("/{company}/work-list/{step}", "POST"),
        may_adopt=asked.may("/{company}/policies", "POST"),
    )


@ROUTES.page("/{company}/work-list/{step}", roles=OFFICER)
def steps_to_take(asked: Asked, step: str) -> Response:
    """One step for several households: who it would go to, before anything is done."""
    with asked.service.datastore.reading() as rows:
        found = select_work(rows, asked.today, step) if step else []
    return asked.render(
        "steps_to_take.html",
        cases=shown.with_names(asked.service, found[:TOGETHER_MAX]),
        count=len(found),
        step=step,
        title=titles_of(policies_of(asked.service)).get(step, step),
        chosen=set(asked.form.every.get("lease_id", [])),
    )


@ROUTES.act("/{company}/work-list/{step}", roles=OFFICER, form=steps_to_take)
def take_steps(asked: Asked, step: str) -> Response:
    """Take the step for each household chosen; each is judged again by itself."""
    with asked.form as form:
        leases = form.uuids("lease_id", "au moins un ménage")
    done = acting.take_steps(asked.service, asked.caller(), step, leases)
    book = late_letters.book_in_use(asked.service)
    accounts = {lease_id: shown.account(asked.service, lease_id) for lease_id, _ in done.stopped}
    return asked.render(
        "steps_taken.html",
        taken=len(done.taken),
        stopped=[(accounts[lease_id], why) for lease_id, why in done.stopped],
        title=titles_of(policies_of(asked.service)).get(step, step),
        sends_letters=book is not None and book.for_step(step) is not None,
    )


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
