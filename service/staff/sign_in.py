"""/staff/sign-in: a one-time link or an account becomes a session; whoever came by a link says their name; sign-out.

An account's session ends at the provider too, where it can: sign-out leads there, and SIGNED_OUT leads back.
"""

from __future__ import annotations

import logging
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from prompts import say
from service.audit import AuditLog
from service.deps import AuditDep, SettingsDep
from service.http.problems import ProblemError
from service.settings import Settings
from service.staff import addresses
from service.staff.accounts import AccountRefused, Accounts, convert_failures, name_of
from service.staff.addresses import MAX_ONWARD, STAFF, base_url, onward
from service.staff.rendering import plain_page
from service.staff.roles import BY_LINK, PublisherDep, ReaderDep, Role, session_of
from service.staff.tickets import Ticket, Tickets, end_session, forget_begun, open_session

router = APIRouter(include_in_schema=False)
MAX_TOKEN, MAX_NAME = 200, 80
SIGNED_OUT_PAGE = f"{addresses.SIGN_IN}?left=true"
Onward = Annotated[str, Query(alias="next", max_length=MAX_ONWARD)]
log = logging.getLogger("strategielotse")


def accounts_of(request: Request, settings: SettingsDep) -> Accounts:
    """Return the provider of accounts; raises the problem not-found where people do not sign in by it."""
    if settings.staff_access != "oidc":
        raise ProblemError("not-found")
    accounts: Accounts = request.app.state.accounts
    return accounts


AccountsDep = Annotated[Accounts, Depends(accounts_of)]


@router.get(addresses.SIGN_IN)
async def sign_in(
    request: Request, settings: SettingsDep, audit: AuditDep,
    token: Annotated[str, Query(max_length=MAX_TOKEN)] = "", wanted: Onward = STAFF, left: bool = False,
) -> Response:  # fmt: skip
    """Open a session for a link that has not been used, or show how people sign in here."""
    access = settings.staff_access
    if access == "public" or (token and access != "link"):
        raise ProblemError("not-found")
    if not token:
        if access == "link" and not left:
            raise ProblemError("staff-only")
        return plain_page("staff_sign_in.html", 200, access=access, wanted=onward(wanted), left=left)
    tickets: Tickets = request.app.state.tickets
    ticket = await to_thread.run_sync(tickets.take, token)
    if ticket is None:
        if await session_of(request) is None:
            raise ProblemError("staff-link-spent")
        return RedirectResponse(STAFF, 303)
    await _enter(request, audit, ticket.name, Role(ticket.role), "link")
    return RedirectResponse(STAFF if ticket.name else addresses.NAME, 303)


@router.get(addresses.ACCOUNT)
async def begin(request: Request, accounts: AccountsDep, wanted: Onward = STAFF) -> Response:
    """Lead to the provider of accounts."""
    forget_begun(request)
    with convert_failures():
        client = await accounts.client()
        redirect: Response = await client.authorize_redirect(request, base_url(request) + addresses.CALLBACK)
    request.session["next"] = onward(wanted)
    redirect.status_code = 303
    return redirect


@router.get(addresses.CALLBACK)
async def come_back(
    request: Request, settings: SettingsDep, audit: AuditDep, accounts: AccountsDep,
    iss: Annotated[str, Query(max_length=4000)] = "",
) -> Response:  # fmt: skip
    """Open a session for who comes back from the provider."""
    try:
        if iss not in ("", settings.oidc_issuer):
            raise AccountRefused
        with convert_failures():
            claims = await accounts.claims(request)
    except AccountRefused:
        raise ProblemError("staff-sign-in-failed") from None
    if (role := accounts.role(claims)) is None:
        raise ProblemError("staff-no-role")
    needed = onward(request.session.get("next", STAFF))
    await _enter(request, audit, name_of(claims), Role(role), "account")
    return RedirectResponse(needed, 303)


@router.get(addresses.NAME)
async def ask_name(person: ReaderDep) -> HTMLResponse:
    """Ask whoever came by a link without a name for theirs."""
    _nameless(person.session)
    return _name_page()


@router.post(addresses.NAME)
async def take_name(
    request: Request, person: ReaderDep, audit: AuditDep, name: Annotated[str, Form(max_length=1000)] = ""
) -> Response:
    """Take the name that is shown beside what somebody changes; it can be given once in a session."""
    session, given = _nameless(person.session), " ".join(name.split())
    if not given or len(given) > MAX_NAME:
        return _name_page(422, given)
    await _enter(request, audit, given, person.role, session.how, "named")
    return RedirectResponse(STAFF, 303)


@router.post(addresses.SIGN_OUT)
async def sign_out(request: Request, person: ReaderDep, settings: SettingsDep, audit: AuditDep) -> Response:
    """End the session on the server and in the browser, then the provider's where an account began it."""
    await to_thread.run_sync(end_session, request)
    request.session.clear()
    redirect, session = None, person.session
    if session is not None:
        await _note(audit, person.name, person.role, "signed out", session.how)
        redirect = await _provider_sign_out_page(request, settings) if session.how == "account" else None
    return redirect or RedirectResponse(SIGNED_OUT_PAGE, 303)


@router.get(addresses.SIGNED_OUT)
async def show_signed_out(accounts: AccountsDep) -> RedirectResponse:
    """Lead who comes back from the provider to the page that says that the session has ended."""
    return RedirectResponse(SIGNED_OUT_PAGE, 303)


@router.post(addresses.SESSIONS)
async def end_all(request: Request, person: PublisherDep, audit: AuditDep) -> RedirectResponse:
    """End everybody's session, this one too."""
    tickets: Tickets = request.app.state.tickets
    await to_thread.run_sync(tickets.end_sessions)
    await _note(audit, person.name, person.role, "all signed out", "")
    return RedirectResponse(SIGNED_OUT_PAGE, 303)


async def _enter(request: Request, audit: AuditLog, name: str, role: Role, how: str, action: str = "signed in") -> None:
    """Open a session in the place of the one before it, and note who signed in."""
    await to_thread.run_sync(open_session, request, name, int(role), how)
    await _note(audit, name or BY_LINK, role, action, how)


async def _provider_sign_out_page(request: Request, settings: Settings) -> Response | None:
    """The page that leads to the end of the session at the provider; None where it has no such address or is away.

    A page and no redirect: browsers take a form's redirect to another site for a form sent there: forbidden.
    """
    try:
        with convert_failures():
            client = await accounts_of(request, settings).client()
            if "end_session_endpoint" not in client.server_metadata:
                return None
            redirect = await client.logout_redirect(
                request, base_url(request) + addresses.SIGNED_OUT, client_id=settings.oidc_client_id
            )
    except (ProblemError, AccountRefused):
        return None
    return plain_page("staff_signing_out.html", 200, address=redirect.headers["location"])


async def _note(audit: AuditLog, name: str, role: Role, action: str, subject: str) -> None:
    """Note that somebody signed in or out; a log that cannot be written keeps nobody from it."""
    try:
        await to_thread.run_sync(audit.note, name, role.word, action, subject)
    except SQLAlchemyError as error:
        log.warning(say("people.sign_in_not_noted"), type(error).__name__, action)


def _name_page(status: int = 200, name: str = "") -> HTMLResponse:
    return plain_page("staff_name.html", status, name=name, fault=status != 200, max_name=MAX_NAME)


def _nameless(session: Ticket | None) -> Ticket:
    """A session that has no name yet; raises the problem not-found for any other."""
    if session is None or session.name:
        raise ProblemError("not-found")
    return session
