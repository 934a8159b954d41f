"""A bank file that could not be posted to its end: how much of it is recorded, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import DiskFull

from services.arrears.bank_postings import Tally
from services.chassis.problems import DATABASE_AWAY
from services.chassis.refusal import Busy, NameUnavailable, Refusal


class BankFileCutOff(Refusal):
    status = 503
    slug = "bank-file-cut-off"
    title = "Import interrompu"


@contextmanager
def telling_what_is_recorded(tally: Tally, movements: int) -> Iterator[None]:
    """`movements`: how many of the file are to be posted.   Refuses: BankFileCutOff (503)."""
    try:
        yield
    except (*DATABASE_AWAY, NameUnavailable, Busy) as error:
        # Whether the act that was under way is recorded, nobody can say.
        known = f"au moins {tally.recorded} des {movements} mouvements du fichier sont enregistrés"
        if not tally.recorded:
            known = f"aucun des {movements} mouvements du fichier n'est enregistré à coup sûr"
        raise BankFileCutOff(
            f"L'import s'est arrêté en chemin : {_why(error)} ; {known}. Importez de nouveau le "
            "même fichier : il sera complété, et rien n'y sera compté deux fois.",
            recorded=tally.recorded,
            movements=movements,
        ) from error


def _why(error: BaseException) -> str:
    if isinstance(error, DiskFull) or isinstance(error.__cause__, DiskFull):
        return "le disque du serveur est plein et il faut d'abord y faire de la place"
    if isinstance(error, NameUnavailable):
        return "le coffre des clés ne répond plus"
    if isinstance(error, Busy):
        return "une autre opération ne finit pas"
    return "la base de données ne répond plus"
