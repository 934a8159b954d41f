"""What the columns of files are called on a page, beside the name that stands in the file."""

COLUMN_WORDS = {
    "address": "Adresse",
    "bedrooms": "Chambres",
    "charges": "Charges",
    "contact": "Contact",
    "dwelling": "Numéro du logement",
    "household": "Ménage",
    "language": "Langue",
    "name": "Nom",
    "payment_reference": "Communication structurée",
    "reference": "Numéro",
    "registered_on": "Enregistré le",
    "rent": "Loyer",
    "rent_period": "Période du loyer",
    "start_on": "Début du bail",
    "unlettable_from": "Pas louable depuis",
    "unlettable_reason": "Pourquoi pas louable",
    "welcomed_on": "Accueilli le",
}
