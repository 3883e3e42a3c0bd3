"""Every slice's models in one place, for Alembic and for tests that need the whole schema."""

from haark.accounts.models import (
    Account,
    AccountCard,
    Contact,
    GoLive,
    Renewal,
    Revenue,
)
from haark.actions.models import ActionItem
from haark.cadence.models import ProjectState, Review
from haark.events.models import Event
from haark.files.models import StoredFile
from haark.health.models import HealthSnapshot
from haark.jobs.models import Job
from haark.measures.models import (
    Feature,
    Interaction,
    Survey,
    Ticket,
    UsageDay,
    UsageEntry,
    UsageFeature,
)
from haark.people.models import LoginAttempt, LoginSession, OneTimeCode, User
from haark.pipeline.models import Opportunity
from haark.plans.models import Milestone, Objective, Plan
from haark.reviews.models import (
    FigureOverride,
    Rendering,
    ReviewSlide,
    ReviewSnapshot,
    TextEdit,
)
from haark.settings.models import Setting
from haark.value.models import RoiCase, RoiLine

__all__ = [
    "Account",
    "AccountCard",
    "ActionItem",
    "Contact",
    "Event",
    "Feature",
    "FigureOverride",
    "GoLive",
    "HealthSnapshot",
    "Interaction",
    "Job",
    "LoginAttempt",
    "LoginSession",
    "Milestone",
    "Objective",
    "OneTimeCode",
    "Opportunity",
    "Plan",
    "ProjectState",
    "Rendering",
    "Renewal",
    "Revenue",
    "Review",
    "ReviewSlide",
    "ReviewSnapshot",
    "RoiCase",
    "RoiLine",
    "Setting",
    "StoredFile",
    "Survey",
    "TextEdit",
    "Ticket",
    "UsageDay",
    "UsageEntry",
    "UsageFeature",
    "User",
]
