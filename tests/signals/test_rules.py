"""When a signal opens, how grave it is, and what must hold whatever the facts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haark.health.facts import Exchanges, Facts, Support
from haark.settings.defaults import DEFAULTS
from haark.signals import rules, words
from haark.signals.facts import Change, Deal, Feature, Found, Goal, Limits, Note, Seen, Voice, limits_of
from haark.signals.wording import KINDS, OPPORTUNITIES, RISKS
from tests.health.given import SUPPORT, USE
from tests.signals.given import ON, ago, facts, health_of, seen

LIMITS = limits_of(DEFAULTS)
NOTHING = Seen(on=ON, facts=Facts())


def found(one: Seen) -> dict[tuple[str, str], Found]:
    return {(signal.kind, signal.cause): signal for signal in rules.detect(one, LIMITS)}


def severity(one: Seen, kind: str, cause: str = "") -> str | None:
    signal = found(one).get((kind, cause))
    return signal.severity if signal else None


def used(change: float) -> Facts:
    return facts(use=replace(USE, users_now=66 * (1 + change), users_before=66.0))


def test_the_defaults_are_the_settings() -> None:
    assert Limits() == LIMITS


def test_nothing_known_says_nothing() -> None:
    assert found(NOTHING) == {}


def test_every_kind_has_words_and_an_order() -> None:
    assert set(rules.ORDER) == set(KINDS)


def test_the_reference_case() -> None:
    signals = found(seen())
    assert {key for key, one in signals.items() if one.side == "risk"} == {
        ("usage_drop", ""),
        ("health_drop", ""),
        ("renewal_near", ""),
    }
    drop = signals["usage_drop", ""]
    assert drop.severity == "high"
    assert drop.evidence == {
        **{"source": "usage", "start": "2026-09-13", "end": "2026-11-11"},
        **{"change": -0.3182, "measure": "users", "now": 45.0, "before": 66.0},
    }
    assert signals["health_drop", ""].evidence | {"start": 0, "end": 0} == {
        **{"source": "haark", "start": 0, "end": 0, "score": 68, "before": 80, "change": -12}
    }
    assert signals["renewal_near", ""].severity == "medium"


@pytest.mark.parametrize(
    ("change", "days", "expected"),
    [
        (-0.199, 60, None),
        (-0.20, 60, "medium"),
        (-0.299, 60, "medium"),
        (-0.30, 60, "high"),
        (-0.30, 91, "medium"),
        (-0.40, 91, "high"),
    ],
)
def test_usage_drop(change: float, days: int, expected: str | None) -> None:
    assert severity(seen(facts=used(change), renewal_on=ago(-days)), "usage_drop") == expected


@pytest.mark.parametrize(
    ("days", "score", "expected"),
    [
        (91, 30, None),
        (90, 90, "low"),
        (30, 90, "medium"),
        (90, 68, "medium"),
        (30, 68, "high"),
        (90, 49, "high"),
        (30, None, "medium"),
        (0, 90, "medium"),
        (-1, 30, None),
    ],
)
def test_a_renewal_alone_is_no_alarm(days: int, score: int | None, expected: str | None) -> None:
    assert severity(seen(renewal_on=ago(-days), health=health_of(score)), "renewal_near") == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [(71, 80, None), (70, 80, "medium"), (61, 80, "medium"), (60, 80, "high"), (49, 59, "high"), (70, None, None)],
)
def test_health_drop(now: int, before: int | None, expected: str | None) -> None:
    assert severity(seen(health=health_of(now), before=health_of(before)), "health_drop") == expected


@pytest.mark.parametrize(
    ("role", "kind", "days", "renewal", "expected"),
    [
        ("decision_maker", "left", 89, 60, "high"),
        ("decision_maker", "left", 90, 60, None),
        ("sponsor", "left", 5, 91, "medium"),
        ("champion", "left", 5, 60, "medium"),
        ("sponsor", "arrived", 5, 60, "low"),
        ("champion", "role", 5, 60, "low"),
    ],
)
def test_contact_change(role: str, kind: str, days: int, renewal: int, expected: str | None) -> None:
    change = Change("contact:7", "Anne Leclerc", kind, role, ago(days))
    assert severity(seen(changes=(change,), renewal_on=ago(-renewal)), "contact_change", "contact:7") == expected


def test_one_signal_for_each_person_whose_newest_change_counts() -> None:
    arrived = Change("contact:7", "Anne Leclerc", "arrived", "sponsor", ago(60))
    left = Change("contact:7", "Anne Leclerc", "left", "sponsor", ago(3))
    other = Change("contact:8", "Marc Vasseur", "arrived", "sponsor", ago(2))
    signals = found(seen(changes=(left, arrived, other)))
    told = {cause: one.evidence["change"] for (kind, cause), one in signals.items() if kind == "contact_change"}
    assert told == {"contact:7": "left", "contact:8": "arrived"}


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [(1, 6, "low"), (2, 6, None), (0, 6, "medium"), (0, 5, "low"), (1, 12, "medium"), (0, 2, None), (None, None, None)],
)
def test_fewer_exchanges(now: int | None, before: int | None, expected: str | None) -> None:
    assert severity(seen(two_way_30=now, two_way_before=before), "fewer_exchanges") == expected


@pytest.mark.parametrize(
    ("kind", "state", "close", "expected"),
    [
        ("upsell", "lost", 10, "medium"),
        ("renewal", "lost", 10, "high"),
        ("upsell", "lost", 90, None),
        ("upsell", "open", 1, "low"),
        ("renewal", "open", 1, "medium"),
        ("upsell", "open", 0, None),
        ("upsell", "won", 10, None),
    ],
)
def test_a_deal_lost_or_slipped(kind: str, state: str, close: int, expected: str | None) -> None:
    deal = Deal(4, "Extension", kind, state, 1_000_000, ago(close))
    assert severity(seen(deals=(deal,)), "uncertain_context", "deal:4") == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Le budget est coupé pour 2027 : budget à revoter.", "uncertain_context"),
        ("Gel des budgets annoncé par le DAF", "uncertain_context"),
        ("They announced a budget freeze", "uncertain_context"),
        ("У них немає бюджету на наступний рік", "uncertain_context"),
        ("Réorganisation de la DSI en janvier", "uncertain_context"),
        ("Планується реорганізація відділу", "uncertain_context"),
        ("Budget validé pour le deuxième site", "budget_available"),
        ("The budget was mentioned", "budget_available"),
        ("Бюджет погоджено", "budget_available"),
        ("Lyon veut démarrer au Q1, demande un chiffrage de Prévision.", "need_identified"),
        ("They asked for a quote", "need_identified"),
        ("Клієнт потребує нового модуля", "need_identified"),
        ("Ils recrutent trente personnes, plan de recrutement signé", "company_growing"),
        ("Confusion avec la facture", None),
        ("Point mensuel : volumes, litiges et prochaine étape", None),
    ],
)
def test_what_somebody_wrote(text: str, kind: str | None) -> None:
    note = Note(9, ago(3), text)
    told = {signal for signal, cause in found(seen(notes=(note,))) if cause == "note:9"}
    assert told == ({kind} if kind else set())
    assert not {key for key in found(seen(notes=(replace(note, on=ago(90)),))) if key[1] == "note:9"}


def test_tags_say_the_same_as_words() -> None:
    assert words.topics("", ("Budget cut",)) == {"budget_cut"}
    assert words.topics("", ("besoin", "budget")) == {"need_identified", "budget_agreed"}


@pytest.mark.parametrize(
    ("score", "role", "expected"),
    [(7, "sponsor", None), (6, "sponsor", "medium"), (3, "sponsor", "high"), (0, "day_to_day", "medium")],
)
def test_detractor(score: int, role: str, expected: str | None) -> None:
    voice = Voice("a@v.example", "Anne", role, score, ago(10))
    assert severity(seen(voices=(voice,)), "detractor", "a@v.example") == expected


@pytest.mark.parametrize(
    ("urgent", "other", "expected"),
    [(0, 4, None), (0, 5, "medium"), (0, 10, "high"), (1, 0, "medium"), (2, 0, "high")],
)
def test_support_trouble(urgent: int, other: int, expected: str | None) -> None:
    desk = replace(SUPPORT, open_urgent=urgent, open_high=0, open_other=other)
    assert severity(seen(facts=facts(support=desk)), "support_trouble") == expected


@pytest.mark.parametrize(
    ("days", "renewal", "expected"),
    [(45, 60, None), (46, 60, "medium"), (90, 91, "medium"), (90, 60, "high"), (None, 91, "medium")],
)
def test_silence(days: int | None, renewal: int, expected: str | None) -> None:
    met = Exchanges(last_logged=ago(2), last_two_way=None if days is None else ago(days))
    assert severity(seen(facts=facts(exchanges=met), renewal_on=ago(-renewal)), "silence") == expected


@pytest.mark.parametrize(
    ("users", "at_least", "expected"),
    [(32.0, False, None), (31.9, False, "low"), (15.9, False, "medium"), (15.9, True, None)],
)
def test_low_seat_use(users: float, at_least: bool, expected: str | None) -> None:
    use = replace(USE, users_now=users, at_least=at_least)
    assert severity(seen(facts=facts(use=use)), "low_seat_use") == expected


@pytest.mark.parametrize(("late", "expected"), [(0, None), (1, "low"), (29, "low"), (30, "medium")])
def test_review_late(late: int, expected: str | None) -> None:
    assert severity(seen(review_due=ago(late), review_kind="qbr"), "review_late") == expected


def test_objectives() -> None:
    goals = (Goal(1, "Litiges", "at_risk"), Goal(2, "OTIF", "missed"), Goal(3, "Coût", "reached"))
    signals = found(seen(goals=goals))
    assert signals["objective_off_track", "1"].severity == "low"
    assert signals["objective_off_track", "2"].severity == "medium"
    assert ("objectives_reached", "") not in signals
    assert severity(seen(goals=goals[2:]), "objectives_reached") == "medium"
    assert severity(seen(goals=(*goals[2:], Goal(4, "D", "behind"))), "objectives_reached") == "low"
    assert (
        severity(seen(goals=(*goals[2:], Goal(4, "D", "behind"), Goal(5, "E", "on_pace"))), "objectives_reached")
        is None
    )


@pytest.mark.parametrize(
    ("users", "expected", "value"), [(71.9, None, None), (72.0, "medium", 2_400_000), (80.0, "high", 4_050_000)]
)
def test_intensive_usage(users: float, expected: str | None, value: int | None) -> None:
    """80 seats for 120 000 €: 72 users would fill 75 % of 96 seats, 16 more at 1 500 € each."""
    signal = found(seen(facts=facts(use=replace(USE, users_now=users)))).get(("intensive_usage", "seats"))
    assert (signal.severity if signal else None, signal.value_cents if signal else None) == (expected, value)


def test_a_full_quota() -> None:
    """280 actions a working day are 6 000 in 30 days."""
    assert severity(seen(quota=6_600), "intensive_usage", "quota") == "medium"
    assert severity(seen(quota=6_000), "intensive_usage", "quota") == "high"
    assert severity(seen(quota=7_000), "intensive_usage", "quota") is None


def test_premium_features() -> None:
    unused = (Feature("prevision", "Prévision de charge"), Feature("carbone", "Bilan carbone"))
    deal = Deal(4, "Module", "upsell", "open", 2_000_000, ago(-30))
    note = Note(9, ago(19), "Julien demande un chiffrage de Prévision.")
    asked = found(seen(unused=unused, notes=(note,), deals=(deal,)))["premium_unused", "prevision"]
    assert (asked.severity, asked.value_cents, asked.evidence["asked"]) == ("medium", 2_000_000, 1)
    assert severity(seen(unused=unused), "premium_unused") is None
    assert severity(seen(unused=unused, health=health_of(80)), "premium_unused") == "low"


def test_promoters_beside_no_detractor() -> None:
    fan, foe = Voice("a", "Anne", "sponsor", 10, ago(10)), Voice("b", "Marc", "other", 6, ago(10))
    assert severity(seen(voices=(fan,)), "promoter") == "medium"
    assert severity(seen(voices=(replace(fan, score=9),)), "promoter") == "low"
    assert severity(seen(voices=(fan, foe)), "promoter") is None
    assert severity(seen(voices=(replace(fan, score=8),)), "promoter") is None


@pytest.mark.parametrize(("now", "before", "expected"), [(109, 100, None), (110, 100, "low"), (125, 100, "medium")])
def test_company_growing(now: int, before: int, expected: str | None) -> None:
    assert severity(seen(employees=now, employees_before=before), "company_growing") == expected


def test_at_risk_has_its_three_grounds() -> None:
    low, high = Found("review_late", "", "risk", "low", {}), Found("silence", "", "risk", "high", {})
    rule = {"arr_cents": 12_000_000, "churn_from": 0.3, "severity_from": "high"}
    assert rules.stand([low], [], band="yellow", churn=0.29, **rule).at_risk is False
    assert rules.stand([], [], band="red", churn=None, **rule).at_risk is True
    assert rules.stand([], [], band="green", churn=0.30, **rule).at_risk is True
    standing = rules.stand([low, high], [], band="green", churn=0.35, **rule)
    assert (standing.at_risk, standing.risk_count, standing.risk_top, standing.risk_severity) == (
        True,
        2,
        "silence",
        "high",
    )
    assert standing.expected_loss_cents == 4_200_000
    assert rules.stand([], [], band="", churn=None, **rule).expected_loss_cents is None


def test_only_signals_that_stand_count() -> None:
    assert [rules.counts(state, None, ON) for state in ("open", "acknowledged", "snoozed", "dismissed")] == [
        *(True, True, False, False)
    ]
    assert rules.counts("snoozed", ON, ON) is True
    assert rules.counts("snoozed", ON + timedelta(1), ON) is False


fractions = st.floats(-0.99, 1.0, allow_nan=False)
days = st.integers(-30, 400)
GRADES = {None: 0, "low": 1, "medium": 2, "high": 3}


@given(a=fractions, b=fractions, renewal=days)
@settings(max_examples=200, deadline=None)
def test_a_larger_drop_is_never_milder(a: float, b: float, renewal: int) -> None:
    worse, better = sorted((a, b))
    grades = [
        GRADES[severity(seen(facts=used(change), renewal_on=ago(-renewal)), "usage_drop")] for change in (worse, better)
    ]
    assert grades[0] >= grades[1]


@given(a=st.integers(0, 100), b=st.integers(0, 100), before=st.integers(0, 100), renewal=days)
@settings(max_examples=200, deadline=None)
def test_a_lower_health_is_never_milder(a: int, b: int, before: int, renewal: int) -> None:
    worse, better = sorted((a, b))
    for kind in ("health_drop", "renewal_near"):
        grades = [
            GRADES[severity(seen(health=health_of(score), before=health_of(before), renewal_on=ago(-renewal)), kind)]
            for score in (worse, better)
        ]
        assert grades[0] >= grades[1]


@given(a=days.filter(lambda n: n >= 0), b=days.filter(lambda n: n >= 0), score=st.integers(0, 100))
@settings(max_examples=200, deadline=None)
def test_a_nearer_renewal_is_never_milder(a: int, b: int, score: int) -> None:
    near, far = sorted((a, b))
    for kind in ("usage_drop", "renewal_near"):
        near_grade, far_grade = (
            GRADES[severity(seen(health=health_of(score), renewal_on=ago(-renewal)), kind)] for renewal in (near, far)
        )
        assert near_grade >= far_grade


@given(
    a=st.tuples(st.integers(0, 5), st.integers(0, 12)),
    more=st.tuples(st.integers(0, 5), st.integers(0, 12)),
    silent=st.tuples(days, days),
)
@settings(max_examples=100, deadline=None)
def test_more_tickets_and_longer_silence_are_never_milder(
    a: tuple[int, int], more: tuple[int, int], silent: tuple[int, int]
) -> None:
    few, many = (
        GRADES[severity(seen(facts=facts(support=Support(ON, open_urgent=u, open_other=o))), "support_trouble")]
        for u, o in (a, (a[0] + more[0], a[1] + more[1]))
    )
    assert many >= few
    short, long = (
        GRADES[severity(seen(facts=facts(exchanges=Exchanges(ON, ago(max(0, n))))), "silence")] for n in sorted(silent)
    )
    assert long >= short


@given(change=fractions, renewal=days, score=st.integers(0, 100), rows=st.permutations(range(5)))
@settings(max_examples=100, deadline=None)
def test_detection_is_deterministic_whatever_the_order(
    change: float, renewal: int, score: int, rows: list[int]
) -> None:
    notes = [Note(n, ago(n), text) for n, text in enumerate(("budget", "fusion avec X", "veut démarrer", "budget", ""))]
    one = seen(facts=used(change), renewal_on=ago(-renewal), health=health_of(score), notes=tuple(notes))
    other = replace(one, notes=tuple(notes[n] for n in rows))
    first, second = rules.detect(one, LIMITS), rules.detect(other, LIMITS)
    assert {(s.kind, s.cause): s for s in first} == {(s.kind, s.cause): s for s in second}
    assert len(first) == len({(s.kind, s.cause) for s in first})
    assert all(one.kind in (RISKS if one.side == "risk" else OPPORTUNITIES) for one in first)
