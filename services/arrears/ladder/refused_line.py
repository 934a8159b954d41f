"""A line of a case file that is refused."""

from services.arrears.ladder.case import Line


class LineRefused(Exception):
    """A line cannot be, beside the others. `field` is what is wrong of it."""

    def __init__(self, line: Line, field: str, reason: str) -> None:
        super().__init__(reason)
        self.line, self.field, self.reason = line, field, reason
