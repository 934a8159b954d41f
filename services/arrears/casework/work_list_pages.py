"""The pages of what is to be done today: the list, as a file too, and one step for several."""

from typing import Annotated, Literal

from fastapi import Query, Response

from services.arrears import shown
from services.arrears.api import OFFICER, READERS
from services.arrears.casework import acting, promises
from services.arrears.casework.explaining import policies_of
from services.arrears.casework.work_list import (
    Chosen,
    Row,
    by_household,
    count_by_step,
    one_by_one,
    titles_of,
    told,
    work_list_on,
)
from services.arrears.letters import late_letters
from services.arrears.letters.letter_sentences import TROUBLES
from services.arrears.list_file import Column, Kind, list_file
from services.chassis.asked import Asked, Asking
from services.chassis.routes import Routes

ROUTES = Routes()
LIST = "/{company}/work-list"
SHOWN_MAX, TOGETHER_MAX, NAMED_MAX = 200, 150, 5
KEPT = "work-list"
"""The cookie that keeps what was chosen of the list, until the browser is closed."""
StepQuery = Annotated[str | None, Query(max_length=60, pattern=r"^[a-z0-9-]*$")]
OverdueQuery = Annotated[Literal["", "yes"] | None, Query()]
COLUMNS = (
    Column("names", "Locataire"),
    Column("reference", "Bail"),
    Column("dwelling_reference", "Logement"),
    Column("title", "Proposé"),
    Column("sentence", "Pourquoi"),
    Column("proposed_on", "Proposé le", Kind.DAY),
    Column("overdue", "En retard", Kind.YES_NO),
    Column("owed_cents", "Dû", Kind.CENTS),
    Column("proposed_cents", "Dû alors", Kind.CENTS),
    Column("since", "Impayé depuis", Kind.DAY),
    Column("promised_cents", "Promis", Kind.CENTS),
    Column("pay_by", "Promis pour le", Kind.DAY),
    Column("promise_state", "Promesse"),
)


@ROUTES.page(LIST, roles=READERS)
def work_list(asked: Asked, step: StepQuery = None, overdue: OverdueQuery = None) -> Response:
    data = asked.service.bank_data()
    work, chosen = work_list_on(asked.service, asked.today), _chosen(asked, step, overdue)
    found = chosen.part_of(work.every)
    households = by_household(found)
    with asked.service.datastore.reading() as rows:
        silence = late_letters.silence(rows, late_letters.book_in_use(asked.service), asked.today)
        promised = promises.shown_promises(rows, data.complete_until, asked.today)
    late = [row for row in found if row["overdue"]]
    first_late = sorted(late, key=lambda row: row["proposed_on"])[:NAMED_MAX]
    answer = asked.render(
        "work_list.html",
        silence=silence,
        troubles=TROUBLES,
        cases=told(asked.service, work, households[:SHOWN_MAX], data.complete_until, asked.today),
        promises=shown.with_names(asked.service, promised[:SHOWN_MAX]),
        promise_states=promises.STATES,
        every=len(work.every),
        count=len(households),
        total=sum(row["owed_cents"] for row in found),
        late=len(late),
        whose=[_whose(row) for row in shown.with_names(asked.service, first_late)],
        overdue_after=work.overdue_after,
        counts=count_by_step(work.every),
        chosen=chosen,
        titles=titles_of(work.policies),
        one_by_one=one_by_one(work.policies),
        data=data,
        has_policy=bool(work.policies),
        shown_max=SHOWN_MAX,
        may_act=asked.may(f"{LIST}/{{step}}", "POST"),
        may_adopt=asked.may("/{company}/policies", "POST"),
    )
    if (step, overdue) != (None, None):
        path = LIST.format(company=asked.company.slug)
        answer.set_cookie(KEPT, chosen.kept, path=path, httponly=True, samesite="strict")
    return answer


def _chosen(asked: Asking, step: str | None, overdue: str | None) -> Chosen:
    """What the address says; if it says nothing, what was chosen last."""
    if (step, overdue) == (None, None):
        return Chosen.from_kept(asked.request.cookies.get(KEPT, ""))
    return Chosen(step or "", overdue == "yes")


def _whose(row: Row) -> str:
    return " et ".join(row["names"]) or row["reference"] or "Pas encore connu"


@ROUTES.page("/{company}/exports/work-list/csv", roles=READERS)
def work_list_file(asked: Asked, step: StepQuery = None, overdue: OverdueQuery = None) -> Response:
    """The whole list, or the part that the address names, for a spreadsheet."""
    work = work_list_on(asked.service, asked.today)
    found = Chosen(step or "", overdue == "yes").part_of(work.every)
    titles, until = titles_of(work.policies), asked.service.bank_data().complete_until
    rows = [
        row
        | {"names": " et ".join(row["names"]), "title": titles.get(row["step"], row["step"])}
        | (_promised(row["promise"]) if row["promise"] else {})
        for row in told(asked.service, work, found, until, asked.today)
    ]
    return list_file("a-faire", asked.today, COLUMNS, rows)


def _promised(promise: Row) -> Row:
    return promise | {"promise_state": promises.STATES[promise["state"]]}


@ROUTES.page(f"{LIST}/{{step}}", roles=OFFICER)
def steps_to_take(asked: Asked, step: str) -> Response:
    """One step for several households: who it would go to, before anything is done."""
    work = work_list_on(asked.service, asked.today)
    found = Chosen(step).part_of(work.every) if step else []
    return asked.render(
        "steps_to_take.html",
        cases=shown.with_names(asked.service, found[:TOGETHER_MAX]),
        count=len(by_household(found)),
        waiting=len(found),
        together_max=TOGETHER_MAX,
        step=step,
        title=titles_of(work.policies).get(step, step),
        chosen=set(asked.form.every.get("lease_id", [])),
    )


@ROUTES.act(f"{LIST}/{{step}}", roles=OFFICER, form=steps_to_take)
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
