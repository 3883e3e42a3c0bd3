"""Which characters a text file's bytes stand for: BOMs, UTF-8, UTF-16, then Windows and its neighbours."""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from haark.intake import alphabets
from haark.intake.wording import N_, AtFault

SAMPLE_BYTES = 256 * 1024
BLOCK_BYTES = 1 << 20
LONGEST_LINE = 8 * BLOCK_BYTES
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a Western European office file holds above ASCII. A cp1252 reading made only of these is believed at once:
# statistical guessing is unreliable on short files, and these are nearly all the files there are.
WESTERN = frozenset("àâäáãåæçéèêëíìîïñóòôöõøœúùûüýÿßÀÂÄÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜÝŸ€£«»‘’“”–—…°²³·•§©®™¿¡ªº×\u00a0")
WELL_FORMED = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Western words have one or two accented letters in a row; four say Greek, Cyrillic or the like.
FOREIGN_WORD = re.compile(rb"[\xc0-\xff]{4}")
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def detect_encoding(path: Path) -> str:
    """The name of the codec to open `path` with. Raises AtFault for bytes that are no text."""
    with path.open("rb") as handle:
        sample = handle.read(SAMPLE_BYTES)
    _check_lines(path)
    for bom, name in BOMS:
        if sample.startswith(bom):
            _check_whole_file(path, name)
            return name
    wide = _utf16_without_bom(sample)
    if wide:
        _check_whole_file(path, wide)
        return wide
    if len(CONTROL.findall(sample)) > max(2, len(sample) // 200):
        raise AtFault(
            N_("Le fichier « %(file)s » n’est pas un tableau lisible : c’est un fichier binaire."), file=path.name
        )
    offset = _first_error(path, "utf-8")
    if offset is None:
        return "utf-8"
    return _eight_bit(path, offset)


def _check_lines(path: Path) -> None:
    """A line of megabytes is no row of a table, and would have to be held whole."""
    run = 0
    with path.open("rb") as handle:
        while block := handle.read(BLOCK_BYTES):
            first = min((at for at in (block.find(b"\n"), block.find(b"\r")) if at >= 0), default=-1)
            run += len(block) if first < 0 else first
            if run > LONGEST_LINE:
                raise AtFault(
                    N_("Le fichier « %(file)s » n’est pas un tableau : une de ses lignes dépasse %(limit)s Mo."),
                    file=path.name,
                    limit=LONGEST_LINE // BLOCK_BYTES,
                )
            if first >= 0:
                run = len(block) - 1 - max(block.rfind(b"\n"), block.rfind(b"\r"))


def _utf16_without_bom(sample: bytes) -> str | None:
    """UTF-16 text in a Latin script has a zero in every other byte."""
    if len(sample) < 4:
        return None
    half = len(sample) // 2
    if sample[1::2].count(0) > half * 0.6 and sample[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.6 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def _first_error(path: Path, encoding: str) -> int | None:
    """Byte offset near the first byte that `encoding` cannot read, None when the whole file reads."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    with path.open("rb") as handle:
        while block := handle.read(BLOCK_BYTES):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return read + max(0, error.start)
            read += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return read
    return None


def _check_whole_file(path: Path, encoding: str) -> None:
    offset = _first_error(path, encoding)
    if offset is not None:
        raise _mixed(path, encoding, offset)


def _mixed(path: Path, encoding: str, offset: int) -> AtFault:
    with path.open("rb") as handle:
        line = handle.read(offset).count(b"\n") + 1
    return AtFault(
        N_(
            "Le fichier « %(file)s » mélange deux encodages : il s’annonce en %(encoding)s, "
            "mais la ligne %(line)s ne se lit pas ainsi. Enregistrez-le en UTF-8."
        ),
        file=path.name,
        encoding=encoding.removesuffix("-sig").upper(),
        line=line,
    )


def _eight_bit(path: Path, offset: int) -> str:
    with path.open("rb") as handle:
        handle.seek(max(0, offset - SAMPLE_BYTES // 2))
        sample = handle.read(SAMPLE_BYTES)
    well_formed = WELL_FORMED.findall(sample)
    stray = len(re.findall(rb"[\x80-\xff]", sample)) - sum(map(len, well_formed))
    if len(well_formed) > max(2, stray):
        raise _mixed(path, "utf-8", offset)
    letters = set(sample.decode("cp1252", errors="replace")) - set(map(chr, range(128)))
    foreign = FOREIGN_WORD.search(sample)
    if not foreign and letters <= WESTERN and _first_error(path, "cp1252") is None:
        return "cp1252"
    known = alphabets.best(sample)
    guess = None if known else from_bytes(sample).best()
    for name in (known.encoding if known else "", guess.encoding if guess else "", "cp1252"):
        if name and _first_error(path, name) is None:
            return name
    raise AtFault(
        N_("L’encodage du fichier « %(file)s » n’est pas reconnu. Enregistrez-le en UTF-8 puis recommencez."),
        file=path.name,
    )
