"""/staff/sign-in: opens a session by a one-time link or an account, asks for a missing name; and
sign-out.

Sign-out of an account also ends the provider's session if it supports that: the provider redirects
to SIGNED_OUT.
"""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from prompts import say
from service import Role, Settings, log
from service.office.staff import paths
from service.office.staff.accounts import AccountRefused, Accounts, convert_failures, person_name
from service.office.staff.paths import MAX_ONWARD, STAFF, redirect_target
from service.office.staff.rendering import plain_page
from service.office.staff.roles import BY_LINK, PublisherDep, ReaderDep
from service.office.staff.sessions import (
    Ticket,
    Tickets,
    discard_unfinished_sign_ins,
    end_session,
    open_session,
    session_in,
)
from service.people import AuditLog
from service.records import ProblemError
from service.web import AuditDep, SettingsDep, state_dependency
from service.web.http import IS_HEAD_KEY, base_url
from vectorstore.language import collapse_spaces

router = APIRouter(include_in_schema=False)
MAX_TOKEN = 200
MAX_NAME = 80
SIGNED_OUT_PAGE = f"{paths.SIGN_IN}?left=true"
NextPage = Annotated[str, Query(alias="next", max_length=MAX_ONWARD)]


TicketsDep = Annotated[Tickets, state_dependency("tickets")]
UncheckedAccountsDep = Annotated[Accounts, state_dependency("accounts")]


def require_accounts(settings: SettingsDep, accounts: UncheckedAccountsDep) -> Accounts:
    """Return the provider of accounts; raises the problem not-found where the settings use none."""
    if settings.staff_access != "oidc":
        raise ProblemError("not-found")
    return accounts


AccountsDep = Annotated[Accounts, Depends(require_accounts)]


@router.get(paths.SIGN_IN)
async def sign_in(
    request: Request,
    settings: SettingsDep,
    audit: AuditDep,
    tickets: TicketsDep,
    token: Annotated[str, Query(max_length=MAX_TOKEN)] = "",
    target: NextPage = STAFF,
    has_signed_out: Annotated[bool, Query(alias="left")] = False,
) -> Response:
    """Open a session by the `token` of a link, or show the sign-in page without a token.

    Each link opens one session. If the link was used before, a person with a session is led on, and
    anybody else is refused. A HEAD request does not use up the link. Where people come by links,
    nobody can sign in on the sign-in page: it is shown only after sign-out.
    """
    access = settings.staff_access
    if access == "public" or (token and access != "link"):
        raise ProblemError("not-found")
    if not token:
        if access == "link" and not has_signed_out:
            raise ProblemError("staff-only")
        target = redirect_target(target)
        return plain_page("staff_sign_in.html", access=access, target=target, left=has_signed_out)
    if IS_HEAD_KEY in request.scope:  # scanners of links look at them before people do
        return RedirectResponse(STAFF, 303)
    ticket = await to_thread.run_sync(tickets.take, token)
    if ticket is None:
        if await to_thread.run_sync(session_in, request) is None:
            raise ProblemError("staff-link-spent")
        return RedirectResponse(STAFF, 303)
    await _enter(request, audit, ticket.name, Role(ticket.role), "link")
    return RedirectResponse(STAFF if ticket.name else paths.NAME, 303)


@router.get(paths.ACCOUNT)
async def begin_sign_in(
    request: Request, accounts: AccountsDep, target: NextPage = STAFF
) -> Response:
    """Redirect to the provider of accounts; `target` is the staff page to open after sign-in."""
    discard_unfinished_sign_ins(request)
    with convert_failures():
        client = await accounts.client()
        redirect: Response = await client.authorize_redirect(
            request, base_url(request) + paths.CALLBACK
        )
    request.session["next"] = redirect_target(target)
    redirect.status_code = 303  # like all redirects of staff pages; that of Authlib is 302
    return redirect


