"""What is told about wrong settings: an invalid value with what is allowed, an unknown name with the nearest one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from prompts import reworded, say

SHOWN = 60  # characters of a value
ELSEWHERE = ("CONFIG",)  # variables of ours that are no settings
GONE = {"MAIL_TLS": say("settings.mail_tls_gone")}  # names of earlier versions, and what takes their place


def invalid_values(prefix: str, fields: Mapping[str, FieldInfo], errors: Iterable[Mapping[str, Any]]) -> str:
    """Return a sentence for each setting that is invalid: its value, but for secrets, and what is allowed."""
    wrong = {str(error["loc"][0]): error.get("input") for error in reversed(list(errors))}
    return " ".join(
        say(
            "settings.allowed",
            prefix=prefix,
            name=name.upper(),
            value=_shown(name, fields[name], wrong[name]),
            allowed=allowed(name, fields[name]),
        )
        for name in sorted(wrong)
    )


def allowed(name: str, field: FieldInfo) -> str:
    """Say what values a setting may have, to be read after "erlaubt ist"."""
    kind = _kind(field)
    if own := reworded("de/settings").get(f"allowed_{name}"):
        return own
    if get_origin(kind) is Literal:
        return say("settings.one_of") + ", ".join(map(str, get_args(kind)))
    if kind is bool:
        return say("settings.boolean")
    if kind in (int, float):
        return (say("settings.whole_number") if kind is int else say("settings.number")) + _limits(field)
    return say("settings.text")


def unknown_names(
    prefix: str, fields: Iterable[str], names: Iterable[str], place: str = "", *, bare: bool = False
) -> list[str]:
    """Return a sentence for each of these names, from the environment or a file, that no setting has.

    `bare` names are those of a TOML file: small letters and no prefix.
    """
    known = {name if bare else prefix + name.upper(): name.upper() for name in (*fields, *(() if bare else ELSEWHERE))}
    unknown = sorted(name for name in names if (name if bare else name.upper()) not in known)
    return [_unknown(name, prefix, known, place) for name in unknown]


def _unknown(name: str, prefix: str, known: Mapping[str, str], place: str) -> str:
    told = say("settings.unknown", name=_printable(name), place=place)
    if gone := GONE.get(name.upper().removeprefix(prefix)):
        return f"{told} {gone}"
    nearest = get_close_matches(name.upper().removeprefix(prefix), known.values(), 1)
    meant = next((written for written, word in known.items() if word in nearest), None)
    return say("settings.probably", told=told, meant=meant) if meant else told


def _kind(field: FieldInfo) -> Any:
    """The type of a setting; of several the one that is not None."""
    if get_origin(field.annotation) in (Union, UnionType):
        return next(one for one in get_args(field.annotation) if one is not NoneType)
    return field.annotation


def _limits(field: FieldInfo) -> str:
    least, most, above = (_limit(field, name) for name in ("ge", "le", "gt"))
    if above is not None:
        return say("settings.above", above=above)
    if most is not None:
        return say("settings.between", least=least, most=most)
    return "" if least is None else say("settings.from", least=least)


def _limit(field: FieldInfo, name: str) -> Any:
    return next((getattr(one, name) for one in field.metadata if hasattr(one, name)), None)


def _shown(name: str, field: FieldInfo, value: Any) -> str:
    if value is None or value == "":
        return " fehlt" if value is None else " ist leer"
    if _kind(field) is SecretStr or re.search(r"secret|password|token|key", name):
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = re.sub(r"//[^/@\s]*@", "//…@", text)  # a name and password in an address
    return "=" + _printable(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
