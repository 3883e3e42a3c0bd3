"""What can be imported: each kind's canonical columns, as data, and how a row of it is recognised.

`docs/import.md` prints these tables for people; tests compare the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from haark.accounts.models import CONTACT_ROLES, REVENUE_REASONS
from haark.pipeline.models import KINDS as OPPORTUNITY_KINDS

INT_MAX = 2**31 - 1
# A hundred billion: beyond is a unit mistake, and still far inside a 64-bit count of cents.
MONEY_MAX = 100_000_000_000


@dataclass(frozen=True)
class Column:
    """One canonical column. `target` is the database column it fills ('' when it only helps to find something)."""

    name: str
    type: str  # a key of converters.CONVERTERS
    target: str = ""
    required: bool = False
    limit: int = 400  # characters of a text
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    aliases: Mapping[str, str] | None = None
    blank: object = None  # what a blank cell becomes


@dataclass(frozen=True)
class Kind:
    """`table` is where rows land. `known_by`: `identity` (source and id, or content), `natural` (account and what is
    named in `natural`), `key`, or `account`. `kept`: what only Haark's own archives carry beside the canonical columns,
    so that nothing is lost on the way (docs/export.md)."""

    name: str
    table: str
    columns: tuple[Column, ...]
    known_by: str = "natural"
    natural: tuple[str, ...] = ()
    account_required: bool = True
    kept: tuple[Column, ...] = ()

    def column(self, name: str) -> Column | None:
        return next((column for column in self.every if column.name == name), None)

    @property
    def every(self) -> tuple[Column, ...]:
        return (*self.columns, *self.kept)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _id() -> Column:
    return Column("external_id", "text", "external_id", limit=120)


def _account(required: bool = True) -> Column:
    return Column("account_id", "account", "account_id", required=required)


def _count(name: str) -> Column:
    return Column(name, "integer", name, least=0, most=INT_MAX)


def _text(name: str, limit: int, target: str | None = None, required: bool = False) -> Column:
    return Column(name, "text", name if target is None else target, required, limit, blank="")


def _email(name: str) -> Column:
    return Column(name, "email", name, limit=254, blank="")


def _identity() -> Column:
    """`source:id`: how a row is known again whose ids are unique in their source only."""
    return Column("haark_identity", "text", "identity", limit=200)


def _choice(name: str, choices: tuple[str, ...], aliases: Mapping[str, str], required: bool = False) -> Column:
    return Column(name, "choice", name, required, choices=choices, aliases=aliases, blank="")


ROLE_ALIASES = {
    "executive sponsor": "sponsor", "sponsor executif": "sponsor", "decideur": "decision_maker",
    "decision maker": "decision_maker", "day to day": "day_to_day", "day-to-day": "day_to_day",
    "quotidien": "day_to_day", "operationnel": "day_to_day", "autre": "other",
}  # fmt: skip
REASON_ALIASES = {
    "nouveau": "new", "expansion": "expansion", "upsell": "expansion", "contraction": "contraction",
    "downgrade": "contraction", "perte": "churn", "prix": "price", "price change": "price", "autre": "other",
}  # fmt: skip
OUTCOME_ALIASES = {
    "renouvele": "renewed", "won": "renewed", "perdu": "lost", "churn": "lost", "churned": "lost", "cancelled": "lost",
}  # fmt: skip
PRIORITY_ALIASES = {
    "medium": "normal", "moyenne": "normal", "normale": "normal", "basse": "low", "haute": "high",
    "elevee": "high", "critical": "urgent", "critique": "urgent", "urgente": "urgent",
}  # fmt: skip
INTERACTION_ALIASES = {"appel": "call", "e-mail": "email", "courriel": "email", "mail": "email", "reunion": "meeting"}
DIRECTION_ALIASES = {"entrant": "in", "inbound": "in", "sortant": "out", "outbound": "out", "les deux": "both"}
DEAL_ALIASES = {"nouveau": "new", "cross-sell": "cross_sell", "cross sell": "cross_sell", "renouvellement": "renewal"}

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "accounts",
            "account",
            (
                _id(),
                Column("name", "text", "name", required=True),
                _text("sector", 120),
                _count("employees"),
                Column("arr", "money", "declared_arr_cents", least=0, most=MONEY_MAX),
                Column("currency", "currency", "currency", blank="EUR"),
                Column("contract_start", "date", "contract_start"),
                Column("renewal_date", "date", "renewal_date"),
                _count("quota"),
                Column("parent_external_id", "text", "parent_id", limit=120),
                Column("tags", "tags", "tags"),
                Column("owner_email", "user", "owner_id"),
                Column("sales_owner_email", "user", "sales_owner_id"),
                _email("executive_email"),
                _count("seats"),
                _text("country", 80),
                Column("language", "language", "language", blank="fr"),
            ),
            known_by="account",
            kept=(
                # Names an account without an external id, within the archive.
                Column("haark_id", "text", "archive_id", limit=40),
                Column("haark_created_at", "instant", "created_at"),
            ),
        ),
        Kind(
            "contacts",
            "contact",
            (
                _id(),
                _account(),
                _text("name", 200),
                _email("email"),
                Column("role", "choice", "role", choices=CONTACT_ROLES, aliases=ROLE_ALIASES, blank="other"),
                Column("main", "boolean", "main", blank=False),
                _text("phone", 60),
                Column("language", "language", "language", blank=""),
                _text("profile_url", 500),
                Column("left_on", "date", "left_on"),
            ),
            natural=("email", "name"),
        ),
        Kind(
            "revenue",
            "revenue",
            (
                _id(),
                _account(),
                Column("date", "date", "date", required=True),
                Column("arr", "money", "arr_cents", required=True, least=0, most=MONEY_MAX),
                _choice("reason", REVENUE_REASONS, REASON_ALIASES),
            ),
            natural=("date",),
        ),
        Kind(
            "renewals",
            "renewal",
            (
                _id(),
                _account(),
                Column("date", "date", "date", required=True),
                _choice("outcome", ("renewed", "lost"), OUTCOME_ALIASES, required=True),
                _text("reason", 400),
                Column("notice_date", "date", "notice_date"),
            ),
            natural=("date",),
        ),
        Kind(
            "features",
            "feature",
            (
                Column("key", "text", "key", required=True, limit=120),
                _text("name", 200),
                Column("premium", "boolean", "premium", blank=False),
                _text("plan", 80),
            ),
            known_by="key",
        ),
        Kind(
            "usage",
            "usage_feature",
            (
                _id(),
                _account(),
                Column("date", "date", "day", required=True),
                Column("feature", "feature", "feature_id", limit=120, blank=0),
                _count("active_users"),
                _count("events"),
                _count("logins"),
            ),
            known_by="usage",
            kept=(Column("haark_source", "text", "source", limit=60),),
        ),
        Kind(
            "surveys",
            "survey",
            (
                _id(),
                _account(),
                Column("date", "date", "date", required=True),
                _choice("kind", ("nps", "csat"), {}, required=True),
                Column("score", "number", "score", required=True),
                _text("comment", 20_000),
                _email("contact_email"),
            ),
            known_by="identity",
            kept=(_identity(),),
        ),
        Kind(
            "tickets",
            "ticket",
            (
                Column("external_id", "text", "external_id", limit=120, blank=""),
                _account(),
                Column("opened_at", "instant", "opened_at", required=True),
                Column("closed_at", "instant", "closed_at"),
                _choice("priority", ("low", "normal", "high", "urgent"), PRIORITY_ALIASES),
                _text("subject", 400),
                Column("csat", "number", "csat", least=1, most=5),
            ),
            known_by="identity",
            kept=(_identity(),),
        ),
        Kind(
            "interactions",
            "interaction",
            (
                _id(),
                _account(),
                Column("at", "instant", "at", required=True),
                _choice("kind", ("call", "email", "meeting", "note"), INTERACTION_ALIASES, required=True),
                _choice("direction", ("in", "out", "both"), DIRECTION_ALIASES),
                Column("tags", "tags", "tags"),
                _text("summary", 20_000),
                _email("contact_email"),
            ),
            known_by="identity",
            kept=(_identity(), Column("haark_author", "user", "author_id")),
        ),
        Kind(
            "golives",
            "go_live",
            (
                _id(),
                _account(),
                Column("date", "date", "date", required=True),
                _text("name", 200),
                Column("major", "boolean", "major", blank=False),
            ),
            natural=("date", "name"),
        ),
        Kind(
            "opportunities",
            "opportunity",
            (
                _id(),
                _account(required=False),
                _text("name", 300),
                _choice("kind", OPPORTUNITY_KINDS, DEAL_ALIASES),
                _text("stage", 60),
                Column("amount", "money", "amount_cents", least=0, most=MONEY_MAX),
                Column("close_date", "date", "close_date"),
                Column("created_at", "date", "created_on"),
                # As the source names them: an e-mail address, or only a name.
                _text("owner_email", 254),
                _text("next_step", 400),
            ),
            known_by="deal",
            account_required=False,
            kept=(Column("haark_owner", "user", "owner_id"),),
        ),
    )
}
