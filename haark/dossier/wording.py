"""The words of the account's page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from haark import clock, formats, locale
from haark.accounts import custom
from haark.reviews import titles

ROLES: dict[str, LazyString] = {
    "sponsor": _l("Sponsor"),
    "champion": _l("Champion"),
    "decision_maker": _l("Décideur"),
    "day_to_day": _l("Quotidien"),
    "other": _l("Autre"),
}
ROLE_TONES = {"sponsor": "warn", "champion": "ok", "decision_maker": "acc"}
LANGUAGES: dict[str, LazyString] = {"fr": _l("français"), "en": _l("anglais"), "uk": _l("ukrainien")}
# Tone, word and reason of dossier.relations.Relation.standing.
RELATIONS: dict[str, tuple[str, LazyString, LazyString]] = {
    "strong": ("ok", _l("Forte"), _l("Dernier échange récent")),
    "good": ("ok", _lp("relation", "Bonne"), _l("Dernier échange récent")),
    "distant": ("warn", _l("Distante"), _l("Dernier échange ancien")),
    "none": ("", _l("À construire"), _l("Aucun échange des deux côtés avec cette adresse")),
    "broken": ("bad", _l("Rompue"), _l("Cette personne a quitté le client")),
}
REASONS: dict[str, LazyString] = {
    "new": _l("Nouveau client"),
    "expansion": _l("Expansion"),
    "contraction": _l("Contraction"),
    "churn": _l("Départ"),
    "price": _l("Changement de prix"),
    "other": _l("Autre"),
    "": _l("Raison non précisée"),
}
SEGMENTS: dict[str, LazyString] = {
    "enterprise": _l("Enterprise"),
    "strategic": _l("Strategic"),
    "growth": _l("Growth"),
    "standard": _l("Standard"),
}
GROUPS: dict[str, LazyString] = {
    "": _l("Tout"),
    "exchanges": _l("Échanges"),
    "support": _l("Support"),
    "revenue": _l("Revenus"),
    "reviews": _l("Revues"),
    "actions": _l("Actions"),
    "signals": _l("Alertes"),
    "changes": _l("Changements"),
}
INTERACTIONS: dict[str, tuple[str, LazyString]] = {  # drawing, words where the source has none
    "call": ("phone", _l("Appel")),
    "email": ("mail", _l("E-mail")),
    "meeting": ("users", _l("Réunion")),
    "note": ("notebook-pen", _l("Note")),
}
DIRECTIONS: dict[str, LazyString] = {
    "": _l("Non précisé"),
    "both": _l("Des deux côtés"),
    "in": _l("Du client vers nous"),
    "out": _l("De nous vers le client"),
}
# What a line may say to signals (haark.signals.words).
TOPICS: dict[str, LazyString] = {
    "budget_agreed": _l("budget disponible"),
    "budget_cut": _l("budget réduit"),
    "need_identified": _l("besoin identifié"),
    "reorganisation": _l("réorganisation"),
    "company_growing": _l("croissance du client"),
}
PRIORITIES: dict[str, LazyString] = {
    "low": _l("priorité basse"),
    "normal": _l("priorité normale"),
    "high": _l("priorité haute"),
    "urgent": _l("urgent"),
}
EVENTS: dict[str, tuple[str, LazyString]] = {  # drawing, sentence
    "account.created": ("circle-plus", _l("Compte créé")),
    "account.merged": ("merge", _l("Un autre compte a rejoint celui-ci")),
    "account.parted": ("undo-2", _l("Comptes fusionnés, de nouveau séparés")),
    "account.changed": ("pencil", _l("Fiche modifiée")),
    "account.owner_changed": ("user-round-cog", _l("Responsable changé")),
    "account.logo_changed": ("image", _l("Logo changé")),
    "account.logo_removed": ("image", _l("Logo retiré")),
    "account.deleted": ("trash-2", _l("Compte mis à la corbeille")),
    "account.restored": ("undo-2", _l("Compte restauré")),
    "account.arr_changed": ("coins", _l("ARR corrigé")),
    "term.reopened": ("calendar-clock", _l("Échéance rouverte : son issue est retirée")),
    "health.band_changed": ("activity", _l("Santé : changement de niveau")),
    "contact.created": ("user-plus", _l("Contact ajouté")),
    "contact.added": ("user-plus", _l("Contact ajouté")),
    "contact.changed": ("user", _l("Contact modifié")),
    "contact.returned": ("user-plus", _l("Contact de retour, ou départ retiré")),
    "contact.removed": ("trash-2", _l("Contact supprimé")),
    "attachment.added": ("paperclip", _l("Fichier joint")),
    "attachment.removed": ("paperclip", _l("Fichier supprimé")),
    "attachment.restored": ("paperclip", _l("Fichier rétabli")),
    "contact.restored": ("user-plus", _l("Contact rétabli")),
    "project.rated": ("star", _l("Projet noté par une personne")),
    "plan.changed": ("flag", _l("Plan de succès modifié")),
    "share.sent": ("send", _l("Lien du plan envoyé")),
    "share.meeting_asked": ("calendar-plus", _l("Réunion demandée par le client")),
    "comment.added": ("message-square-quote", _l("Commentaire ajouté")),
    "comment.removed": ("message-square-off", _l("Commentaire retiré")),
    "comment.restored": ("message-square-quote", _l("Commentaire rétabli")),
    "objective.added": ("target", _l("Objectif ajouté au plan")),
    "objective.changed": ("target", _l("Objectif du plan modifié")),
    "objective.restored": ("target", _l("Objectif remis au plan")),
    "objective.removed": ("target", _l("Objectif ôté du plan")),
    "milestone.added": ("milestone", _l("Jalon ajouté au plan")),
    "milestone.changed": ("milestone", _l("Jalon du plan modifié")),
    "milestone.restored": ("milestone", _l("Jalon remis au plan")),
    "milestone.removed": ("milestone", _l("Jalon ôté du plan")),
    "plan.started": ("library", _l("Plan commencé depuis un modèle")),
    "plan.published": ("send", _l("Version du plan publiée")),
    "plan.signed": ("badge-check", _l("Version du plan signée")),
    "proposal.made": ("git-pull-request-arrow", _l("Changement du plan proposé")),
    "proposal.accepted": ("check", _l("Changement du plan accepté")),
    "proposal.declined": ("x", _l("Changement du plan décliné")),
    "share.issued": ("link", _l("Lien de partage du plan créé")),
    "share.revoked": ("ban", _l("Lien de partage du plan révoqué")),
    "share.opened": ("eye", _l("Plan ouvert par le client")),
    "value.changed": ("coins", _l("Calcul de valeur modifié")),
    "value.confirmed": ("badge-check", _l("Valeur confirmée par le client")),
    "value.unconfirmed": ("coins", _l("Confirmation d’une valeur retirée")),
    "participant.replied": ("mail", _l("Réponse à l’invitation")),
    "next_review.overridden": ("calendar-clock", _l("Prochaine revue : date choisie par une personne")),
    "next_review.computed": ("calendar-clock", _l("Prochaine revue : retour à la date calculée")),
}
REVIEWS: dict[str, tuple[str, str, LazyString]] = {  # drawing, tone, sentence
    "review.planned": ("calendar-plus", "acc", _l("%(review)s planifiée, à tenir le %(day)s")),
    "review.moved": ("calendar-clock", "", _l("%(review)s déplacée au %(day)s")),
    "review.scheduled": ("calendar-check", "ok", _l("%(review)s : date convenue, le %(day)s")),
    "review.agenda_shared": ("eye", "acc", _l("%(review)s : ordre du jour partagé avec le client")),
    "review.agenda_withdrawn": ("eye-off", "", _l("%(review)s : ordre du jour retiré du plan partagé")),
    "review.generated": ("presentation", "ok", _l("%(review)s générée")),
    "review.held": ("check", "ok", _l("%(review)s tenue le %(day)s")),
    "review.recapped": ("mail", "ok", _l("%(review)s : récap envoyé")),
    "review.holding_removed": ("rotate-cw", "", _l("%(review)s : elle n’a pas eu lieu")),
    "review.closed": ("archive", "ok", _l("%(review)s close")),
    "review.reopened": ("rotate-cw", "", _l("%(review)s de nouveau suivie")),
    "review.cancelled": ("x", "bad", _l("%(review)s annulée")),
    "review.reinstated": ("rotate-cw", "", _l("%(review)s rétablie")),
}
# Families of events, for kinds that came after this page was written.
FAMILIES: dict[str, tuple[str, LazyString]] = {
    "account": ("pencil", _l("Fiche modifiée")),
    "contact": ("user", _l("Contact modifié")),
    "health": ("activity", _l("Santé recalculée")),
    "plan": ("flag", _l("Plan de succès modifié")),
    "objective": ("target", _l("Plan de succès modifié")),
    "milestone": ("milestone", _l("Plan de succès modifié")),
    "risk": ("shield-alert", _l("Risque du plan modifié")),
    "member": ("users", _l("Équipe du plan modifiée")),
    "comment": ("message-square-text", _l("Commentaire")),
    "value": ("coins", _l("Calcul de valeur modifié")),
    "share": ("link", _l("Plan partagé avec le client")),
    "proposal": ("git-compare", _l("Changement du plan proposé")),
}
FIELDS: dict[str, LazyString] = {
    "name": _l("nom"),
    "sector": _l("secteur"),
    "employees": _l("salariés"),
    "declared_arr_cents": _l("ARR déclaré"),
    "contract_start": _l("début du contrat"),
    "renewal_date": _l("renouvellement"),
    "seats": _l("licences"),
    "quota": _l("quota"),
    "country": _l("pays"),
    "language": _l("langue"),
    "owner_id": _l("responsable"),
    "sales_owner_id": _l("commercial"),
    "executive_email": _l("dirigeant"),
    "external_id": _l("identifiant externe"),
    "currency": _l("devise"),
    "tags": _l("étiquettes"),
    "parent_id": _l("société mère"),
    "arr_cents": _l("ARR"),
}
ERRORS: dict[str, LazyString] = {
    "name": _l("Donnez un nom au compte."),
    "dates": _l("Le renouvellement ne peut pas précéder le début du contrat."),
    "negative": _l("Une quantité ou un montant ne peut pas être négatif."),
    "taken": _l("Un autre compte porte déjà cet identifiant."),
    "binned": _l("Un compte supprimé, encore dans la corbeille, porte cet identifiant."),
    "email": _l("Cette adresse n’est pas complète : nom@domaine."),
    "language": _l("Choisissez une langue de la liste."),
    "parent": _l("Aucun compte ne porte ce nom ni cet identifiant."),
    "several": _l("Plusieurs comptes portent ce nom : donnez l’identifiant externe."),
    "circle": _l("Ce compte est lui-même en dessous : une société ne peut pas dépendre de sa filiale."),
    "field": _l("Ce champ ne se modifie pas ici."),
}
TRASHED: dict[str, tuple[str, LazyString]] = {  # drawing, kind
    "account": ("building-2", _l("Compte")),
    "contact": ("user", _l("Contact")),
    "interaction": ("message-square-text", _l("Échange")),
    "attachment": ("paperclip", _l("Pièce jointe")),
}
HELD: dict[str, LazyString] = {  # what goes with an account, by table
    "contact": _l("contacts"),
    "interaction": _l("échanges"),
    "review": _l("revues"),
    "action_item": _l("actions"),
    "objective": _l("objectifs du plan"),
    "share_link": _l("liens partagés, qui ne s’ouvriront plus"),
    "attachment": _l("pièces jointes"),
}
TRASH_ERRORS: dict[str, LazyString] = {
    "gone": _l("Ceci n’est plus dans la corbeille."),
    "missing": _l("Le compte auquel cela appartient est supprimé : restaurez d’abord le compte."),
    "taken": _l(
        "Un autre élément a pris sa place depuis, avec le même identifiant ou la même date. Rien n’a été modifié."
    ),
}
LEVEL_ERRORS: dict[str, LazyString] = {
    "negative": _l("Un montant ne peut pas être négatif."),
    "missing": _l("Cet ARR vient de l’historique des revenus : entrez un montant, 0 si le client ne paie plus."),
    "start": _l("Cette date précède le début du contrat."),
    "future": _l("Cette date est à plus d’un an."),
    "reason": _l("Choisissez une raison de la liste."),
}
TERM_ERRORS: dict[str, LazyString] = {
    "outcome": _l("Dites si le contrat est renouvelé ou perdu."),
    "start": _l("Cette date précède le début du contrat."),
    "future": _l("Un renouvellement se note une fois signé : aujourd’hui au plus tard."),
    "notice": _l("Le préavis ne peut pas suivre la fin de l’échéance."),
    "next": _l("La prochaine échéance doit suivre celle-ci."),
    "negative": _l("Un montant ne peut pas être négatif."),
    "taken": _l("Une issue est déjà notée pour ce jour. Retirez-la d’abord, ou choisissez un autre jour."),
}
TAG_ERRORS: dict[str, LazyString] = {
    "empty": _l("Écrivez une étiquette."),
    "long": _l("60 caractères au plus."),
    "many": _l("30 étiquettes au plus : retirez-en une d’abord."),
}
FILE_ERRORS: dict[str, LazyString] = {
    "empty": _l("Choisissez un fichier qui contient quelque chose."),
    "size": _l("Ce fichier est trop gros : %(most)s Mo au plus."),
    "many": _l("%(number)s fichiers au plus : supprimez-en un d’abord."),
    "note": _l("La note tient en 400 caractères."),
    "archive": _l("Une archive n’est pas gardée : joignez les fichiers qu’elle contient."),
    "macros": _l("Un document avec des macros n’est pas gardé : enregistrez-le sans elles."),
    "locked": _l("Ce document est protégé par un mot de passe : joignez-le sans."),
    "name": _l("Le nom de ce fichier ne dit pas ce qu’il contient : corrigez son extension."),
    "unknown": _l("Cette sorte de fichier n’est pas gardée : joignez un PDF, un document, une image ou un texte."),
    "full": _l("Le disque est plein : rien n’a été gardé. Prévenez l’administrateur."),
}
CONTACT_ERRORS: dict[str, LazyString] = {
    "name": _l("Donnez un nom au contact."),
    "email": _l("Cette adresse n’est pas complète, par exemple sophie@client.fr."),
    "taken": _l("Cette adresse est déjà celle d’un contact du compte :"),
    "profile": _l("Donnez une adresse web, par exemple linkedin.com/in/nom."),
    "role": _l("Choisissez un rôle de la liste."),
}
NOTE_ERRORS: dict[str, LazyString] = {
    "empty": _l("Écrivez d’abord votre note."),
    "long": _l("4 000 caractères au plus : gardez l’essentiel."),
    "kind": _l("Choisissez appel, e-mail, réunion ou note."),
    "direction": _l("Ce sens d’échange n’existe pas."),
}


def event(kind: str) -> tuple[str, str]:
    """The drawing and the sentence of an event."""
    drawing, words = EVENTS.get(kind) or FAMILIES.get(kind.partition(".")[0]) or ("history", _l("Changement"))
    return drawing, str(words)


def fields(changes: dict[str, list[object]] | None) -> str:
    """The names of what changed, separated by commas."""
    named = (FIELDS.get(name) or (own.name if (own := custom.by_column(name)) else "") for name in changes or {})
    return ", ".join(str(one) for one in named if one)


def roles(keys: Sequence[str]) -> str:
    """«champion, décideur»."""
    return ", ".join(str(ROLES[key]).lower() for key in keys)


def size(count: int) -> str:
    """A file's size: «2,4 Mo», «830 ko»."""
    unit, whole = (_("%(size)s Mo"), 1_000_000) if count >= 1_000_000 else (_("%(size)s ko"), 1_000)
    shown = max(count / whole, 0.1 if whole > 1_000 else 1)
    return str(unit % {"size": formats.number(shown, locale.current(), 1 if whole > 1_000 else 0)})


