"""The form of the ranking (PF-8): measures with their weights, tiers, and what each tier suggests."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from haark.admin.settings.fields import Between, WholeField
from haark.admin.settings.forms import SectionForm
from haark.ranking import wording
from haark.ranking.rules import MEASURES, TIERS


class RankingForm(SectionForm):
    KEYS = {"ranking.years": "years"}
    years = WholeField(_l("Années attendues quand le risque de départ est inconnu"), [Between(0, 10)])
    share_a = WholeField(_l("Rang A, en % des clients"), [Between(1, 100)])
    share_b = WholeField(_l("Rang B, en % des clients"), [Between(0, 99)])
    months_a = WholeField(_l("Rang A : mois entre deux rencontres"), [Between(0, 36)])
    months_b = WholeField(_l("Rang B : mois entre deux rencontres"), [Between(0, 36)])
    months_c = WholeField(_l("Rang C : mois entre deux rencontres"), [Between(0, 36)])

    @classmethod
    def typed(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        weights, shares, months = (values[f"ranking.{name}"] for name in ("weights", "tiers", "months"))
        return {
            **super().typed(values),
            **{name: weights.get(name, 0) for name in MEASURES},
            "share_a": shares["A"],
            "share_b": shares["B"],
            **{f"months_{tier.lower()}": months.get(tier, 0) for tier in TIERS},
        }

    @property
    def weights(self) -> dict[str, int]:
        """The measures that count; one at 0 is left out."""
        return {name: weight for name in MEASURES if (weight := self[name].data or 0)}

    @property
    def shares(self) -> dict[str, int]:
        return {"A": self.share_a.data or 0, "B": self.share_b.data or 0}

    @property
    def settings(self) -> dict[str, Any]:
        months = {tier: self[f"months_{tier.lower()}"].data or 0 for tier in TIERS}
        own = {"ranking.weights": self.weights, "ranking.tiers": self.shares, "ranking.months": months}
        return {**own, **super().settings}

    def validate_share_b(self, field: WholeField) -> None:
        if (self.share_a.data or 0) + (field.data or 0) > 100:
            raise ValidationError(_l("A et B ensemble dépassent 100 %."))

    def validate_years(self, _field: WholeField) -> None:
        if not self.weights and not any(self[name].errors for name in MEASURES):
            raise ValidationError(_l("Donnez un poids à une mesure au moins : sans poids, aucun rang."))


for _name in MEASURES:
    setattr(RankingForm, _name, WholeField(wording.MEASURES[_name], [Between(0, 100)]))
