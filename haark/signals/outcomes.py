"""What became of an accepted recommendation. Pure."""

from datetime import date, timedelta

from haark.signals.advice_rules import Case, Rule

# Days after the end of a term in which its outcome may still be recorded.
GRACE = 31


def is_gone(rule: Rule, cause: str, case: Case) -> bool:
    """Whether no cause that the recommendation answered holds any more. Its own cause is the signal's, the kind's name
    where the signal has none, or '' for all of its kinds together."""
    answered = [one for kind, one in case.held if kind in rule.kinds]
    return not answered if not cause else not {cause, "" if cause in rule.kinds else cause} & set(answered)


def outcome(
    rule: Rule,
    *,
    decided_on: date,
    on: date,
    cause: str,
    renewed: str = "",
    renewal_on: date | None = None,
    gone: bool = False,
    done: bool = False,
    arr_cents: int | None = None,
    arr_then: int | None = None,
) -> str:
    """What became of an accepted recommendation: `succeeded`, `failed`, or '' while it is not known yet.

    `renewed`: how the term that `cause` names ended ('renewed', 'lost', ''); a term that was extended is a success too.
    `gone`: no signal that it answered is left; `done`: its action was done.
    """
    if rule.measure == "renewal":
        if renewed == "renewed" or (renewal_on is not None and renewal_on.isoformat() > cause):
            return "succeeded"
        late = on > date.fromisoformat(cause) + timedelta(GRACE)
        return "failed" if renewed == "lost" or late else ""
    grown = arr_cents is not None and arr_then is not None and arr_cents > arr_then
    reached = {"signal": gone, "action": done, "growth": grown}[rule.measure]
    if reached:
        return "succeeded"
    return "failed" if (on - decided_on).days > rule.horizon else ""
