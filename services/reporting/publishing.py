"""Which fact each of reporting's domain events is published as. Events not listed are private."""

from contracts import objectives, reporting
from services.chassis.publication import Publication, Publications
from services.reporting.objectives.objectives_contract import ObjectivesContract
from services.reporting.yearly_return import YearlyReturn

PUBLICATIONS = Publications(
    Publication(YearlyReturn.Validated, reporting.ReturnValidated),
    Publication(YearlyReturn.Restated, reporting.ReturnRestated),
    Publication(ObjectivesContract.Adopted, objectives.ContractAdopted),
    Publication(ObjectivesContract.AdoptionWithdrawn, objectives.ContractAdopted, withdraws=True),
    Publication(ObjectivesContract.ObjectiveAgreed, objectives.ObjectiveAgreed),
    Publication(ObjectivesContract.AgreementWithdrawn, objectives.ObjectiveAgreed, withdraws=True),
    Publication(ObjectivesContract.ObjectiveAmended, objectives.ObjectiveAmended),
    Publication(ObjectivesContract.YearEvaluated, objectives.ObjectiveEvaluated),
    openings={YearlyReturn.Validated: YearlyReturn.Prepared},
)
