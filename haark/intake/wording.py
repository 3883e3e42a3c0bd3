"""Sentences the import says to people: written in French, translated only when shown."""

from collections.abc import Sequence
from typing import Any

from flask import has_app_context
from flask_babel import gettext


def N_(msgid: str) -> str:
    """Marks a sentence for translation without translating it yet; the name is the one that Babel looks for."""
    return msgid


class Sentence:
    """A sentence with named placeholders; `str()` gives it in the reader's language.

    Kept apart from its translation because a row is judged far from the person who reads the reason.
    """

    __slots__ = ("cells", "msgid", "params")

    def __init__(self, msgid: str, **params: object) -> None:
        self.msgid = msgid
        self.params = params
        self.cells: Sequence[Any] = ()  # of the row it speaks against, where that row is no row of the table

    @staticmethod
    def joined(sentences: "Sequence[Sentence]") -> "Sentence":
        """Several reasons as one."""
        return sentences[0] if len(sentences) == 1 else Several(sentences)

    @property
    def parts(self) -> "Sequence[Sentence]":
        """The single reasons."""
        return (self,)

    def as_data(self) -> list[Any]:
        """JSON values from which `sentence_of` makes it again, for a reader of another language."""
        values = {
            name: value.as_data() if isinstance(value, Sentence) else value if isinstance(value, int) else str(value)
            for name, value in self.params.items()
        }
        return [self.msgid, values]

    def __str__(self) -> str:
        text = gettext(self.msgid) if has_app_context() else self.msgid
        return text % self.params if self.params else text

    def __repr__(self) -> str:
        return f"Sentence({str(self)!r})"


class Several(Sentence):
    """Several sentences of one row."""

    __slots__ = ("sentences",)

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        super().__init__("")
        self.sentences = sentences

    @property
    def parts(self) -> Sequence[Sentence]:
        return self.sentences

    def as_data(self) -> list[Any]:
        return [[sentence.as_data() for sentence in self.sentences]]

    def __str__(self) -> str:
        return " ; ".join(map(str, self.sentences))


def sentence_of(data: Sequence[Any]) -> Sentence:
    """The sentence whose `as_data` this is."""
    if len(data) == 1:
        return Several([sentence_of(each) for each in data[0]])
    msgid, values = data
    params = {name: sentence_of(value) if isinstance(value, list) else value for name, value in values.items()}
    return Sentence(str(msgid), **params)


class Refused(Exception):
    """One cell or row cannot be taken; the rest of the file goes on."""

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid)
        self.sentence = Sentence(msgid, **params)

    def __str__(self) -> str:
        return str(self.sentence)


class AtFault(Refused):
    """A whole file or mapping cannot be taken: nothing of the import is kept (exit status 1)."""
