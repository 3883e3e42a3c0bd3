"""Every setting with its default. The type of the default is the type of the setting."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    "organisation.name": "",
    "organisation.currency": "EUR",
    "organisation.language": "fr",
    "organisation.timezone": "Europe/Paris",
    "fiscal_year_start": 1,  # month, 1-12
    "brand.primary": "#0d4a57",
    "brand.secondary": "#12808f",
    "brand.tint": "#e4eff2",
    "brand.logo_file": 0,  # id of a stored file, 0: none
    "open_editing": False,  # CSMs and sales change every account, not only their own
    # HL-1: weights of the components, in percent; they are normalised, so any positive numbers do
    "health.weights": {"usage": 40, "engagement": 25, "satisfaction": 20, "history": 15},
    # Days after which an answer of a client weighs half (HL-1, the page of a score says it)
    "health.half_life": 90,
    # HL-8: a person's rating counts for so many days, and not beyond a change of owner
    "rating.valid_days": 60,
    # PF-5: an account is at risk when red, or from this churn probability on, or with an open risk this grave
    "risk.churn": 0.30,
    "risk.severity": "high",
    # SG-1, SG-2: when a signal opens. Shares are fractions, the rest days, points or counts.
    "signals.usage_drop": 0.20,
    "signals.renewal_days": 90,
    "signals.contact_days": 90,
    "signals.health_drop": 10,
    "signals.exchange_drop": 0.50,
    "signals.detractor": 6,
    "signals.tickets_critical": 1,
    "signals.tickets_open": 5,
    "signals.silence_days": 45,
    "signals.seats_low": 0.40,
    "signals.seats_full": 0.90,
    "signals.promoter": 9,
    "signals.growth": 0.10,
    # SG-5: a rule says nothing again for the same cause within so many days of a decision
    "advice.cooldown_days": 30,
    # RV-1: policy of reviews by ARR, in units of the organisation's currency: from `from` (included; the EBR alone
    # begins above it) up to `to` (excluded, None: no end). `months` between two reviews, 0: only on an occasion.
    "review.policy": [
        {"kind": "ebr", "from": 100000, "to": None, "months": 12, "minutes": 75},
        {"kind": "qbr", "from": 20000, "to": None, "months": 3, "minutes": 50},
        {"kind": "mbr", "from": 5000, "to": 20000, "months": 1, "minutes": 30},
        {"kind": "call", "from": 0, "to": None, "months": 0, "minutes": 20},
    ],
    # RV-2: days to hold a review in after each trigger; a day that has passed becomes today plus these
    "review.lead_days": {"renewal": 7, "golive": 30, "contact": 30, "health": 30, "health_urgent": 7, "calendar": 14},
    # RV-8: hours that preparing, holding and telling of a review take, and how many a CSM carries in a week
    "review.hours": {"ebr": 4.0, "qbr": 2.75, "mbr": 1.5, "call": 1.0},
    "review.weekly_hours": 12.0,
    # Working days before the meeting on which those who did not answer are reminded once; 0: never
    "review.reminder_days": 3,
    # AX-1: hours after the meeting's end in which the recap leaves
    "recap.hours": 24,
    # AX-4: days before the due date on which the owner is reminded; days overdue after which the manager is told
    # (0: never)
    "actions.remind_days": 2,
    "actions.escalation_days": 7,
    # PF-8: measures that rank the clients with their weights (0: left out); tiers A and B in percent of the clients,
    # the rest is C; months between meetings that each suggests; years a client stays where its churn is unknown
    "ranking.weights": {"lifetime": 40, "arr": 40, "nps": 20},
    "ranking.tiers": {"A": 20, "B": 30},
    "ranking.months": {"A": 3, "B": 6, "C": 12},
    "ranking.years": 3,
    # SP-6: days for which a new share link opens
    "sharing.days": 100,
    # PG-1: days after the due date in which a review still counts as on time; whether monthly reviews count
    "programme.grace_days": 7,
    "programme.mbr": False,
    # Rates to the organisation's currency by month: {"USD": {"2026-11": 0.92}}
    "currency.rates": {},
    "import.max_megabytes": 100,
    # AC-10: the largest file that is kept with an account
    "attachments.max_megabytes": 25,
    "mail.from": "",  # the address that mail comes from; "": the one of SMTP_URL
}
