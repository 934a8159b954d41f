"""Why something written is not taken, in French: by pydantic, or by the reader of YAML."""

from typing import Any

_SAID = {
    "missing": "Ce champ manque.",
    "extra_forbidden": "Ce champ n'existe pas ici\u00a0: vérifiez son nom, ou enlevez-le.",
    "none_required": "Enlevez ce champ\u00a0: il n'a pas de place ici.",
    "string_type invalid_key": "Un texte est attendu, entre guillemets.",
    "string_unicode": "Le texte contient un caractère qui n'existe pas.",
    "string_too_long": "Le texte est trop long\u00a0: {max_length} caractères au plus.",
    "string_too_short": "Le texte est vide ou trop court\u00a0: longueur minimale {min_length}.",
    "int_type": "Un nombre entier est attendu, sans guillemets.",
    "int_parsing int_from_float": "Un nombre entier est attendu.",
    "greater_than": "Un nombre de plus de {gt} est attendu.",
    "greater_than_equal": "La valeur doit être d'au moins {ge}.",
    "less_than_equal": "La valeur doit être d'au plus {le}.",
    "bool_type bool_parsing": "Vrai ou faux est attendu\u00a0: true ou false, sans guillemets.",
    "literal_error enum": "Valeurs admises\u00a0: {expected}.",
    "union_tag_invalid": "Valeurs admises\u00a0: {expected_tags}.",
    "union_tag_not_found": "Le champ {discriminator} manque\u00a0: il dit de quoi il s'agit.",
    "uuid_parsing": "Un identifiant UUID est attendu.",
    "json_invalid": "Le corps de la demande n'est pas du JSON.",
    "too_long": "C'est trop long\u00a0: {max_length} au plus.",
    "too_short": "C'est vide ou trop court\u00a0: {min_length} au moins.",
    "tuple_type list_type": "Une liste est attendue, comme «\u00a0[a, b]\u00a0».",
    "dict_type model_type model_attributes_type": "Un bloc «\u00a0nom: valeur\u00a0» est attendu.",
    "value_error invisible_character empty_text": "{msg}",
}
REASONS = {kind: said for kinds, said in _SAID.items() for kind in kinds.split()}
DAY, ANY = "Une date est attendue, par exemple 2026-11-23.", "Cette valeur n'est pas admise."
YAML = {
    "found duplicate key": "Ce nom figure déjà plus haut dans ce bloc\u00a0: n'en gardez qu'un.",
    "found character '\\t'": "Remplacez la tabulation par des espaces.",
    "found unexpected end of stream": "Un guillemet qui s'ouvre plus haut ne se referme pas.",
    "but found another document": "Un seul document par fichier\u00a0: enlevez «\u00a0---\u00a0».",
    "alias": "Les renvois (*nom) ne sont pas lus\u00a0: écrivez le texte en entier.",
    "too deep": "Trop de blocs sont l'un dans l'autre.",
}
"""By how the reader's own words begin; of anything else, what usually causes it."""
NO_YAML = (
    "Ce n'est pas du YAML valide. Cherchez ici ou juste au-dessus\u00a0: un retrait mal aligné, un "
    "texte avec deux-points sans guillemets, un crochet non refermé, une virgule oubliée."
)


def reason_of(problem: Any) -> str:
    """One sentence for an error of pydantic; our own validators say theirs."""
    kind, told = problem["type"], {**problem.get("ctx", {}), "msg": problem["msg"]}
    said = REASONS.get(kind, DAY if kind.startswith("date") else ANY).format_map(told)
    return said.removeprefix("Value error, ").replace("' or '", "' ou '")


def reason_of_yaml(said: str) -> str:
    return next((ours for theirs, ours in YAML.items() if said.startswith(theirs)), NO_YAML)
