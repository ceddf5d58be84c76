"""The five tools as an assistant of somebody else gets them, through the official client: over HTTP
and over stdio.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import anyio
import httpx2 as httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult
from starlette.testclient import TestClient

from service import Settings
from service.app.application import create_app
from service.composition import make_holder
from tests.ingest.cases import cases, values
from tests.processes import COMMAND, REPOSITORY, environment
from tests.service.running import running
from vectorstore import EditionStore

REPORT = "auenland-report"
CALLS = values(__file__, "calls")


@pytest.fixture(scope="module")
def url(store: EditionStore) -> Iterator[str]:
    settings = Settings(data_dir=store.root, mcp=True)
    with running(create_app(settings, make_holder(settings))) as address:
        yield address


def used(server: str | StdioServerParameters, work: Callable[[Client], Awaitable[None]]) -> None:
    async def connected() -> None:
        with anyio.fail_after(60):
            async with Client(server) as client:
                await work(client)

    anyio.run(connected)


def addresses(said: Any) -> list[str]:
    """Every address in a reply."""
    if isinstance(said, list):
        return [address for part in said for address in addresses(part)]
    if not isinstance(said, dict):
        return []
    own = [said["url"]] if isinstance(said.get("url"), str) else []
    return own + [address for part in said.values() for address in addresses(part)]


def test_every_tool_says_where_it_stands(url: str) -> None:
    async def work(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == set(CALLS)
        assert all(
            tool.annotations and tool.annotations.read_only_hint and tool.description
            for tool in tools.values()
        )
        for name, arguments in CALLS.items():
            reply: CallToolResult = await client.call_tool(name, arguments)
            assert not reply.is_error, name
            found = addresses(reply.structured_content)
            assert found, name
            for address in dict.fromkeys(found):
                assert address.startswith(url) and httpx.get(address).status_code == 200, address
        found = await client.call_tool("search", {"text": "Radschnellweg"})
        first = found.structured_content["entries"][0]
        assert (
            first["url"] == f"{url}/documents/{REPORT}/2.1.2.3"
            and "Radschnellweg" in first["passage"]
        )
        assert (
            first["document_title"]
            and "page" in first
            and first["passage"] in found.content[0].text
        )

    used(url + "/mcp", work)


@cases("name", "arguments", "why")
def test_what_cannot_be_said_is_an_error_in_words(
    url: str, name: str, arguments: dict[str, Any], why: str
) -> None:
    async def work(client: Client) -> None:
        reply = await client.call_tool(name, arguments)
        assert reply.is_error and why in reply.content[0].text

    used(url + "/mcp", work)


def test_it_is_off_unless_set_and_guarded_like_everything_else(
    store: EditionStore, url: str
) -> None:
    settings = Settings(data_dir=store.root)
    assert (
        TestClient(create_app(settings, make_holder(settings))).post("/mcp", json={}).status_code
        == 404
    )
    foreign = httpx.post(f"{url}/mcp", json={}, headers={"Origin": "https://boese.example"})
    assert foreign.status_code == 403
    assert httpx.post(f"{url}/mcp", content=b"x" * 70_000).status_code == 413
    often = Settings(data_dir=store.root, mcp=True, rate_per_minute=2)
    client = TestClient(create_app(often, make_holder(often)), client=("203.0.113.9", 1))
    with client:
        assert [client.post("/mcp", json={}).status_code for _ in range(3)][-1] == 429


def test_over_stdio(store: EditionStore) -> None:
    command, *arguments = [*COMMAND, "mcp", "--data-dir", str(store.root)]
    env = environment(store.root) | {"PATH": os.environ["PATH"]}
    server = StdioServerParameters(command=command, args=arguments, env=env, cwd=str(REPOSITORY))

    async def work(client: Client) -> None:
        reply = await client.call_tool("read", {"document": REPORT, "keys": ["2.1.2.3"]})
        (entry,) = reply.structured_content["entries"]
        assert entry["url"] == f"http://127.0.0.1:8000/documents/{REPORT}/2.1.2.3" and entry["text"]

    used(server, work)
