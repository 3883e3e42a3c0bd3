"""Reads each file as its rule says; rows that hold go into the scratch file, the others beside their reason."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from haark import collector
from haark.intake import evidence, parents
from haark.intake.checks import CHECKS
from haark.intake.converters import Context, clean, converter
from haark.intake.corrected import Corrected
from haark.intake.identity import Finish, Identities, Together
from haark.intake.intervals import Intervals
from haark.intake.known import Known
from haark.intake.mapping import ColumnRule, TableRule, Via
from haark.intake.plan import ACCOUNT, Convert, Plan, Planner, missing, need
from haark.intake.reading import Table, open_table
from haark.intake.scratch import BATCH, COPY_BITS, Scratch, Stage, number_of
from haark.intake.wording import N_, AtFault, Refused, Sentence

Progress = Callable[[int, str], None]
# What a person wrote in place of a row's cells, by the number of the row.
Corrections = Mapping[int, Sequence[str]]


class Stager:
    """Stages the tables of one import, one after the other, in the order of the kinds."""

    def __init__(self, scratch: Scratch, known: Known, context: Context, progress: Progress) -> None:
        self.scratch = scratch
        self.known = known
        self.context = replace(context, find_account=known.account, find_user=known.user, find_feature=known.feature)
        self.progress = progress
        self.notes: list[Sentence] = []
        self.identities = Identities(scratch, known)
        self.intervals = Intervals(scratch)
        self.tables: dict[int, Table] = {}
        self.parents_resolved = False
        self.kept = False  # whether a job needs the scratch file afterwards

    def stage(self, rule: TableRule, path: Path, source: str, corrections: Corrections | None = None) -> None:
        """Raises AtFault for a file that cannot be read, or that lacks a column."""
        if rule.kind.known_by != "account":
            self._resolve_parents()
        table = open_table(path, rule.headers, rule.layout, rule.exact)
        if corrections:
            table = Corrected.of(table, corrections)
        rule = self._present(rule, table)
        skipped = rule.skip.test({name: need(table, name) for name in rule.skip.headers}) if rule.skip else None
        planner = Planner(rule, table, replace(self.context, exact=rule.exact))
        evidence.scan(table, planner.watched, skipped)
        planner.decide()
        file = self.scratch.add_file(path.name, table.headers)
        self.tables[file] = table
        reached = self._reached(rule.via, path) if rule.via else None
        rows = self._wanted(table, skipped)
        with collector.paused():  # rows are in use until they are staged, and hold no circles
            if rule.levels:
                self.intervals.add(planner.intervals(reached), rows, file, source)
            else:
                plan = planner.rows(reached)
                if rule.kind.known_by == "usage" and plan.by_column and not skipped:
                    self._stage_blocks(rule, plan, table, file, source)
                else:
                    self._stage_each(rule, plan, rows, file, self.identities.finisher(rule.kind, plan.names, source))
        table.source.rest()  # an import may have many tables

    def finish(self) -> None:
        """After the last table: parents, levels, features met on the way, and who could not be found."""
        self._resolve_parents()
        self.intervals.stage()
        self.scratch.connection.executemany(
            "INSERT INTO new_feature (ref, key) VALUES (?, ?)",
            [(ref, key) for key, ref in self.known.new_features.items()],
        )
        if self.known.unknown_users:
            self.notes.append(
                Sentence(
                    N_("Responsables inconnus de Haark, laissés vides : %(emails)s"),
                    emails=", ".join(sorted(self.known.unknown_users)[:20]),
                )
            )

    def _resolve_parents(self) -> None:
        """Once all accounts were read: parents may come later than their children."""
        if self.parents_resolved:
            return
        self.parents_resolved = True
        refused: dict[int, dict[int, Sentence]] = {}
        for stage in self.scratch.stages:
            if stage.kind.known_by == "account" and "parent_id" in stage.columns:
                for file, row, error in parents.resolve(self.scratch, stage, self.known):
                    refused.setdefault(file, {})[row] = error.sentence
        for file, rows in refused.items():
            for number, cells in self.tables[file].rows():
                if number in rows and not isinstance(cells, Sentence):
                    self.scratch.refuse("accounts", file, number, rows[number], cells)

    def _present(self, rule: TableRule, table: Table) -> TableRule:
        """The rule without the canonical columns that the file does not have."""
        if rule.given:
            for header in rule.headers:
                need(table, header)
            return rule
        present = tuple(column for column in rule.columns if table.position(str(column.header)) is not None)
        for column in rule.kind.columns:
            if column.required and not any(each.canonical == column.name for each in present):
                raise missing(table, column.name)
        used = {table.position(str(column.header)) for column in present}
        spare = [name for position, name in enumerate(table.headers) if name and position not in used]
        if spare:
            self.notes.append(
                Sentence(
                    N_("« %(file)s » : colonnes ignorées, car inconnues : %(columns)s"),
                    file=table.path.name,
                    columns=", ".join(spare),
                )
            )
        return replace(rule, columns=present)

    def _wanted(self, table: Table, skipped: Callable[[Any], bool] | None) -> Iterator[tuple[int, Any]]:
        """The rows that the mapping does not skip, reporting progress on the way."""
        for count, row in enumerate(table.rows()):
            if count % BATCH == 0:
                self.progress(count, table.path.name)
            if skipped and not isinstance(row[1], Sentence) and skipped(row[1]):
                continue
            yield row

    def _reached(self, via: Via, path: Path) -> Convert:
        """The converter that finds the account through another file, which stands beside this one."""
        other = open_table(path.parent / via.file, (via.key, via.value))
        key, value = need(other, via.key), need(other, via.value)
        accounts: dict[str, str | None] = {}
        for _, cells in other.rows():
            if not isinstance(cells, Sentence):
                name, account = clean(cells[key]), clean(cells[value])
                accounts[name] = account if accounts.get(name, account) == account else None

        def find(text: str) -> int:
            if text not in accounts:
                raise Refused(N_("« %(value)s » est introuvable dans « %(file)s »"), value=text[:120], file=via.file)
            account = accounts[text]
            if account is None:
                raise Refused(
                    N_("« %(value)s » désigne plusieurs comptes dans « %(file)s »"), value=text[:120], file=via.file
                )
            return self.known.account(account)

        return converter(ACCOUNT, ColumnRule("account_id", header=via.column), replace(self.context, find_account=find))

    def _stage_blocks(self, rule: TableRule, plan: Plan, table: Table, file: int, source: str) -> None:
        """Usage, of which a million rows pass here: a block whose cells all hold is converted column by column."""
        together = self.identities.together(rule.kind, plan.names, source)
        finish = self.identities.finisher(rule.kind, plan.names, source)
        count = 0
        for numbers, rows in table.blocks(BATCH):
            self.progress(count, table.path.name)
            count += len(rows)
            if not self._stage_block(plan, numbers, rows, number_of(file, 0), together):
                self._stage_each(rule, plan, zip(numbers, rows, strict=True), file, finish)

    def _stage_block(
        self, plan: Plan, numbers: Sequence[int], rows: Sequence[Any], first: int, together: Together
    ) -> bool:
        """Stages the rows of a block at once; False, and nothing done, where one of them has to be looked at."""
        if Sentence in set(map(type, rows)):
            return False
        try:
            found = together(plan.columns(rows))
        except Refused:
            return False
        if found is None:
            return False
        stage, columns = found
        self.scratch.add(stage, list(zip(map(first.__add__, numbers), *columns, strict=True)), rows)
        return True

    def _stage_each(
        self, rule: TableRule, plan: Plan, rows: Iterable[tuple[int, Any]], file: int, finish: Finish
    ) -> None:
        kind = rule.kind.name
        check = None if self.known.restoring else CHECKS.get(kind)  # what was kept once is taken again
        batches: dict[str, tuple[Stage, list[tuple[Any, ...]], list[Any]]] = {}
        first = number_of(file, 0)
        made, add, refuse = plan.made, self.scratch.add, self.scratch.refuse
        for number, cells in rows:
            if isinstance(cells, Sentence):
                refuse(kind, file, number, cells, cells.cells)
                continue
            try:
                found = made(cells)
                if check and found and (against := check(dict(zip(plan.names, found[0], strict=True)))):
                    refuse(kind, file, number, against, cells)
                    continue
                ready = [finish(values) for values in found]
            except AtFault:
                raise
            except Refused as error:
                refuse(kind, file, number, Sentence.joined(plan.reasons(cells) or [error.sentence]), cells)
                continue
            for copy, (stage, full) in enumerate(ready):
                if stage.name not in batches:
                    batches[stage.name] = (stage, [], [])
                _, batch, originals = batches[stage.name]
                batch.append((first + number + (copy << COPY_BITS), *full))
                originals.append(cells)
                if len(batch) >= BATCH:
                    add(stage, batch, originals)
                    batch.clear()
                    originals.clear()
        for stage, batch, originals in batches.values():
            add(stage, batch, originals)
