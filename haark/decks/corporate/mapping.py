"""Which layout carries which of Haark's slides: by the types of placeholders first, then by name in many languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping as Pairs
from dataclasses import dataclass

from haark.decks.corporate.report import Layout, Report
from haark.decks.outline import Cover, Slide

ROLES = ("cover", "agenda", "content", "recap")
COVERS = (
    "title slide", "cover", "front page", "diapositive de titre", "couverture", "page de garde", "titelfolie",
    "deckblatt", "diapositiva de titulo", "portada", "diapositiva titolo", "copertina", "titeldia", "titelbild",
    "slajd tytulowy", "титульний", "обкладинка", "титульный", "表紙", "タイトル スライド", "标题幻灯片", "封面",
)  # fmt: skip
TITLES_ONLY = (
    "title only", "titre seul", "nur titel", "solo titulo", "solo el titulo", "solo titolo", "alleen titel",
    "apenas titulo", "tylko tytul", "тільки заголовок", "лише заголовок", "только заголовок", "タイトルのみ", "仅标题",
)  # fmt: skip
CONTENTS = (
    "title and content", "titre et contenu", "titel und inhalt", "titulo y objetos", "titulo y contenido",
    "titolo e contenuto", "titel en object", "titulo e conteudo", "tytul i zawartosc", "заголовок та об", "заголовок і",
    "заголовок и объект", "content", "contenu", "inhalt", "汎用", "コンテンツ", "内容",
)  # fmt: skip
AGENDAS = (
    "agenda", "ordre du jour", "sommaire", "table of contents", "inhaltsverzeichnis", "tagesordnung", "orden del dia",
    "indice", "порядок денний", "зміст", "повестка", "目次", "目录",
)  # fmt: skip
CLOSINGS = (
    "closing", "next steps", "conclusion", "prochaines etapes", "recap", "naechste schritte", "nachste schritte",
    "zusammenfassung", "підсумки", "наступні кроки", "итоги",
)  # fmt: skip
UNFIT = (
    "section", "quote", "citation", "zitat", "thank", "merci", "danke", "дяку", "back cover", "divider", "break",
    "intercalaire", "chapitre", "kapitel", "blank", "vide", "leer", "picture", "image", "photo", "bild", "team", "map",
    "two content", "comparison", "comparaison", "vergleich",
)  # fmt: skip
FORMS = {"titleOnly": 60, "obj": 45, "tx": 30, "tbl": 30, "chart": 30, "twoObj": 5, "secHead": -80, "title": -90,
         "picTx": -60, "objTx": -50, "blank": -90, "vertTx": -90, "vertTitleAndTx": -90}  # fmt: skip


@dataclass(frozen=True)
class Mapping:
    """The layout of each role, by key."""

    cover: str
    agenda: str
    content: str
    recap: str

    def of(self, slide: Slide) -> str:
        """The key of the layout that a slide stands on."""
        if any(isinstance(block, Cover) for block in slide.blocks):
            return self.cover
        return {"agenda": self.agenda, "recap": self.recap}.get(slide.key, self.content)

    def to_dict(self) -> dict[str, str]:
        """Plain JSON data."""
        return dict(vars(self))


def chosen(report: Report, wanted: Pairs[str, str]) -> Mapping:
    """The mapping that a person chose, what they left out or what cannot be filled in as `suggested` does."""
    own = suggested(report)
    picked = {}
    for role in ROLES:
        layout = report.layout(wanted.get(role, ""))
        fits = layout is not None and fits_role(layout, role)
        picked[role] = layout.key if layout is not None and fits else getattr(own, role)
    return Mapping(**picked)


def fits_role(layout: Layout, role: str) -> bool:
    """Whether a layout can carry the slides of a role at all."""
    if role == "cover":
        return layout.title is not None and not layout.title.style.vertical
    return layout.bears_content


def suggested(report: Report) -> Mapping:
    """The best layout of each role, all of one master: the one whose cover and content fit best."""
    best: tuple[float, Mapping] | None = None
    for place in range(len(report.masters)):
        layouts = [one for one in report.layouts if one.master == place]
        bodies = [one for one in layouts if one.bears_content]
        if not bodies:
            continue
        content = max(bodies, key=lambda one: (content_score(one, report), -_at(one)))
        covers = [one for one in layouts if fits_role(one, "cover")]
        cover = max(covers, key=lambda one: (cover_score(one), -_at(one)))
        agenda = _named(bodies, AGENDAS, report) or content
        recap = _named(bodies, CLOSINGS, report) or content
        score = content_score(content, report) + cover_score(cover) - 0.01 * place
        if best is None or score > best[0]:
            best = score, Mapping(cover.key, agenda.key, content.key, recap.key)
    assert best is not None, "a report holds at least one layout that bears content"
    return best[1]


def cover_score(layout: Layout) -> float:
    """How much a layout looks like a first page."""
    score = 0.0
    score += 60 if layout.holder("ctrTitle") else 0
    score += 40 if layout.holder("subTitle") else 0
    score += 40 if layout.form == "title" else 0
    score += 50 if _says(layout.name, COVERS) else 0
    score -= 60 if _says(layout.name, UNFIT) or layout.form in ("secHead", "blank") else 0
    score -= 20 if layout.holder("obj", "tbl", "chart", "dgm") else 0
    return score


def content_score(layout: Layout, report: Report) -> float:
    """How well a layout carries a title and blocks: type, name, room, what it lacks."""
    assert layout.area is not None
    score = float(FORMS.get(layout.form, 0))
    score += 50 if _says(layout.name, TITLES_ONLY) else 30 if _says(layout.name, CONTENTS) else 0
    score -= 50 if _says(layout.name, UNFIT) else 0
    score -= 40 if _says(layout.name, (*AGENDAS, *COVERS)) else 0
    score -= 60 if layout.holder("ctrTitle", "subTitle") else 0
    score += 80 * layout.area.w * layout.area.h / (report.width * report.height)
    score -= 15 * sum(issue.code in ("title_small", "title_contrast", "little_room") for issue in layout.issues)
    score -= 4 * sum(issue.level == "adapted" for issue in layout.issues)
    return score


def _named(layouts: list[Layout], names: tuple[str, ...], report: Report) -> Layout | None:
    """The roomiest layout whose name says so, unless it is a first page or too tight."""
    found = [one for one in layouts if _says(one.name, names) and not one.holder("ctrTitle", "subTitle")]
    found = [one for one in found if not any(issue.code == "little_room" for issue in one.issues)]
    return max(found, key=lambda one: content_score(one, report), default=None)


def _says(name: str, words: tuple[str, ...]) -> bool:
    folded = _fold(name)
    return any(_fold(word) in folded for word in words)


def _fold(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in parts if not unicodedata.combining(char)).replace("_", " ").split())


def _at(layout: Layout) -> int:
    return int(layout.key.split(".")[1])
