"""Addresses of staff pages."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlencode

from service.records import document_url, item_url, quote_url
from service.web.http import with_query

STAFF = "/staff"
SIGN_IN = f"{STAFF}/sign-in"
SIGN_OUT = f"{STAFF}/sign-out"
NAME = f"{STAFF}/name"
SESSIONS = f"{STAFF}/sessions"
ACCOUNT = f"{SIGN_IN}/account"
CALLBACK = f"{SIGN_IN}/callback"
SIGNED_OUT = f"{SIGN_IN}/left"
CATALOGUE = f"{STAFF}/catalogue"
RATINGS = f"{STAFF}/ratings"
AUDIT = f"{STAFF}/audit"
ADMINISTRATION = f"{STAFF}/administration"
CONTACTS = f"{STAFF}/contacts"
HELP = f"{STAFF}/hilfe"
MAX_ONWARD = 2000


def sign_in_path(path: str, query: str) -> str:
    """Return the path of the sign-in that then redirects to a staff page.

    The staff page is in the parameter `next`. The first staff page is left out, since sign-in leads
    there anyway.
    """
    target = f"{path}?{query}" if query else path
    if target == STAFF:
        return SIGN_IN
    return f"{SIGN_IN}?{urlencode({'next': target})}"


def redirect_target(target: str) -> str:
    """Return `target` if it is the plain path of a staff page, else the path of the first staff
    page.

    So a link cannot lead people to a foreign site after they signed in. Pages of the sign-in do not
    count as staff pages: people have just left them. Refused are also paths with an empty segment,
    ".", "..", or a backslash, which browsers may resolve to another page or site.
    """
    is_staff_page = target == STAFF or target.startswith((f"{STAFF}/", f"{STAFF}?"))
    if not is_staff_page or not target.isprintable() or len(target) > MAX_ONWARD:
        return STAFF
    # As browsers do before they resolve "." and "..".
    path = unquote(target.partition("?")[0].partition("#")[0])
    segments = path.rstrip("/").split("/")[1:]
    if not {"", ".", ".."}.isdisjoint(segments) or "\\" in path + target:
        return STAFF
    return STAFF if path.startswith(SIGN_IN) else target


def staff_item_path(document_id: str, key: str, passage: str = "") -> str:
    """Return the path of an item's staff page, with `passage` highlighted where one is given."""
    path = f"{STAFF}/items{item_url(document_id, key).removeprefix('/documents')}"
    return quote_url(path, passage) if passage else path


def staff_document_path(document_id: str, key: str = "") -> str:
    """Return the path of a document's staff page, at one of its items where a key is given."""
    path = STAFF + document_url(document_id)
    return f"{path}#{quote(key, safe='~')}" if key else path


def change_path(document_id: str, key: str = "") -> str:
    """Return the path that leads to the draft in which a document, or an item of it, is changed."""
    return with_query(f"{STAFF}/uploads/drafts", document=document_id, item=key)
