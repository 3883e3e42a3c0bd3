"""Every slice's models in one place, for Alembic and for tests that need the whole schema."""

from haark.accounts.models import (
    Account,
    AccountCard,
    Contact,
    ContactChange,
    GoLive,
    Renewal,
    Revenue,
)
from haark.actions.models import ActionItem
from haark.cadence.models import NextReview, ProjectState, Review, ReviewOverride
from haark.events.models import Event
from haark.files.models import StoredFile
from haark.health.models import ChurnModel, HealthSnapshot, LossNote
from haark.jobs.models import Job
from haark.mail.models import Mail, MailAttempt, MailPart, Suppression
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
from haark.signals.models import Advice, Signal
from haark.value.models import RoiCase, RoiLine

__all__ = [
    "Account",
    "AccountCard",
    "ActionItem",
    "Advice",
    "ChurnModel",
    "Contact",
    "ContactChange",
    "Event",
    "Feature",
    "FigureOverride",
    "GoLive",
    "HealthSnapshot",
    "Interaction",
    "Job",
    "LoginAttempt",
    "LoginSession",
    "LossNote",
    "Mail",
    "MailAttempt",
    "MailPart",
    "Milestone",
    "NextReview",
    "Objective",
    "OneTimeCode",
    "Opportunity",
    "Plan",
    "ProjectState",
    "Rendering",
    "Renewal",
    "Revenue",
    "Review",
    "ReviewOverride",
    "ReviewSlide",
    "ReviewSnapshot",
    "RoiCase",
    "RoiLine",
    "Setting",
    "Signal",
    "StoredFile",
    "Suppression",
    "Survey",
    "TextEdit",
    "Ticket",
    "UsageDay",
    "UsageEntry",
    "UsageFeature",
    "User",
]
