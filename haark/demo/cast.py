"""Who appears in the sample portfolio: one vendor, Sillage (logistics software), its team and about sixty clients."""

from dataclasses import dataclass

ORGANISATION = "Sillage"
PASSWORD = "haark-demo"  # printed at every start; the sample only loads on a loopback address

# e-mail, name, role, may log in
TEAM = (
    ("csm@demo.haark.test", "Claire Delorme", "csm", True),
    ("sales@demo.haark.test", "Hugo Marchetti", "sales", True),
    ("manager@demo.haark.test", "Nadia Benali", "manager", True),
    ("admin@demo.haark.test", "Paul Roussel", "admin", True),
    ("thomas.kerbrat@demo.haark.test", "Thomas Kerbrat", "csm", False),
    ("helene.moreau@demo.haark.test", "Hélène Moreau", "csm", False),
    ("ines.bellamy@demo.haark.test", "Inès Bellamy", "csm", False),
)
# How they sign what they send.
TITLES = {"csm": "Responsable succès client", "sales": "Responsable commercial", "manager": "Directrice succès client"}
PHONES = {TEAM[0][0]: "06 12 34 56 78"}
CSM = {"CD": TEAM[0][0], "TK": TEAM[4][0], "HM": TEAM[5][0], "IB": TEAM[6][0]}
SALES = TEAM[1][0]

# key, name, premium, plan
FEATURES = (
    ("suivi", "Suivi d’expéditions", False, "Essentiel"),
    ("litiges", "Litiges", False, "Essentiel"),
    ("tableaux", "Tableaux de bord", False, "Essentiel"),
    ("portail", "Portail transporteur", False, "Pro"),
    ("alertes", "Alertes de retard", False, "Pro"),
    ("edi", "Échanges EDI", False, "Pro"),
    ("prevision", "Prévision de charge", True, "Premium"),
    ("carbone", "Bilan carbone", True, "Premium"),
)


@dataclass(frozen=True)
class Client:
    """A client of the sample. `story` is how its quarter went (story.COURSES), `arr` in euros, `renewal` in days."""

    key: str
    name: str
    sector: str
    employees: int | None
    arr: int
    renewal: int | None
    owner: str
    story: str
    language: str = "fr"


