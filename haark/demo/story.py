"""The raw observations of the sample portfolio, as rows of the import's canonical columns.

Everything is relative to `today` and comes from one seed, so the sample never ages and two loads of one day agree.
Only observations are written here; every derived figure comes from the product's own rules.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from haark.demo import words
from haark.demo.cast import CLIENTS, CSM, FEATURES, FIRST, LAST, NAMES, SALES, VALMORIN, Client
from haark.demo.courses import ACTIONS_A_DAY, ADOPTION, COURSES, DAYS, FEATURE_DAYS, valmorin_level
from haark.demo.valmorin import VALMORIN_ROWS

SEED = 20261112
PARIS = ZoneInfo("Europe/Paris")
ROLES = ("sponsor", "champion", "decision_maker", "day_to_day", "day_to_day")
Row = dict[str, Any]


def dice(client: Client, topic: str) -> random.Random:
    """Chance of its own for each client and topic: adding a client or a topic moves nothing else."""
    return random.Random(f"{SEED}-{client.key}-{topic}")


def at(day: date, hour: int, minute: int = 0) -> str:
    """An instant of the working day, in ISO form with its zone."""
    return datetime.combine(day, time(hour, minute), PARIS).isoformat()


def working(day: date) -> date:
    """The day itself, or the Friday before when it falls on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def seats(client: Client) -> int:
    return max(5, round(client.arr / 1500))


def started(client: Client, today: date) -> date:
    """When the client signed: a few months ago for the young, two to six years for the others."""
    if client.story == "young":
        return today - timedelta(days=dice(client, "start").randrange(70, 125))
    if client is VALMORIN:
        return (today - timedelta(days=1350)).replace(day=1)
    return (today - timedelta(days=dice(client, "start").randrange(760, 2200))).replace(day=1)


def accounts(today: date) -> Iterator[Row]:
    for client in CLIENTS:
        yield {
            "external_id": client.key,
            "name": client.name,
            "sector": client.sector,
            "employees": client.employees,
            "arr": client.arr,
            "currency": "EUR",
            "contract_start": started(client, today),
            "renewal_date": today + timedelta(days=client.renewal) if client.renewal is not None else None,
            "tags": "sans-donnees" if client.story == "bare" else "",
            "owner_email": CSM[client.owner],
            "sales_owner_email": SALES,
            "executive_email": "nadia.ferrand@sillage.example" if client is VALMORIN else "",
            "seats": seats(client) if client.story != "bare" else None,
            "country": {"en": "GB", "uk": "UA"}.get(client.language, "FR"),
            "language": client.language,
        }


def people(client: Client) -> list[tuple[str, str, str]]:
    """(name, e-mail, role) of the client's contacts; the bare ones have none."""
    if client.story == "bare" or client is VALMORIN:
        return []
    first, last = NAMES.get(client.language, (FIRST, LAST))
    pick = dice(client, "people")
    chosen = ROLES[: 1 if client.story == "quiet" else pick.randrange(3, 6)]
    given, families = pick.sample(list(first), min(len(chosen), len(first))), pick.sample(list(last), len(last))
    names = [f"{given[n % len(given)]} {families[n % len(families)]}" for n in range(len(chosen))]
    return [
        (name, f"p{n}@{client.key.lower()}.example", role)
        for n, (name, role) in enumerate(zip(names, chosen, strict=True))
    ]


def contacts(today: date) -> Iterator[Row]:
    for client in CLIENTS:
        for name, email, role in people(client):
            gone = client.story == "failing" and role == "champion"
            yield {
                "account_id": client.key,
                "name": name,
                "email": email,
                "role": role,
                "main": role == "sponsor",
                "language": client.language,
                "left_on": today - timedelta(days=dice(client, "left").randrange(10, 50)) if gone else None,
            }


def revenue(today: date) -> Iterator[Row]:
    """ARR from the first contract to today's level, in yearly steps and with one change in between."""
    for client in CLIENTS:
        if client is VALMORIN or client.story in ("bare", "quiet"):
            continue
        begin, pick = started(client, today), dice(client, "arr")
        yearly = {"growing": 0.86, "failing": 1.08, "watch": 1.0}.get(client.story, 0.95)
        steps = [] if client.story == "young" else [pick.randrange(60, 300), pick.randrange(400, 700)]
        level, rows = float(client.arr), []
        for ago in steps:
            before = round(level * (yearly + pick.uniform(-0.03, 0.03)), -2)
            reason = "expansion" if before < level else "contraction" if before > level else "price"
            rows.append((today - timedelta(days=ago), level, reason))
            level = before
        yield {"account_id": client.key, "date": begin, "arr": level, "reason": "new"}
        for day, arr, reason in reversed(rows):
            yield {"account_id": client.key, "date": day, "arr": arr, "reason": reason}


