"""What notices say: a sentence for each (kind, what), a sane one for a `what` that is not known here, and the way on.

The roof knows how to link things: an endpoint that does not exist leads to the account, or nowhere.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark.navigation import exists
from haark.notices.models import Notice

# Drawing, and what the person calls the kind.
KINDS: dict[str, tuple[str, LazyString]] = {
    "mentioned": ("message-square-quote", _l("On m’a mentionné dans un commentaire")),
    "assigned": ("list-todo", _l("Une action m’a été confiée")),
    "answered": ("reply", _l("Un client a répondu, proposé, signé ou terminé une action")),
    "ready": ("file-text", _l("Un fichier demandé est prêt")),
    "mail_failed": ("mail-warning", _l("Un e-mail n’est pas parti")),
    "nudged": ("bell-ring", _l("Mon responsable me relance")),
    "escalated": ("triangle-alert", _l("Une action de l’équipe est très en retard")),
    "review_late": ("clock-alert", _l("Une revue ou un récap est en retard")),
}
# By kind of subject: endpoint and parameter.
PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "action": (("actions.panel.show", "action_id"), ("actions.edit", "action_id")),
    "review": (("reviews.show", "review_id"),),
    "recap": (("recap.show", "review_id"), ("reviews.show", "review_id")),
    "invitation": (("inviting.plan", "review_id"),),
    "survey": (("recap.show", "review_id"), ("reviews.show", "review_id")),
    "plan": (("plans.show", "plan_id"),),
    "mail": (("mail.show", "mail_id"),),
    "signal": (("signals.show", "signal_id"),),
    "account": (("dossier.show", "account_id"),),
}
# What is read on the account's plan, whatever its own id is.
ON_PLAN = ("objective", "milestone", "risk", "proposal", "share_link", "signature")


def sentence(notice: Notice) -> str:
    """One sentence in the reader's language, whatever was told."""
    told = _SENTENCES.get((notice.kind, notice.what)) or _FALLBACKS[notice.kind]
    try:
        return str(told(_Told(notice)))
    except (KeyError, TypeError, ValueError):
        # Another version of Haark wrote other data: the kind still says enough.
        return str(KINDS[notice.kind][1])


def detail(notice: Notice) -> str:
    """What stands below: the account, and the beginning of what was written."""
    data = notice.data or {}
    words = [data.get("account"), data.get("text") or data.get("reason") or data.get("note")]
    return " · ".join(str(word)[:200] for word in words if word)


def url(notice: Notice) -> str:
    """The page of what it speaks of; the account's, where the thing has none; '' when there is nothing to open."""
    kind, ident = notice.subject_kind, notice.subject_id
    if ident is not None:
        for endpoint, parameter in PAGES.get(kind, ()):
            if exists(endpoint):
                values: dict[str, Any] = {parameter: ident}
                return url_for(endpoint, **values)
    if notice.account_id is None:
        return ""
    return f"/accounts/{notice.account_id}/plan" if kind in ON_PLAN else f"/accounts/{notice.account_id}"


class _Told(Mapping[str, Any]):
    """The data of a notice, with `who`: a missing value is a KeyError for `sentence` to catch."""

    def __init__(self, notice: Notice) -> None:
        self.data = {"who": notice.actor_name or "Haark", **(notice.data or {})}

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def __iter__(self) -> Any:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)


Say = Callable[[_Told], Any]


def _reply(told: _Told) -> str:
    reply = told["reply"]
    if reply == "yes":
        return str(_("%(who)s sera là : %(review)s", who=told["who"], review=told["review"]))
    if reply == "no":
        return str(_("%(who)s ne sera pas là : %(review)s", who=told["who"], review=told["review"]))
    return str(_("%(who)s propose un autre moment : %(review)s", who=told["who"], review=told["review"]))


def _named(sentence: Callable[[str, str], Any]) -> Say:
    """A sentence about a thing with a title."""
    return lambda told: sentence(told["who"], str(told.get("title") or told.get("name") or ""))


_SENTENCES: dict[tuple[str, str], Say] = {
    ("mentioned", "comment"): lambda told: _("%(who)s vous a mentionné dans un commentaire", who=told["who"]),
    ("assigned", "action"): _named(lambda who, title: _("%(who)s vous a confié : %(title)s", who=who, title=title)),
    ("answered", "action_done"): _named(lambda who, title: _("%(who)s a terminé : %(title)s", who=who, title=title)),
    ("answered", "invitation"): _reply,
    ("answered", "action_reopened"): _named(
        lambda who, title: _("%(who)s a rouvert : %(title)s", who=who, title=title)
    ),
    ("answered", "comment"): lambda told: _("%(who)s a commenté le plan de succès", who=told["who"]),
    ("answered", "proposal"): _named(
        lambda who, title: _("%(who)s propose un changement : %(title)s", who=who, title=title)
    ),
    ("answered", "signed"): lambda told: _("%(who)s a signé le plan de succès", who=told["who"]),
    ("answered", "value_confirmed"): _named(
        lambda who, title: _("%(who)s confirme la valeur : %(title)s", who=who, title=title)
    ),
    ("answered", "value_unconfirmed"): _named(
        lambda who, title: _("%(who)s ne confirme plus la valeur : %(title)s", who=who, title=title)
    ),
    ("answered", "meeting_asked"): lambda told: _("%(who)s demande un rendez-vous", who=told["who"]),
    ("answered", "survey"): lambda told: _(
        "%(who)s a donné %(score)s sur 10 à la revue", who=told["who"], score=told["score"]
    ),
    ("ready", "deck"): lambda told: _("Le deck est prêt : %(review)s", review=told["review"]),
    ("mail_failed", "failed"): lambda told: _("L’e-mail à %(to)s n’est pas parti", to=told["to"]),
    ("mail_failed", "uncertain"): lambda told: _("Personne ne sait si l’e-mail à %(to)s est arrivé", to=told["to"]),
    ("nudged", "review"): lambda told: _(
        "%(who)s vous demande où en est la revue : %(account)s", who=told["who"], account=told["account"]
    ),
    ("escalated", "action"): lambda told: ngettext(
        "%(num)s j de retard : %(title)s", "%(num)s j de retard : %(title)s", int(told["days"]), title=told["title"]
    ),
    ("review_late", "recap"): lambda told: _("Récap en retard : %(review)s", review=told["review"]),
}
_FALLBACKS: dict[str, Say] = {
    "mentioned": lambda told: _("%(who)s vous a mentionné", who=told["who"]),
    "assigned": lambda told: _("%(who)s vous a confié une action", who=told["who"]),
    "answered": lambda told: _("%(who)s a répondu", who=told["who"]),
    "ready": lambda told: _("Un fichier que vous avez demandé est prêt"),
    "mail_failed": lambda told: _("Un e-mail n’est pas parti"),
    "nudged": lambda told: _("%(who)s vous relance", who=told["who"]),
    "escalated": lambda told: _("Une action de votre équipe est très en retard"),
    "review_late": lambda told: _("Une revue est en retard"),
}
