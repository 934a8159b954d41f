"""The doors through which households are supported."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.demonstration.support import (
    Agreed,
    AgreementWithdrawn,
    Closed,
    HouseholdSeen,
    Late,
    Period,
)

THREE_MONTHS = "3+"


class SupportDoors:
    """Whoever is these doors says how an act and a question go to a service."""

    def _act(self, key: str, method: str, service: str, path: str, body: Any = None) -> Any:
        raise AssertionError("the doors say how")

    def _ask(self, method: str, service: str, path: str, **options: Any) -> Any:
        raise AssertionError("the doors say how")

    def three_months_late(self) -> Sequence[Late]:
        return [
            Late(UUID(row["lease_id"]), UUID(row["household_id"]), row["reference"] or "")
            for row in self._ask("GET", "arrears", "accounts-in-arrears")["accounts"]
            if row["band"] == THREE_MONTHS and row["ended_on"] is None
        ]

    def household_seen(self, late: Late) -> HouseholdSeen:
        file = self._ask("GET", "followup", f"households/{late.household_id}")
        visits = [v["done_on"] for v in file["visits"] if v["kind"] == "arrears"]
        closed = [period["closed_on"] for period in file["support_periods"]]
        return HouseholdSeen(_last(visits), _last(closed))

    def open_support(self, key: str, late: Late, agreed: Agreed) -> None:
        body = {
            "axis": agreed.axis.value,
            "intensive": agreed.intensive,
            "agreed_on": agreed.on.isoformat(),
            "opened_on": agreed.on.isoformat(),
        }
        path = f"households/{late.household_id}/support-periods"
        self._act(key, "POST", "followup", path, body)

    def support_periods(self) -> Sequence[Period]:
        return [
            Period(
                period_id=UUID(row["period_id"]),
                household_id=UUID(row["household_id"]),
                lease_reference=row["reference"] or "",
                opened_on=date.fromisoformat(row["opened_on"]),
                ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
            )
            for row in self._ask("GET", "followup", "support-periods")["support_periods"]
            if row["closed_on"] is None
        ]

    def close_support(self, key: str, period: Period, closed: Closed) -> None:
        body = {"closed_on": closed.closed_on.isoformat(), "outcome": closed.outcome.value}
        self._act(key, "POST", "followup", f"{_path(period)}/closure", body)

    def withdraw_agreement(self, key: str, period: Period, withdrawn: AgreementWithdrawn) -> None:
        body = {"withdrawn_on": withdrawn.withdrawn_on.isoformat()}
        self._act(key, "POST", "followup", f"{_path(period)}/agreement/withdrawal", body)


def _last(days: list[str | None]) -> date | None:
    return max((date.fromisoformat(day) for day in days if day), default=None)


def _path(period: Period) -> str:
    return f"households/{period.household_id}/support-periods/{period.period_id}"
