"""Mail in the words of the reader: states, reasons, phases, kinds."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark.mail.rules import MOST_TRIES

# State -> tone of its tag, drawing, word.
STATES: dict[str, tuple[str, str, Any]] = {
    "queued": ("", "clock", _l("En attente")),
    "leased": ("", "loader", _l("Pris en charge")),
    "sending": ("", "send", _l("En cours d’envoi")),
    "sent": ("ok", "check", _l("Remis")),
    "failed": ("bad", "circle-alert", _l("Échec")),
    "uncertain": ("warn", "circle-question-mark", _l("Incertain")),
    "kept": ("acc", "mail", _l("Gardé ici")),
    "suppressed": ("", "eye-off", _l("Écarté")),
}
GROUPS: dict[str, Any] = {
    "": _l("Tous"),
    "waiting": _l("En attente"),
    "sent": _l("Remis"),
    "failed": _l("Échecs"),
    "uncertain": _l("Incertains"),
    "kept": _l("Gardés ici"),
    "suppressed": _l("Écartés"),
}
PHASES: dict[str, Any] = {
    "": _l("avant la connexion"),
    "compose": _l("composition du message"),
    "connect": _l("connexion"),
    "hello": _l("salutation du serveur"),
    "tls": _l("chiffrement"),
    "login": _l("identification"),
    "mail": _l("expéditeur"),
    "rcpt": _l("destinataire"),
    "data": _l("début du message"),
    "body": _l("envoi du message"),
    "answer": _l("réponse au message"),
}
OUTCOMES: dict[str, tuple[str, Any]] = {
    "": ("", _l("En cours")),
    "sent": ("ok", _l("Remis au serveur")),
    "later": ("acc", _l("À retenter")),
    "failed": ("bad", _l("Refusé")),
    "uncertain": ("bad", _l("Sans réponse")),
    "lost": ("", _l("Repris par un autre processus")),
}
# Why an address gets no more mail.
REASONS: dict[str, Any] = {
    "unsubscribed": _l("désinscription d’un clic"),
    "by_hand": _l("décision d’ici"),
    "bounced": _l("adresse qui n’existe plus"),
}
# Families of kinds (`thing.purpose`).
KINDS: dict[str, Any] = {
    "password": _l("Mot de passe"),
    "invitation": _l("Invitation à une revue"),
    "reminder": _l("Rappel d’invitation"),
    "actions": _l("Résumé d’actions"),
    "recap": _l("Récap d’une revue"),
}


def kind(name: str) -> str:
    """What a mail is for."""
    return str(KINDS.get(name.partition(".")[0], _l("Message")))


def reason(mail: Any) -> str:
    """Why a mail is where it is, and what happens next, in a sentence. `mail`: a row with state, error and answer."""
    if mail.state == "uncertain":
        if mail.error == "interrupted":
            return str(_("Peut-être arrivé : Haark s’est arrêté pendant l’envoi."))
        return str(_("Peut-être arrivé : le serveur n’a pas répondu à la fin."))
    words = {
        "deferred": _("Haark réessaie seul : le serveur n’a pas pu le prendre."),
        "exhausted": _("%(num)s essais sans succès : Haark n’insiste plus.", num=MOST_TRIES),
        "refused": _("Refusé : le renvoyer tel quel ne changera rien."),
        "interrupted": _("Haark s’est arrêté avant l’envoi et réessaie seul."),
        "no_relay": _("Aucun serveur d’envoi n’est réglé (SMTP_URL)."),
        "given_up": _("Abandonné par une personne."),
        "bounced": _("Revenu : le serveur du destinataire n’a pas pu le remettre."),
        "suppressed": _("Cette adresse ne reçoit plus ces messages."),
    }
    usual = {"sent": _("Accepté par le serveur d’envoi."), "queued": _("Part dès que possible.")}
    return words.get(mail.error) or usual.get(mail.state) or _("L’envoi est en cours.")
