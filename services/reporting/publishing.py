"""Which fact each of reporting's domain events is published as. Events not listed are private."""

from contracts import reporting as facts
from services.chassis.publication import Publication, Publications
from services.reporting.yearly_return import YearlyReturn

PUBLICATIONS = Publications(
    Publication(YearlyReturn.Validated, facts.ReturnValidated),
    Publication(YearlyReturn.Restated, facts.ReturnRestated),
    openings={YearlyReturn.Validated: YearlyReturn.Prepared},
)
