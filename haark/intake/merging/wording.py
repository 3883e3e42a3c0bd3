"""The words of merging: facts, tables, reasons."""

from flask_babel import lazy_gettext as _l

FACTS = {
    "name": _l("Nom"),
    "sector": _l("Secteur"),
    "employees": _l("Effectif"),
    "currency": _l("Devise"),
    "declared_arr_cents": _l("ARR déclaré"),
    "contract_start": _l("Début du contrat"),
    "renewal_date": _l("Renouvellement"),
    "quota": _l("Quota"),
    "seats": _l("Sièges"),
    "country": _l("Pays"),
    "language": _l("Langue"),
    "tags": _l("Étiquettes"),
    "owner_id": _l("Responsable"),
    "sales_owner_id": _l("Commercial"),
    "executive_email": _l("E-mail du dirigeant"),
    "parent_id": _l("Maison mère"),
}
# Tables by name; the others are counted together.
TABLES = {
    "contact": _l("Contacts"),
    "revenue": _l("Lignes de revenu"),
    "renewal": _l("Renouvellements"),
    "usage_day": _l("Jours d’usage"),
    "interaction": _l("Interactions"),
    "ticket": _l("Tickets"),
    "survey": _l("Enquêtes"),
    "opportunity": _l("Opportunités"),
    "review": _l("Revues"),
    "action_item": _l("Actions"),
    "plan": _l("Plans de succès"),
    "attachment": _l("Pièces jointes"),
    "event": _l("Entrées d’historique"),
}
REASONS = {
    "same": _l("même nom"),
    "writing": _l("même nom, écrit autrement"),
    "initials": _l("les initiales de l’autre"),
    "close": _l("noms proches"),
    "domain": _l("contacts en @%(value)s"),
    "country": _l("même pays"),
    "sector": _l("même secteur"),
}
ERRORS = {
    "same": _l("Choisissez un autre compte."),
    "gone": _l("Ce compte n’est plus là."),
    "apart": _l("Ces comptes sont déjà séparés."),
}


def reason(told: list[str]) -> str:
    """One reason, for its reader."""
    name, value = told
    return str(REASONS[name]) % {"value": value}
