"""Takes out of a part's XML what points to a relationship that is not kept, so that nothing dangles."""

from __future__ import annotations

from typing import Any

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
WHOLE = tuple(f"{{{P}}}{name}" for name in ("pic", "graphicFrame", "control", "custDataLst", "sp", "cxnSp"))
BLIP, FILL, PIC = f"{{{A}}}blip", (f"{{{A}}}blipFill", f"{{{P}}}blipFill"), f"{{{P}}}pic"
LINKS = tuple(f"{{{A}}}{name}" for name in ("hlinkClick", "hlinkHover", "hlinkMouseOver"))
SHOW = ("custShowLst", "photoAlbum", "modifyVerifier", "extLst", "smartTags")
"""Parts of a presentation that speak of slides that are gone, or forbid changes."""


def strip(root: Any, gone: set[str]) -> None:
    """Removes from `root` whatever names one of the relationships `gone`."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        for name in [name for name, value in element.attrib.items() if name.startswith(f"{{{R}}}") and value in gone]:
            _without(element, name)


def _without(element: Any, attribute: str) -> None:
    if element.tag == BLIP:
        del element.attrib[attribute]
        if element.get(f"{{{R}}}embed") is None:
            _drop_picture(element)
        return
    if element.tag in LINKS:
        _remove(element)
        return
    whole = next((one for one in element.iterancestors() if one.tag in WHOLE), element)
    _remove(whole)


def _drop_picture(blip: Any) -> None:
    """The picture shape that has lost its picture; a mere filling becomes none."""
    picture = next((one for one in blip.iterancestors() if one.tag == PIC), None)
    if picture is not None:
        _remove(picture)
        return
    filling = next((one for one in blip.iterancestors() if one.tag in FILL), None)
    if filling is not None and filling.getparent() is not None:
        filling.getparent().replace(filling, filling.makeelement(f"{{{A}}}noFill", {}, {}))


def _remove(element: Any) -> None:
    root = element.getroottree().getroot()
    if element.getparent() is None:
        return
    element.getparent().remove(element)
    for timing in root.findall(f"{{{P}}}timing"):
        root.remove(timing)  # animations of a shape that is gone


def tidy(show: Any) -> None:
    """The presentation part without its slides' lists, sections, custom shows and protection; pages count from 1."""
    for name in ("sldIdLst", *SHOW):
        for element in show.findall(f"{{{P}}}{name}"):
            show.remove(element)
    for name in ("firstSlideNum",):
        show.attrib.pop(name, None)
