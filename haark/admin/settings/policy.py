"""The form of the review policy (RV-1) and of the days within which a review is held (RV-2)."""

from collections.abc import Mapping
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from haark import formats, locale
from haark.admin.settings.fields import Between, WholeField
from haark.admin.settings.forms import SectionForm
from haark.cadence import coverage
from haark.cadence.policy import Policy
from haark.fields import MoneyField, NumberField

# RV-1: the kind, for whom it is, and the fields of its row.
ROWS = (
    ("ebr", _l("EBR, executive"), _l("VP et au-dessus")),
    ("qbr", _l("QBR, trimestrielle"), _l("Managers et sponsors")),
    ("mbr", _l("MBR, point mensuel"), _l("Contacts du quotidien")),
    ("call", _l("Appel de suivi"), _l("Tous")),
)
# What planning and the programme read, and no judgement.
PLANNING = (
    "review.hours",
    "review.weekly_hours",
    "review.reminder_days",
    "recap.hours",
    "programme.grace_days",
    "programme.mbr",
)
# Hours that a review of each kind takes.
HOURS = ("ebr", "qbr", "mbr", "call")
LEADS = ("calendar", "renewal", "golive", "contact", "health", "health_urgent")
MONTHS = (1, 2, 3, 4, 6, 12)
LOWEST, HIGHEST = 0, 10**12  # cents


def _months(label: Any) -> SelectField:
    return SelectField(label, coerce=int, choices=[SelectChoice(number, "") for number in MONTHS])


def _bound(_form: Any, field: MoneyField) -> None:
    if field.process_errors:
        raise StopValidation
    if field.data is None or not LOWEST <= field.data <= HIGHEST:
        raise ValidationError(_("Entrez un montant, par exemple 24 000."))


def _end(_form: Any, field: MoneyField) -> None:
    if field.data is not None:
        _bound(_form, field)


