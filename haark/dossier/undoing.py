"""Where a deletion is taken back."""

from flask import current_app, url_for

from haark.accounts.models import Trashed


def address(kept: Trashed) -> str | None:
    """The address that puts back what lies in the trash."""
    if "dossier.trash.bring_back" not in current_app.view_functions:
        return None
    return url_for("dossier.trash.bring_back", trashed_id=kept.id)
