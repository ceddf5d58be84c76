"""Which values the settings may have: roles, addresses, names of models, lists of words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from enum import IntEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

MAIL_PATTERN = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}"
)
# "openai:qwen3:8b@http://127.0.0.1:11434/v1", "mistralai:mistral-small"
MODEL_PATTERN = re.compile(r"(?P<maker>[\w-]+):(?P<name>[^@\s]+)(?:@(?P<url>https?://\S+))?")


class Role(IntEnum):
    """What a person may do on the staff page; each role includes those before it."""

    READER = 1
    EDITOR = 2
    PUBLISHER = 3

    @property
    def word(self) -> str:
        """Its name in settings and in the audit log."""
        return self.name.lower()


ROLES_BY_WORD = {role.word: role for role in Role}


def _split(value: Any) -> Any:
    """Split "a, b" at commas and white space; a value that is no text stays as it is."""
    if not isinstance(value, str):
        return value
    return tuple(value.replace(",", " ").split())


def _require(is_allowed: Callable[[Any], bool]) -> AfterValidator:
    """Return a validator that refuses values for which the predicate is false.

    Its message is never shown: `load_settings` says which values are allowed.
    """

    def validate(value: Any) -> Any:
        if not is_allowed(value):
            raise ValueError("not allowed")
        return value

    return AfterValidator(validate)


def _validate_postgresql(value: SecretStr | None) -> SecretStr | None:
    """Return the URL of a PostgreSQL database, changed so that it names the driver psycopg.

    "postgres://host/name" becomes "postgresql+psycopg://host/name". Returns None for a blank value.
    Raises ValueError for any other text.
    """
    text = (value.get_secret_value() if value else "").strip()
    address = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)
    if address and not re.fullmatch(r"postgresql\+psycopg://[^\s/]*/[^\s/?]+(\?\S*)?", address):
        raise ValueError("no address of a PostgreSQL database")
    return SecretStr(address) if address else None


def _matching(pattern: str | re.Pattern[str]) -> AfterValidator:
    """Return a validator that strips a text and refuses it if it does not match the pattern.

    A blank text becomes None, so that an empty variable of the environment is like one that is not
    set.
    """

    def validate(value: str | None) -> str | None:
        text = (value or "").strip()
        if text and re.fullmatch(pattern, text) is None:
            raise ValueError("another shape")
        return text or None

    return AfterValidator(validate)


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
# values of a header
Origins = Annotated[Words, _require(lambda words: not set("".join(words)) & set(";\r\n "))]
Networks = Annotated[
    Words, _require(lambda words: all(ip_network(word, strict=False) for word in words))
]
# "Team Strategie=editor"
Roles = Annotated[
    Words,
    _require(
        lambda words: all(
            word.rpartition("=")[2] in ROLES_BY_WORD and word[0] != "=" for word in words
        )
    ),
]
Prices = Annotated[
    tuple[float, ...],
    NoDecode,
    BeforeValidator(_split),
    _require(
        lambda prices: (
            not prices
            or (len(prices) == 2 and all(math.isfinite(price) and price >= 0 for price in prices))
        )
    ),
]
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
Text = Annotated[str | None, _matching(r".+")]
ModelName = Annotated[str | None, _matching(MODEL_PATTERN)]
NO_JUDGE = "off"  # of the setting `judge_model`
JudgeName = Annotated[str | None, _matching(rf"{NO_JUDGE}|{MODEL_PATTERN.pattern}")]
# a URL, or a path on this server
Link = Annotated[str | None, _matching(r"(https?://|/(?!/))[^\s\\\"<>]+|/")]
# prompts/licenses.toml
DataLicense = Literal["dl-zero-de/2.0", "dl-by-de/2.0", "cc-zero", "cc-by/4.0", "cc-by-sa/4.0"]
PublicUrl = Annotated[
    str | None,
    AfterValidator(lambda url: url and url.strip().rstrip("/")),
    _matching(r"https?://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9._~/-]+)?"),
]
ServerUrl = Annotated[str | None, _matching(r"https?://[^\s/]+/?")]
Issuer = Annotated[
    str | None,
    _matching(r"https://[^\s?#]+|http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:/[^\s?#]*)?"),
]
MailAddress = Annotated[str | None, _matching(MAIL_PATTERN)]
DatabaseUrl = Annotated[SecretStr | None, AfterValidator(_validate_postgresql)]
Embedding = Annotated[str | None, _matching(r"openai:[^@\s]+(@https?://\S+)?")]
