"""Painters of a page on a template's layout: what is the template's goes into its placeholders, in their style."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from haark.decks.corporate.cover import subtitle_of
from haark.decks.corporate.frame import Stage
from haark.decks.corporate.report import Holder
from haark.decks.ooxml import NAMESPACES, Ink, body, emu, shape
from haark.decks.outline import Cover
from haark.decks.pptx import FIELD, Painter, roomy
from haark.decks.shapes import Page, Rect, TextShape
from haark.decks.theme import contrast, legible


class GuestPainter(Painter):
    """Draws one content page."""

    def __init__(self, slide: Any, page: Page, ink: Ink, on: Stage) -> None:
        super().__init__(slide, page, ink, cover=False)
        self.on = on

    def _layouts_line(self, rect: Rect) -> bool:
        return False

    def _title(self, one: TextShape) -> None:
        holder = self.on.layout.title
        assert holder is not None
        para = one.paras[0]
        self._fill(holder, "Title", [(para.text, para.size * self.on.scale, 0.0)], self._insets(holder, one))

    def _section(self, one: TextShape) -> None:
        holder, para = self.on.small, one.paras[0]
        if holder is None:
            self._plain(one)
        elif para.text:
            self._fill(holder, "Section", [(para.text, para.size * self.on.scale, 0.0)])

    def _footer(self, one: TextShape, *, first: bool) -> None:
        if not one.paras[0].text:
            return
        holder = None if first else self.on.layout.holder("ftr")
        if holder is None:
            name = "Source" if first else "Footer"
            self._add(shape(self._id(), name, roomy(one), self.ink, text=body(one.paras, self.ink)))
            return
        para, style = one.paras[0], holder.style
        seen = legible(style.color or self.on.layout.ink, holder.ground)
        # Said in full: LibreOffice takes nothing of a footer's style from its layout.
        look = f'<a:rPr lang="{self.ink.locale}" sz="{round(para.size * self.on.scale * 100)}" dirty="0">'
        look += f"{self.ink.fill(seen)}{self.ink.face}</a:rPr>"
        words = f'<a:p><a:pPr algn="{style.align}"/><a:r>{look}<a:t>{escape(para.text)}</a:t></a:r></a:p>'
        self._place(holder, "Footer", f"<a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>{words}")

    def _number(self, one: TextShape) -> None:
        """The number as a field, in the template's place for it or right of the source."""
        holder, words = self.on.layout.holder("sldNum"), one.paras[0].text
        if holder is not None:
            field = FIELD.format(f'<a:rPr lang="{self.ink.locale}"/>', words)
            self._place(holder, "Slide number", f"<a:bodyPr/><a:lstStyle/><a:p>{field}</a:p>")
            return
        self._add(shape(self._id(), "Slide number", roomy(one), self.ink, text=self._counted(one)))

    def _insets(self, holder: Holder, one: TextShape) -> str:
        """Keeps the words out of the part of the title's place that a logo covers."""
        by, box = self.on.scale, holder.box
        left, right = one.box.x * by - box.x, box.x + box.w - (one.box.x + one.box.w) * by
        sides = (("lIns", left, holder.style.insets[0]), ("rIns", right, holder.style.insets[2]))
        return "".join(f' {name}="{emu(more + usual)}"' for name, more, usual in sides if more > 0.5)

    def _fill(self, holder: Holder, name: str, texts: list[tuple[str, float, float]], frame: str = "") -> None:
        """Texts with their size and the space above in points: said only where it is not the placeholder's own."""
        style, paint = holder.style, ""
        if style.color and holder.form in ("title", "ctrTitle") and contrast(style.color, holder.ground) < 3:
            paint = self.ink.fill(legible(style.color, holder.ground))
        words = ""
        for at, (text, size, gap) in enumerate(texts):
            look = f' sz="{round(size * 100)}"' if abs(size - style.size) > 0.05 else ""
            head = f'<a:rPr lang="{self.ink.locale}"{look} dirty="0"'
            head += f">{paint}</a:rPr>" if paint else "/>"
            runs = "<a:br/>".join(f"<a:r>{head}<a:t>{escape(line)}</a:t></a:r>" for line in text.split("\n"))
            space = f'<a:spcBef><a:spcPts val="{round(gap * 100)}"/></a:spcBef>'
            plain = '<a:pPr marL="0" indent="0">' + space + "<a:buNone/></a:pPr>"
            words += f"<a:p>{plain if at or len(texts) > 1 or holder.form == 'body' else ''}{runs}</a:p>"
        self._place(holder, name, f"<a:bodyPr{frame}><a:normAutofit/></a:bodyPr><a:lstStyle/>{words}")

    def _place(self, holder: Holder, name: str, words: str) -> None:
        """A placeholder without a place of its own: it stands where the layout says."""
        kind = f' type="{holder.form}"' if holder.form != "obj" else ""
        kind += f' idx="{holder.idx}"' if holder.idx else ""
        head = f'<p:nvSpPr><p:cNvPr id="{self._id()}" name={quoteattr(name)}/>'
        head += f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph{kind}/></p:nvPr></p:nvSpPr>'
        self._add(f"<p:sp {NAMESPACES}>{head}<p:spPr/><p:txBody>{words}</p:txBody></p:sp>")


class CoverPainter(GuestPainter):
    """Draws the first page."""

    def _title(self, one: TextShape) -> None:
        holder = self.on.layout.title
        assert holder is not None
        para = one.paras[0]
        cover = next(block for block in self.page.slide.blocks if isinstance(block, Cover))
        whole = " ".join(cover.title.split()) == para.text
        words = cover.title if whole else para.text
        self._fill(holder, "Title", [(words, para.size, 0.0)], self._insets(holder, one))

    def _plain(self, one: TextShape) -> None:
        holder = subtitle_of(self.on.layout) if one.role == "heading" else None
        if holder is None:
            super()._plain(one)
        else:
            self._fill(holder, "Subtitle", [(para.text, para.size, para.gap) for para in one.paras])
