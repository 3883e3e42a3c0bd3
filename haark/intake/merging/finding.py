"""Which clients to compare at all: among 100 000 accounts only those that share something rare.

Pure over a list of clients: the same name however written, a rare word, a mail domain, or neighbours in the order of
names (read from either end, so that one wrong letter is no obstacle).
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from haark.intake.merging.rules import PROPOSED, Client, Likeness, compare, key, words

RARE = 16  # accounts that share a word or a domain; more say nothing
NEAR = 3  # neighbours in the order of names
BITS = 32
MASK = (1 << BITS) - 1
MOST = 5_000  # pairs proposed at once, the likeliest first


def find(clients: Sequence[Client]) -> list[tuple[int, int, Likeness]]:
    """Pairs (lower id, higher id, likeness) that may be one client, the likeliest first."""
    by_id = {client.id: client for client in clients}
    found, last = [], 0
    for pair in sorted(_candidates(clients)):
        if pair == last:
            continue
        last = pair
        first, second = pair >> BITS, pair & MASK
        likeness = compare(by_id[first], by_id[second])
        if likeness.score >= PROPOSED:
            found.append((first, second, likeness))
    found.sort(key=lambda pair: (-pair[2].score, pair[0], pair[1]))
    return found[:MOST]


def _candidates(clients: Sequence[Client]) -> "array[int]":
    """Pairs as one number each: there may be a million."""
    pairs: array[int] = array("Q")
    keys = [(key(client.name), client.id) for client in clients]
    same: dict[str, list[int]] = defaultdict(list)
    rare: dict[str, list[int]] = defaultdict(list)
    for text, ident in keys:
        same[text].append(ident)
    for client in clients:
        told = words(client.name)
        shared = {word for word in told if not word.isdigit()} | {f"@{domain}" for domain in client.domains}
        if len(told) > 2:
            shared.add("".join(word[0] for word in told))
        for word in shared:
            if len(rare[word]) <= RARE:
                rare[word].append(client.id)
    for ids in same.values():
        pairs.extend(_pairs(ids[:RARE]))
    for ids in rare.values():
        if 1 < len(ids) <= RARE:
            pairs.extend(_pairs(ids))
    for order in (sorted(keys), sorted((text[::-1], ident) for text, ident in keys)):
        for at, (text, ident) in enumerate(order):
            pairs.extend(
                _pair(ident, second) for other, second in order[at + 1 : at + 1 + NEAR] if other[:3] == text[:3]
            )
    return pairs


def _pairs(ids: Iterable[int]) -> Iterator[int]:
    ordered = sorted(set(ids))
    for at, first in enumerate(ordered):
        for second in ordered[at + 1 :]:
            yield _pair(first, second)


def _pair(one: int, other: int) -> int:
    return (min(one, other) << BITS) + max(one, other)
