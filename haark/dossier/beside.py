"""What stands beside the facts of an account: its custom fields and its files."""

from typing import Any

from haark.accounts import custom
from haark.dossier import attachments
from haark.dossier import custom as fields


def view(account_id: int) -> dict[str, Any]:
    """The context of dossier/_beside.html. Three statements, two without custom fields."""
    own = custom.fields()
    context = {"own_fields": own, "values": custom.values_of(account_id), **fields.words()}
    return {**context, **attachments.view(account_id)}
