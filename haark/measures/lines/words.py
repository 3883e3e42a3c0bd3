"""The words that a person uses to say what an exchange was, when, with whom: French, English and Ukrainian, folded.

A phrase is written as `rules` folds a line: no case, no accents, one kind of apostrophe.
"""

from haark.formats import fold


def plain(text: str) -> str:
    """Folded, with one kind of apostrophe and of hyphen."""
    for odd, sign in (("’", "'"), ("ʼ", "'"), ("`", "'"), ("\u2011", "-"), ("\u2010", "-")):
        text = text.replace(odd, sign)
    return fold(text)


def _all(**several: str) -> dict[str, str]:
    """`_all(call="appel, coup de fil")` -> {«appel»: call, «coup de fil»: call}."""
    return {plain(one.strip()): meaning for meaning, phrases in several.items() for one in phrases.split(",")}


def _each(phrases: str, sign: str = " ") -> tuple[str, ...]:
    """The words of a text, or its parts between commas, folded."""
    return tuple(plain(one.strip()) for one in phrases.split(sign))


KINDS = _all(
    call="appel, appel telephonique, coup de fil, coup de telephone, tel, telephone, call, phone call, phone, "
    "дзвінок, телефонний дзвінок, телефон",
    email="email, e-mail, mail, courriel, mel, message, лист, мейл, імейл, електронний лист, пошта, повідомлення",
    meeting="reunion, visio, visioconference, rdv, rendez-vous, rendez vous, visite, point, atelier, dejeuner, "
    "meeting, video call, videocall, visit, workshop, lunch, зустріч, нарада, відеодзвінок, відеозустріч, візит",
    note="note, memo, нотатка, примітка",
)
# Said between a kind and a person, and no more.
FILLERS = frozenset(
    _each(
        "avec with a au aux de du des d le la les l un une chez par en from to by the at of on in for pour "
        "з із зі від до у в на м mme mlle mr mrs ms madame monsieur пан пані пана паном"
    )
)
# Understood, and worth keeping in the text.
KEPT = frozenset(
    _each(
        "mensuel mensuelle hebdo hebdomadaire trimestriel trimestrielle regulier suivi client rapide "
        "monthly weekly quarterly regular quick client follow-up щомісячна щотижнева щоквартальна швидкий"
    )
)
TOWARDS = frozenset(_each("a au aux to pour до для"))
FROM = frozenset(_each("de d du from від"))
DIRECTIONS = {
    **dict.fromkeys(_each("recu reçue entrant received incoming inbound отримано отримали вхідний"), "in"),
    **dict.fromkeys(_each("envoye envoyee sortant relance sent outgoing outbound надіслано вихідний"), "out"),
}
UNANSWERED = _each(
    "sans réponse, pas de réponse, n'a pas répondu, messagerie vocale, répondeur, no answer, no reply, "
    "voicemail, did not answer, без відповіді, не відповів, не відповіла, автовідповідач",
    ",",
)
DAYS_AGO = _all(
    **{
        "0": "aujourd'hui, ce matin, cet apres-midi, ce soir, tout a l'heure, today, this morning, this afternoon, "
        "сьогодні, сьогодні вранці",
        "1": "hier, hier matin, hier soir, yesterday, вчора, учора",
        "2": "avant-hier, avant hier, the day before yesterday, позавчора",
    }
)
WEEKDAYS = _all(
    **{
        "0": "lundi, monday, понеділок, понеділка",
        "1": "mardi, tuesday, вівторок, вівторка",
        "2": "mercredi, wednesday, середа, середу",
        "3": "jeudi, thursday, четвер, четверга",
        "4": "vendredi, friday, п'ятниця, п'ятницю",
        "5": "samedi, saturday, субота, суботу",
        "6": "dimanche, sunday, неділя, неділю",
    }
)
LAST = frozenset(_each("dernier derniere passe passee last past минулий минулого минулої минулу"))
MONTHS = _all(
    **{
        "1": "janvier, janv, jan, january, січня",
        "2": "fevrier, fevr, fev, february, feb, лютого",
        "3": "mars, march, mar, березня",
        "4": "avril, avr, april, apr, квітня",
        "5": "mai, may, травня",
        "6": "juin, june, jun, червня",
        "7": "juillet, juil, july, jul, липня",
        "8": "aout, august, aug, серпня",
        "9": "septembre, sept, sep, september, вересня",
        "10": "octobre, oct, october, жовтня",
        "11": "novembre, nov, november, листопада",
        "12": "decembre, dec, december, грудня",
    }
)
UNITS = {
    **dict.fromkeys(_each("jour jours j day days день дні днів"), 1),
    **dict.fromkeys(_each("semaine semaines week weeks тиждень тижні тижнів"), 7),
}
AGO_BEFORE = (("il", "y", "a"), ("ya",))
AGO_AFTER = (("ago",), (plain("тому"),))
