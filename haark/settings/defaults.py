"""Every setting with its default. The type of the default is the type of the setting."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    "organisation.name": "",
    "organisation.currency": "EUR",
    "organisation.language": "fr",
    "organisation.timezone": "Europe/Paris",
    "fiscal_year_start": 1,  # month, 1-12
    "brand.primary": "#0d4a57",
    "brand.secondary": "#12808f",
    "brand.tint": "#e4eff2",
    "brand.logo_file": 0,  # id of a stored file, 0: none
    "open_editing": False,  # CSMs and sales change every account, not only their own
    # HL-1: weights of the components, in percent; they are normalised, so any positive numbers do
    "health.weights": {"usage": 40, "engagement": 25, "satisfaction": 20, "history": 15},
    # Rates to the organisation's currency by month: {"USD": {"2026-11": 0.92}}
    "currency.rates": {},
    "import.max_megabytes": 100,
}
