"""What is told about wrong settings: an invalid value with what is allowed, an unknown name with the nearest one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

SHOWN = 60  # characters of a value
ELSEWHERE = ("CONFIG",)  # variables of ours that are no settings
_LINK = "eine Adresse mit http:// oder https://, oder ein Pfad, der mit / beginnt"
_MAIL = "eine Mailadresse; mit STRATEGIELOTSE_MAIL_HOST muss sie gesetzt sein"
_WORDS = "mit Komma getrennt, ohne Semikolon"
_ACCOUNTS = "mit STRATEGIELOTSE_STAFF_ACCESS=oidc muss sie gesetzt sein"
_MODEL = "openai:NAME@ADRESSE (etwa openai:qwen3:8b@http://127.0.0.1:11434/v1) oder HERSTELLER:NAME"
ALLOWED = {
    "accessibility_url": _LINK,
    "answer_model": _MODEL,
    "allowed_origins": f"eine Liste von Adressen wie https://www.example.org, {_WORDS}",
    "chroma_url": "eine Adresse wie http://chroma:8000",
    "database_url": "eine Adresse wie postgresql+psycopg://NUTZER:PASSWORT@RECHNER/DATENBANK",
    "data_dir": "der Pfad eines Ordners",
    "frame_ancestors": f"eine Liste von Adressen, 'self' oder 'none', {_WORDS}",
    "imprint_url": _LINK,
    "ingest_model": _MODEL,
    "mail_from": _MAIL,
    "mail_to": _MAIL,
    "metrics_token": "ein Text von mindestens 20 Zeichen",
    "model_prices": "zwei Preise je Million Token mit Komma getrennt, fürs Lesen und fürs Schreiben, etwa 0.5, 2",
    "model_seconds": "eine Zahl größer als 0, mindestens 1 kleiner als STRATEGIELOTSE_REQUEST_SECONDS",
    "name": "ein Text ohne Zeilenumbruch",
    "oidc_claim": "der Name einer Angabe, mit Punkten für Angaben darin, etwa realm_access.roles",
    "oidc_client_id": f"der Name, unter dem der Dienst dort eingetragen ist; {_ACCOUNTS}",
    "oidc_client_secret": "das Passwort, das der Dienst dort hat",
    "oidc_issuer": f"eine Adresse mit https://, ohne ? und #; {_ACCOUNTS}",
    "oidc_roles": f"eine Liste wie Strategie=editor mit reader, editor, publisher, {_WORDS}; {_ACCOUNTS}",
    "privacy_url": _LINK,
    "public_url": "eine Adresse wie https://lotse.example.org",
    "trusted_proxies": "eine Liste von Netzen wie 10.0.0.0/8, mit Komma getrennt",
}


def invalid_values(prefix: str, fields: Mapping[str, FieldInfo], errors: Iterable[Mapping[str, Any]]) -> str:
    """Return a sentence for each setting that is invalid: its value, but for secrets, and what is allowed."""
    wrong = {str(error["loc"][0]): error.get("input") for error in reversed(list(errors))}
    return " ".join(
        f"{prefix}{name.upper()}{_shown(name, fields[name], wrong[name])}: erlaubt ist {allowed(name, fields[name])}."
        for name in sorted(wrong)
    )


def allowed(name: str, field: FieldInfo) -> str:
    """Say what values a setting may have, to be read after "erlaubt ist"."""
    if name in ALLOWED:
        return ALLOWED[name]
    kind = _kind(field)
    if get_origin(kind) is Literal:
        return "eines von " + ", ".join(map(str, get_args(kind)))
    if kind is bool:
        return "true oder false"
    if kind in (int, float):
        return ("eine ganze Zahl" if kind is int else "eine Zahl") + _limits(field)
    return "ein Text"


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
    told = f"Die Einstellung {_printable(name)}{place} gibt es nicht, sie wird übergangen."
    nearest = get_close_matches(name.upper().removeprefix(prefix), known.values(), 1)
    meant = next((written for written, word in known.items() if word in nearest), None)
    return f"{told} Gemeint ist wohl {meant}." if meant else told


def _kind(field: FieldInfo) -> Any:
    """The type of a setting; of several the one that is not None."""
    if get_origin(field.annotation) in (Union, UnionType):
        return next(one for one in get_args(field.annotation) if one is not NoneType)
    return field.annotation


def _limits(field: FieldInfo) -> str:
    least, most, above = (_limit(field, name) for name in ("ge", "le", "gt"))
    begin = f" größer als {above}" if above is not None else "" if least is None else f" von {least}"
    if most is not None:
        return f"{begin} bis {most}"
    return begin.replace(" von ", " ab ")


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
