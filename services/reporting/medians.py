"""Which members of an ordered list stand in the middle: one, or two when they are even."""


def chosen_of(count: int) -> range:
    """The places, from 0, of the one or two that make the median of so many; none of none."""
    return range((count - 1) // 2, count // 2 + 1) if count else range(0)


def middle(values: list[int]) -> list[int]:
    """The one or two in the middle: their mean is the median, exactly."""
    ordered = sorted(values)
    return [ordered[place] for place in chosen_of(len(ordered))]
