"""A template reduced to what slides are built on.

What it does not need (its slides, links to elsewhere, previews, comments, view settings) is left out by following
relationships from the presentation, so that no part is left behind.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from haark.decks.corporate.package import PRESENTATION, RELS, TYPES, Package, Relation
from haark.decks.corporate.strip import strip, tidy

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
NEEDED = {"viewProps": "viewPr", "presProps": "presentationPr"}
"""Parts without which PowerPoint offers to repair; a template's view settings speak of its slides: ours are empty."""
ROOT_KEPT = ("officeDocument", "custom-properties", "classificationlabels")
SHOW_KEPT = ("slideMaster", "notesMaster", "handoutMaster", "theme", "tableStyles", "presProps", "font", "tags")
DROPPED = ("slide", "notesSlide", "comments", "control")


@dataclass(frozen=True)
class Reduced:
    """The package with what slides are built on only, as bytes, and how many links to elsewhere were taken out."""

    data: bytes
    links: int
    media: int


def reduced(package: Package) -> Reduced:
    """A presentation without slides: masters, layouts and what they lead to, as a plain zip."""
    kept: dict[str, list[Relation]] = {}
    links = media = 0
    queue: list[tuple[str, tuple[str, ...]]] = [("", ROOT_KEPT)]
    while queue:
        name, wanted = queue.pop()
        good, gone = [], set()
        for one in package.relations(name):
            if _keeps(one, wanted, package):
                good.append(one)
                if not one.external and one.target not in kept and one.target not in [target for target, _ in queue]:
                    queue.append((one.target, SHOW_KEPT if one.kind == "officeDocument" else ()))
            else:
                gone.add(one.key)
                links += one.external
        kept[name] = good
        if name and gone:
            strip(package.xml(name), gone)
    tidy(package.xml(package.show))
    fresh = _fresh(package, kept)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", _types(package, kept))
        for name, relations in kept.items():
            if name:
                changed = package.parsed.get(name)
                content = fresh.get(name) or (package.read(name) if changed is None else _written(changed))
                media += len(content) if package.type_of(name).startswith(("image/", "audio/", "video/")) else 0
                archive.writestr(name, content)
            if relations:
                folder, base = posixpath.split(name)
                archive.writestr(posixpath.join(folder, "_rels", f"{base}.rels"), _rels(relations))
    return Reduced(out.getvalue(), links, media)


def _fresh(package: Package, kept: dict[str, list[Relation]]) -> dict[str, bytes]:
    """Empty parts for those that every presentation has and this one lost or never had; entered in `kept`."""
    made = {}
    for kind, tag in NEEDED.items():
        if any(one.kind == kind for one in kept[package.show]):
            continue
        name = posixpath.join(posixpath.dirname(package.show), f"{kind}.haark.xml")
        kept[package.show].append(Relation(f"rIdHaark{tag}", kind, f"{OFFICE}/{kind}", name, external=False))
        kept[name] = []
        package.overrides[name.lower()] = PRESENTATION.replace("presentation.main", kind)
        made[name] = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<p:{tag} {NAMESPACES}/>'.encode()
    return made


def _keeps(one: Relation, wanted: tuple[str, ...], package: Package) -> bool:
    if one.external:
        return one.kind == "hyperlink" and one.target.lower().startswith(("http://", "https://", "mailto:"))
    if wanted:
        return one.kind in wanted and one.target in package.names
    return one.kind not in DROPPED and one.target in package.names and bool(package.type_of(one.target))


def _written(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _types(package: Package, kept: dict[str, list[Relation]]) -> bytes:
    root = etree.Element(f"{{{TYPES}}}Types", nsmap={None: TYPES})
    kind = "application/vnd.openxmlformats-package.relationships+xml"
    etree.SubElement(root, f"{{{TYPES}}}Default", Extension="rels", ContentType=kind)
    for name in kept:
        if name:
            kind = PRESENTATION if name == package.show else package.type_of(name)
            etree.SubElement(root, f"{{{TYPES}}}Override", PartName=f"/{name}", ContentType=kind)
    return _written(root)


def _rels(relations: list[Relation]) -> bytes:
    root = etree.Element(f"{{{RELS}}}Relationships", nsmap={None: RELS})
    for one in relations:
        target = one.target if one.external else f"/{one.target}"
        mode = {"TargetMode": "External"} if one.external else {}
        etree.SubElement(root, f"{{{RELS}}}Relationship", Id=one.key, Type=one.uri, Target=target, **mode)
    return _written(root)