@router.get(paths.CALLBACK)
async def complete_sign_in(
    request: Request,
    settings: SettingsDep,
    audit: AuditDep,
    accounts: AccountsDep,
    iss: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Open a session for the person whom the provider of accounts redirects back to us.

    `iss` is the issuer that the provider names in the address, "" if it names none. Another issuer
    than ours is refused (RFC 9207). A person whose groups give no role gets no session.
    """
    try:
        if iss not in ("", settings.oidc_issuer):
            raise AccountRefused
        with convert_failures():
            claims = await accounts.claims(request)
    except AccountRefused:
        raise ProblemError("staff-sign-in-failed") from None
    role = accounts.role(claims)
    if role is None:
        raise ProblemError("staff-no-role")
    target = redirect_target(request.session.get("next", STAFF))
    await _enter(request, audit, person_name(claims), role, "account")
    return RedirectResponse(target, 303)


@router.get(paths.NAME)
async def ask_name(person: ReaderDep) -> HTMLResponse:
    """Show the form for the name of a person who came by a link without one."""
    _require_nameless(person.session)
    return _name_page()


@router.post(paths.NAME)
async def take_name(
    request: Request,
    person: ReaderDep,
    audit: AuditDep,
    name: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Store the name that a person typed, by opening a new session with this name.

    The name is noted with the changes that the person makes. A person who has a name already cannot
    change it.
    """
    session = _require_nameless(person.session)
    typed_name = collapse_spaces(name)
    if not typed_name or len(typed_name) > MAX_NAME:
        return _name_page(422, typed_name)
    await _enter(request, audit, typed_name, person.role, session.how, "named")
    return RedirectResponse(STAFF, 303)


@router.post(paths.SIGN_OUT)
async def sign_out(
    request: Request,
    person: ReaderDep,
    settings: SettingsDep,
    accounts: UncheckedAccountsDep,
    audit: AuditDep,
) -> Response:
    """End the session on the server and in the browser, then at the provider if it was opened by an
    account.
    """
    await to_thread.run_sync(end_session, request)
    request.session.clear()
    redirect, session = None, person.session
    if session is not None:
        await _write_audit(audit, person.name, person.role, "signed out", session.how)
        if session.how == "account":
            redirect = await _provider_sign_out_page(request, settings, accounts)
    return redirect or RedirectResponse(SIGNED_OUT_PAGE, 303)


@router.get(paths.SIGNED_OUT, dependencies=[Depends(require_accounts)])
async def show_signed_out() -> RedirectResponse:
    """Redirect from the provider's sign-out to the page that confirms it."""
    return RedirectResponse(SIGNED_OUT_PAGE, 303)


@router.post(paths.SESSIONS)
async def end_all_sessions(
    tickets: TicketsDep, person: PublisherDep, audit: AuditDep
) -> RedirectResponse:
    """End all sessions, including the current one, and all links that nobody used yet."""
    await to_thread.run_sync(tickets.end_all)
    await _write_audit(audit, person.name, person.role, "all signed out", "")
    return RedirectResponse(SIGNED_OUT_PAGE, 303)


async def _enter(
    request: Request, audit: AuditLog, name: str, role: Role, how: str, action: str = "signed in"
) -> None:
    """Open a session in place of the current one, and note it in the audit log as `action`.

    `how` says by what the person came: "link" or "account".
    """
    await to_thread.run_sync(open_session, request, name, role, how)
    await _write_audit(audit, name or BY_LINK, role, action, how)


async def _provider_sign_out_page(
    request: Request, settings: Settings, accounts: Accounts
) -> Response | None:
    """Return a page that leads to the provider's sign-out; None where the provider has none or
    cannot be reached.

    It is no redirect: browsers block a form's redirect to another site (form-action of the content
    security policy).
    """
    try:
        with convert_failures():
            client = await require_accounts(settings, accounts).client()
            if "end_session_endpoint" not in client.server_metadata:
                return None
            redirect = await client.logout_redirect(
                request, base_url(request) + paths.SIGNED_OUT, client_id=settings.oidc_client_id
            )
    except (ProblemError, AccountRefused):
        return None
    return plain_page("staff_signing_out.html", address=redirect.headers["location"])


async def _write_audit(audit: AuditLog, name: str, role: Role, action: str, subject: str) -> None:
    """Write a sign-in or sign-out to the audit log.

    If the log cannot be written, a warning is logged, and the sign-in or sign-out still takes
    effect.
    """
    try:
        await to_thread.run_sync(audit.note, name, role.word, action, subject)
    except SQLAlchemyError as error:
        log.warning(say("people.sign_in_not_noted"), type(error).__name__, action)


def _name_page(status: int = 200, name: str = "") -> HTMLResponse:
    """Render the form for a name; with another status than 200 it says that the typed name is
    wrong.
    """
    return plain_page(
        "staff_name.html", status=status, name=name, fault=status != 200, max_name=MAX_NAME
    )


def _require_nameless(session: Ticket | None) -> Ticket:
    """Return the session if it has no name yet; raises the problem not-found for any other."""
    if session is None or session.name:
        raise ProblemError("not-found")
    return session
