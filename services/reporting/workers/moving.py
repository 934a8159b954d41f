"""What is said of a company that no worker serves at this moment."""

from services.chassis.refusal import Refusal

AGAIN_S = 2


class CompanyIsMoving(Refusal):
    status = 503
    slug = "company-is-moving"
    title = "Chiffres momentanément indisponibles"


def moving() -> CompanyIsMoving:
    return CompanyIsMoving(
        "Les chiffres de cette société sont en cours de reprise. Rien n'est perdu : "
        "réessayez dans quelques secondes.",
        retry_after_s=AGAIN_S,
    )
