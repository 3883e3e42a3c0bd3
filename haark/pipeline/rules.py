"""What a stage of a deal means. Pure."""

# Stages in which a deal is no longer open, in the words of the usual CRMs.
WON = ("won", "closed won", "closed_won", "gagnée", "gagné", "signée", "signé", "виграно", "виграна")
LOST = ("lost", "closed lost", "closed_lost", "perdue", "perdu", "програно", "програна", "втрачено")
CLOSED = WON + LOST


def state_of(stage: str) -> str:
    """`won`, `lost` or `open`, from the words that the usual sources write; a stage by another name is open."""
    word = stage.strip().lower()
    return "won" if word in WON else "lost" if word in LOST else "open"
