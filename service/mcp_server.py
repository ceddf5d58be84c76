"""The five tools for assistants of others, by the Model Context Protocol: over HTTP at /mcp and over stdio, read-only.

What they give is what everybody is given: entries with their passage, paper, page and address, to be cited by.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from anyio import run, to_thread
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult, TextContent, Tool, ToolAnnotations
from pydantic import BaseModel, ValidationError
from starlette.routing import BaseRoute

from prompts import load_words, text
from service.answering.agent.material import FORMS
from service.answering.query import ToolError
from service.edition_holder import EditionHolder
from service.http.limits import MAX_BODY_BYTES
from service.http.problems import problem_for, problem_of
from service.records import item_url
from service.settings import Settings
from service.staff.addresses import public_url
from vectorstore.errors import StoreError

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/mcp"
READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def mcp_routes(settings: Settings, holder: EditionHolder) -> tuple[list[BaseRoute], StreamableHTTPSessionManager]:
    """Return the route at which the tools are called, and what has to run meanwhile.

    Each request stands alone, so that any process may answer it; which websites may send one the service says itself.
    """
    server = _server(settings, holder)
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MAX_BODY_BYTES,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return list(app.routes), server.session_manager


def serve_stdio(settings: Settings, holder: EditionHolder) -> None:
    """Answer the calls that come on stdin until it ends."""
    server = _server(settings, holder)

    async def serve() -> None:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    run(serve)


def _server(settings: Settings, holder: EditionHolder) -> Server[Any]:
    descriptions = load_words("de/model/agent_tools")

    async def list_tools(context: ServerRequestContext[Any], asked: Any) -> ListToolsResult:
        return ListToolsResult(
            tools=[
                Tool(
                    name=name,
                    description=descriptions[name],
                    input_schema=form.model_json_schema(),
                    annotations=READ_ONLY,
                )
                for name, form in FORMS.items()
            ]
        )

    async def call_tool(context: ServerRequestContext[Any], asked: CallToolRequestParams) -> CallToolResult:
        own = f"http://{settings.host}:{settings.port}"
        address = public_url(context.request, settings) if context.request else settings.public_url or own
        call = partial(_called, holder, asked.name, asked.arguments or {}, address)
        return await to_thread.run_sync(call)

    return Server(settings.name, instructions=text("de/model/mcp"), on_list_tools=list_tools, on_call_tool=call_tool)


def _called(holder: EditionHolder, name: str, arguments: dict[str, Any], address: str) -> CallToolResult:
    """Return what a tool says, or why it says nothing."""
    try:
        if name not in FORMS:
            raise ToolError(f"{name}: {', '.join(FORMS)}")
        asked = FORMS[name].model_validate(arguments)
        with holder.lease() as served:
            statement: BaseModel = getattr(served.answers.tools(), name)(asked)
    except ValidationError as error:
        return _refused(
            "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:5])
        )
    except ToolError as error:
        return _refused(str(error))
    except StoreError as error:
        return _refused(problem_of(problem_for(error, "de"), "de").detail or "")
    whole = _addressed(statement.model_dump(mode="json"), address)
    plain = json.dumps(whole, ensure_ascii=False)
    return CallToolResult(content=[TextContent(type="text", text=plain)], structured_content=whole)


def _refused(why: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=why)], is_error=True)


def _addressed(statement: Any, address: str) -> Any:
    """Return a reply in which every entry and paper has its whole address."""
    if isinstance(statement, list):
        return [_addressed(part, address) for part in statement]
    if not isinstance(statement, dict):
        return statement
    whole = {name: _addressed(part, address) for name, part in statement.items()}
    if "document_id" in statement and "key" in statement:
        whole["url"] = address + item_url(statement["document_id"], statement["key"])
    elif document := statement.get("document_id") or (statement.get("id") if "publisher" in statement else None):
        whole["url"] = f"{address}/documents/{quote(document, safe='')}"
    return whole
