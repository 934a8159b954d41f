"""Entries of the legal path that were noted by mistake: the path is told again without them.

Nothing of the log is changed: each is withdrawn by an event of its own, whose fact corrects the
first one. What a later entry rests on cannot be struck out before it.
"""

from contracts.legal_path import StrikeReason
from services.arrears.legal.legal_path import LegalPath
from services.chassis.refusal import Refusal

LINES = (
    "hearing",
    "judgment",
    "judgment-served",
    "eviction",
    "eviction-executed",
    "budget-guidance-accepted",
    "budget-guidance-refused",
    "safety-exception",
)
"""What the entries add to the lines that policy judges by."""


class EntryNotInPath(Refusal):
    status = 404
    slug = "entry-not-in-path"
    title = "Entrée absente"


class EntryIsRestedOn(Refusal):
    slug = "entry-is-rested-on"
    title = "Une autre entrée en dépend"


class StrikingOut(LegalPath):
    """See the module; `ArrearsCase` is the whole."""

    def go_without(self, version: int) -> None:
        """Tell the path again without one of its entries."""
        judgments = self.judgments  # a number that was given is not given again
        kept = [entry for of, entry in self.entries.items() if of != version]
        for key in LINES:
            self.lines.pop(key, None)
        self.begin_legal_path()
        for entry in kept:
            entry.apply(self)
        self.judgments = judgments

    class GuidanceAcceptanceWithdrawn(LegalPath.BudgetGuidanceAccepted):
        TOPIC = "arrears.guidance-acceptance-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    class GuidanceRefusalWithdrawn(LegalPath.BudgetGuidanceRefused):
        TOPIC = "arrears.guidance-refusal-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    class SafetyExceptionWithdrawn(LegalPath.SafetyExceptionRecorded):
        TOPIC = "arrears.safety-exception-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    class PetitionWithdrawn(LegalPath.CourtPetitionFiled):
        TOPIC = "arrears.petition-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    class HearingWithdrawn(LegalPath.HearingFixed):
        TOPIC = "arrears.hearing-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    class JudgmentWithdrawn(LegalPath.JudgmentGiven):
        TOPIC = "arrears.judgment-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    class JudgmentServiceWithdrawn(LegalPath.JudgmentServed):
        TOPIC = "arrears.judgment-service-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    class EvictionDayWithdrawn(LegalPath.EvictionScheduled):
        TOPIC = "arrears.eviction-day-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    class SuspensionWithdrawn(LegalPath.EvictionSuspended):
        TOPIC = "arrears.suspension-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    class ExecutionWithdrawn(LegalPath.EvictionExecuted):
        TOPIC = "arrears.execution-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    class CourtCostsWithdrawn(LegalPath.CourtCostsIncurred):
        TOPIC = "arrears.court-costs-withdrawn"
        corrects_version: int
        struck_out_because: StrikeReason

        def apply(self, case: "StrikingOut") -> None:  # type: ignore[override]
            case.go_without(self.corrects_version)

    def strike_out(self, version: int, reason: StrikeReason) -> None:
        """An entry was noted by mistake.   Records: the withdrawal of its kind.

        Refuses: EntryNotInPath (404), EntryIsRestedOn (409) with the versions of what rests on it.
        """
        entry = self.entries.get(version)
        if entry is None:
            raise EntryNotInPath("Cette entrée n'est pas, ou plus, dans la voie judiciaire.")
        resting = self.resting_on(version)
        if resting:
            raise EntryIsRestedOn(
                "Une entrée notée plus tard en dépend : retirez d'abord celle-là.", entries=resting
            )
        said = {name: value for name, value in vars(entry).items() if name not in _UNSAID}
        self._trigger(
            getattr(self, WITHDRAWN_BY[entry.TOPIC]),
            entry.occurred_on,
            corrects_version=version,
            struck_out_because=reason,
            **said,
        )

    def resting_on(self, version: int) -> list[int]:
        """The versions of later entries that could not have been noted without this one."""
        struck = self.entries[version]
        alike = [v for v, entry in self.entries.items() if entry.TOPIC == struck.TOPIC]
        if struck.TOPIC in ONE_IS_ENOUGH and len(alike) > 1:
            return []
        return [
            later
            for later, entry in self.entries.items()
            if struck.TOPIC in RESTS_ON.get(entry.TOPIC, ())
            and max((v for v in alike if v < later), default=None) == version
        ]


_UNSAID = {"originator_id", "originator_version", "timestamp", "occurred_on"}
_UNSAID |= {"lease_id", "household_id"}
_LIFTS = (LegalPath.BudgetGuidanceRefused.TOPIC, LegalPath.SafetyExceptionRecorded.TOPIC)
_JUDGED = (LegalPath.JudgmentGiven.TOPIC, LegalPath.JudgmentServed.TOPIC)
ONE_IS_ENOUGH = {LegalPath.CourtPetitionFiled.TOPIC}
"""Of these any one will do: a petition that was noted twice is struck out once."""
RESTS_ON: dict[str, tuple[str, ...]] = {
    LegalPath.HearingFixed.TOPIC: (LegalPath.CourtPetitionFiled.TOPIC,),
    LegalPath.JudgmentGiven.TOPIC: (LegalPath.CourtPetitionFiled.TOPIC,),
    LegalPath.JudgmentServed.TOPIC: (LegalPath.JudgmentGiven.TOPIC,),
    LegalPath.EvictionScheduled.TOPIC: (*_JUDGED, *_LIFTS),
    LegalPath.EvictionSuspended.TOPIC: (LegalPath.EvictionScheduled.TOPIC,),
    LegalPath.EvictionExecuted.TOPIC: (
        *_JUDGED,
        *_LIFTS,
        LegalPath.EvictionScheduled.TOPIC,
    ),
}
"""Which kinds of entry each rests on: of each the last one before it."""
WITHDRAWN_BY = {
    LegalPath.BudgetGuidanceAccepted.TOPIC: "GuidanceAcceptanceWithdrawn",
    LegalPath.BudgetGuidanceRefused.TOPIC: "GuidanceRefusalWithdrawn",
    LegalPath.SafetyExceptionRecorded.TOPIC: "SafetyExceptionWithdrawn",
    LegalPath.CourtPetitionFiled.TOPIC: "PetitionWithdrawn",
    LegalPath.HearingFixed.TOPIC: "HearingWithdrawn",
    LegalPath.JudgmentGiven.TOPIC: "JudgmentWithdrawn",
    LegalPath.JudgmentServed.TOPIC: "JudgmentServiceWithdrawn",
    LegalPath.EvictionScheduled.TOPIC: "EvictionDayWithdrawn",
    LegalPath.EvictionSuspended.TOPIC: "SuspensionWithdrawn",
    LegalPath.EvictionExecuted.TOPIC: "ExecutionWithdrawn",
    LegalPath.CourtCostsIncurred.TOPIC: "CourtCostsWithdrawn",
}
