from datetime import UTC, datetime, timedelta

from haark.jobs import rules

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


def test_three_attempts_the_first_retry_at_once() -> None:
    assert rules.after_fault(1, NOW) == rules.Verdict("queued", NOW)
    assert rules.after_fault(2, NOW) == rules.Verdict("queued", NOW + timedelta(seconds=5))
    assert rules.after_fault(3, NOW) == rules.Verdict("failed", None)


def test_what_cannot_work_is_not_tried_again() -> None:
    assert rules.after_fault(1, NOW, final=True) == rules.Verdict("failed", None)


def test_a_reason_is_one_short_line() -> None:
    assert rules.reason_of(ValueError("two\n lines")) == "ValueError: two lines"
    assert rules.reason_of(KeyError()) == "KeyError"
    assert rules.reason_of(MemoryError()) == rules.TOO_LARGE
    assert len(rules.reason_of(ValueError("x" * 9000))) == 500