def exchange(kept: Any, names: Mapping[str, str], on: date) -> str:
    """«Appel, Sophie Marchand, hier, #budget»: how an exchange was understood."""
    day = clock.day_of(kept.at, locale.timezone())
    with_whom = names.get(kept.contact_email, kept.contact_email)
    return ", ".join(
        [
            str(INTERACTIONS[kept.kind][1]),
            *([with_whom] if with_whom else []),
            formats.day(day, locale.current()) if day != on else str(_l("aujourd’hui")),
            *(f"#{tag}" for tag in kept.tags),
        ]
    )


def review_event(kind: str, data: Mapping[str, Any]) -> tuple[str, str, str]:
    """The drawing, the tone and the sentence of what happened to a review: «QBR Q3 2026 tenue le 8 sept. 2026»."""
    drawing, tone, words = REVIEWS[kind]
    day = data.get("held_on") or data.get("due_on")
    told = {"review": titles.title_of(data["what"], data["period"], locale.current()), "day": _day(day)}
    return drawing, tone, str(words) % told


def own_day(data: Mapping[str, Any]) -> str:
    """«24 déc. 2026 : comité de direction», the day that a person chose and why."""
    return f"{_day(data.get('due_on'))}\u202f: {data.get('reason', '')}"


def day(value: date | None) -> str:
    """A day in the reader's language."""
    return formats.day(value, locale.current())


def _day(written: str | None) -> str:
    return formats.day(date.fromisoformat(written) if written else None, locale.current())
