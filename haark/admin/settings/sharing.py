"""The form of shared plans (SP-6)."""

from flask_babel import lazy_gettext as _l

from haark.admin.settings.fields import Between, WholeField
from haark.admin.settings.forms import SectionForm


class SharingForm(SectionForm):
    KEYS = {"sharing.days": "days"}
    days = WholeField(_l("Durée d’un nouveau lien de partage, en jours"), [Between(1, 730)])
