"""Every fact type of the suite, by its name on the wire."""

from contracts import (
    account_decisions,
    arrears,
    arrears_cases,
    arrears_letters,
    contacts,
    followup,
    intake,
    legal_path,
    objectives,
    other_charges,
    repayment_plans,
    reporting,
    social_service,
    support_periods,
)
from contracts.words import Fact

MODULES = (
    intake,
    followup,
    support_periods,
    arrears,
    account_decisions,
    other_charges,
    arrears_cases,
    repayment_plans,
    arrears_letters,
    legal_path,
    social_service,
    contacts,
    reporting,
    objectives,
)
CONTRACTS: dict[str, type[Fact]] = {
    contract.TYPE: contract
    for module in MODULES
    for contract in vars(module).values()
    if isinstance(contract, type) and issubclass(contract, Fact) and hasattr(contract, "TYPE")
}


def publisher_of(fact_type: str) -> str:
    return fact_type.partition(".")[0]