class ReviewsForm(SectionForm):
    ebr_months = _months(_l("EBR, fréquence"))
    ebr_minutes = WholeField(_l("EBR, minutes"), [Between(10, 240)])
    ebr_from = MoneyField(_l("EBR, ARR au-dessus de"), [_bound])
    qbr_months = _months(_l("QBR, fréquence"))
    qbr_minutes = WholeField(_l("QBR, minutes"), [Between(10, 240)])
    qbr_from = MoneyField(_l("QBR, ARR à partir de"), [_bound])
    qbr_to = MoneyField(_l("QBR, ARR jusqu’à"), [_end])
    mbr_months = _months(_l("MBR, fréquence"))
    mbr_minutes = WholeField(_l("MBR, minutes"), [Between(10, 240)])
    mbr_from = MoneyField(_l("MBR, ARR à partir de"), [_bound])
    mbr_to = MoneyField(_l("MBR, ARR jusqu’à"), [_end])
    call_minutes = WholeField(_l("Appel de suivi, minutes"), [Between(5, 240)])
    calendar = WholeField(_l("Date du calendrier passée"), [Between(1, 365)])
    renewal = WholeField(_l("90 jours avant un renouvellement, déjà passés"), [Between(1, 90)])
    golive = WholeField(_l("Mise en service majeure"), [Between(1, 365)])
    contact = WholeField(_l("Changement de sponsor ou de champion"), [Between(1, 365)])
    health = WholeField(_l("Baisse de santé"), [Between(1, 365)])
    health_urgent = WholeField(_l("Baisse de santé à moins de 90 jours du renouvellement"), [Between(1, 90)])

    ebr_hours = NumberField(_l("EBR, heures"), [Between(0, 40)])
    qbr_hours = NumberField(_l("QBR, heures"), [Between(0, 40)])
    mbr_hours = NumberField(_l("MBR, heures"), [Between(0, 40)])
    call_hours = NumberField(_l("Appel de suivi, heures"), [Between(0, 40)])
    weekly_hours = NumberField(_l("Heures de revues par semaine, au plus"), [Between(1, 60)])
    reminder_days = WholeField(
        _l("Rappel aux silencieux, jours ouvrés avant la réunion (0 : jamais)"), [Between(0, 20)]
    )

    recap_hours = WholeField(_l("Heures pour envoyer le récap après la réunion"), [Between(1, 168)])
    grace_days = WholeField(_l("Jours de grâce après l’échéance d’une revue"), [Between(0, 60)])
    programme_mbr = BooleanField(_l("Compter aussi les points mensuels (MBR) dans le programme"))

    @classmethod
    def typed(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(values["review.lead_days"])
        found |= {f"{kind}_hours": hours for kind, hours in values["review.hours"].items()}
        found |= {"weekly_hours": values["review.weekly_hours"], "reminder_days": values["review.reminder_days"]}
        found |= {"recap_hours": values["recap.hours"], "grace_days": values["programme.grace_days"]}
        found |= {"programme_mbr": values["programme.mbr"]}
        for row in values["review.policy"]:
            kind = row["kind"]
            found |= {f"{kind}_months": row["months"], f"{kind}_minutes": row["minutes"]}
            found |= {f"{kind}_from": round((row["from"] or 0) * 100)}
            found |= {f"{kind}_to": None if row["to"] is None else round(row["to"] * 100)}
        return found

    def offer(self, _values: Mapping[str, Any]) -> Self:
        words = {1: _("Mensuelle"), 3: _("Trimestrielle"), 6: _("Semestrielle"), 12: _("Annuelle")}
        for kind in ("ebr", "qbr", "mbr"):
            field = self[f"{kind}_months"]
            known = dict.fromkeys((*MONTHS, field.data)) if field.data else MONTHS
            field.choices = [
                SelectChoice(number, words.get(number) or _("Tous les %(number)s mois", number=number))
                for number in known
            ]
        return self

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The policy as the setting keeps it. Success calls are for everybody, on an occasion."""
        found = []
        for kind, _label, _audience in ROWS:
            start, end = self._amount(f"{kind}_from"), self._amount(f"{kind}_to")
            months = 0 if kind == "call" else self[f"{kind}_months"].data
            minutes = self[f"{kind}_minutes"].data
            found.append({"kind": kind, "from": start or 0, "to": end, "months": months, "minutes": minutes})
        return found

    def _amount(self, name: str) -> float | int | None:
        cents = self[name].data if name in self else None
        if cents is None:
            return None
        return cents / 100 if cents % 100 else cents // 100

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "review.policy": self.rows,
            "review.lead_days": {name: self[name].data for name in LEADS},
            "review.hours": {kind: self[f"{kind}_hours"].data for kind in HOURS},
            "review.weekly_hours": self.weekly_hours.data,
            "review.reminder_days": self.reminder_days.data,
            "recap.hours": self.recap_hours.data,
            "programme.grace_days": self.grace_days.data,
            "programme.mbr": self.programme_mbr.data,
        }

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if (self.health_urgent.data or 0) > (self.health.data or 0):
            self.health_urgent.errors = [_("Ce délai ne peut pas dépasser celui d’une baisse de santé ordinaire.")]
            return False
        found = coverage.fault(Policy.read(self.rows).lines)
        if found:
            field = f"{found.kind}_{'from' if found.reason == 'below_qbr' else 'to'}"
            self[field].errors = [_sentence(found)]
        return found is None


def _sentence(fault: coverage.Fault) -> str:
    language = locale.current()
    start, end = (formats.number((cents or 0) / 100, language, 0) for cents in (fault.start, fault.end))
    sentences = {
        "empty": _("La fin (%(end)s) doit dépasser le début (%(start)s).", start=start, end=end),
        "gap": _(
            "Entre %(start)s et %(end)s, aucune revue régulière : faites se toucher les deux lignes.",
            start=start,
            end=end,
        ),
        "open_end": _("Au-dessus de %(start)s, aucune revue régulière : laissez cette fin vide.", start=start),
        "below_qbr": _("L’EBR s’ajoute aux QBR : son seuil ne peut pas être sous celui des QBR (%(end)s).", end=end),
    }
    if fault.reason == "overlap" and fault.end is None:
        return _("Cette ligne doit finir à %(start)s, où commence la suivante.", start=start)
    sentences["overlap"] = _("De %(start)s à %(end)s, un compte aurait deux revues régulières.", start=start, end=end)
    return sentences[fault.reason]
