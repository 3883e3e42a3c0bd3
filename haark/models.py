"""Every slice's models in one place, for Alembic and for tests that need the whole schema."""

from haark.accounts.models import (
    Account,
    AccountCard,
    AccountTag,
    Attachment,
    Contact,
    ContactChange,
    CustomField,
    CustomValue,
    GoLive,
    Renewal,
    Revenue,
    Trashed,
)
from haark.actions.models import ActionItem, ActionLink, ActionStep
from haark.cadence.models import NextReview, ProjectState, Review, ReviewOverride
from haark.comments.models import Comment
from haark.events.models import Event
from haark.files.models import StoredFile
from haark.health.models import ChurnModel, HealthSnapshot, LossNote
from haark.intake.models import AccountAlias, Duplicate, ExportRun, ImportFile, ImportMapping, ImportRun, Merge
from haark.jobs.models import Job
from haark.library.models import RoadmapItem, Story
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
from haark.notices.models import Notice
from haark.people.models import LoginAttempt, LoginSession, OneTimeCode, User
from haark.pipeline.models import Opportunity
from haark.plans.models import (
    Milestone,
    Objective,
    ObjectiveValue,
    Plan,
    PlanMember,
    PlanRisk,
    PlanTemplate,
    PlanVersion,
    Proposal,
    ShareLink,
    ShareVisit,
    Signature,
)
from haark.portfolio.models import PortfolioCount, SavedView
from haark.reviews.checklist.models import Tick
from haark.reviews.corporate.models import DeckTemplate
from haark.reviews.following.models import PromiseGrade
from haark.reviews.inviting.models import Participant
from haark.reviews.meeting.models import Capture, Meeting, MeetingNote
from haark.reviews.models import (
    FigureOverride,
    Rendering,
    ReviewSlide,
    ReviewSnapshot,
    TextEdit,
    TextRevision,
)
from haark.reviews.recap.models import Recap, RecapRecipient
from haark.reviews.surveying.models import ReviewSurvey
from haark.settings.models import Setting
from haark.signals.models import Advice, Signal
from haark.today.models import Postponement
from haark.value.models import RoiCase, RoiLine

__all__ = [
    "Account",
    "AccountAlias",
    "AccountCard",
    "AccountTag",
    "ActionItem",
    "ActionLink",
    "ActionStep",
    "Advice",
    "Attachment",
    "Capture",
    "ChurnModel",
    "Comment",
    "Contact",
    "ContactChange",
    "CustomField",
    "CustomValue",
    "DeckTemplate",
    "Duplicate",
    "Event",
    "ExportRun",
    "Feature",
    "FigureOverride",
    "GoLive",
    "HealthSnapshot",
    "ImportFile",
    "ImportMapping",
    "ImportRun",
    "Interaction",
    "Job",
    "LoginAttempt",
    "LoginSession",
    "LossNote",
    "Mail",
    "MailAttempt",
    "MailPart",
    "Meeting",
    "MeetingNote",
    "Merge",
    "Milestone",
    "NextReview",
    "Notice",
    "Objective",
    "ObjectiveValue",
    "OneTimeCode",
    "Opportunity",
    "Participant",
    "Plan",
    "PlanMember",
    "PlanRisk",
    "PlanTemplate",
    "PlanVersion",
    "PortfolioCount",
    "Postponement",
    "ProjectState",
    "PromiseGrade",
    "Proposal",
    "Recap",
    "RecapRecipient",
    "Rendering",
    "Renewal",
    "Revenue",
    "Review",
    "ReviewOverride",
    "ReviewSlide",
    "ReviewSnapshot",
    "ReviewSurvey",
    "RoadmapItem",
    "RoiCase",
    "RoiLine",
    "SavedView",
    "Setting",
    "ShareLink",
    "ShareVisit",
    "Signal",
    "Signature",
    "StoredFile",
    "Story",
    "Suppression",
    "Survey",
    "TextEdit",
    "TextRevision",
    "Tick",
    "Ticket",
    "Trashed",
    "UsageDay",
    "UsageEntry",
    "UsageFeature",
    "User",
]
