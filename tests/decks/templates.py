"""Templates that nobody designed: built here, each with one thing that a real one may have."""

import copy
import io
import zipfile
from collections.abc import Callable

from PIL import Image
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

WIDE = Emu(12192000)


def png(wide: int, high: int, color: str = "#cc2244") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (wide, high), color).save(out, "PNG")
    return out.getvalue()


def package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def rewritten(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    parts[name] = change(parts.get(name, b""))
    return package(parts)


def bomb() -> bytes:
    """A few hundred kilobytes that unpack to 120 megabytes."""
    return package({"[Content_Types].xml": b"<Types/>", "ppt/media/image1.png": bytes(120_000_000)})


def saved(show) -> bytes:
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def wide():
    """python-pptx's own template stretched to 16:9, placeholders with it."""
    show = Presentation()
    factor = WIDE / show.slide_width
    show.slide_width = WIDE
    for owner in (show.slide_master, *show.slide_layouts):
        for shape in owner.shapes:
            if shape._element.find(f".//{qn('a:xfrm')}") is not None:
                shape.left, shape.width = Emu(int(shape.left * factor)), Emu(int(shape.width * factor))
    return show


def layout_of(show, name: str):
    return next(layout for layout in show.slide_layouts if layout.name == name)


def four_three() -> bytes:
    """4:3, with slides, notes and a picture of its own."""
    show = Presentation()
    slide = show.slides.add_slide(layout_of(show, "Title Only"))
    slide.shapes.add_picture(io.BytesIO(png(40, 40)), 0, 0)
    slide.notes_slide.notes_text_frame.text = "secret of the template"
    slide.shapes.title.text_frame.text = "old"
    return saved(show)


def potx() -> bytes:
    plain = b"presentationml.presentation.main+xml"
    return rewritten(
        saved(wide()), "[Content_Types].xml", lambda text: text.replace(plain, b"presentationml.template.main+xml")
    )


def bare() -> bytes:
    """No footer, no number, no date in any layout; a list of sections for slides that are gone."""
    show = wide()
    for owner in (show.slide_master, *show.slide_layouts):
        for shape in list(owner.placeholders):
            if shape.placeholder_format.type in (13, 15, 16):
                shape._element.getparent().remove(shape._element)
    section = (
        '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
        '<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst '
        'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"/></p:ext></p:extLst>'
    )
    show.part._element.append(parse_xml(section))
    return saved(show)


def weird_names() -> bytes:
    """Layouts that say nothing by type."""
    show = wide()
    for layout in show.slide_layouts:
        layout._element.attrib.pop("type", None)
    names = {"Title Slide": "Обкладинка — синя", "Title Only": "03_Тільки заголовок (v2)"}
    for at, layout in enumerate(show.slide_layouts):
        layout._element.cSld.set("name", names.get(layout.name, f"XX {at} &<>\"' 🚚"))
    return saved(show)


def low_title() -> bytes:
    """A title of one line, on the master and every layout, in capitals."""
    show = wide()
    for owner in (show.slide_master, layout_of(show, "Title Only")):
        title = next(shape for shape in owner.placeholders if shape.placeholder_format.type == 1)
        title.left, title.top, title.width, title.height = Pt(48), Pt(24), Pt(860), Pt(34)
    style = show.slide_master._element.find(
        f"{qn('p:txStyles')}/{qn('p:titleStyle')}/{qn('a:lvl1pPr')}/{qn('a:defRPr')}"
    )
    style.set("cap", "all")
    style.set("sz", "2400")
    return saved(show)


def logo_in_the_way() -> bytes:
    """A logo over the right end of the title and a band at the left of the content, on the master."""
    show = wide()
    tree = show.slide_master.shapes._spTree
    tree.append(_rectangle(90, "Logo", 800, 20, 130, 60, "C00000"))
    tree.append(_rectangle(91, "Bande", 0, 0, 70, 540, "003366"))
    for layout in show.slide_layouts:
        if layout.name not in ("Title Slide", "Title Only", "Blank"):
            show.slide_layouts.remove(layout)
    return saved(show)


def _rectangle(number: int, name: str, x: float, y: float, w: float, h: float, color: str):
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{Pt(x)}" y="{Pt(y)}"/><a:ext cx="{Pt(w)}" cy="{Pt(h)}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{color}"/></a:solidFill></p:spPr>'
        "</p:sp>"
    )


def dark_panel() -> bytes:
    """White pages with a dark panel behind the content: what stands there must be light."""
    show = wide()
    for layout in show.slide_layouts:
        if layout.name in ("Title Only", "Title and Content"):
            tree = layout.shapes._spTree
            tree.insert(2, _rectangle(90, "Panel", 20, 115, 920, 380, "102030"))
    return saved(show)


def own_colours() -> bytes:
    """A layout that turns the master's colours round."""
    show = wide()
    mapping = parse_xml(
        f'<p:clrMapOvr {nsdecls("p", "a")}><a:overrideClrMapping bg1="dk1" tx1="lt1" bg2="dk2" tx2="lt2" '
        'accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" '
        'hlink="hlink" folHlink="folHlink"/></p:clrMapOvr>'
    )
    for layout in list(show.slide_layouts):
        if layout.name not in ("Title Slide", "Title Only"):
            show.slide_layouts.remove(layout)
        elif layout.name == "Title Only":
            old = layout._element.find(qn("p:clrMapOvr"))
            old.getparent().replace(old, mapping)
            ground = (
                '<p:bg {}><p:bgPr><a:solidFill><a:schemeClr val="bg1"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>'
            )
            layout._element.cSld.insert(0, parse_xml(ground.format(nsdecls("p", "a"))))
    return saved(show)


