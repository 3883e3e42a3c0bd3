"""The package of an uploaded template, opened with care.

Nothing is trusted: sizes are read from the zip's directory before anything is unpacked, XML is parsed without entities
and without network.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml"
SHOW = "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST_FILE = 25 * 1024 * 1024
LARGEST_SUM, LARGEST_PART, LARGEST_XML, LARGEST_XML_SUM = 300_000_000, 120_000_000, 4_000_000, 24_000_000
MOST_PARTS, WORST_RATIO = 4_000, 150


class Refused(Exception):
    """The file cannot be a template. `reason` is a word that the page explains, `detail` a name or number for it."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class Relation:
    """A relationship: its id, the last word of its type, the part it leads to, or an address elsewhere."""

    key: str
    kind: str
    uri: str
    target: str
    external: bool


@dataclass
class Package:
    """Parts by name (no leading slash). XML is parsed once and kept."""

    archive: zipfile.ZipFile
    names: dict[str, str]
    defaults: dict[str, str]
    overrides: dict[str, str]
    parsed: dict[str, Any] = field(default_factory=dict)
    related: dict[str, list[Relation]] = field(default_factory=dict)
    xml_bytes: int = 0

    def read(self, name: str) -> bytes:
        """Bytes of a part. Refused when they cannot be unpacked, KeyError when there is no such part."""
        info = self.archive.getinfo(self.names[name])
        if info.file_size > LARGEST_PART:
            raise Refused("bomb", name)
        try:
            return self.archive.read(info)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError) as error:
            raise Refused("broken", name) from error

    def xml(self, name: str) -> Any:
        """Root element of a part. Refused for broken XML, a DTD, or too much of it."""
        if name not in self.parsed:
            if name not in self.names or self.archive.getinfo(self.names[name]).file_size > LARGEST_XML:
                raise Refused("broken" if name not in self.names else "bomb", name)
            content = self.read(name)
            self.xml_bytes += len(content)
            if self.xml_bytes > LARGEST_XML_SUM:
                raise Refused("bomb", name)
            self.parsed[name] = parse(content, name)
        return self.parsed[name]

    def relations(self, name: str) -> list[Relation]:
        """Relationships of a part ("" for the package's own), in the file's order."""
        if name not in self.related:
            self.related[name] = self._relations(name)
        return self.related[name]

    def _relations(self, name: str) -> list[Relation]:
        folder, base = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self.names:
            return []
        found = []
        for one in self.xml(rels).iter(f"{{{RELS}}}Relationship"):
            uri, target = one.get("Type", ""), one.get("Target", "")
            external = one.get("TargetMode") == "External"
            if not external:
                target = unquote(target.split("#")[0])
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found.append(Relation(one.get("Id", ""), uri.rsplit("/", 1)[-1], uri, target, external))
        return found

    def related_to(self, name: str, kind: str) -> list[str]:
        """Parts that `name` leads to by relationships of `kind`, those that exist."""
        return [
            one.target
            for one in self.relations(name)
            if one.kind == kind and not one.external and one.target in self.names
        ]

    def type_of(self, name: str) -> str:
        """Content type of a part, "" when the package does not say."""
        extension = name.rsplit(".", 1)[-1].lower()
        return self.overrides.get(name.lower(), self.defaults.get(extension, ""))

    @property
    def show(self) -> str:
        """Name of the presentation part."""
        found = self.related_to("", "officeDocument")
        if not found:
            raise Refused("not_powerpoint")
        return found[0]


def parse(content: bytes, name: str) -> Any:
    """The root of an XML document without DTD. Refused otherwise."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("broken", name) from error
    if root.getroottree().docinfo.doctype:
        raise Refused("broken", name)
    return root


def open_package(data: bytes) -> Package:
    """The package of a .pptx or .potx. Refused when it is no such file, or not one to open."""
    if not data:
        raise Refused("empty")
    if len(data) > LARGEST_FILE:
        raise Refused("too_large", str(LARGEST_FILE // 1024 // 1024))
    if data.startswith(OLE):
        raise Refused("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "legacy")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused("broken" if data.startswith(b"PK") else "not_powerpoint") from error
    _weigh(archive, len(data))
    names = {
        info.filename.replace("\\", "/").lstrip("/"): info.filename for info in archive.infolist() if not info.is_dir()
    }
    if "[Content_Types].xml" not in names:
        raise Refused("not_powerpoint")
    package = Package(archive, names, {}, {})
    for one in package.xml("[Content_Types].xml"):
        if one.tag == f"{{{TYPES}}}Default":
            package.defaults[one.get("Extension", "").lower()] = one.get("ContentType", "")
        elif one.tag == f"{{{TYPES}}}Override":
            package.overrides[one.get("PartName", "").lstrip("/").lower()] = one.get("ContentType", "")
    _admit(package)
    return package


def _weigh(archive: zipfile.ZipFile, size: int) -> None:
    """Sizes from the directory alone, before a byte is unpacked."""
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    inflated = total > 50_000_000 and total > WORST_RATIO * size
    if len(infos) > MOST_PARTS or total > LARGEST_SUM or inflated:
        raise Refused("bomb")
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("encrypted")


def _admit(package: Package) -> None:
    """A presentation or a template without macros, in the usual (transitional) dialect."""
    kinds = [*package.overrides.values(), *package.defaults.values()]
    macros = any("macroEnabled" in kind or "vbaProject" in kind or "activeX" in kind for kind in kinds)
    if macros or any(name.lower().endswith("vbaproject.bin") for name in package.names):
        raise Refused("macros")
    kind = package.type_of(package.show)
    if kind not in (PRESENTATION, TEMPLATE, SHOW):
        raise Refused("not_powerpoint")
    if "purl.oclc.org/ooxml" in package.xml(package.show).tag:
        raise Refused("strict")
