"""The few words the engine says itself, in the deck's language."""

WORDS = {
    "fr": {
        "continued": "suite",
        "empty": "Rien à signaler sur la période",
        "agenda_minutes": "Durée",
        "slide": "Diapositive",
        "number": "N°",
        "part": "Partie",
        "who": "Qui",
        "source": "Source",
        "notes": "Notes",
        "label": "Libellé",
        "value": "Valeur",
        "contents": "Sommaire",
        "logo": "Logo",
        "internal": "Interne",
        "picture": "Image",
    },
    "en": {
        "continued": "continued",
        "empty": "Nothing to report for the period",
        "agenda_minutes": "Duration",
        "slide": "Slide",
        "number": "No.",
        "part": "Part",
        "who": "Who",
        "source": "Source",
        "notes": "Notes",
        "label": "Label",
        "value": "Value",
        "contents": "Contents",
        "logo": "Logo",
        "internal": "Internal",
        "picture": "Picture",
    },
    "uk": {
        "continued": "продовження",
        "empty": "За період немає що відзначити",
        "agenda_minutes": "Тривалість",
        "slide": "Слайд",
        "number": "№",
        "part": "Частина",
        "who": "Хто",
        "source": "Джерело",
        "notes": "Нотатки",
        "label": "Назва",
        "value": "Значення",
        "contents": "Зміст",
        "logo": "Логотип",
        "internal": "Внутрішнє",
        "picture": "Зображення",
    },
}


def word(language: str, key: str) -> str:
    """One of the engine's own words; French for a language it does not know."""
    return WORDS.get(language, WORDS["fr"])[key]


def others(language: str, count: int) -> str:
    """«et 12 autres»: what a cut list leaves out."""
    if language == "en":
        return f"and {count} more"
    if language == "uk":
        return f"і ще {count}"
    return f"et {count} autre" if count == 1 else f"et {count} autres"


def figure(language: str, value: float) -> str:
    """A number on an axis: at most two decimals, thousands parted as the language does."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", "−")
    if language == "en":
        return text
    return text.replace(",", "\u202f" if language == "fr" else "\u00a0").replace(".", ",")
