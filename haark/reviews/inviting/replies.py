"""The answer by link: whoever holds the secret of an invitation, without a login."""

import hashlib
import hmac
from datetime import datetime

from haark.cadence.models import Review
from haark.reviews.inviting import domain, queries
from haark.reviews.inviting.models import Participant

Found = tuple[Participant, Review, str]


def by_token(token: str, at: datetime) -> Found | None:
    """The participant, their review and the client's name; None for a link that is unknown, of a review that was
    cancelled or is over, or of somebody who is not invited any more: nobody learns which."""
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    found = queries.by_reply_hash(digest)
    if found is None or not hmac.compare_digest(found[0].reply_hash or "", digest):
        return None
    ends = domain.ends_at(found[1])
    return None if ends is None or ends <= at else found
