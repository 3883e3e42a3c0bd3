"""Reading a mapping file: TOML in, rules out, and the line to blame when it makes no sense."""

import re
import tomllib
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from haark.intake import custom
from haark.intake.conditions import Condition
from haark.intake.kinds import KINDS, Kind
from haark.intake.mapping import DATED, ColumnRule, ImportMapping, Levels, Shift, Spread, TableRule, Via
from haark.intake.wording import N_, AtFault, Refused, Sentence

TABLE_KEYS = {"file", "kind", "id", "skip", "columns", "via", "levels", "spread", "repeat"}
COLUMN_KEYS = {"column", "const", "format", "factor", "values", "join", "else", "first"}
SHIFTS = {
    "minus_days": ("days", -1),
    "plus_days": ("days", 1),
    "minus_months": ("months", -1),
    "plus_months": ("months", 1),
}


def load(path: Path) -> ImportMapping:
    """Reads a mapping file. Raises AtFault with the file, the line where it can be told, and what to change."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AtFault(N_("Le mapping « %(file)s » ne peut pas être lu."), file=path.name) from error
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise AtFault(
            N_("Mapping « %(file)s », ligne %(line)s : ce n’est pas du TOML valable (%(reason)s)."),
            file=path.name,
            line=line[1] if line else "?",
            reason=str(error),
        ) from error
    return _Reader(path.name, text).mapping(written)


class _Reader:
    """Turns the parsed TOML into rules, and finds the line to blame when it cannot."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.splitlines()
        self.starts = [number for number, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*table\s*\]\]", line)]
        self.start = 0

    def mapping(self, written: dict[str, Any]) -> ImportMapping:
        self._only(written, {"source", "table"})
        source = written.get("source", "")
        if not isinstance(source, str) or not 0 < len(source) <= 60:
            raise self._fault(N_("il manque `source`, le nom de la source (60 caractères au plus)"), "source")
        tables = written.get("table")
        if not isinstance(tables, list) or not tables:
            raise self._fault(N_("il manque au moins une section [[table]]"), "table")
        rules = []
        for index, table in enumerate(tables):
            self.start = self.starts[index] if index < len(self.starts) else 0
            rules.append(self._table(table))
        return ImportMapping(source, tuple(rules))

    def _table(self, written: dict[str, Any]) -> TableRule:
        self._only(written, TABLE_KEYS)
        file = self._string(written, "file")
        name = self._string(written, "kind")
        kind = KINDS.get(name)
        if kind is None:
            raise self._fault(
                N_("le type « %(kind)s » n’existe pas. Les types sont %(kinds)s"),
                name,
                kind=name,
                kinds=", ".join(KINDS),
            )
        columns = [self._column(kind, *item) for item in self._mapping(written, "columns").items()]
        if "id" in written:
            columns.insert(0, self._identity(kind, columns, self._string(written, "id")))
        via = self._via(written) if "via" in written else None
        levels = self._levels(kind, written) if "levels" in written else None
        spread = self._spread(kind, columns, written) if written.keys() & {"spread", "repeat"} else None
        if (via or levels) and any(rule.canonical == "account_id" for rule in columns):
            raise self._fault(N_("la colonne « account_id » est décrite deux fois"), "account_id")
        rule = TableRule(file, kind, tuple(columns), self._skip(written), via, levels, spread)
        self._check_required(rule)
        return rule

    def _identity(self, kind: Kind, columns: list[ColumnRule], header: str) -> ColumnRule:
        target = "key" if kind.known_by == "key" else "external_id"
        if any(rule.canonical == target for rule in columns):
            raise self._fault(N_("la colonne « %(column)s » est décrite deux fois"), "id", column=target)
        return ColumnRule(target, header=header)

    def _check_required(self, rule: TableRule) -> None:
        filled = {column.canonical for column in rule.columns}
        if rule.via or rule.levels:
            filled.add("account_id")
        if rule.levels:
            filled |= {"date", "arr"}
        if rule.spread:
            filled.add(DATED[rule.kind.name])
        for column in rule.kind.columns:
            if column.required and column.name not in filled:
                raise self._fault(
                    N_("il manque la colonne « %(column)s », obligatoire pour « %(kind)s »"),
                    "columns",
                    column=column.name,
                    kind=rule.kind.name,
                )

    def _column(self, kind: Kind, canonical: str, written: Any) -> ColumnRule:
        if kind.column(canonical) is None and not (kind.known_by == "account" and custom.is_custom(canonical)):
            raise self._fault(
                N_("« %(kind)s » n’a pas de colonne « %(column)s ». Ses colonnes sont %(columns)s"),
                canonical,
                kind=kind.name,
                column=canonical,
                columns=", ".join(kind.names),
            )
        rule = self._rule(canonical, written)
        column = kind.column(canonical)
        if rule.shift and column and column.type not in ("date", "instant"):
            raise self._fault(N_("« %(column)s » n’est pas une date"), canonical, column=canonical)
        return rule

    def _rule(self, canonical: str, written: Any) -> ColumnRule:
        if isinstance(written, str):
            return ColumnRule(canonical, header=written)
        if not isinstance(written, dict) or not written.keys() & {"column", "const"}:
            raise self._fault(
                N_("« %(column)s » attend un en-tête, ou une table avec `column` ou `const`"),
                canonical,
                column=canonical,
            )
        self._only(written, COLUMN_KEYS | SHIFTS.keys())
        formats = written.get("format", ())
        const = written.get("const")
        return ColumnRule(
            canonical,
            header=self._string(written, "column") if "column" in written else None,
            const=None if const is None else str(const),
            formats=tuple(map(str, formats)) if isinstance(formats, list | tuple) else (str(formats),),
            factor=self._factor(written),
            values={str(key).strip(): str(value) for key, value in self._mapping(written, "values").items()},
            shift=self._shift(written),
            join=self._headers(written, "join"),
            other=self._string(written, "else") if "else" in written else None,
            first=self._string(written, "first") if "first" in written else "",
        )

    def _headers(self, written: dict[str, Any], key: str) -> tuple[str, ...]:
        value = written.get(key, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(header, str) and header for header in found):
            raise self._fault(N_("`%(key)s` attend un en-tête ou plusieurs"), key, key=key)
        return tuple(found)

    def _shift(self, written: dict[str, Any]) -> Shift | None:
        given = [key for key in SHIFTS if key in written]
        if not given:
            return None
        if len(given) > 1:
            raise self._fault(
                N_("« %(key)s » est inconnu ici. Attendu : %(allowed)s"), given[1], key=given[1], allowed=given[0]
            )
        unit, sign = SHIFTS[given[0]]
        amount = written[given[0]]
        if isinstance(amount, str) and amount.strip():
            return Shift(unit, sign, header=amount)
        if isinstance(amount, bool) or not isinstance(amount, int | float):
            raise self._fault(N_("`%(key)s` attend un en-tête ou un nombre"), given[0], key=given[0])
        return Shift(unit, sign, number=Decimal(str(amount)))

    def _factor(self, written: dict[str, Any]) -> Decimal | None:
        if "factor" not in written:
            return None
        try:
            return Decimal(str(written["factor"]))
        except InvalidOperation as error:
            raise self._fault(N_("`factor` attend un nombre"), "factor") from error

    def _via(self, written: dict[str, Any]) -> Via:
        table = self._mapping(written, "via")
        self._only(table, {"file", "key", "column", "value"})
        return Via(*(self._string(table, name) for name in ("file", "key", "column", "value")))

    def _levels(self, kind: Kind, written: dict[str, Any]) -> Levels:
        if kind.name != "revenue":
            raise self._fault(N_("`levels` ne s’applique qu’au type « revenue »"), "levels")
        table = self._mapping(written, "levels")
        self._only(table, {"start", "end", "amount", "by"})
        for name in ("start", "end", "amount", "by"):
            if name not in table:
                raise self._fault(N_("il manque `%(key)s`"), "levels", key=f"levels.{name}")
        start, end, amount = (self._rule(name, table[name]) for name in ("start", "end", "amount"))
        return Levels(start, end, amount, by=self._string(table, "by"))

    def _spread(self, kind: Kind, columns: list[ColumnRule], written: dict[str, Any]) -> Spread:
        """`spread` for usage, `repeat` for the other kinds that are dated."""
        key = "spread" if "spread" in written else "repeat"
        if (
            kind.name not in DATED
            or (kind.name == "usage") != (key == "spread")
            or {"spread", "repeat"} <= written.keys()
        ):
            raise self._fault(N_("`%(key)s` ne s’applique pas au type « %(kind)s »"), key, key=key, kind=kind.name)
        filled = {"external_id", DATED[kind.name]} & {rule.canonical for rule in columns}
        if filled:
            column = min(filled)
            raise self._fault(N_("`%(key)s` remplit lui-même la colonne « %(column)s »"), key, key=key, column=column)
        table = self._mapping(written, key)
        self._only(table, {"days", "end", "column" if key == "repeat" else "idle"})
        for name in ("end", "column")[: 1 + (key == "repeat")]:
            if name not in table:
                raise self._fault(N_("il manque `%(key)s`"), key, key=f"{key}.{name}")
        days = table.get("days")
        if isinstance(days, bool) or not isinstance(days, int) or not 0 < days <= 366:
            raise self._fault(N_("`days` attend un nombre de jours, de 1 à 366"), key)
        by = ColumnRule("by", header=self._string(table, "column")) if key == "repeat" else None
        idle = ColumnRule("idle", header=self._string(table, "idle")) if "idle" in table else None
        return Spread(days, self._end(table), by, idle)

    def _end(self, table: dict[str, Any]) -> ColumnRule:
        """A day, or the header of the column that holds it."""
        written = table.get("end")
        if isinstance(written, date):
            return ColumnRule("end", const=written.isoformat())
        text = self._string(table, "end")
        try:
            return ColumnRule("end", const=date.fromisoformat(text).isoformat())
        except ValueError:
            return ColumnRule("end", header=text)

    def _skip(self, written: dict[str, Any]) -> Condition | None:
        if "skip" not in written:
            return None
        condition = written["skip"]
        if not isinstance(condition, str | dict):
            raise self._fault(N_("`skip` attend une condition entre guillemets ou une table"), "skip")
        try:
            return Condition(condition)
        except Refused as error:
            raise self._fault(N_("%(reason)s"), "skip", reason=error.sentence) from error

    def _string(self, written: dict[str, Any], key: str) -> str:
        value = written.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._fault(N_("il manque `%(key)s`"), key, key=key)
        return value

    def _mapping(self, written: dict[str, Any], key: str) -> dict[str, Any]:
        value = written.get(key, {})
        if not isinstance(value, dict):
            raise self._fault(N_("`%(key)s` attend une table"), key, key=key)
        return value

    def _only(self, written: dict[str, Any], allowed: set[str]) -> None:
        for key in written:
            if key not in allowed:
                raise self._fault(
                    N_("« %(key)s » est inconnu ici. Attendu : %(allowed)s"),
                    key,
                    key=key,
                    allowed=", ".join(sorted(allowed)),
                )

    def _fault(self, msgid: str, token: str, **params: object) -> AtFault:
        """The sentence about the first line of the current table that holds `token`."""
        word = re.compile(rf"(?<!\w){re.escape(token)}(?!\w)")
        line = next((at for at in range(self.start, len(self.lines)) if word.search(self.lines[at])), self.start)
        return AtFault(
            N_("Mapping « %(file)s », ligne %(line)s : %(reason)s."),
            file=self.name,
            line=line + 1,
            reason=Sentence(msgid, **params),
        )
