"""The pages of the settings, as data."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from haark.admin.settings.forms import BrandForm, HealthForm, OrganisationForm, SectionForm
from haark.admin.settings.policy import PLANNING, ReviewsForm
from haark.admin.settings.ranking import RankingForm
from haark.admin.settings.reminders import ActionsForm
from haark.admin.settings.sharing import SharingForm
from haark.admin.settings.thresholds import SignalsForm


@dataclass(frozen=True)
class Section:
    """`keys` are saved together; of those, the ones in `plain` change no judgement. `effect`: its page shows one."""

    name: str
    label: LazyString
    icon: str
    form: type[SectionForm]
    keys: tuple[str, ...]
    plain: frozenset[str] = frozenset()
    effect: bool = True
    resets: bool = True


SECTIONS = {
    section.name: section
    for section in (
        Section(
            "organisation",
            _l("Organisation"),
            "building",
            OrganisationForm,
            tuple(OrganisationForm.KEYS),
            frozenset(
                {
                    *("organisation.name", "organisation.language", "open_editing"),
                    *("import.max_megabytes", "attachments.max_megabytes"),
                }
            ),
            effect=False,
            resets=False,  # there is no default name, and nobody wants another currency by accident
        ),
        Section(
            "reviews",
            _l("Revues"),
            "presentation",
            ReviewsForm,
            ("review.policy", "review.lead_days", *PLANNING),
            frozenset(PLANNING),
        ),
        Section(
            "actions",
            _l("Actions et rappels"),
            "list-checks",
            ActionsForm,
            tuple(ActionsForm.KEYS),
            frozenset(ActionsForm.KEYS),
        ),
        Section("health", _l("Santé et poids"), "gauge", HealthForm, ("health.weights", *HealthForm.KEYS)),
        Section("signals", _l("Seuils et signaux"), "bell-ring", SignalsForm, tuple(SignalsForm.KEYS), effect=False),
        Section(
            "ranking",
            _l("Classement"),
            "arrow-up-down",
            RankingForm,
            ("ranking.weights", "ranking.tiers", "ranking.months", *RankingForm.KEYS),
        ),
        Section(
            "sharing",
            _l("Plans partagés"),
            "link",
            SharingForm,
            tuple(SharingForm.KEYS),
            frozenset(SharingForm.KEYS),
            effect=False,
        ),
        Section(
            "brand",
            _l("Marque et deck"),
            "palette",
            BrandForm,
            tuple(BrandForm.KEYS),
            frozenset(BrandForm.KEYS),
        ),
    )
}
