"""The tools that the agent is offered, and its calls of them: read into arguments, described for
people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import EnumType
from itertools import chain
from typing import Any, get_args, get_origin

from prompts import in_languages, load_words
from service import wording
from service.answering.agent.tokens import TokenTable
from service.answering.corpus import Corpus
from service.answering.query import ToolError
from service.answering.tools import schemas
from service.records import document_pairs
from vectorstore.records import Document, Item

TOOL_FORMS: dict[str, type[schemas.Arguments]] = {
    name: getattr(schemas, f"{name.title()}Arguments")
    for name in ("search", "records", "read", "documents", "changes")
}
_TOOLS = "de/model/agent_tools"
_ARGUMENTS = "de/model/agent_arguments"
# by tool: the description of a call by language
_STEPS = {text["tool"]: text for text in in_languages("steps")}
_TYPES_OF_READ: dict[str, Any] = {"tokens": tuple[str, ...], "page": int, "offset": int}
# arguments that are taken, but not offered
_UNOFFERED = {"search": ("kinds", "limit"), "documents": ("documents",)}
_FOUND = 6  # items of a search, unless the agent asks for more
_NAMES = 20  # most arguments of a call, and values of one argument
_STEP_LENGTH = 60  # most characters of a search text in the description of a call
EMPTY: tuple[object, ...] = (None, "", [], {}, 0)


def offered_tools() -> dict[str, tuple[str, dict[str, Any]]]:
    """The tools that the model may call, by name, each with its description and the JSON schema of
    its arguments.

    The descriptions are German texts of `prompts`. `read` takes tokens instead of ids, for the
    model knows only these. Arguments in `_UNOFFERED` are not offered, but accepted if the model
    gives them.
    """
    descriptions = load_words(_ARGUMENTS)
    tools = {}
    for name, form in TOOL_FORMS.items():
        types = {field.alias or key: field.annotation for key, field in form.model_fields.items()}
        if name == "read":
            types = _TYPES_OF_READ
        schemas_of_fields = {}
        for field, type_of_value in types.items():
            if field not in _UNOFFERED.get(name, ()):
                text = descriptions.get(f"{name}_{field}")
                described = {"description": text} if text else {}
                schemas_of_fields[field] = _schema_of(type_of_value) | described
        tools[name] = load_words(_TOOLS)[name], {"type": "object", "properties": schemas_of_fields}
    return tools


def _schema_of(type_of_value: Any) -> dict[str, Any]:
    """The JSON schema of an argument in a simple form: a list, an integer, one of the values of an
    enum, else a string.
    """
    if get_origin(type_of_value) is tuple:
        return {"type": "array", "items": _schema_of(get_args(type_of_value)[0])}
    if isinstance(type_of_value, EnumType):
        return {"type": "string", "enum": list(type_of_value)}
    return {"type": "integer" if type_of_value is int else "string"}


class CallReader:
    """Reads the calls of one answer; `scope` are the ids of the documents to which they are
    limited, () for all.
    """

    def __init__(self, corpus: Corpus, tokens: TokenTable, scope: tuple[str, ...]) -> None:
        self._corpus = corpus
        self._documents = corpus.catalogue.documents
        self._tokens = tokens
        self._scope = scope

    def read(self, name: str, arguments: Mapping[str, Any]) -> Iterator[schemas.Arguments]:
        """The tool calls that the model's arguments stand for: of `read` one for each document, of
        any other tool one.

        Tokens become ids or numbers, German words become statuses, and a single value becomes a
        list where the tool takes a list. Raises ToolError or ValidationError if the arguments are
        wrong.
        """
        if name == "read":
            return map(self._limit_to_scope, self._parse_read(arguments))
        parsed: dict[str, Any] = {}
        for field, value in list(arguments.items())[:_NAMES]:
            values = self._values_of(name, field, value)
            if values:
                parsed[field] = values if _takes_list(name, field) else values[0]
        if name == "search":
            parsed.setdefault("limit", _FOUND)
        return iter([self._limit_to_scope(TOOL_FORMS[name].model_validate(parsed))])

    def describe(
        self, name: str, arguments: Mapping[str, Any], question: str, language: str
    ) -> str:
        """A description of a tool call for people who wait ("sucht nach „Rad“").

        It names the first document or item of which the model gave the token, else the searched
        text. Of this only words are shown that are in the question or in documents, since the model
        may have made up the others.
        """
        named: list[str] = []
        for value in arguments.values():
            named += map(str, _as_list(value))
        token = next((token for token in named if token in self._tokens.things), "")
        document = self._tokens.get(token, Document)
        items = self._tokens.items_of(token)
        if document is not None:
            page = arguments.get("page")
            subject = f"{document.title}, S. {page}" if page else document.title
        elif items:
            subject = wording.name_item(items[0])
        else:
            text = str(arguments.get("text") or arguments.get("topic") or "")
            known = (word for word in text.split() if word in question or self._is_known(word))
            subject = " ".join(known)[:_STEP_LENGTH]
        return (_STEPS[name].get(language) or _STEPS[name]["de"]).format(what=subject).strip(": ")

    def _is_known(self, word: str) -> bool:
        """True if documents have a word."""
        wholes = (part.whole for part in self._corpus.analyzer.words(word))
        return any(map(self._corpus.has_term, wholes))

    def _values_of(self, name: str, field: str, value: Any) -> list[Any]:
        """The values of an argument as the tools take them, always as a list.

        Tokens become ids or numbers, and German words become statuses. Empty texts are left out:
        models fill in what they do not need. A number or another plain value is passed on as it is.
        """
        values = _as_list(value)
        if field == "documents":
            return [self._document_of(str(part)) for part in values if part]
        if field == "status":
            return [_status(str(part)) for part in values if part]
        if isinstance(value, str) or _takes_list(name, field):
            return [self._value_of(field, part) for part in values if part not in EMPTY]
        return values

    def _parse_read(self, arguments: Mapping[str, Any]) -> Iterator[schemas.Arguments]:
        """Yield the calls of the tool `read` that its arguments stand for; each reads from one
        document.

        Models put tokens into any argument, so all are looked at. With a page it is one call, for
        this page of the document of the first named item, else of the named document. Without a
        page it is one call for each document, with the items that are named. If no token names an
        item, `keys` are taken as keys in the named document. Raises ToolError if there are none
        either.
        """
        place = {}
        for field in ("page", "offset"):
            number = next(iter(_as_list(arguments.get(field))), None)
            if number:
                place[field] = number
        keys: dict[str, list[str]] = {}  # of items, by document id
        tokens = [str(token) for token in chain.from_iterable(map(_as_list, arguments.values()))]
        for item in chain.from_iterable(map(self._tokens.items_of, tokens)):
            keys.setdefault(item.document_id, []).append(item.key)
        documents = filter(self._documents.__contains__, map(self._document_of, tokens))
        named = next(chain(keys, documents), "")
        if named and "page" in place:
            keys = {named: []}
        elif named and not keys and arguments.get("keys"):
            keys = {named: list(map(str, _as_list(arguments["keys"])))}
        if not keys:
            raise ToolError(load_words(_ARGUMENTS)["read_needs"])
        for document, own in keys.items():
            call = {"document": document, "keys": own[:_NAMES], **place}
            yield schemas.ReadArguments.model_validate(call)

    def _document_of(self, name: str) -> str:
        """The id of the document that a name stands for.

        It may be a token of the document, or a token of one of its items, since models mix these
        up. Anything else is returned as it is: it may be an id, and the tool refuses it if not.
        """
        thing = self._tokens.get(name, Document, Item)
        if isinstance(thing, Document):
            return thing.id
        if isinstance(thing, Item):
            return thing.document_id
        return name

    def _value_of(self, field: str, value: Any) -> Any:
        """A value to filter by.

        The model may give the token of an item that is a theme or goal; then it is the number of
        that item.
        """
        item = self._tokens.get(str(value), Item)
        if item is not None and field in ("theme", "goal"):
            return item.ref
        return value

    def _limit_to_scope(self, call: schemas.Arguments) -> schemas.Arguments:
        """A call limited to the documents that the request allows.

        Raises ToolError if the call names another document; the message lists the tokens of those
        that may be named. A call that names none gets all of these.
        """
        if not self._scope:
            return call
        if isinstance(call, schemas.ChangesArguments) and not call.documents:
            return self._changes_in_scope(call.series)
        named: Iterable[str] = getattr(call, "documents", ())
        if isinstance(call, schemas.ReadArguments):
            named = (call.document,)
        if not set(named) <= set(self._scope):
            raise self._refuse_documents()
        if named:
            return call
        return call.model_copy(update={"documents": self._scope})

    def _changes_in_scope(self, series: str) -> schemas.ChangesArguments:
        """The call that compares the two latest documents of a series, or of any for "", among
        those that the request allows.

        Raises ToolError if it does not allow both.
        """
        for before, after in document_pairs(self._corpus.edition.catalogue):
            is_allowed = {before.id, after.id} <= set(self._scope)
            if is_allowed and series in ("", after.series):
                return schemas.ChangesArguments(documents=(before.id, after.id))
        raise self._refuse_documents()

    def _refuse_documents(self) -> ToolError:
        """The error with the tokens of the documents that may be named."""
        in_scope = (self._documents[id_] for id_ in self._scope if id_ in self._documents)
        tokens = ", ".join(map(self._tokens.of_document, in_scope))
        return ToolError(f"documents: {tokens}")


def _as_list(value: Any) -> list[Any]:
    """The first values of a list, or a single value as a list."""
    if isinstance(value, list | tuple):
        return list(value)[:_NAMES]
    return [value]


def _status(name: str) -> str:
    """The value of a status that is given as a German word ("geplant"); other names unchanged.

    If a word may mean several statuses, it is the first by alphabet.
    """
    statuses = sorted(wording.STATUS_WORDS.get(name.strip().lower(), ()))
    return statuses[0].value if statuses else name


def _takes_list(tool: str, argument: str) -> bool:
    """True if a tool's argument is a list: `kinds` of `search`, but not `text`."""
    field = TOOL_FORMS[tool].model_fields.get(argument)
    return field is not None and get_origin(field.annotation) is tuple
