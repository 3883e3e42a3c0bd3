"""Which file is read by which rule: paths given by a person, against the mapping or the names of the kinds."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from haark.intake import archive
from haark.intake import mapping as mappings
from haark.intake.kinds import KINDS
from haark.intake.mapping import ImportMapping, TableRule
from haark.intake.reading import SUFFIXES
from haark.intake.wording import N_, AtFault, Sentence

Work = list[tuple[TableRule, Path, str]]
ORDER = {name: place for place, name in enumerate(KINDS)}


def locate(paths: Sequence[Path], mapping: ImportMapping | None) -> tuple[Work, list[Sentence]]:
    """(rule, file, source) in the order of the kinds, and remarks on what was left aside. Raises AtFault."""
    for path in paths:
        if not path.exists():
            raise AtFault(N_("« %(path)s » n’existe pas."), path=path)
    work, notes = _mapped(paths, mapping) if mapping else _canonical(paths)
    return sorted(work, key=lambda item: ORDER[item[0].kind.name]), notes


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """(file, whether it was named itself rather than found in a folder)."""
    for path in paths:
        if path.is_dir():
            for found in sorted(path.iterdir()):
                if found.is_file() and not found.name.startswith((".", "~$")):
                    yield found, False
        else:
            yield path, True


def _canonical(paths: Sequence[Path]) -> tuple[Work, list[Sentence]]:
    work: Work = []
    aside: list[str] = []
    rest = 0  # files of archives that only tell
    ours: dict[Path, bool] = {}
    for path, named in _files(paths):
        own = ours.setdefault(path.parent, archive.is_archive(path.parent))
        rule = mappings.canonical_table(path, own) if named or path.suffix.lower() in SUFFIXES else None
        if rule:
            work.append((rule, path, mappings.CANONICAL_SOURCE))
        elif named:
            raise AtFault(
                N_(
                    "« %(file)s » : le nom du fichier doit être celui d’un type (%(kinds)s), "
                    "ou un mapping doit dire ce qu’il contient."
                ),
                file=path.name,
                kinds=", ".join(KINDS),
            )
        elif own and (path.suffix == ".jsonl" or path.name in archive.READ):
            rest += path.name not in archive.READ
        else:
            aside.append(path.name)
    if not work:
        raise AtFault(
            N_("Aucun fichier à importer : leurs noms doivent être ceux des types (%(kinds)s), en CSV ou en classeur."),
            kinds=", ".join(KINDS),
        )
    notes = [Sentence(N_("Fichiers laissés de côté : %(files)s"), files=", ".join(aside))] if aside else []
    if rest:
        notes.append(
            Sentence(
                N_("Archive de Haark : ses %(count)s fichiers JSONL sont laissés de côté, l’import reprend les CSV."),
                count=rest,
            )
        )
    return work, notes


def _mapped(paths: Sequence[Path], mapping: ImportMapping) -> tuple[Work, list[Sentence]]:
    files = list(_files(paths))
    by_name = {path.name.casefold(): path for path, _ in files}
    work: Work = []
    for rule in mapping.tables:
        path = by_name.get(rule.file.casefold())
        if path:
            work.append((rule, path, mapping.source))
        elif any(path.is_dir() for path in paths):
            raise AtFault(
                N_("Le mapping attend « %(file)s », qui n’est pas dans « %(folder)s »."),
                file=rule.file,
                folder=next(path for path in paths if path.is_dir()).name,
            )
    used = {path for _, path, _ in work}
    for path, named in files:
        if named and path not in used:
            raise AtFault(N_("Le mapping ne dit rien du fichier « %(file)s »."), file=path.name)
    return work, []