def renewals(today: date) -> Iterator[Row]:
    for client in CLIENTS:
        if client.renewal is None or client.story in ("young", "bare", "quiet"):
            continue
        for years in (1, 2):
            day = today + timedelta(days=client.renewal - 365 * years)
            if day > started(client, today) + timedelta(days=300):
                yield {"account_id": client.key, "date": day, "outcome": "renewed", "reason": ""}


def features(_today: date) -> Iterator[Row]:
    for key, name, premium, plan in FEATURES:
        yield {"key": key, "name": name, "premium": premium, "plan": plan}


def daily_users(client: Client, ago: int, weekday: int, noise: random.Random) -> int:
    if client is VALMORIN:
        return round(valmorin_level(ago)) + (1, 0, 0, 0, -1)[weekday]
    base = seats(client) * (0.62 + 0.3 * dice(client, "adoption").random())
    return max(0, round(base * COURSES[client.story](ago) * noise.uniform(0.95, 1.05)))


def usage(today: date) -> Iterator[Row]:
    """One row a working day for the product, and one for each feature over the later part."""
    for client in CLIENTS:
        if client is not VALMORIN and client.story not in COURSES:
            continue
        noise, first = dice(client, "noise"), started(client, today)
        shares = {key: share * noise.uniform(0.75, 1.05) for key, share in ADOPTION.items()}
        if client.story == "growing" and client.arr > 250_000:
            shares["prevision"] = 0.18
        if client is VALMORIN:
            del shares["edi"]  # files still come by hand there
        for ago in range(DAYS, 0, -1):
            day = today - timedelta(days=ago)
            if day.weekday() > 4 or day < first:
                continue
            yield from _usage_of_day(
                client, day, daily_users(client, ago, day.weekday(), noise), shares, ago <= FEATURE_DAYS
            )


def _usage_of_day(client: Client, day: date, users: int, shares: dict[str, float], detail: bool) -> Iterator[Row]:
    touched = {key: min(users, round(users * share)) for key, share in shares.items()}
    acts = {key: round(count * ACTIONS_A_DAY.get(key, 1.0)) for key, count in touched.items()}
    row = {"account_id": client.key, "date": day}
    yield row | {"feature": "", "active_users": users, "events": sum(acts.values()), "logins": round(users * 1.3)}
    if detail:
        for key, count in touched.items():
            if count:
                yield row | {"feature": key, "active_users": count, "events": acts[key], "logins": None}


TALKATIVE = {"growing": 9, "steady": 7, "watch": 5, "failing": 4, "young": 6, "quiet": 0, "bare": 0, "valmorin": 0}
MOOD = {"growing": (8, 11), "steady": (7, 10), "watch": (6, 9), "failing": (2, 7), "young": (7, 10)}


def surveys(today: date) -> Iterator[Row]:
    for client in CLIENTS:
        if client.story not in MOOD:
            continue
        pick, names = dice(client, "survey"), people(client)
        for ago in range(pick.randrange(8, 40), 60 if client.story == "young" else 700, 91):
            for _, email, _role in names[:3]:
                score = pick.randrange(*MOOD[client.story])
                lines = words.PRAISE if score >= 9 else words.BLAME if score <= 6 else None
                yield {
                    "account_id": client.key,
                    "date": working(today - timedelta(days=ago)),
                    "kind": "nps",
                    "score": score,
                    "comment": pick.choice(lines[client.language]) if lines and pick.random() < 0.6 else "",
                    "contact_email": email,
                }


