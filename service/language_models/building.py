"""Builds the chat model of a setting, checks its replies, and classifies its failures.

"openai:NAME@URL" is any OpenAI-compatible endpoint (Ollama, vLLM, llama.cpp, hosted; its key in
OPENAI_API_KEY); other settings are passed to LangChain's `init_chat_model` ("mistralai:NAME", with
that maker's package and key).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import finalize

from prompts import fill
from service import MODEL_PATTERN
from service.language_models.errors import Failure, ModelUnavailable
from service.records import Notice
from vectorstore import BASE_REPLY_BYTES, UnusableReply, endpoint_client

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

_OPENAI = "openai"
_NO_KEY = "none"  # the client requires a key, local endpoints do not
_CHARACTERS_PER_TOKEN = 3.5  # of German text, for estimates
_TOKEN_BYTES = 64  # most of a token in a reply
MOST_CALLS = 32  # of tools in a reply
MOST_ARGUMENTS = 20_000  # characters of the arguments of all its calls


@dataclass(frozen=True, slots=True)
class ModelName:
    """The parts of a model setting: "openai:NAME@URL" or "MAKER:NAME"."""

    maker: str
    name: str
    url: str | None

    @property
    def host(self) -> str:
        """Who processes the questions: the endpoint's host name, else the maker."""
        if not self.url:
            return self.maker
        return urlsplit(self.url).hostname or self.url


def model_name(setting: str) -> ModelName:
    """Parse a model setting; raises ValueError."""
    match = MODEL_PATTERN.fullmatch(setting.strip())
    if match is None:
        raise ValueError("no model: MAKER:NAME or openai:NAME@URL")
    return ModelName(match["maker"], match["name"], match["url"])


def model_notice(code: str, language: str, name: str, host: str) -> Notice:
    """The notice with code "model_words" or "model_asked" that names a model and its host."""
    return Notice(code=code, text=fill(f"{language}/{code}", modell=name, ort=host))


@dataclass(frozen=True, slots=True)
class ModelReply:
    """The text of a model's reply, and how many tokens it read and wrote."""

    text: str
    read: int
    written: int


class LangChainModel:
    """Any chat model that LangChain builds: `chat`."""

    def __init__(self, setting: str, *, tokens: int, seconds: float) -> None:
        parts = model_name(setting)
        self.chat = _build_model(parts, tokens, seconds)

    def reply(self, instruction: str, request: str) -> ModelReply:
        """Return the model's reply to a system and a user message.

        Raises ModelUnavailable on failure, and if the reply calls a tool, as none was offered.
        """
        with translate_failures():
            message = self.chat.invoke([("system", instruction), ("human", request)])
        if message.tool_calls or not isinstance(message.text, str):
            raise ModelUnavailable(Failure.BROKEN)
        return reply_of(message, instruction + request)


def reply_of(message: AIMessage, request: str) -> ModelReply:
    """Return a model's message as a reply to the text of a request.

    Tokens that the endpoint does not report are estimated.
    """
    usage: Mapping[str, Any] = message.usage_metadata or {}
    read = usage.get("input_tokens") or tokens_of(request)
    written = usage.get("output_tokens") or tokens_of(f"{message.text}{message.tool_calls or ''}")
    return ModelReply(message.text, read, written)


def _build_model(parts: ModelName, tokens: int, seconds: float) -> Any:
    """Return the chat model of LangChain, without tracing and retries.

    Tracing would send questions to others, and retries would break the time limit. A local endpoint
    needs no key, but the client wants one, so it gets any. Raises ModelUnavailable if the model's
    package is not installed, or if it is misconfigured.
    """
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    try:
        init = import_module("langchain.chat_models").init_chat_model
        options: dict[str, Any] = {
            "temperature": 0,
            "max_tokens": tokens,
            "timeout": seconds,
            "max_retries": 0,
        }
        if parts.maker == _OPENAI:
            options |= {
                "api_key": os.environ.get("OPENAI_API_KEY") or _NO_KEY,
                "use_responses_api": False,
            }
            client = endpoint_client(BASE_REPLY_BYTES + _TOKEN_BYTES * tokens, check_reply)
            options["http_client"] = client
        if parts.url:
            options["base_url"] = parts.url
        chat = init(parts.name, model_provider=parts.maker, **options)
    except ImportError as error:
        raise ModelUnavailable(Failure.NOT_INSTALLED) from error
    except Exception as error:
        raise ModelUnavailable(Failure.MISCONFIGURED) from error
    if parts.maker == _OPENAI:
        finalize(chat, client.close)  # neither LangChain nor the endpoint closes what is kept open
    return chat


def check_reply(content: bytes) -> None:
    """Raise UnusableReply for a reply (JSON) that is malformed or has not exactly one choice.

    This is checked before LangChain parses the reply: the objects of many tool calls need a
    thousand times the memory of their text. So the parts of the content, the tool calls and their
    arguments are counted.
    """
    try:
        choices = json.loads(content)["choices"]
        messages = [choice["message"] for choice in choices]
        calls = list(chain.from_iterable(message.get("tool_calls") or [] for message in messages))
        contents = [message.get("content") for message in messages]
        most_parts = sum(len(parts) for parts in contents if isinstance(parts, list))
        arguments = sum(len(str(call["function"]["arguments"])) for call in calls)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnusableReply from error
    if len(choices) != 1 or max(len(calls), most_parts) > MOST_CALLS or arguments > MOST_ARGUMENTS:
        raise UnusableReply


@dataclass(frozen=True, slots=True)
class Tokens:
    """How many tokens a model reads and writes."""

    read: int = 0
    written: int = 0

    def add(self, read: int, written: int) -> Tokens:
        """The sum with further tokens."""
        return Tokens(self.read + read, self.written + written)


def tokens_of(text: str) -> int:
    """The estimated number of tokens of a German text, where the endpoint does not report it."""
    return int(len(text) / _CHARACTERS_PER_TOKEN)


@contextmanager
def translate_failures() -> Iterator[None]:
    """Turn the errors of a client library into ModelUnavailable; each library has its own
    classes.
    """
    try:
        yield
    except ModelUnavailable:
        raise
    except Exception as error:
        raise ModelUnavailable(failure_of(error)) from error


def failure_of(error: Exception) -> Failure:
    """Return the kind of failure that an error of a client library means.

    It is read from the HTTP status (429, 401, 403) or else from the name of the class
    ("APITimeoutError"), as each library has classes of its own. What is not known counts as broken.
    """
    if isinstance(error.__cause__, UnusableReply):
        return Failure.BROKEN
    status = getattr(error, "status_code", None)
    if status == 429:
        return Failure.REFUSED_FOR_NOW
    if status in (401, 403):
        return Failure.NO_ACCESS
    if "timeout" in type(error).__name__.lower():
        return Failure.SLOW
    if "connect" in type(error).__name__.lower():
        return Failure.UNREACHABLE
    return Failure.BROKEN
