"""A large synthetic portfolio for benchmarks: the same rows every time, written as fast as the database takes them.

Observations only; cards and scores come from the product's own rules afterwards (`bin/haark score`).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts.models import Account, Contact, Renewal, Revenue
from haark.demo.domain import NotEmpty, is_empty
from haark.demo.store import append
from haark.extensions import db
from haark.formats import fold
from haark.measures.models import Feature, Interaction, Survey, Ticket, UsageDay, UsageFeature
from haark.people.models import User

SEED = 20261112
CHUNK = 500  # accounts written in one transaction
OWNERS = 40
SECTORS = ("Distribution", "Industrie", "Santé", "Finance", "Énergie", "Services", "Public", "Logiciel")
FIRST = ("Groupe", "Société", "Maison", "Ateliers", "Réseau", "Compagnie", "Établissements", "Union")
SECOND = (
    "Valmy",
    "Écluse",
    "Montclar",
    "Sorel",
    "Aubrac",
    "Lérins",
    "Brévent",
    "Chalosse",
    "Ardenne",
    "Vexin",
    "Yonne",
)
COUNTRIES = ("France", "Belgique", "Suisse", "Luxembourg")
# How the use of an account goes over the window, by day from the oldest: level at the start and at the end.
COURSES = ((1.0, 1.0), (1.0, 1.1), (1.0, 0.95), (1.0, 0.7), (0.8, 1.0), (1.0, 0.4), (0.6, 0.6), (1.0, 1.3))
# One account in so many has rows by feature; every account has those of the whole product.
DETAILED = 20

Rows = dict[Any, list[tuple[Any, ...]]]


def load(count: int, days: int, on: date, step: Callable[[int], None] | None = None) -> None:
    """Fills an empty database with `count` accounts and `days` days of usage each, up to the day before `on`.

    NotEmpty when there is anything already. Commits every 500 accounts; `step` is called with the number written.
    """
    if not is_empty():
        raise NotEmpty
    begun = clock.start_of(on - timedelta(days))
    owners = _team(begun)
    features = _catalogue()
    shapes = [_shape(course, days, on) for course in COURSES]
    for start in range(1, count + 1, CHUNK):
        idents = range(start, min(start + CHUNK, count + 1))
        for model, (columns, rows) in _chunk(idents, owners, features, shapes, days, on, begun).items():
            append(model, columns, rows)
        db.session.commit()
        accounts.refresh_cards(idents, on=on)
        db.session.commit()
        if step:
            step(idents[-1])


def _team(at: datetime) -> list[int]:
    people = [User(email=f"csm{n}@load.haark.test", name=f"CSM {n}", role="csm", created_at=at) for n in range(OWNERS)]
    db.session.add_all(people)
    db.session.commit()
    return [one.id for one in people]


def _catalogue() -> list[int]:
    found = [Feature(key=f"f{n}", name=f"Fonction {n}", premium=n > 5) for n in range(1, 9)]
    db.session.add_all(found)
    db.session.commit()
    return [one.id for one in found]


def _shape(course: tuple[float, float], days: int, on: date) -> list[tuple[date, float]]:
    first, last = course
    found = []
    for n in range(days):
        day = on - timedelta(days - n)
        level = first + (last - first) * max(0.0, (n - days / 2) / (days / 2))
        found.append((day, level * (0.06 if day.weekday() >= 5 else 0.95 + 0.05 * (n * 7 % 3 - 1))))
    return found


def _chunk(
    idents: Sequence[int],
    owners: Sequence[int],
    features: Sequence[int],
    shapes: Sequence[list[tuple[date, float]]],
    days: int,
    on: date,
    begun: datetime,
) -> dict[Any, tuple[Sequence[str], Iterator[tuple[Any, ...]]]]:
    people = [_Client(ident, owners, on) for ident in idents]
    return {
        Account: (_Client.COLUMNS, (one.account(begun) for one in people)),
        Contact: (("account_id", "name", "email", "role", "main", "left_on"), _each(people, _Client.contacts)),
        Revenue: (("account_id", "date", "arr_cents", "reason"), _each(people, _Client.revenue)),
        Renewal: (("account_id", "date", "outcome", "reason"), _each(people, _Client.renewals)),
        Survey: (("account_id", "identity", "date", "kind", "score"), _each(people, _Client.surveys)),
        Ticket: (
            ("account_id", "identity", "opened_at", "closed_at", "priority", "subject", "csat"),
            _each(people, _Client.tickets),
        ),
        Interaction: (("account_id", "identity", "at", "kind", "direction", "summary"), _each(people, _Client.talks)),
        UsageDay: (("account_id", "day", "active_users", "events", "logins"), _usage(people, shapes)),
        UsageFeature: (
            ("account_id", "day", "feature_id", "active_users", "events"),
            _detail(people, shapes, features),
        ),
    }


def _each(people: Sequence["_Client"], rows: Callable[["_Client"], list[tuple[Any, ...]]]) -> Iterator[tuple[Any, ...]]:
    return (row for one in people for row in rows(one))


def _usage(people: Sequence["_Client"], shapes: Sequence[list[tuple[date, float]]]) -> Iterator[tuple[Any, ...]]:
    for one in people:
        level, pace, ident = one.level, one.pace, one.ident
        for day, factor in shapes[one.course]:
            users = int(level * factor)
            yield ident, day, users, users * pace, users + users // 3


def _detail(
    people: Sequence["_Client"], shapes: Sequence[list[tuple[date, float]]], features: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    for one in people:
        if one.ident % DETAILED == 0:
            for day, factor in shapes[one.course]:
                users = int(one.level * factor)
                for place, feature in enumerate(features[: 3 + one.ident % 5]):
                    yield one.ident, day, feature, users // (place + 1), users


class _Client:
    """One account's rows; everything follows from its number and the seed."""

    COLUMNS = (
        *("id", "external_id", "name", "name_folded", "sector", "employees", "currency", "contract_start"),
        *("renewal_date", "seats", "country", "language", "tags", "owner_id", "created_at", "version"),
    )

    def __init__(self, ident: int, owners: Sequence[int], on: date) -> None:
        self.ident, self.on = ident, on
        self.random = Random(SEED * 1_000_003 + ident)
        draw = self.random.random
        self.owner = owners[ident % len(owners)]
        self.seats = int(5 + 295 * draw() ** 3)
        self.level = self.seats * (0.25 + 0.7 * draw())
        self.course, self.pace = int(draw() * len(COURSES)), 3 + int(9 * draw())
        self.months = 3 + int(60 * draw())
        self.start = on - timedelta(int(30.4 * self.months))
        self.arr = int(2_000_00 + 180_000_00 * draw() ** 4)
        self.renewal = on + timedelta(1 + int(364 * draw()))

    def account(self, begun: datetime) -> tuple[Any, ...]:
        ident = self.ident
        name = f"{FIRST[ident % 8]} {SECOND[ident // 8 % 11]} {ident}"
        where, sector = COUNTRIES[ident % 4], SECTORS[ident * 7 % 8]
        staff = 10 + self.seats * 3
        return (
            *(ident, f"L-{ident}", name, fold(name), sector, staff, "EUR", self.start, self.renewal, self.seats),
            *(where, "fr", [], self.owner, begun, 1),
        )

    def contacts(self) -> list[tuple[Any, ...]]:
        gone = self.on - timedelta(20) if self.ident % 12 == 0 else None
        roles = ("sponsor", "champion", "decision_maker")[: 1 + self.ident % 3]
        return [
            (
                self.ident,
                f"Contact {n} {self.ident}",
                f"c{n}@l{self.ident}.test",
                role,
                n == 0,
                gone if n == 1 else None,
            )
            for n, role in enumerate(roles)
        ]

    def revenue(self) -> list[tuple[Any, ...]]:
        rows = [(self.ident, self.start, self.arr, "new")]
        if self.months > 14 and self.ident % 3:
            moved = int(self.arr * (0.8 + 0.1 * (self.ident % 5)))
            rows.append(
                (self.ident, self.on - timedelta(200), moved, "expansion" if moved >= self.arr else "contraction")
            )
        return rows

    def renewals(self) -> list[tuple[Any, ...]]:
        return [(self.ident, self.renewal - timedelta(365), "renewed", "")] if self.months > 13 else []

    def surveys(self) -> list[tuple[Any, ...]]:
        count = self.ident % 3
        back = [int(360 * self.random.random()) for _ in range(count)]
        return [
            (self.ident, f"L{self.ident}s{n}", self.on - timedelta(days), "nps", float((self.ident + n * 5) % 11))
            for n, days in enumerate(back)
        ]

    def tickets(self) -> list[tuple[Any, ...]]:
        rows = []
        for n in range((self.ident * 5) % 4):
            opened = clock.start_of(self.on - timedelta(2 + int(200 * self.random.random())))
            closed = opened + timedelta(hours=6 + 30 * n) if (self.ident + n) % 5 else None
            grade = ("low", "normal", "high", "urgent")[(self.ident + n) % 4]
            csat = float(2 + (self.ident + n) % 4) if closed and n % 2 == 0 else None
            rows.append((self.ident, f"L{self.ident}t{n}", opened, closed, grade, f"Ticket {n}", csat))
        return rows

    def talks(self) -> list[tuple[Any, ...]]:
        rows = []
        for n in range(self.ident % 7):
            at = clock.start_of(self.on - timedelta(1 + int(120 * self.random.random())))
            kind = ("call", "email", "meeting", "email")[n % 4]
            way = ("", "in", "", "out")[n % 4]
            rows.append((self.ident, f"L{self.ident}i{n}", at, kind, way, f"Point {n}"))
        return rows
