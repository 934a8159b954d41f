"""The doors of a real company, over HTTP: what the player of a demonstration knocks at.

Every step goes to the service that owns it, as the account whose work it is, with an idempotency
key of its own: a day that was interrupted is played again and nothing happens twice.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.chassis.aggregate import natural_id
from services.demonstration.arrears_visits import Missed, OpenArrearsVisit, Planned, Recorded
from services.demonstration.clocks import LISTENING, Clocks
from services.demonstration.court import CourtCase, court_case
from services.demonstration.intake_doors import IntakeDoors
from services.demonstration.steps import (
    AdoptPolicy,
    AssignUnmatched,
    HandleWriteOffs,
    ImportFile,
    MissVisit,
    RecordVisit,
)
from services.demonstration.support_doors import SupportDoors
from services.demonstration.work_list import AgreePlan, Call, PauseCase, ProposedStep
from services.embedded.client import Client, ServiceRefused
from services.embedded.refusals import EmbeddedError

OFFICER = {"intake": "intake-officer", "followup": "support-officer", "arrears": "arrears-officer"}
LETTERS_A_BATCH = 150
IMPORTED_BY = {"dwellings": "intake", "leases": "intake", "rent-roll": "arrears", "coda": "arrears"}


class HttpDoors(IntakeDoors, SupportDoors):
    """Doors of one company of a running suite."""

    def __init__(self, client: Client, slug: str) -> None:
        self.client = client
        self.slug = slug
        self._clocks = Clocks(client, slug)
        self._households: dict[str, tuple[str, str]] = {}

    def begin_day(self, day: date) -> None:
        self._clocks.set(day)

    def go_on(self, day: date) -> None:
        """From the morning after the last day the clock runs at normal speed."""
        self._clocks.set(day + timedelta(days=1), running=True)
        self._clocks.stop()

    def close(self) -> None:
        """Nothing is asked any more."""
        self._clocks.close()

    def _act(self, key: str, method: str, service: str, path: str, body: Any = None) -> Any:
        return self._ask(method, service, path, headers={"Idempotency-Key": key}, json=body)

    def _ask(
        self, method: str, service: str, path: str, role: str | None = None, **options: Any
    ) -> Any:
        """What hears the others is asked when it has heard all that was done before."""
        listens = service == LISTENING
        if listens:
            self._clocks.settle()
        account = f"{role or OFFICER[service]}.{self.slug}"
        answer = self.client.call(method, service, f"/api/{self.slug}/{path}", account, **options)
        if method != "GET" and not listens:
            self._clocks.went_on(service)
        return answer

    def import_file(self, key: str, step: ImportFile) -> None:
        answer = self._ask(
            "POST",
            IMPORTED_BY[step.kind],
            f"imports/{step.kind}",
            params={"filename": step.filename},
            content=step.content,
            headers={"Content-Type": "application/octet-stream"},
        )
        if answer["state"] not in ("accepted", "already-imported"):
            raise EmbeddedError(
                f"{step.filename} was not accepted ({answer['state']}): {answer['refused'][:3]}"
            )

    def record_visit(self, key: str, step: RecordVisit) -> None:
        household_id, lease_id, visit_id = self._visit(step.lease_reference, step.kind)
        body = {
            "lease_id": lease_id,
            "kind": step.kind.value,
            "done_on": step.done_on.isoformat(),
            "place": step.place.value,
            "performed_by": step.by,
            "result": step.result.value,
        }
        self._act(
            key, "PUT", "followup", f"households/{household_id}/visits/{visit_id}/record", body
        )

    def miss_visit(self, key: str, step: MissVisit) -> None:
        household_id, _, visit_id = self._visit(step.lease_reference, step.kind)
        body = {"missed_on": step.missed_on.isoformat(), "reason": step.reason.value}
        path = f"households/{household_id}/visits/{visit_id}/absence"
        self._act(key, "POST", "followup", path, body)

    def _visit(self, reference: str, kind: str) -> tuple[str, str, UUID]:
        """Household, lease and visit id of a first-year visit."""
        if reference not in self._households:
            answer = self._ask("GET", "followup", "households", params={"search": reference})
            (row,) = [row for row in answer["households"] if row["reference"] == reference]
            self._households[reference] = (row["household_id"], row["lease_id"])
        household_id, lease_id = self._households[reference]
        return household_id, lease_id, natural_id(self.slug, "visit", f"{lease_id}/{kind}")

    def assign_unmatched(self, key: str, step: AssignUnmatched) -> None:
        asked = {"value_date": step.value_date.isoformat(), "amount_cents": step.amount_cents}
        found = self._ask("GET", "arrears", "unmatched-payments", params=asked)["payments"]
        if found:
            lease_id = str(natural_id(self.slug, "lease", step.lease_reference))
            path = f"unmatched-payments/{found[0]['payment_id']}/assignment"
            self._act(key, "POST", "arrears", path, {"lease_id": lease_id})

    def adopt_policy(self, key: str, step: AdoptPolicy) -> None:
        for path, document, of_act in (
            ("policies", step.document, key),
            ("letter-templates", step.letters, f"{key}-letters"),
        ):
            self._ask(
                "POST",
                "arrears",
                path,
                role="manager",
                headers={"Idempotency-Key": of_act},
                json={"document": document},
            )

    def work_list(self) -> Sequence[ProposedStep]:
        return [
            ProposedStep(
                lease_id=UUID(row["lease_id"]),
                lease_reference=row["reference"] or "",
                step=row["step"],
                means=row["means"] or "",
                owed_cents=row["owed_cents"],
            )
            for row in self._ask("GET", "arrears", "work-list")["cases"]
        ]

    def take_steps(self, key: str, step: str, cases: Sequence[ProposedStep]) -> None:
        body = {"leases": [str(case.lease_id) for case in cases]}
        self._act(key, "POST", "arrears", f"work-list/{step}", body)

    def send_letters(self, key: str) -> None:
        letters = self._ask("GET", "arrears", "letters")["letters"]
        for letter in letters:
            if letter["state"] == "draft":
                path = f"letters/{letter['letter_id']}/release"
                self._act(f"{key}-{letter['letter_id']}", "POST", "arrears", path)
        ready = [x["letter_id"] for x in letters if x["state"] in ("draft", "waiting")]
        for start in range(0, len(ready), LETTERS_A_BATCH):
            batch = ready[start : start + LETTERS_A_BATCH]
            # A batch is one act: played again, what it printed is no more on the list.
            of_batch = f"{key}-{batch[0]}-print"
            self._act(of_batch, "POST", "arrears", "letter-batches", {"letters": batch})

    def note_call(self, key: str, case: ProposedStep, called: Call) -> None:
        self._case(f"{key}-call", case, "contacts", {"reached": called.reached})
        if called.promised_by is not None:
            by = called.promised_by.isoformat()
            promise = {"promised_cents": case.owed_cents, "pay_by": by}
            self._case(f"{key}-promise", case, "promises", promise)

    def tell_social_service(self, key: str, case: ProposedStep, word: str) -> None:
        self._case(f"{key}-word", case, "social-service/answer", {"answer": word})
        with _let_be("transfer-not-yet-allowed", "transfer-forbidden"):
            self._case(f"{key}-tell", case, "social-service", None)

    def write_off(self, key: str, step: HandleWriteOffs) -> None:
        found = self._ask("GET", "arrears", "accounts-in-arrears")
        for row in found["accounts"]:
            ended_on = row["ended_on"] and date.fromisoformat(row["ended_on"])
            if (
                ended_on
                and ended_on < step.ended_before
                and row["owed_cents"] <= step.at_most_cents
            ):
                debt = {"amount_cents": row["owed_cents"], "written_off_on": found["as_of"]}
                decided = {"reason": "small-amount", "decided_by": "board"}
                path = f"accounts/{row['lease_id']}/write-offs"
                self._act(f"{key}-{row['lease_id']}", "POST", "arrears", path, debt | decided)

    def agree_plan(self, key: str, case: ProposedStep, plan: AgreePlan) -> None:
        body = {
            "instalment_cents": plan.instalment_cents,
            "frequency": "monthly",
            "first_due_on": plan.first_due_on.isoformat(),
        }
        self._case(key, case, "plans", body)

    def set_aside(self, key: str, case: ProposedStep) -> None:
        with _let_be("nothing-is-proposed"):  # a call has shown that it was paid
            self._case(key, case, "override", {"reason": "agreed-otherwise"})

    def pause_case(self, key: str, case: ProposedStep, pause: PauseCase) -> None:
        body = {"reason": "benefit-awaited", "review_on": pause.review_on.isoformat()}
        self._case(key, case, "pause", body)

    def resume_case(self, key: str, case: ProposedStep) -> None:
        self._case(key, case, "pause/end", None)

    def _case(self, key: str, case: ProposedStep, act: str, body: Any) -> None:
        self._act(key, "POST", "arrears", f"accounts/{case.lease_id}/{act}", body)

    def file_petition(self, key: str, case: ProposedStep, filed_on: date) -> None:
        act = {"act": "petition", "filed_on": filed_on.isoformat(), "claim_cents": case.owed_cents}
        self.note_legal_act(key, case.lease_id, act)

    def cases_before_court(self) -> Sequence[CourtCase]:
        return [court_case(row) for row in self._ask("GET", "arrears", "legal-path")["cases"]]

    def note_legal_act(self, key: str, lease_id: UUID, act: dict[str, Any]) -> None:
        with _let_be("eviction-is-blocked"):
            self._act(key, "POST", "arrears", f"accounts/{lease_id}/legal-path", act)

    def open_arrears_visits(self) -> Sequence[OpenArrearsVisit]:
        asked = {"kind": "arrears", "until": "2199-12-31"}
        return [
            OpenArrearsVisit(
                visit_id=UUID(row["visit_id"]),
                household_id=UUID(row["household_id"]),
                lease_id=UUID(row["lease_id"]),
                lease_reference=row["reference"] or "",
                planned_on=date.fromisoformat(row["planned_on"]) if row["planned_on"] else None,
            )
            for row in self._ask("GET", "followup", "visits", params=asked)["visits"]
        ]

    def plan_arrears_visit(self, key: str, visit: OpenArrearsVisit, plan: Planned) -> None:
        body = {
            "lease_id": str(visit.lease_id),
            "kind": "arrears",
            "planned_on": plan.planned_on.isoformat(),
        }
        self._act(key, "PUT", "followup", f"{_path(visit)}/plan", body)

    def record_arrears_visit(self, key: str, visit: OpenArrearsVisit, made: Recorded) -> None:
        body = {
            "lease_id": str(visit.lease_id),
            "kind": "arrears",
            "done_on": made.done_on.isoformat(),
            "place": made.place.value,
            "performed_by": made.by,
            "result": made.result.value,
        }
        self._act(key, "PUT", "followup", f"{_path(visit)}/record", body)

    def miss_arrears_visit(self, key: str, visit: OpenArrearsVisit, missed: Missed) -> None:
        body = {"missed_on": missed.missed_on.isoformat(), "reason": missed.reason.value}
        self._act(key, "POST", "followup", f"{_path(visit)}/absence", body)


@contextmanager
def _let_be(*refusals: str) -> Iterator[None]:
    """What a rule stands against is not done."""
    try:
        yield
    except ServiceRefused as refused:
        if refused.problem.get("type", "").rpartition("/")[2] not in refusals:
            raise


def _path(visit: OpenArrearsVisit) -> str:
    return f"households/{visit.household_id}/visits/{visit.visit_id}"
