"""What the columns of files are called on a page, beside the name that stands in the file."""

COLUMN_WORDS = {
    "account": "Compte",
    "amount": "Montant",
    "charges": "Charges",
    "communication": "Communication",
    "due_on": "Échéance",
    "kind": "Genre de montant",
    "lease": "Numéro du bail",
    "month": "Mois",
    "paid_on": "Jour du paiement",
    "payer": "Qui a payé",
    "period_start": "Premier jour de la période",
    "receipt": "Numéro de la pièce",
    "reference": "Numéro de la facture",
    "rent": "Loyer",
    "statement": "Extrait",
    "structured": "Communication structurée",
}
