"""What the template's page shows, gathered once."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from haark.decks import corporate
from haark.decks.corporate import Issue, Layout, Report
from haark.reviews.corporate import domain, words
from haark.reviews.corporate.models import DeckTemplate
from haark.reviews.corporate.sketch import sketch


@dataclass(frozen=True)
class Option:
    """A layout in a select; `fits` false: it stands there greyed, with the reason in its label."""

    key: str
    label: str
    fits: bool


@dataclass(frozen=True)
class Role:
    """A kind of slide, the layout it stands on, its drawing and what was found about it."""

    name: str
    label: str
    layout: Layout
    drawing: Markup
    issues: tuple[Issue, ...]
    masters: tuple[tuple[str, tuple[Option, ...]], ...]


@dataclass(frozen=True)
class Shown:
    """A template open on the page."""

    template: DeckTemplate
    report: Report
    roles: tuple[Role, ...]

    @property
    def used(self) -> tuple[str, ...]:
        """Keys of the layouts in use."""
        return tuple(dict.fromkeys(role.layout.key for role in self.roles))

    @property
    def whole(self) -> tuple[Issue, ...]:
        """What concerns the whole file."""
        return self.report.issues


def shown(template: DeckTemplate, wanted: Mapping[str, str] | None = None) -> Shown:
    """The template with the layouts it has, or those that a form asks for and that are not kept yet."""
    report = domain.report_of(template)
    mapping = corporate.chosen(report, wanted if wanted is not None else template.mapping).to_dict()
    roles = tuple(role(report, name, mapping[name]) for name in corporate.ROLES)
    return Shown(template, report, roles)


def role(report: Report, name: str, key: str) -> Role:
    """One kind of slide on the layout `key`."""
    layout = report.layout(key)
    assert layout is not None, "a mapping names layouts of its report"
    cover = name == "cover"
    label = _("%(role)s sur la disposition %(layout)s", role=words.ROLES[name], layout=layout.name)
    drawing = sketch(report, layout, label, cover=cover, words=words.labels())
    # A first page carries no blocks and no number: what concerns those is no matter there.
    kept = ("title_small", "title_contrast") if cover else None
    issues = tuple(issue for issue in layout.issues if kept is None or issue.code in kept)
    return Role(name, str(words.ROLES[name]), layout, drawing, issues, _masters(report, name))


def _masters(report: Report, name: str) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    groups = []
    for place, master in enumerate(report.masters):
        options = []
        for layout in report.layouts:
            if layout.master == place:
                fits = corporate.fits_role(layout, name)
                text = layout.name if fits else f"{layout.name} ({words.why_not(layout)})"
                options.append(Option(layout.key, text, fits))
        groups.append((_("Masque %(number)s : %(name)s", number=place + 1, name=master), tuple(options)))
    return tuple(groups)