def small_page() -> bytes:
    """10 x 5.625 inches, the page that web tools make."""
    show = Presentation()
    show.slide_width, show.slide_height = Pt(720), Pt(405)
    for owner in (show.slide_master, *show.slide_layouts):
        for shape in owner.shapes:
            if shape._element.find(f".//{qn('a:xfrm')}") is not None:
                shape.top, shape.height = Emu(int(shape.top * 0.75)), Emu(int(shape.height * 0.75))
    return saved(show)


def two_masters() -> bytes:
    """The same master twice; the first one's titles leave no room below them."""
    show = wide()
    with zipfile.ZipFile(io.BytesIO(saved(show))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    second = dict(parts)
    types = parts["[Content_Types].xml"].decode()
    shows = parts["ppt/presentation.xml"].decode()
    rels = parts["ppt/_rels/presentation.xml.rels"].decode()
    layouts = [name for name in parts if name.startswith("ppt/slideLayouts/slideLayout")]
    for name in [*layouts, *(f"ppt/slideLayouts/_rels/{one.rsplit('/', 1)[1]}.rels" for one in layouts)]:
        text = parts[name].decode().replace("slideMaster1.xml", "slideMaster2.xml")
        second[name.replace("slideLayout", "slideLayout2_").replace("slideLayout2_s/", "slideLayouts/")] = text.encode()
    master = parts["ppt/slideMasters/slideMaster1.xml"].decode()
    second["ppt/slideMasters/slideMaster2.xml"] = _renumbered(master).encode()
    links = parts["ppt/slideMasters/_rels/slideMaster1.xml.rels"].decode()
    links = links.replace("slideLayouts/slideLayout", "slideLayouts/slideLayout2_").replace("theme1.xml", "theme2.xml")
    second["ppt/slideMasters/_rels/slideMaster2.xml.rels"] = links.encode()
    second["ppt/theme/theme2.xml"] = parts["ppt/theme/theme1.xml"]
    added = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.presentationml.'
        'slideLayout+xml"/>'
        for name in second
        if "slideLayout2_" in name and not name.endswith(".rels")
    )
    added += (
        '<Override PartName="/ppt/slideMasters/slideMaster2.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.presentationml.slideMaster+xml"/><Override PartName="/ppt/theme/theme2.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/>'
    )
    second["[Content_Types].xml"] = types.replace("</Types>", f"{added}</Types>").encode()
    entry = '<p:sldMasterId id="2147490000" r:id="rId900"/></p:sldMasterIdLst>'
    second["ppt/presentation.xml"] = shows.replace("</p:sldMasterIdLst>", entry).encode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slideMaster"
    relation = f'<Relationship Id="rId900" Type="{kind}" Target="slideMasters/slideMaster2.xml"/></Relationships>'
    second["ppt/_rels/presentation.xml.rels"] = rels.replace("</Relationships>", relation).encode()
    both = Presentation(io.BytesIO(package(second)))
    first = both.slide_masters[0]
    for owner in (first, *first.slide_layouts):
        for shape in owner.placeholders:
            if shape.placeholder_format.type == 1 and shape._element.find(f".//{qn('a:xfrm')}") is not None:
                shape.height = Pt(250)
            elif shape.placeholder_format.type in (2, 7) and shape._element.find(f".//{qn('a:xfrm')}") is not None:
                shape.top, shape.height = Pt(290), Pt(190)
    return saved(both)


def _renumbered(master: str) -> str:
    """Layout ids of the second master, which must not be those of the first."""
    for number in range(2147483649, 2147483661):
        master = master.replace(f'id="{number}"', f'id="{number + 6400}"')
    return master


def gradient() -> bytes:
    """A dark gradient from the theme, groups, a connector, and a text box on the master."""
    show = wide()
    data = show.slide_master._element.cSld
    for old in data.findall(qn("p:bg")):
        data.remove(old)
    stops = '<a:gs pos="0"><a:srgbClr val="101828"/></a:gs><a:gs pos="100000"><a:srgbClr val="203050"/></a:gs>'
    data.insert(
        0,
        parse_xml(
            f'<p:bg {nsdecls("p", "a")}><p:bgPr><a:gradFill><a:gsLst>{stops}</a:gsLst><a:lin ang="0"/></a:gradFill>'
            "<a:effectLst/></p:bgPr></p:bg>"
        ),
    )
    mapping = show.slide_master._element.find(qn("p:clrMap"))
    for name, value in (("bg1", "dk1"), ("tx1", "lt1"), ("bg2", "dk2"), ("tx2", "lt2")):
        mapping.set(name, value)
    tree = show.slide_master.shapes._spTree
    group = parse_xml(
        f'<p:grpSp {nsdecls("p", "a")}><p:nvGrpSpPr><p:cNvPr id="80" name="Group"/><p:cNvGrpSpPr/><p:nvPr/>'
        f'</p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="{Pt(860)}" y="{Pt(10)}"/><a:ext cx="{Pt(80)}" cy="{Pt(30)}"/>'
        f'<a:chOff x="0" y="0"/><a:chExt cx="{Pt(800)}" cy="{Pt(300)}"/></a:xfrm></p:grpSpPr></p:grpSp>'
    )
    group.append(copy.deepcopy(_rectangle(81, "Mark", 0, 0, 400, 300, "FFB000")))
    tree.append(group)
    return saved(show)


SYNTHETIC: dict[str, Callable[[], bytes]] = {
    "4:3": four_three,
    "potx": potx,
    "bare": bare,
    "weird names": weird_names,
    "low title": low_title,
    "logo in the way": logo_in_the_way,
    "dark panel": dark_panel,
    "own colours": own_colours,
    "small page": small_page,
    "two masters": two_masters,
    "gradient": gradient,
}
