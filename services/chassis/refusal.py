"""What a service says when it will not do something, in words for people."""

from typing import Any, ClassVar


class Refusal(Exception):
    """An expected "no": 4xx, logged at info, rendered by `problems.py`.

    A subclass states `status`, `slug` and `title`, perhaps the `field` of a form to tell it beside;
    an instance adds a sentence and the facts behind it, shown to the caller: no person's name.
    """

    status: ClassVar[int] = 409
    slug: ClassVar[str] = "refused"
    title: ClassVar[str] = "Demande refusée"
    field: ClassVar[str] = ""

    def __init__(self, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class NotFound(Refusal):
    status = 404
    slug = "not-found"
    title = "Introuvable"


class NotAllowed(Refusal):
    status = 403
    slug = "not-allowed"
    title = "Accès non autorisé"


class NotSignedIn(Refusal):
    status = 401
    slug = "not-signed-in"
    title = "Connexion requise"


class Malformed(Refusal):
    """What was typed cannot be read; `errors` names each field with its reason."""

    status = 422
    slug = "malformed"
    title = "Données à corriger"

    def __init__(self, detail: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(detail, errors=errors or [])


class StaleEdit(Refusal):
    status = 412
    slug = "stale-edit"
    title = "Modifié entre-temps"


class KeyReused(Refusal):
    status = 422
    slug = "idempotency-key-reused"
    title = "Clé déjà utilisée pour une autre demande"


class UnknownCompany(NotFound):
    slug = "unknown-company"
    title = "Société inconnue"


class TooLarge(Refusal):
    status = 413
    slug = "too-large"
    title = "Fichier trop volumineux"


class Diverged(Refusal):
    status = 503
    slug = "diverged"
    title = "Journal divergent"


class Busy(Refusal):
    status = 503
    slug = "busy"
    title = "Momentanément indisponible"


class NameUnavailable(Refusal):
    status = 503
    slug = "name-unavailable"
    title = "Coffre des clés indisponible"
