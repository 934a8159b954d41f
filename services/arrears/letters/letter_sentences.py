"""A letter's states, troubles and history in French words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from contracts.arrears_letters import LetterChannel, LetterTrouble, ReturnReason
from contracts.intake import Language
from services.arrears.casework.desk import STOPS
from services.arrears.letters.letter import LetterState
from services.arrears.letters.template_book import LetterTemplates
from services.chassis.templating import counted

STATES = {
    LetterState.DRAFT: "projet à relire",
    LetterState.WAITING: "à envoyer",
    LetterState.HANDED_OVER: "remise au serveur, issue inconnue",
    LetterState.SENT: "partie",
    LetterState.FAILED: "pas partie",
    LetterState.STOPPED: "arrêtée",
    LetterState.CANCELLED: "retirée",
}
CHANNELS = {LetterChannel.PRINT: "imprimée", LetterChannel.EMAIL: "par courriel"}
TROUBLES: dict[str, str] = {
    LetterTrouble.NO_ADDRESS: "on ne connaît pas l'adresse ; notez-la à la page du bail (Accueil)",
    LetterTrouble.RECIPIENT_ERASED: "les données du destinataire sont effacées",
    LetterTrouble.CANNOT_BE_SET: "un caractère du nom ou de l'adresse ne peut pas être imprimé, "
    "ou le modèle a une boucle qui n'en finit pas",
    LetterTrouble.RECIPIENT_REFUSED: "le serveur a refusé cette adresse de courriel",
    LetterTrouble.MESSAGE_REFUSED: "le serveur a refusé le message",
    LetterTrouble.SERVER_UNREACHABLE: "le serveur de courriel ne répond pas",
    LetterTrouble.OUTCOME_UNKNOWN: "la ligne a coupé : le serveur l'a peut-être reçue",
    ReturnReason.MAILBOX_UNKNOWN: "revenue, cette boîte n'existe pas",
    ReturnReason.MAILBOX_FULL: "revenue, la boîte est pleine",
    ReturnReason.REFUSED_LATER: "revenue, refusée",
    ReturnReason.MOVED_AWAY: "revenue, le destinataire n'habite plus là",
}
RETURNS = {
    ReturnReason.MAILBOX_UNKNOWN: "La boîte de courriel n'existe pas",
    ReturnReason.MAILBOX_FULL: "La boîte de courriel est pleine",
    ReturnReason.REFUSED_LATER: "Elle a été refusée",
    ReturnReason.MOVED_AWAY: "Le destinataire n'habite plus là",
}
LANGUAGES = {
    Language.FR: "français",
    Language.NL: "néerlandais",
    Language.DE: "allemand",
    Language.EN: "anglais",
}


def standing(row: Mapping[str, Any]) -> str:
    """Where a letter stands, and why."""
    state = STATES[LetterState(row["state"])]
    if row["state"] == LetterState.FAILED:
        return f"{state} : {TROUBLES[row['trouble']]}"
    if row["state"] == LetterState.STOPPED:
        return f"{state} : {', '.join(STOPS[reason] for reason in row['reasons'])}"
    if row["state"] == LetterState.SENT:
        return f"{state}, {CHANNELS[LetterChannel(row['channel'])]}"
    return state


def named(rows: Sequence[Mapping[str, Any]], book: LetterTemplates | None) -> list[dict[str, Any]]:
    """Letters with what each is called and where it stands."""
    messages = book.messages if book else {}
    return [
        {
            **row,
            "title": messages[row["message"]].title
            if row["message"] in messages
            else row["message"],
            "standing": standing(row),
        }
        for row in rows
    ]


def sentence(what: str, said: Mapping[str, Any]) -> str:
    """What happened to a letter, by the name of its event."""
    return PLAIN.get(what) or SENTENCES[what](said)


PLAIN = {
    "Released": "Projet relu et validé.",
    "Made": "Compte jugé de nouveau, lettre composée.",
    "Cancelled": "Retirée : elle ne partira pas.",
}
SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "Queued": lambda said: (
        "Lettre à relire avant de partir." if said["is_draft"] else "Lettre à envoyer."
    ),
    "Sent": lambda said: (
        f"Partie, {CHANNELS[LetterChannel(said['channel'])]}, en "
        f"{LANGUAGES[Language(said['language'])]}, {counted(said['pages'], 'page', 'pages')}."
    ),
    "Failed": lambda said: f"Pas partie : {TROUBLES[LetterTrouble(said['trouble'])]}.",
    "Returned": lambda said: f"Pas arrivée : {TROUBLES[said['reason']]}.",
    "Stopped": lambda said: f"Arrêtée : {', '.join(STOPS[r] for r in said['reasons'])}.",
}
