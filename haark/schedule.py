"""The timetable, the kinds of work, and «when this event, then that job», as data. Nobody needs to import upward."""

from dataclasses import dataclass
from datetime import time

QUEUES = ("default", "bulk", "decks", "mail")


@dataclass(frozen=True)
class Kind:
    """One kind of work. `function`: `module:name`, called with the row's args; `timeout` in seconds of real time;
    `memory` in megabytes of address space for the process that runs it (0: no limit)."""

    function: str
    queue: str = "default"
    timeout: int = 120
    memory: int = 0


@dataclass(frozen=True)
class Daily:
    """Once a day, as soon as the organisation's clock has passed `at`; late, but once, when Haark was off then."""

    name: str
    kind: str
    at: time


KINDS: dict[str, Kind] = {
    "reviews.generate": Kind("haark.reviews.jobs:generate", timeout=60),
    # A deck renders in 2 s; a document that never ends is cut here. 2 GB is far above the 100 MB that it takes.
    "reviews.render": Kind("haark.reviews.jobs:render", queue="decks", timeout=120, memory=2048),
    "signals.judge_all": Kind("haark.signals.jobs:judge_all", queue="bulk", timeout=1800),
    "health.thin": Kind("haark.health.jobs:thin", queue="bulk", timeout=1800),
    "intake.finish": Kind("haark.intake.jobs:finish", queue="bulk", timeout=1800),
    # A workbook may take 300 MB unpacked, and several times that as cells.
    "intake.look": Kind("haark.intake.desk.jobs:look", queue="bulk", timeout=900, memory=4096),
    "intake.check": Kind("haark.intake.desk.jobs:check", queue="bulk", timeout=3600, memory=4096),
    "intake.apply": Kind("haark.intake.desk.jobs:apply", queue="bulk", timeout=3600, memory=4096),
    "intake.clear": Kind("haark.intake.desk.jobs:clear", queue="bulk", timeout=600),
    "intake.undo": Kind("haark.intake.jobs:undo", queue="bulk", timeout=1800),
    "merging.find": Kind("haark.intake.merging.jobs:find", queue="bulk", timeout=1800),
    "intake.purge_undo": Kind("haark.intake.jobs:purge_undo", queue="bulk"),
    # A whole portfolio with its usage, read once and packed.
    "intake.export": Kind("haark.intake.export.jobs:make", queue="bulk", timeout=7200),
    "intake.purge_exports": Kind("haark.intake.export.jobs:purge"),
    "signals.judge": Kind("haark.signals.jobs:judge", queue="bulk", timeout=120),
    "ranking.rank": Kind("haark.ranking.jobs:rank", queue="bulk", timeout=600),
    "health.backtest": Kind("haark.health.jobs:backtest", queue="bulk", timeout=1800),
    "health.fit": Kind("haark.health.jobs:fit", queue="bulk", timeout=1800),
    # The answer to a whole message may take five minutes, and each step before it half a one.
    "mail.send": Kind("haark.mail.jobs:send", queue="mail", timeout=900),
    "inviting.call_off": Kind("haark.reviews.inviting.jobs:call_off"),
    "inviting.suggest": Kind("haark.reviews.inviting.jobs:suggest"),
    "inviting.remind": Kind("haark.reviews.inviting.jobs:remind", timeout=600),
    "actions.digest": Kind("haark.actions.jobs:digest"),
    "actions.remind_clients": Kind("haark.actions.jobs:remind_clients", timeout=600),
    "actions.escalate": Kind("haark.actions.jobs:escalate", timeout=300),
    "following.prepare": Kind("haark.reviews.following.jobs:prepare"),
    "sharing.answer": Kind("haark.sharing.jobs:answer"),
    "plans.print": Kind("haark.plans.jobs:draw", queue="decks", timeout=120, memory=2048),
    # Draws the deck first where it is not drawn yet.
    "recap.send": Kind("haark.reviews.recap.jobs:send", queue="decks", timeout=180, memory=2048),
    "portfolio.bulk": Kind("haark.portfolio.jobs:change", queue="bulk", timeout=1800),
    "portfolio.undo": Kind("haark.portfolio.jobs:undo", queue="bulk", timeout=1800),
    "people.send_reset": Kind("haark.people.jobs:send_reset"),
    "accounts.purge": Kind("haark.accounts.jobs:purge", queue="bulk", timeout=1800),
    "today.tell_late": Kind("haark.today.jobs:tell_late"),
}

