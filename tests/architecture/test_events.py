"""Domain events: stored under frozen names, named as what happened, applied without a rule."""

import ast
import re

from sources import ROOT, kebab, modules, name_of, package_of, subclasses, tree_of

from services.chassis.aggregate import Aggregate, Event
from services.followup.history import (
    ABSENCES,
    AXES,
    END_REASONS,
    KINDS,
    OUTCOMES,
    PLACES,
    RESULTS,
    SENTENCES,
)
from services.followup.household_file import HouseholdFile

STORED_TOPICS = ROOT / "tests" / "architecture" / "stored_topics.txt"
BANNED_STEMS = {"Updated", "Changed", "Processed", "Handled", "Set"}
IRREGULAR = {
    "Begun",
    "Broken",
    "Forgotten",
    "Off",
    "Given",
    "Kept",
    "Known",
    "Let",
    "Made",
    "Overridden",
    "Paid",
    "Sent",
    "Taken",
    "Withdrawn",
}
"""Past participles that do not end with -ed. Add one when a fact needs it."""


def aggregates():
    """The whole aggregates: those that are put together of parts, not the parts."""
    found = {kind for kind in subclasses(Aggregate) if not kind.__subclasses__()}
    assert len(found) >= 8
    return found


def events_of(aggregate):
    """Its events; the library makes each anew, and a base named Event beside them."""
    return [
        value
        for value in vars(aggregate).values()
        if isinstance(value, type) and issubclass(value, Event) and value.__name__ != "Event"
    ]


def topic_of(kind):
    """The TOPIC of the class's own body, or of the part it comes from; none of another's."""
    own = [base for base in kind.__mro__ if base.__name__ == kind.__name__]
    return next((vars(base)["TOPIC"] for base in own if "TOPIC" in vars(base)), None)


def events():
    found = [event for aggregate in aggregates() for event in events_of(aggregate)]
    assert len(found) >= 60
    return found


def test_every_aggregate_and_event_states_its_topic():
    without = [c.__qualname__ for c in (*aggregates(), *events()) if topic_of(c) is None]

    assert not without, (
        f'{without}: write TOPIC = "<service>.<what-happened>" in the class itself. Without it the '
        "stored name is the module's path, and moving the file orphans history."
    )


def test_a_topic_is_its_services_name_and_stands_for_one_class():
    wrong = [
        c.__qualname__
        for c in (*aggregates(), *events())
        if not re.fullmatch(rf"{package_of(c)}\.[a-z0-9]+(-[a-z0-9]+)*", str(topic_of(c)))
    ]
    topics = [topic_of(c) for c in events()]

    assert not wrong, f"{wrong}: a topic is the package's name, a dot, and words with hyphens"
    assert len(topics) == len(set(topics)), "two events have one topic: a reader cannot tell them"


def test_stored_topics_are_frozen():
    frozen = STORED_TOPICS.read_text("utf-8").split()
    found = {topic_of(c) for c in (*aggregates(), *events())}
    gone, new = sorted(set(frozen) - found), sorted(found - set(frozen))

    assert not gone, (
        f"{gone} are stored for ever and no class reads them any more: give the class its topic "
        "back. A renamed class keeps its TOPIC; a new shape uses class_version; a new meaning is "
        "a new event beside the old one."
    )
    assert not new, (
        f"{new} are new: add them at the end of tests/architecture/stored_topics.txt. Lines there "
        "are only ever added."
    )
    assert len(frozen) == len(set(frozen)), "a topic stands twice in stored_topics.txt"


def test_events_are_named_as_what_happened():
    wrong = [
        event.__qualname__
        for event in events()
        if not (last := re.findall("[A-Z][a-z0-9]*", event.__name__)[-1]).endswith("ed")
        and last not in IRREGULAR
    ]

    assert not wrong, f"{wrong}: an event ends with a past participle, as LeaseSigned does"


def test_events_say_what_was_done_not_that_something_was():
    wrong = [
        event.__qualname__
        for event in events()
        if BANNED_STEMS & set(re.findall("[A-Z][a-z0-9]*", event.__name__))
    ]

    assert not wrong, (
        f"{wrong}: ask what happened in the officers' words. HouseholdUpdated is MemberJoined; "
        "StatusChanged is Vacated, Let or WithdrawnFromLetting."
    )


def test_no_rule_runs_when_an_event_is_applied():
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef) and function.name == "apply"
        for node in ast.walk(function)
        if _guards(node)
    ]

    assert not wrong, (
        f"{wrong}: apply runs again at every replay, and a rule in it makes old history unreadable "
        "when it is tightened. Refuse in the public method that triggers the event; apply assigns."
    )


def _guards(node):
    if isinstance(node, ast.Raise | ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return "refuse" in name or "guard" in name


def test_the_rule_against_rules_in_apply_can_see_them():
    seen = [
        any(map(_guards, ast.walk(ast.parse(body))))
        for body in ("raise X('no')", "assert day", "self._refuse_if_closed()", "a.day = day")
    ]

    assert seen == [True, True, True, False]


def test_aggregates_read_no_clock_and_draw_no_lots():
    asked = {"now", "today", "utcnow", "uuid4", "random", "token_hex", "token_urlsafe", "time"}
    aggregate_modules = {a.__module__.replace(".", "/") + ".py" for a in aggregates()}
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        if name_of(path) in aggregate_modules
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in asked
    ]

    assert not wrong, f"{wrong}: pass days, ids and quotes to the aggregate as arguments"


def test_every_event_of_a_household_has_its_sentence():
    told = {kebab(event.__name__) for event in events_of(HouseholdFile)}
    told -= {kebab(HouseholdFile.Opened.__name__)}

    assert told == set(SENTENCES), "add the sentence to SENTENCES in services/followup/history.py"


def test_every_word_of_a_household_has_its_french():
    from contracts.followup import AbsenceReason, VisitKind, VisitPlace, VisitResult
    from contracts.intake import EndReason
    from contracts.support_periods import SupportAxis, SupportOutcome

    assert set(AXES) == set(SupportAxis)
    assert set(OUTCOMES) == set(SupportOutcome)
    assert set(KINDS) == set(VisitKind)
    assert set(PLACES) == set(VisitPlace)
    assert set(RESULTS) == set(VisitResult)
    assert set(ABSENCES) == set(AbsenceReason)
    assert set(END_REASONS) == {reason.value for reason in EndReason}
