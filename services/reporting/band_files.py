"""The bands that an operator attaches to indicators: files `bands/<indicator>.yaml` of the home."""

from datetime import date
from fractions import Fraction
from pathlib import Path

from services.chassis.written import DocumentRefused, read_file
from services.reporting.answers import Figure
from services.reporting.bands import Bands, Judged, judge, read_bands
from services.reporting.quotients import fraction_of


class BandFiles:
    """Read when first asked for, and again when a file has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, tuple[int, Bands | str]] = {}

    def attach(self, figure: Figure, period_end: date) -> Figure:
        """The figure with its band, or with why it has none; as it is where no file is."""
        bands = self._bands_of(figure["indicator"])
        if bands is None:
            return figure
        if isinstance(bands, str):
            return {**figure, "definition_gap": bands}
        judged: Judged = judge(
            bands, Fraction(figure["numerator"]), fraction_of(figure["denominator"]), period_end
        )
        return {**figure, "band": judged.band, "definition_gap": judged.definition_gap}

    def _bands_of(self, indicator: str) -> Bands | str | None:
        """None where there is no file; a sentence where it cannot be used."""
        path = self.folder / f"{indicator}.yaml"
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            return None
        known = self._read.get(indicator)
        if known is None or known[0] != changed:
            known = self._read[indicator] = (changed, _read(path, indicator))
        return known[1]


def _read(path: Path, indicator: str) -> Bands | str:
    try:
        bands = read_bands(read_file(path))
    except DocumentRefused as refused:
        return f"bands/{path.name}\u00a0: {refused.faults[0].words}"
    if bands.indicator != indicator:
        return f"bands/{path.name} contient les bandes de {bands.indicator}"
    return bands
