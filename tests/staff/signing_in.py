"""Into the staff page as people get there, by a one-time link: clients in this process and bare
requests.
"""

from __future__ import annotations

from starlette.testclient import TestClient

from service import Role
from service.office.staff import Ticket, Tickets, sign_in_link
from tests.processes import Served
from vectorstore.storage import Database

NAME = "Ada Muster"


def link_for(client: TestClient, role: Role = Role.PUBLISHER, name: str = NAME) -> str:
    """Return the path of a new link to a client's service."""
    tickets: Tickets = client.app.state.tickets  # type: ignore[attr-defined]
    return sign_in_link("", tickets.issue(Ticket(name=name, role=role)))


def signed_in(client: TestClient, role: Role = Role.PUBLISHER, name: str = NAME) -> TestClient:
    """Let a client in, which says from then on as browsers do that it comes from our own pages;
    return it.
    """
    assert client.get(link_for(client, role, name), follow_redirects=False).status_code == 303
    client.headers["Sec-Fetch-Site"] = "same-origin"
    return client


def link_to_server(server: Served, role: Role = Role.PUBLISHER, name: str = NAME) -> str:
    """Return a new link to a running server, as `strategielotse staff-link` makes it."""
    return sign_in_link(
        server.url, Tickets(Database(server.data)).issue(Ticket(name=name, role=role))
    )
