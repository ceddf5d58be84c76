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

from service import Role
from service.office.staff import paths
from service.office.staff.accounts import Accounts, person_name
from service.office.staff.paths import MAX_ONWARD, STAFF, redirect_target
from service.office.staff.rendering import plain_page
from service.office.staff.roles import BY_LINK, PublisherDep, ReaderDep
from service.office.staff.sessions import Ticket, Tickets, end_session, open_session, session_in
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
MaybeAccountsDep = Annotated[Accounts | None, state_dependency("accounts")]


def require_accounts(accounts: MaybeAccountsDep) -> Accounts:
    """Return the provider of accounts; raises the problem not-found where the settings use none."""
    if accounts is None:
        raise ProblemError("not-found")
    return accounts


AccountsDep = Annotated[Accounts, Depends(require_accounts)]


@router.get(paths.SIGN_IN)
def sign_in(
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
    link = tickets.take_link(token)
    if link is None:
        if session_in(request) is None:
            raise ProblemError("staff-link-spent")
        return RedirectResponse(STAFF, 303)
    _enter(request, audit, link.name, Role(link.role), "link")
    return RedirectResponse(STAFF if link.name else paths.NAME, 303)


@router.get(paths.ACCOUNT)
async def begin_sign_in(
    request: Request, accounts: AccountsDep, target: NextPage = STAFF
) -> Response:
    """Redirect to the provider of accounts; `target` is the staff page to open after sign-in."""
    redirect = await accounts.redirect(request, base_url(request) + paths.CALLBACK)
    request.session["next"] = redirect_target(target)
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
    if iss not in ("", settings.oidc_issuer):
        raise ProblemError("staff-sign-in-failed")
    claims = await accounts.claims(request)
    role = accounts.role(claims)
    if role is None:
        raise ProblemError("staff-no-role")
    target = request.session.get("next", STAFF)
    await to_thread.run_sync(_enter, request, audit, person_name(claims), role, "account")
    return RedirectResponse(target, 303)


@router.get(paths.NAME)
def ask_name(person: ReaderDep) -> HTMLResponse:
    """Show the form for the name of a person who came by a link without one."""
    _require_nameless(person.session)
    return _name_page()


@router.post(paths.NAME)
def take_name(
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
    _enter(request, audit, typed_name, person.role, session.how, "named")
    return RedirectResponse(STAFF, 303)


@router.post(paths.SIGN_OUT)
async def sign_out(
    request: Request, person: ReaderDep, accounts: MaybeAccountsDep, audit: AuditDep
) -> Response:
    """End the session on the server and in the browser, then at the provider if it was opened by an
    account.
    """
    await to_thread.run_sync(end_session, request)
    session = person.session
    if session is not None:
        role = person.role.word
        await to_thread.run_sync(audit.note, person.name, role, "signed out", session.how)
        if accounts is not None and session.how == "account":
            return await _leave_provider(request, accounts)
    return RedirectResponse(SIGNED_OUT_PAGE, 303)


@router.get(paths.SIGNED_OUT, dependencies=[Depends(require_accounts)])
def show_signed_out() -> RedirectResponse:
    """Redirect from the provider's sign-out to the page that confirms it."""
    return RedirectResponse(SIGNED_OUT_PAGE, 303)


@router.post(paths.SESSIONS)
def end_all_sessions(
    tickets: TicketsDep, person: PublisherDep, audit: AuditDep
) -> RedirectResponse:
    """End all sessions, including the current one, and all links that nobody used yet."""
    tickets.end_all()
    audit.note(person.name, person.role.word, "all signed out", "")
    return RedirectResponse(SIGNED_OUT_PAGE, 303)


def _enter(
    request: Request, audit: AuditLog, name: str, role: Role, how: str, action: str = "signed in"
) -> None:
    """Open a session in place of the current one, and note it in the audit log as `action`.

    `how` says by what the person came: "link" or "account".
    """
    open_session(request, name, role, how)
    audit.note(name or BY_LINK, role.word, action, how)


async def _leave_provider(request: Request, accounts: Accounts) -> Response:
    """Return a page that leads to the provider's sign-out; where the provider has none or cannot be
    reached, a redirect to the page that confirms ours.

    It is no redirect: browsers block a form's redirect to another site (form-action of the content
    security policy).
    """
    try:
        address = await accounts.sign_out_address(request, base_url(request) + paths.SIGNED_OUT)
    except ProblemError:
        return RedirectResponse(SIGNED_OUT_PAGE, 303)
    return plain_page("staff_signing_out.html", address=address)


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
