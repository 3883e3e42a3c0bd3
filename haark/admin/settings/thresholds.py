"""The thresholds of signals, of what is at risk, and of advice, as rows of one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import SelectField
from wtforms.fields import SelectChoice

from haark.admin.settings.fields import Between, PercentField, WholeField
from haark.admin.settings.forms import SectionForm
from haark.signals.wording import KINDS, SEVERITIES


@dataclass(frozen=True)
class Row:
    """One threshold: its setting, the kind of signal that it opens, the words before and after the field, its bounds.

    `percent`: kept as a fraction, typed in percent.
    """

    key: str
    kind: str
    before: LazyString
    after: LazyString
    low: int
    high: int
    percent: bool = False

    @property
    def name(self) -> str:
        """Of the field."""
        return self.key.replace(".", "_")

    @property
    def label(self) -> str:
        return str(KINDS[self.kind][1])


RISKS = (
    Row("signals.usage_drop", "usage_drop", _l("baisse d’au moins"), _l("% sur 30 jours"), 1, 100, percent=True),
    Row("signals.health_drop", "health_drop", _l("baisse d’au moins"), _l("points sur 30 jours"), 1, 100),
    Row("signals.renewal_days", "renewal_near", _l("dans"), _l("jours au plus"), 1, 365),
    Row("signals.contact_days", "contact_change", _l("depuis"), _l("jours au plus"), 1, 365),
    Row(
        "signals.exchange_drop", "fewer_exchanges", _l("baisse d’au moins"), _l("% sur 30 jours"), 1, 100, percent=True
    ),
    Row("signals.silence_days", "silence", _l("plus de"), _l("jours sans échange"), 1, 365),
    Row("signals.detractor", "detractor", _l("note NPS de"), _l("au plus"), 0, 10),
    Row("signals.tickets_critical", "support_trouble", _l("tickets critiques ouverts :"), _l("au moins"), 1, 100),
    Row("signals.tickets_open", "support_trouble", _l("tickets non résolus :"), _l("au moins"), 1, 1000),
    Row("signals.seats_low", "low_seat_use", _l("moins de"), _l("% des licences utilisées"), 1, 100, percent=True),
)
OPPORTUNITIES = (
    Row("signals.seats_full", "intensive_usage", _l("au moins"), _l("% des licences utilisées"), 1, 100, percent=True),
    Row("signals.promoter", "promoter", _l("note NPS de"), _l("au moins"), 0, 10),
    Row(
        "signals.growth",
        "company_growing",
        _l("effectif en hausse d’au moins"),
        _l("% sur 12 mois"),
        1,
        100,
        percent=True,
    ),
)
ROWS = RISKS + OPPORTUNITIES


class _Base(SectionForm):
    KEYS: ClassVar[Mapping[str, str]] = {
        **{row.key: row.name for row in ROWS},
        "risk.churn": "churn",
        "risk.severity": "severity",
        "advice.cooldown_days": "cooldown",
    }
    churn = PercentField(
        _l("Probabilité de départ à partir de laquelle un compte est à risque, en %"), [Between(1, 100)]
    )
    severity = SelectField(
        _l("Gravité d’un risque à partir de laquelle un compte est à risque"),
        choices=[SelectChoice(key, label) for key, label in SEVERITIES.items()],
    )
    cooldown = WholeField(
        _l("Jours pendant lesquels une recommandation écartée ne revient pas pour la même cause"), [Between(0, 365)]
    )

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        for lower, upper in (("signals_detractor", "signals_promoter"), ("signals_seats_low", "signals_seats_full")):
            if self[lower].data >= self[upper].data:
                words = _("Ce seuil doit dépasser celui de « %(label)s » (%(value)s).")
                told = {"label": self[lower].label.text, "value": self[lower]._value()}
                self[upper].errors = [words % told]
                return False
        return True


def _field(row: Row) -> Any:
    kind = PercentField if row.percent else WholeField
    return kind(KINDS[row.kind][1], [Between(row.low, row.high)])


SignalsForm: type[_Base] = type("SignalsForm", (_Base,), {row.name: _field(row) for row in ROWS})
