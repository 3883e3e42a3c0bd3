"""The form of reminders and escalation of actions (AX-4)."""

from flask_babel import lazy_gettext as _l

from haark.admin.settings.fields import Between, WholeField
from haark.admin.settings.forms import SectionForm


class ActionsForm(SectionForm):
    KEYS = {"actions.remind_days": "remind_days", "actions.escalation_days": "escalation_days"}
    remind_days = WholeField(_l("Rappel avant l’échéance, en jours"), [Between(0, 60)])
    escalation_days = WholeField(_l("Jours de retard avant d’en parler au manager (0 : jamais)"), [Between(0, 365)])