def tickets(today: date) -> Iterator[Row]:
    for client in CLIENTS:
        if client.story not in COURSES:
            continue
        pick = dice(client, "tickets")
        number, ago = 0, 3 + pick.randrange(12)
        while ago < min(DAYS, (today - started(client, today)).days):
            opened, number = working(today - timedelta(days=ago)), number + 1
            hard = client.story in ("failing", "watch") and ago < 60
            days = pick.randrange(1, 6) if not hard else pick.randrange(4, 30)
            closed = working(opened + timedelta(days=days))
            subject = pick.choice(words.TICKETS[client.language])
            mood = pick.randrange(2, 4) if hard else pick.randrange(4, 6)
            yield {
                "account_id": client.key,
                "external_id": f"{client.key}-T{number:03d}",
                "opened_at": at(opened, 9, pick.randrange(60)),
                "closed_at": at(closed, 16, pick.randrange(60)) if closed < today and closed >= opened else None,
                "priority": pick.choice(("high", "urgent") if hard else ("low", "normal", "normal", "high")),
                "subject": subject,
                "csat": mood if pick.random() < 0.6 and closed < today else None,
            }
            ago += pick.randrange(10, 30) if hard else pick.randrange(25, 70)


def interactions(today: date) -> Iterator[Row]:
    for client in CLIENTS:
        count = TALKATIVE[client.story]
        if not count:
            continue
        pick, names = dice(client, "talk"), people(client)
        ago = pick.randrange(28, 50) if client.story == "failing" else pick.randrange(2, 15)
        while ago < min(DAYS, (today - started(client, today)).days):
            kind, direction, summary = pick.choice(words.EXCHANGES[client.language])
            yield {
                "account_id": client.key,
                "at": at(working(today - timedelta(days=ago)), pick.randrange(9, 18), pick.choice((0, 15, 30))),
                "kind": kind,
                "direction": direction,
                "summary": summary,
                "contact_email": pick.choice(names)[1] if names else "",
            }
            ago += pick.randrange(60 // count, 240 // count)


def golives(today: date) -> Iterator[Row]:
    for client in CLIENTS:
        if client.story in ("young", "bare", "quiet") or client is VALMORIN:
            continue
        day = started(client, today) + timedelta(days=dice(client, "live").randrange(45, 110))
        yield {"account_id": client.key, "date": day, "name": "Suivi et litiges", "major": True}


def opportunities(today: date) -> Iterator[Row]:
    """PL-4: 45 open deals worth 850 000 € in all, besides a history of won and lost ones."""
    pick = random.Random(f"{SEED}-deals")
    homes = [client for client in CLIENTS if client.story in ("growing", "steady", "watch") or client is VALMORIN]
    weights = [pick.uniform(0.4, 2.6) for _ in range(45)]
    amounts = [round(850_000 * weight / sum(weights), -2) for weight in weights]
    amounts[-1] += 850_000 - sum(amounts)
    for number, amount in enumerate(amounts, 1):
        client = homes[(number - 1) % len(homes)]
        name, kind = words.DEALS[number % len(words.DEALS)]
        yield _deal(client, f"D-{number:03d}", name, kind, pick.choice(words.STAGES), amount) | {
            "close_date": today + timedelta(days=pick.randrange(5, 150)),
            "created_at": today - timedelta(days=pick.randrange(5, 160)),
            "next_step": pick.choice(("Envoyer la proposition", "Planifier la démonstration", "Valider le budget")),
        }
    for number in range(46, 116):
        client = pick.choice(homes)
        name, kind = pick.choice(words.DEALS)
        ago = pick.randrange(20, 700)
        yield _deal(client, f"D-{number:03d}", name, kind, pick.choice(("Gagnée", "Gagnée", "Perdue")), 4_000) | {
            "amount": round(pick.uniform(3_000, 45_000), -2),
            "close_date": today - timedelta(days=ago),
            "created_at": today - timedelta(days=ago + pick.randrange(20, 120)),
        }


def _deal(client: Client, key: str, name: str, kind: str, stage: str, amount: float) -> Row:
    return {
        "external_id": key,
        "account_id": client.key,
        "name": name,
        "kind": kind,
        "stage": stage,
        "amount": amount,
        "owner_email": SALES,
    }


KINDS = {
    "features": features,
    "accounts": accounts,
    "contacts": contacts,
    "revenue": revenue,
    "renewals": renewals,
    "golives": golives,
    "usage": usage,
    "surveys": surveys,
    "tickets": tickets,
    "interactions": interactions,
    "opportunities": opportunities,
}


def rows(kind: str, today: date) -> Iterator[Row]:
    """Every row of one kind, Groupe Valmorin's own included. KeyError for a kind the sample does not have."""
    yield from KINDS[kind](today)
    if kind in VALMORIN_ROWS:
        yield from VALMORIN_ROWS[kind](today)
