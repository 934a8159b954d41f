"""What the rule of a proposal asked and what it met, in French, one sentence a condition.

The engine's own words (`because`) are English, as its documents and its command line are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from services.arrears.casework.contacts import NOT_REACHED, REACHED
from services.arrears.casework.sentences import PAUSES, PLAN_STATES
from services.arrears.ladder.conditions import PlanIs, When, met
from services.arrears.ladder.happenings import Active, Happened, Last
from services.arrears.ladder.known_days import Dated, DayOf, LastDone, day_known
from services.arrears.ladder.owing import Bounds, Owed, OwedFor, UnpaidPeriods
from services.arrears.ladder.spans import Span
from services.arrears.ladder.state import State
from services.chassis.amounts import format_cents, format_day
from services.chassis.templating import counted

Titles = Mapping[str, str]

BOUNDS = {
    "at_least": "au moins",
    "more_than": "plus de",
    "at_most": "au plus",
    "less_than": "moins de",
}
UNITS = {"days": ("jour", "jours"), "weeks": ("semaine", "semaines"), "months": ("mois", "mois")}
OWN_TITLES = {REACHED: "Ménage joint", NOT_REACHED: "Ménage cherché sans succès"}
DAYS = {
    "missing": "aucune date",
    "recorded": "date notée",
    "past": "passée",
    "today": "aujourd'hui",
    "future": "à venir",
}
KNOWN_DAYS: dict[Dated, str] = {
    "court-date": "Audience",
    "court-outcome": "Décision du juge",
    "eviction-date": "Jour d'expulsion",
    "lease-end": "Fin du bail",
    "oldest-unpaid": "Plus ancien loyer impayé",
    "owed-since": "Début de la dette",
    "pause-review": "Jour de revoir le dossier suspendu",
    "payment": "Dernier paiement",
    "plan": "Accord sur le plan",
    "plan-state": "Dernier changement du plan",
}
RELATIONS = {
    "before": "avant",
    "not_after": "pas après",
    "after": "après",
    "not_before": "pas avant",
}
YES_OR_NO = {True: "oui", False: "non"}
PLAIN: dict[str, tuple[str, dict[Any, str]]] = {
    "court_date": ("Audience", DAYS),
    "eviction_date": ("Jour d'expulsion", DAYS),
    "court_outcome": ("Décision du juge", {"present": "rendue", "missing": "pas encore rendue"}),
    "pause": (
        "Dossier suspendu",
        {"none": "non", "paused": "oui", "review-due": "oui, et c'est le jour de le revoir"},
    ),
    "pause_reason": ("Raison de la suspension", {r.value: w for r, w in PAUSES.items()}),
    "hardship": ("Grande difficulté", YES_OR_NO),
    "dispute": ("Contestation ouverte", YES_OR_NO),
    "housing_aid": (
        "Aide au logement",
        {"tenant": "versée au locataire", "landlord": "versée à la société", "nobody": "aucune"},
    ),
    "vulnerability": ("Fragilité convenue avec le ménage", {"any": "oui", "none": "aucune"}),
    "bank_data": (
        "Extraits de banque",
        {"stale": "trop anciens", "fresh": "à jour", "unknown": "inconnus"},
    ),
    "tenant": (
        "Locataire",
        {"present": "dans les lieux", "departed": "parti", "deceased": "décédé"},
    ),
    "consent": ("Accord du ménage", {}),
    "objection": ("Opposition du ménage", {}),
}


def reasons(when: When, state: State, titles: Titles) -> list[str]:
    """Of `all` each condition; of `any` those that hold, or each if none does."""
    key, value = when.key, when.value
    if key == "all":
        return [each for part in value for each in reasons(part, state, titles)]
    if key == "any":
        holding = [part for part in value if part.holds(state)] or value
        return [each for part in holding for each in reasons(part, state, titles)]
    if key == "not_":
        return [f"Cela ne devait pas être\u00a0: {each}" for each in reasons(value, state, titles)]
    if key == "never":
        return [f"Cela ne devait pas être\u00a0: {_happened(value, state, titles)}"]
    if type(value) in _TOLD:
        return [_TOLD[type(value)](value, state, titles)]
    return [_plain(key, state)]


def _owed(owed: Owed, state: State, _: Titles) -> str:
    value = state.net_cents if owed.net else state.balance_cents
    limits = {name: amount.of(state) for name, amount in owed.given()}
    asked = [
        f"{BOUNDS[name]} {'un loyer inconnu' if limit is None else format_cents(round(limit))}"
        for name, limit in limits.items()
    ]
    net = ", tolérance déduite," if owed.net else ""
    return f"Dû{net} {format_cents(round(value))}{_asked(asked)}"


def _owed_for(owed: OwedFor, state: State, _: Titles) -> str:
    since = state.owed_since
    return (f"Dû depuis le {format_day(since)}" if since else "Rien n'est dû") + _ago(owed)


def _unpaid(periods: UnpaidPeriods, state: State, _: Titles) -> str:
    row = " d'affilée" if periods.counted == "consecutive" else ""
    number = counted(periods.number(state), "loyer impayé", "loyers impayés")
    return f"{number}{row}{_asked(f'{BOUNDS[name]} {limit}' for name, limit in periods.given())}"


def _happened(happened: Happened, state: State, titles: Titles) -> str:
    what = _named(happened.step or happened.message or (), titles) or "Un courrier"
    if happened.any_message_except:
        what += f", sauf {_named(happened.any_message_except, titles)}"
    found = happened.found(state)
    last = f"le {format_day(found[-1].on)}" if found else "pas"
    times = f", {happened.times} fois" if happened.times > 1 else ""
    debt = " pour cette dette" if happened.in_this_debt else ""
    return f"{what}{times}\u00a0: {last}{debt}{_ago(happened)}"


def _last(last: Last, state: State, titles: Titles) -> str:
    done = last.found(state)
    what = "Dernier courrier" if last.of == "messages" else "Dernière étape"
    found = f"{_named((done.kind,), titles)}, le {format_day(done.on)}" if done else "aucun"
    return f"{what}\u00a0: {found}"


def _active(active: Active, state: State, titles: Titles) -> str:
    verb = "en vigueur" if active.holds(state) else "pas en vigueur"
    return f"{_named(active.step, titles)}\u00a0: {verb}"


def _day(asked: DayOf, state: State, titles: Titles) -> str:
    bounds = [f"il y a {bound}" for bound in _spans(asked)]
    bounds += [f"dans {bound}" for bound in (_spans(asked.ahead) if asked.ahead else ())]
    for name, other in asked.others():
        bounds.append(f"{RELATIONS[name]} {', '.join(_dated(other, state, titles))}")
    return "\u00a0: ".join(_dated(asked.of, state, titles)) + _asked(bounds)


def _dated(dated: Dated, state: State, titles: Titles) -> tuple[str, str]:
    """What it is, and its day."""
    day = day_known(dated, state)
    if isinstance(dated, LastDone):
        what = _named(dated.step or dated.message or (), titles)
    else:
        what = KNOWN_DAYS[dated]
    return what, f"le {format_day(day)}" if day else "aucun jour"


def _plan(_: PlanIs, state: State, __: Titles) -> str:
    plan = state.plan
    if plan is None:
        return "Plan d'apurement\u00a0: aucun"
    kind = "Plan formel" if plan.formal_on(state.day) else "Plan d'apurement"
    return f"{kind}\u00a0: {PLAN_STATES.get(plan.state, plan.state)}"


def _plain(key: str, state: State) -> str:
    label, words = PLAIN[key]
    found = met(key, state)
    said = [word for value, word in words.items() if value in found]
    said += sorted(str(value) for value in found - words.keys())
    return f"{label}\u00a0: {', '.join(said) or 'aucun'}"


_TOLD: dict[type[Any], Callable[[Any, State, Titles], str]] = {
    Owed: _owed,
    OwedFor: _owed_for,
    UnpaidPeriods: _unpaid,
    Happened: _happened,
    Last: _last,
    Active: _active,
    DayOf: _day,
    PlanIs: _plan,
}


def _named(kinds: tuple[str, ...], titles: Titles) -> str:
    return " ou ".join(titles.get(kind, OWN_TITLES.get(kind, kind)) for kind in kinds)


def _ago(bounds: Bounds) -> str:
    return _asked(f"il y a {bound}" for bound in _spans(bounds))


def _spans(bounds: Bounds) -> Iterator[str]:
    return (f"{BOUNDS[name]} {_span(span)}" for name, span in bounds.given())


def _span(span: Span) -> str:
    unit, number = next((unit, number) for unit, number in span if number is not None)
    return counted(number, *UNITS[unit])


def _asked(bounds: Iterable[str]) -> str:
    asked = " et ".join(bounds)
    return f" (demandé\u00a0: {asked})" if asked else ""
