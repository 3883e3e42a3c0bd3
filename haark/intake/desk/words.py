"""What an import says in words: kinds, fields, formats, values."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from haark import formats, locale
from haark.accounts import custom
from haark.intake.kinds import KINDS
from haark.intake.looking import Finding

KIND: dict[str, LazyString] = {
    "accounts": _lp("import", "Comptes"),
    "contacts": _lp("import", "Contacts"),
    "revenue": _lp("import", "Revenus"),
    "renewals": _lp("import", "Renouvellements"),
    "features": _lp("import", "Fonctionnalités"),
    "usage": _lp("import", "Usage"),
    "surveys": _lp("import", "Enquêtes"),
    "tickets": _lp("import", "Tickets"),
    "interactions": _lp("import", "Échanges"),
    "golives": _lp("import", "Mises en service"),
    "opportunities": _lp("import", "Opportunités"),
}
FIELD: dict[str, LazyString] = {
    "account_id": _lp("champ", "Compte"),
    "active_users": _lp("champ", "Utilisateurs actifs"),
    "amount": _lp("champ", "Montant"),
    "arr": _lp("champ", "ARR"),
    "at": _lp("champ", "Date et heure"),
    "close_date": _lp("champ", "Date de signature prévue"),
    "closed_at": _lp("champ", "Fermé le"),
    "comment": _lp("champ", "Commentaire"),
    "contact_email": _lp("champ", "E-mail du contact"),
    "contract_start": _lp("champ", "Début du contrat"),
    "country": _lp("champ", "Pays"),
    "created_at": _lp("champ", "Créé le"),
    "csat": _lp("champ", "CSAT"),
    "currency": _lp("champ", "Devise"),
    "date": _lp("champ", "Date"),
    "direction": _lp("champ", "Sens"),
    "email": _lp("champ", "E-mail"),
    "end": _lp("champ", "Date de fin"),
    "employees": _lp("champ", "Taille (salariés)"),
    "events": _lp("champ", "Événements"),
    "executive_email": _lp("champ", "E-mail de notre dirigeant référent"),
    "external_id": _lp("champ", "Identifiant externe"),
    "feature": _lp("champ", "Fonctionnalité"),
    "key": _lp("champ", "Clé"),
    "kind": _lp("champ", "Type"),
    "language": _lp("champ", "Langue"),
    "left_on": _lp("champ", "Parti le"),
    "logins": _lp("champ", "Connexions"),
    "main": _lp("champ", "Contact principal"),
    "major": _lp("champ", "Majeure"),
    "name": _lp("champ", "Nom"),
    "next_step": _lp("champ", "Prochaine étape"),
    "notice_date": _lp("champ", "Date du préavis"),
    "opened_at": _lp("champ", "Ouvert le"),
    "outcome": _lp("champ", "Issue"),
    "owner_email": _lp("champ", "Responsable"),
    "parent_external_id": _lp("champ", "Société mère"),
    "phone": _lp("champ", "Téléphone"),
    "plan": _lp("champ", "Offre"),
    "premium": _lp("champ", "Payante"),
    "priority": _lp("champ", "Priorité"),
    "profile_url": _lp("champ", "Adresse du profil"),
    "quota": _lp("champ", "Quota"),
    "reason": _lp("champ", "Raison"),
    "renewal_date": _lp("champ", "Date de renouvellement"),
    "role": _lp("champ", "Rôle"),
    "sales_owner_email": _lp("champ", "Responsable commercial"),
    "score": _lp("champ", "Note"),
    "seats": _lp("champ", "Licences"),
    "sector": _lp("champ", "Secteur"),
    "stage": _lp("champ", "Étape"),
    "subject": _lp("champ", "Sujet"),
    "summary": _lp("champ", "Résumé"),
    "tags": _lp("champ", "Étiquettes"),
}
# Where a column of a database means another field than its name says.
OF_COLUMN = {
    "declared_arr_cents": "arr", "arr_cents": "arr", "amount_cents": "amount", "owner_id": "owner_email",
    "sales_owner_id": "sales_owner_email", "parent_id": "parent_external_id", "created_on": "created_at",
    "feature_id": "feature", "day": "date",
}  # fmt: skip
SYSTEMS = {"hubspot": "HubSpot", "dynamics": "Dynamics 365", "intercom": "Intercom", "zendesk": "Zendesk"}
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "ascii": "ASCII"}
DELIMITERS: dict[str, LazyString] = {
    ",": _l("virgule"),
    ";": _l("point-virgule"),
    "\t": _l("tabulation"),
    "|": _l("barre verticale"),
}
ORDERS: dict[str, LazyString] = {
    "dmy": _l("jj/mm/aaaa"),
    "mdy": _l("mm/jj/aaaa"),
    "ymd": _l("aaaa-mm-jj"),
}


def kind(name: str) -> str:
    """«Comptes»; "" for a table that is left out."""
    return str(KIND[name]) if name in KIND else ""


def field(name: str) -> str:
    """«Date de renouvellement», of a canonical column, a column of the database, or a custom field."""
    own = custom.by_column(name)
    if own:
        return own.name
    known = OF_COLUMN.get(name, name)
    return str(FIELD.get(known, known))


def fields(kind_name: str) -> list[tuple[str, str]]:
    """(canonical column, words) of what can be imported of a kind: the required ones first, then by their words; the
    custom fields of accounts last."""
    columns = sorted(
        KINDS[kind_name].columns, key=lambda column: (not column.required, formats.fold(field(column.name)))
    )
    own = [(one.column, one.name) for one in custom.fields()] if kind_name == "accounts" else []
    return [(column.name, field(column.name)) for column in columns] + own


def encoding(name: str) -> str:
    return ENCODINGS.get(name.lower(), name)


def delimiter(sign: str) -> str:
    return str(DELIMITERS.get(sign, sign))


def system(name: str) -> str:
    """The name of a recognised tool, as it writes itself."""
    return SYSTEMS.get(name, name.capitalize())


def value(column: str, raw: Any, currency: str) -> str:
    """A value of the database as people read it; «» for none."""
    language = locale.current()
    if raw is None or raw == "":
        return ""
    if column.endswith("_cents"):
        return formats.money(int(raw), language, currency, 0 if int(raw) % 100 == 0 else 2)
    if isinstance(raw, bool):
        return _("oui") if raw else _("non")
    if isinstance(raw, int | float):
        return formats.number(raw, language)
    text = str(raw)
    if column == "tags":
        return ", ".join(part.strip(' "') for part in text.strip("[]").split(","))
    if len(text) >= 10 and text[4] == text[7] == "-" and text[:4].isdigit():
        try:
            return _day(text)
        except ValueError:
            return text
    return text


def _day(text: str) -> str:
    from datetime import date

    return formats.day(date.fromisoformat(text[:10]), locale.current())


def formats_of(found: Mapping[str, Any], order: str, decimal: str) -> list[tuple[str, str, str]]:
    """(what, an example, how it is read) for the strip below the files. `order`, `decimal`: as they are settled."""
    known = {name: Finding.from_json(one) for name, one in found.items()}
    shown: list[tuple[str, str, str]] = []
    mark, group, day = known.get("decimal"), known.get("thousands"), known.get("dates")
    if mark or group:
        example = (mark and mark.example) or (group and group.example) or ""
        shown.append((_("Montants"), f"« {example} »", ", ".join(filter(None, (_decimal(decimal), _group(group))))))
    if day:
        told = str(ORDERS.get(order, _("à préciser")))
        if order and day.value:
            told = _("%(order)s, %(held)s sur %(total)s", order=told, held=_n(day.held), total=_n(day.total))
        shown.append((_("Dates"), f"« {day.example} »", told))
    if "repaired" in known:
        one = known["repaired"]
        told = _("encodage %(name)s corrigé", name=encoding(one.value))
        shown.append((_("Texte"), f"« {one.example} » → « {one.after} »", told))
    if "currency" in known:
        one = known["currency"]
        sign = formats.SYMBOLS.get(one.value, one.value) if one.value else _("plusieurs")
        shown.append((_("Devise"), sign, _("aucune autre trouvée") if one.value else _("chaque ligne dit la sienne")))
    return shown


def _decimal(mark: str) -> str:
    return {",": _("virgule décimale"), ".": _("point décimal")}.get(mark, "")


def _group(found: Finding | None) -> str:
    if found is None:
        return ""
    words = {
        " ": _("espace des milliers"),
        ",": _("virgule des milliers"),
        ".": _("point des milliers"),
        "'": _("apostrophe des milliers"),
    }
    return words.get(found.value, "")


def _n(number: int) -> str:
    return formats.number(number, locale.current())


def rows(number: int) -> str:
    """«1 248 lignes»."""
    return ngettext("%(shown)s ligne", "%(shown)s lignes", number, shown=_n(number))


def size(octets: int) -> str:
    """«184 Ko», «3,1 Mo»."""
    language = locale.current()
    if octets < 1_000_000:
        return _("%(number)s Ko", number=formats.number(max(1, round(octets / 1000)), language))
    return _("%(number)s Mo", number=formats.number(round(octets / 1_000_000, 1), language))


def left(seconds: int) -> str:
    """«reste 12 s», «reste 3 min»."""
    if seconds < 60:
        return _("reste %(number)s s", number=_n(max(1, seconds)))
    return _("reste %(number)s min", number=_n(round(seconds / 60)))
