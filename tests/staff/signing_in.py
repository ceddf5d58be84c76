"""Into the staff page as people get there, by a one-time link: clients in this process and bare requests."""

from __future__ import annotations

import time

from starlette.testclient import TestClient

from service.staff.links import StaffLinks, link_to
from service.staff.roles import Role
from tests.processes import Server
from vectorstore.database import Database

NAME = "Ada Muster"


def link_for(client: TestClient, role: Role = Role.PUBLISHER, name: str = NAME) -> str:
    """Return the path of a new link to a client's service."""
    links: StaffLinks = client.app.state.links  # type: ignore[attr-defined]
    return link_to("", links.issue(time.time(), role, name))


def signed_in(client: TestClient, role: Role = Role.PUBLISHER, name: str = NAME) -> TestClient:
    """Let a client in, which says from then on as browsers do that it comes from our own pages; return it."""
    assert client.get(link_for(client, role, name), follow_redirects=False).status_code == 303
    client.headers["Sec-Fetch-Site"] = "same-origin"
    return client


def link_to_server(server: Server, role: Role = Role.PUBLISHER, name: str = NAME) -> str:
    """Return a new link to a running server, as `strategielotse staff-link` makes it."""
    return link_to(server.url, StaffLinks(Database(server.data)).issue(time.time(), role, name))
