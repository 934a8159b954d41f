"""What can be told of a condition on messages before every kind of message was looked at."""

from collections.abc import Mapping
from typing import Any

from services.arrears.ladder.conditions import When
from services.arrears.ladder.happenings import Happened, Last
from services.arrears.ladder.state import State, Step

LOWER, UPPER = {"at_least", "more_than"}, {"at_most", "less_than"}


def foresee(leaf: When, state: State, chosen: Mapping[str, Any]) -> bool | None:
    """Whether a leaf holds whatever else was sent; None when that is open.

    `state` is that of what was chosen so far, by `done:<kind>`.
    """
    value = leaf.value
    if isinstance(value, Last):
        return _last(value, state, chosen)
    if isinstance(value, Happened):
        happened = _happened(value, state)
        return happened if happened is None or leaf.key == "happened" else not happened
    return None


def _last(last: Last, state: State, chosen: Mapping[str, Any]) -> bool | None:
    done = [step for step in state.done if step.is_message or last.of == "all"]
    if last.none:
        return False if done else None
    if last.is_ is None or any(f"done:{kind}" not in chosen for kind in last.is_):
        return None
    if not done or done[-1].kind not in last.is_:
        named = [step for step in done if step.kind in last.is_]
        # What comes later still can only push the named ones further back.
        return False if not named or done[-1].on > named[-1].on else None
    return None if last.keeps(done[-1].on, state.day) else False


def _happened(happened: Happened, state: State) -> bool | None:
    if happened.which != "last" or happened.times != 1:
        return None
    found: list[Step] = happened.found(state)
    bounds = {name for name, _ in happened.given()}
    if not found:
        return None
    keeps = happened.keeps(happened.day_of(found[-1]), state.day)
    if keeps and not bounds & LOWER:
        return True  # a later one would be nearer still
    if not keeps and not bounds & UPPER:
        return False  # a later one would be too recent as well
    return None
