"""The pages of households in arrears: what is to be done today, and one case with its history."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from services.arrears import shown
from services.arrears.api import OFFICER, READERS
from services.arrears.casework import acting
from services.arrears.casework.case_rows import (
    count_by_step,
    select_case,
    select_entries,
    select_work,
)
from services.arrears.casework.explaining import (
    explain_proposal,
    policies_of,
    sentences_of,
)
from services.arrears.casework.sentences import OVERRIDES, PAUSES, PLAN_STATES, sentence
from services.chassis.asked import Asked, Asking
from services.chassis.forms import Day
from services.chassis.routes import Routes

ROUTES = Routes()
CASE = "/{company}/accounts/{lease_id}/case"
SHOWN_MAX, TOGETHER_MAX = 200, 150
StepQuery = Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9-]*$")]


def with_sentences(asked: Asking, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Proposals, each with the sentence of the rule that it comes from; empty for a default."""
    sentences = sentences_of(policies_of(asked.service))
    return [
        row | {"sentence": sentences.get((row["policy"], row["policy_version"], row["rule"]), "")}
        for row in found
    ]


def titles_of(asked: Asking) -> dict[str, str]:
    """The steps of every policy adopted, by name; the latest policy's title wins."""
    return {
        name: rules.title
        for policy in policies_of(asked.service)
        for name, rules in policy.steps.items()
    }


@ROUTES.page("/{company}/work-list", roles=READERS)
def work_list(asked: Asked, step: StepQuery = "") -> Response:
    data = asked.service.bank_data()
    with asked.service.datastore.reading() as rows:
        found = select_work(rows, asked.today, step)
        counts = count_by_step(rows)
    policies = policies_of(asked.service)
    return asked.render(
        "work_list.html",
        cases=with_sentences(asked, shown.with_names(asked.service, found[:SHOWN_MAX])),
        count=len(found),
        total=sum(row["owed_cents"] for row in found),
        counts=counts,
        step=step,
        titles=titles_of(asked),
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
        title=titles_of(asked).get(step, step),
        chosen=set(asked.form.every.get("lease_id", [])),
    )


@ROUTES.act("/{company}/work-list/{step}", roles=OFFICER, form=steps_to_take)
def take_steps(asked: Asked, step: str) -> Response:
    """Take the step for each household chosen; each is judged again by itself."""
    with asked.form as form:
        leases = form.uuids("lease_id", "au moins un ménage")
    done = acting.take_steps(asked.service, asked.caller(), step, leases)
    accounts = {lease_id: shown.account(asked.service, lease_id) for lease_id, _ in done.stopped}
    return asked.render(
        "steps_taken.html",
        taken=len(done.taken),
        stopped=[(accounts[lease_id], why) for lease_id, why in done.stopped],
        title=titles_of(asked).get(step, step),
    )


@ROUTES.page(CASE, roles=READERS)
def case(asked: Asked, lease_id: UUID, on: Day | None = None) -> Response:
    day = min(on or asked.today, asked.today)
    titles, sentences = titles_of(asked), sentences_of(policies_of(asked.service))
    with asked.service.datastore.reading() as rows:
        known = select_case(rows, asked.today, lease_id)
        entries = select_entries(rows, lease_id)
    return asked.render(
        "case.html",
        rent_account=shown.account(asked.service, lease_id),
        seen=explain_proposal(asked.service, lease_id, day, asked.today),
        day=day,
        case=known,
        entries=[_entry(asked, entry, titles, sentences) for entry in entries],
        titles=titles,
        stops=acting.STOPS,
        plan_states=PLAN_STATES,
        pauses={reason.value: text for reason, text in PAUSES.items()},
        overrides={reason.value: text for reason, text in OVERRIDES.items()},
        may_act=asked.may(f"{CASE}/steps/{{step}}", "POST"),
    )


def _entry(
    asked: Asking,
    row: dict[str, Any],
    titles: Mapping[str, str],
    sentences: Mapping[tuple[str, str, str], str],
) -> dict[str, Any]:
    said = row["said"]
    if row["what"] == "StepProposed":
        why = sentences.get((said["policy"], said["policy_version"], said["rule"]), "")
        said = said | {"sentence": why}
    return {
        "day": row["on_day"],
        "sentence": sentence(row["what"], said, titles),
        "withdrawn": row["withdrawn"],
        "actor": row["actor"],
        "fact": asked.fact_link(row["fact"]) if row["fact"] else None,
        "step_id": said.get("step_id") if row["what"] == "StepTaken" else None,
        "plan_id": said.get("plan_id") if row["what"] == "PlanAgreed" else None,
    }
