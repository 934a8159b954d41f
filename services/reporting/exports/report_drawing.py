"""A drawing of a page as an image inside a report."""

import re
from collections.abc import Callable

from services.reporting.objectives.contracts_by_year import Row

Drawing = Callable[[Row], str]
"""Makes the SVG of a figure's years, as a page shows it."""
INSIDE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="170" '
    'font-family="Libertinus Serif" '
)
STYLE = """<style>
.ref-trend__level { stroke: #c9d1d2; } .ref-trend__floor { stroke: #4a585b; }
.ref-trend__word { font-size: 12px; fill: #1c2b2d; }
.ref-trend__signed { fill: #1f5f7a; stroke: #1f5f7a; stroke-width: 2; }
.ref-trend__provisional { fill: #fff; stroke: #1f5f7a; stroke-width: 2; }
.ref-trend__line { fill: none; stroke: #1f5f7a; stroke-width: 2.5; }
.ref-trend__break { stroke: #4a585b; stroke-dasharray: 1 3; }
.ref-trend__target { fill: none; stroke: #a34700; stroke-width: 2; stroke-dasharray: 5 2; }
</style>"""


def image(svg: str) -> str:
    """The drawing with the styles that the page's own sheet gives it there."""
    return re.sub(r"<svg ([^>]*)>", rf"{INSIDE}\1>{STYLE}", str(svg), count=1)
