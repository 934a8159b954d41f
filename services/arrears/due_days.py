"""Which due days have been judged: after each, who had not paid has been stated, once."""

from datetime import date
from uuid import UUID

from services.chassis.aggregate import Aggregate, Event, Opening, natural_id


class DueDays(Aggregate):
    """One a company. `last_judged`: charges due by then that come later are judged as they come."""

    TOPIC = "arrears.due-days"
    last_judged: date

    @staticmethod
    def id_of(company: str) -> UUID:
        return natural_id(company, "due-days", "all")

    class Opened(Opening):
        TOPIC = "arrears.due-days-opened"

        def apply(self, days: "DueDays") -> None:
            days.last_judged = date.min

    class DueDayJudged(Event):
        TOPIC = "arrears.due-day-judged"
        due_on: date
        judged_on: date
        missed: int

        def apply(self, days: "DueDays") -> None:
            days.last_judged = max(days.last_judged, self.due_on)

    def judged(self, due_on: date, judged_on: date, missed: int) -> None:
        """Records: DueDayJudged, once a due day."""
        if due_on > self.last_judged:
            self.trigger_event(
                self.DueDayJudged,
                due_on=due_on,
                judged_on=judged_on,
                missed=missed,
                occurred_on=judged_on,
            )
