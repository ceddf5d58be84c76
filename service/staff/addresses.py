"""Addresses of staff pages, and the absolute address of this service as its visitors see it."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlencode

from fastapi import Request

from service.records import item_url, quoting
from service.settings import Settings

STAFF = "/staff"
SIGN_IN, SIGN_OUT, NAME, SESSIONS = (f"{STAFF}/{name}" for name in ("sign-in", "sign-out", "name", "sessions"))
ACCOUNT, CALLBACK, SIGNED_OUT = (f"{SIGN_IN}/{name}" for name in ("account", "callback", "left"))
CATALOGUE, RATINGS, AUDIT = f"{STAFF}/catalogue", f"{STAFF}/ratings", f"{STAFF}/audit"
ADMINISTRATION = f"{STAFF}/administration"
MAX_ONWARD = 2000
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


def sign_in_for(path: str, query: str = "") -> str:
    """Return the path of the sign-in that leads on to a staff page."""
    needed = f"{path}?{query}" if query else path
    return SIGN_IN if needed == STAFF else f"{SIGN_IN}?{urlencode({'next': needed})}"


def onward(required: str) -> str:
    """Return where a sign-in leads on to: a path of the staff page, and nothing that leaves it."""
    inside = required == STAFF or required.startswith((f"{STAFF}/", f"{STAFF}?"))
    path = unquote(required.partition("?")[0].partition("#")[0])  # as browsers do before they take "." and ".." as ways
    straight = not {"", ".", ".."} & set(path.rstrip("/").split("/")[1:]) and "\\" not in path + required
    whole = inside and straight and required.isprintable() and len(required) <= MAX_ONWARD
    return required if whole and not path.startswith(SIGN_IN) else STAFF


def staff_item(document_id: str, key: str, passage: str = "") -> str:
    """Return the path of an item's staff page, with `passage` highlighted where one is given."""
    path = f"{STAFF}/items{item_url(document_id, key).removeprefix('/documents')}"
    return quoting(path, passage) if passage else path


def staff_document(document_id: str, key: str = "") -> str:
    """Return the path of a document's staff page, at one of its items where a key is given."""
    path = f"{STAFF}/documents/{quote(document_id, safe='')}"
    return f"{path}#{quote(key, safe='~')}" if key else path


def with_query(path: str, **values: object) -> str:
    """Return a path with those values that are set; a list is a parameter several times."""
    query = urlencode({name: value for name, value in values.items() if value not in (None, "", [])}, doseq=True)
    return f"{path}?{query}" if query else path


def base_url(request: Request) -> str:
    """Return "https://host" without a slash."""
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host if _HOST.fullmatch(host) else 'localhost'}"


def public_url(request: Request, settings: Settings) -> str:
    """Return the address that goes out with files: the one that is set, else the one that this request came to."""
    return settings.public_url or base_url(request)
