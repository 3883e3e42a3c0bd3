"""What people add to an account's page: contacts, exchanges, tags, custom fields, files."""

from flask import Blueprint

from haark.dossier import attachments, contacts, custom, noting, tagging


def register(page: Blueprint) -> None:
    """Puts their routes below the page's."""
    for part in (contacts, noting, tagging, custom, attachments):
        page.register_blueprint(part.blueprint)