def _clients() -> tuple[Client, ...]:
    rows = """
    Luméo Énergie|Énergie|6200|205000|18|HM|failing
    Fret Océan|Logistique|210|265000|18|TK|growing
    Maison Arvel|Distribution|180|264000|34|CD|failing
    Crédit du Littoral|Banque|890|71000|34|IB|watch
    Clinéa Santé|Santé|740|186000|41|CD|failing
    Ville de Saint-Aubrac|Secteur public|160|88000|41|CD|watch
    Prévoyance Alliance|Assurance|230|93000|58|HM|watch
    Verrerie d’Arques-Nord|Industrie|240|102000|104|TK|steady
    Groupe Montclar|Distribution|220|102000|104|CD|growing
    Kalysta|Logiciel|5400|106000|104|HM|watch
    Centre Hospitalier d’Orval|Santé|3100|290000|104|TK|failing
    Meunerie Blanchet|Agroalimentaire|410|156000|104|HM|growing
    Gamme Verte Ouest|Distribution|620|83000|113|CD|steady
    Bioferme Landaise|Agroalimentaire|510|265000|131|HM|growing
    Caisse Régionale Est|Banque|4800|340000|142|CD|growing
    Papeteries Gallois|Industrie|690|64000|150|IB|watch
    Logis Provence|Construction|95|18500|156|TK|steady
    Atelier Brévent|Industrie|46|9800|160|IB|steady
    Nautica Pro|Distribution|120|42000|163|CD|growing
    Syndicat Énergie 44|Secteur public|140|37000|171|HM|quiet
    Datanéo|Logiciel|38|4900|175|IB|young
    Régie Eaux du Lac|Secteur public|1800|128000|181|CD|steady
    Pharmalys|Santé|2600|310000|188|TK|growing
    Domaines Tessier|Agroalimentaire|70|15200|190|IB|steady
    Vinalto|Agroalimentaire|130|28000|196|HM|watch
    Sanitel|Santé|480|76000|201|CD|growing
    Mutuelle Horizon Sud|Assurance|3900|225000|207|TK|steady
    Opteam Conseil|Services|350|39000|214|IB|watch
    Aéro Pyrénées|Industrie|2900|410000|219|CD|growing
    Ferroutage Plus|Logistique|1300|175000|224|TK|steady
    Transports Kerdoncuff|Logistique|1150|148000|230|CD|steady
    Tissages Lorrain|Industrie|190|31000|233|HM|failing
    Ardenn’Acier|Industrie|720|99500|238|TK|steady
    Messagerie Alpine|Logistique|560|87000|241|CD|growing
    Bâtisseurs du Rhône|Construction|210|46000|247|IB|watch
    Sofradis|Distribution|830|132000|252|HM|steady
    Électro-Sud|Énergie|640|58000|256|CD|steady
    Quincaillerie Roux|Distribution|280|24000|261|TK|growing
    Nordic Frais|Agroalimentaire|150|33000|266|HM|steady|en
    Novexia|Logiciel|60|12400|270|IB|young
    Cartonnages Puy|Industrie|1020|118000|275|TK|watch
    Ostréa Foods|Agroalimentaire|330|52000|281|CD|growing
    Médiaplan|Services|1600|84000|287|HM|quiet
    Terres d’Armor|Agroalimentaire|2200|196000|292|TK|growing
    Isonéo|Industrie|470|61000|299|CD|steady
    Hexabloc|Construction|1100|109000|305|IB|failing
    Valdor Habitat|Construction|380|44000|311|HM|steady
    Fonderie Castel|Industrie|590|95000|318|CD|watch
    Laboratoires Quéral|Santé|1900|242000|324|TK|growing
    Harbour & Lane Foods|Agroalimentaire|900|138000|96|CD|steady|en
    Дніпро Логістика|Logistique|430|67000|122|CD|growing|uk
    Comptoir Savoyard|Distribution|25|3600|200|IB|quiet
    Scierie du Morvan|Industrie|33|4200|140|IB|bare
    Coopérative Val de Saire|Agroalimentaire|88|7400|77|HM|quiet
    Ateliers Numa|Industrie||5000|210|IB|bare
    Messidor Traiteur|Services|54|20000|330|TK|young
    Société Générale de Fret|Logistique|310|100000|345|CD|steady
    Clinique des Tilleuls|Santé|260|100001|350|HM|bare
    """
    lines = [line.strip().split("|") for line in rows.strip().splitlines()]
    return tuple(
        Client(
            key=f"S-{number:03d}",
            name=cells[0],
            sector=cells[1],
            employees=int(cells[2]) if cells[2] else None,
            arr=int(cells[3]),
            renewal=int(cells[4]),
            owner=cells[5],
            story=cells[6],
            language=cells[7] if len(cells) > 7 else "fr",
        )
        for number, cells in enumerate(lines, 2)
    )


VALMORIN = Client("S-001", "Groupe Valmorin", "Distribution", 1240, 120000, 60, "CD", "valmorin")
CLIENTS = (VALMORIN, *_clients())

FIRST = [
    "Sophie",
    "Julien",
    "Anne",
    "Marc",
    "Lila",
    "Paul",
    "Camille",
    "Antoine",
    "Élodie",
    "Karim",
    "Margaux",
    "Loïc",
    "Salomé",
    "Bastien",
    "Agathe",
    "Rémi",
    "Nour",
    "Victor",
    "Jeanne",
    "Mathis",
    "Clémence",
    "Gabriel",
    "Solène",
    "Yanis",
    "Alix",
    "Benoît",
    "Maëlle",
    "Tristan",
    "Inès",
    "Damien",
]
LAST = [
    "Perrot",
    "Marchand",
    "Leclerc",
    "Vasseur",
    "Benhamou",
    "Guérin",
    "Lacombe",
    "Fournier",
    "Delattre",
    "Rousset",
    "Chauvin",
    "Morel",
    "Giraud",
    "Barbier",
    "Lemoine",
    "Charpentier",
    "Renaud",
    "Pelletier",
    "Aubry",
    "Brunet",
    "Caron",
    "Dupuis",
    "Évrard",
    "Ferrand",
    "Gaillard",
    "Hamel",
    "Imbert",
]
NAMES = {
    "en": (["Emily", "Oliver", "Grace", "Daniel"], ["Whitfield", "Carter", "Hughes", "Morton"]),
    "uk": (["Олена", "Андрій", "Ірина", "Максим"], ["Коваленко", "Шевчук", "Бондар", "Мельник"]),
}
