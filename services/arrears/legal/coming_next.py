"""What comes next in a case before the court and by when, and the first day of an eviction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from services.arrears.ladder.judging import in_moratorium, ruling
from services.arrears.ladder.moments import Moment
from services.arrears.ladder.policy import Policy
from services.arrears.ladder.state import State
from services.arrears.legal.deadlines import Deadline, delays_on
from services.arrears.legal.legal_path import LegalPath

if TYPE_CHECKING:
    from services.arrears.casework.arrears_case import ArrearsCase

LOOK_AHEAD_DAYS = 400
BAILIFF = "Huissier"


def coming_next(case: LegalPath, today: date, moratorium: Deadline | None = None) -> Deadline:
    """The one thing that is to be done or to happen next; every case before a court has one.

    Facts: no bailiff's day is asked for while a `moratorium` stands against it.
    Source: the law or the bailiff; where neither sets a day, the company's own (`deadlines.toml`).
    """
    if case.eviction is not None:
        return _of_eviction(case.eviction, today)
    if case.service is not None and case.judgment is not None:
        return _of_service(case, case.service, today, moratorium)
    if case.judgment is not None:
        words = "Faire signifier le jugement"
        if not case.judgment.eviction_authorised:
            words = "Suivre ce que le jugement accorde, et le faire signifier s'il n'est pas tenu"
        return _own(words, case.judgment.noted_on)
    if case.hearing_on is not None and case.hearing_on >= today:
        return Deadline("Audience", case.hearing_on, "Justice de paix")
    if case.hearing_on is not None:
        return _own("Noter le jugement, ou la nouvelle audience", case.hearing_on)
    begun = case.petition.filed_on if case.petition is not None else today
    return _own("Demander au greffe le jour de l'audience et le noter", begun)


def _of_eviction(eviction: LegalPath.EvictionScheduled, today: date) -> Deadline:
    if eviction.evict_on >= today:
        return Deadline("Expulsion fixée par l'huissier", eviction.evict_on, BAILIFF)
    return _own("Noter si l'expulsion a eu lieu ou a été suspendue", eviction.evict_on)


def _of_service(
    case: LegalPath, service: LegalPath.JudgmentServed, today: date, moratorium: Deadline | None
) -> Deadline:
    if case.suspended_on is not None:
        return _own("Faire fixer un autre jour, ou renoncer", case.suspended_on)
    if case.judgment is not None and not case.judgment.eviction_authorised:
        return _own("Suivre ce que le jugement accorde", service.served_on)
    if moratorium is not None:
        return moratorium
    day = service.earliest_eviction_on
    words = "Le délai après la signification est passé : faire fixer le jour"
    if day > today:
        words = "Faire fixer le jour de l'expulsion, pas avant celui-ci"
    return Deadline(words, day, delays_on(service.served_on).source)


def _own(what: str, since: date) -> Deadline:
    delays = delays_on(since)
    return Deadline(what, since + timedelta(days=delays.follow_up_days), delays.follow_up_source)


def earliest_eviction(
    case: "ArrearsCase", state: State, policies: Sequence[Policy], today: date
) -> date | None:
    """The first day that no rule known today stands against, if the tenant is told of it today.

    None while no judgment that authorises an eviction was served, and where there is no such day
    within a year.   Source: BR-06, BR-07, BR-08.
    """
    judgment, service = case.judgment, case.service
    if judgment is None or service is None or not judgment.eviction_authorised:
        return None
    first = max(today, service.earliest_eviction_on)
    days = (first + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS))
    return next((day for day in days if _is_free(day, state, policies, today)), None)


def moratorium_over(
    case: "ArrearsCase", state: State, policies: Sequence[Policy], today: date
) -> Deadline | None:
    """The first day after a moratorium that stands against an eviction from now on; None if none
    does.   Source: BR-06.
    """
    if not waits_for_the_bailiff(case) or case.service is None:
        return None
    first = max(today, case.service.earliest_eviction_on)
    days = [first + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS)]
    day = next((day for day in days if not _forbidden(day, state, policies, today)), first)
    policy = ruling(policies, first, today)
    if day == first or policy is None or policy.moratorium is None:
        return None
    words = "Faire fixer le jour de l'expulsion, pas avant la fin du moratoire hivernal"
    return Deadline(words, day, policy.moratorium.source)


def waits_for_the_bailiff(case: LegalPath) -> bool:
    """An eviction is authorised and may be fixed, and is not."""
    authorised = case.judgment is not None and case.judgment.eviction_authorised
    open_ = case.eviction is None and case.suspended_on is None and case.executed_on is None
    return authorised and case.service is not None and open_


def _is_free(day: date, state: State, policies: Sequence[Policy], today: date) -> bool:
    if delays_on(day).warned_in_time_until(day) < today:
        return False
    return not _forbidden(day, state, policies, today)


def _forbidden(day: date, state: State, policies: Sequence[Policy], today: date) -> bool:
    """Whether the moratorium of the policy that rules on a day covers it."""
    policy = ruling(policies, day, today)
    there = replace(state, moment=Moment(day), evict_on=None)
    return policy is not None and in_moratorium(policy, there)
