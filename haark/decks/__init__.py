"""Deck engine: one outline in, PDF, PowerPoint, HTML and Markdown out. Needs neither Flask nor a database."""
