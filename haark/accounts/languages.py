"""In which language a client is written to."""

from haark.accounts.models import Account, Contact
from haark.formats import LANGUAGES
from haark.settings import queries as settings


def language_of(contact: Contact, account: Account) -> str:
    """The contact's language, else the account's, else the organisation's."""
    wanted = (contact.language, account.language, str(settings.get("organisation.language")))
    return next((one for one in wanted if one in LANGUAGES), "fr")