# Called at each turn of the sweeper, with nothing; what they ask for is committed, and they return counts for the log.
EACH_TURN: tuple[str, ...] = ("haark.mail.jobs:sweep", "haark.actions.jobs:sweep", "haark.today.jobs:sweep")

TIMETABLE: tuple[Daily, ...] = (
    Daily("judgement", kind="signals.judge_all", at=time(4, 0)),
    Daily("duplicates", kind="merging.find", at=time(3, 30)),
    Daily("export-purge", kind="intake.purge_exports", at=time(3, 30)),
    Daily("undo-files", kind="intake.purge_undo", at=time(4, 30)),
    Daily("ranking", kind="ranking.rank", at=time(4, 30)),
    Daily("health-thinning", kind="health.thin", at=time(5, 0)),
    Daily("trash", kind="accounts.purge", at=time(5, 15)),
    Daily("import-clearing", kind="intake.clear", at=time(5, 15)),
    # Before the first digests of the day, which speak of it.
    Daily("action-escalation", kind="actions.escalate", at=time(5, 30)),
    Daily("client-action-reminders", kind="actions.remind_clients", at=time(8, 0)),
    # The owners of late recaps hear of it once, when they begin their day.
    Daily("late-recaps", kind="today.tell_late", at=time(7, 30)),
    Daily("review-reminders", kind="inviting.remind", at=time(8, 0)),
)

# Event kind -> job kind, or several. The job gets the event's account as `account_id`, or nothing when it has none.
ON_EVENT: dict[str, str | tuple[str, ...]] = {
    "import.applied": ("signals.judge_all", "ranking.rank", "merging.find"),
    "import.undone": ("signals.judge_all", "ranking.rank"),
    "account.merged": "signals.judge",
    "account.parted": "signals.judge",
    "interaction.noted": "signals.judge",
    "account.changed": "signals.judge",
    "account.owner_changed": "signals.judge",
    "account.restored": "signals.judge",
    "contact.restored": "signals.judge",
    "interaction.restored": "signals.judge",
    "term.ended": "signals.judge",
    "term.reopened": "signals.judge",
    # A sponsor who leaves is a signal within seconds (AC-3).
    "contact.added": "signals.judge",
    "contact.changed": "signals.judge",
    "contact.left": "signals.judge",
    "contact.returned": "signals.judge",
    "contact.removed": "signals.judge",
    "interaction.changed": "signals.judge",
    "interaction.removed": "signals.judge",
    "objective.added": "signals.judge",
    "objective.changed": "signals.judge",
    "objective.removed": "signals.judge",
    "objective.restored": "signals.judge",
    # A planned or held review answers what asked for it.
    "review.planned": ("signals.judge", "inviting.suggest"),
    "review.moved": "signals.judge",
    "review.held": ("signals.judge", "following.prepare"),
    "review.holding_removed": "signals.judge",
    "review.scheduled": "signals.judge",
    "review.cancelled": ("signals.judge", "inviting.call_off"),
    "review.deleted": "inviting.call_off",
    "review.created": "inviting.suggest",
    "review.reinstated": "signals.judge",
    "next_review.overridden": "signals.judge",
    "next_review.computed": "signals.judge",
    # A done action can be what a recommendation was accepted for.
    "action.completed": "signals.judge",
    # The client who proposed it hears what became of it.
    "proposal.accepted": "sharing.answer",
    "proposal.declined": "sharing.answer",
    "settings.changed": ("signals.judge_all", "ranking.rank"),
    "churn_model.adopted": "signals.judge_all",
    "churn_model.retired": "signals.judge_all",
}
