"""Every fact type of the suite, by its name on the wire."""

from contracts import arrears, followup, intake
from contracts.words import Fact

CONTRACTS: dict[str, type[Fact]] = {
    contract.TYPE: contract
    for module in (intake, followup, arrears)
    for contract in vars(module).values()
    if isinstance(contract, type) and issubclass(contract, Fact) and contract is not Fact
}


def publisher_of(fact_type: str) -> str:
    return fact_type.partition(".")[0]
