"""The five tools for other assistants by the Model Context Protocol: over HTTP at /mcp and over
stdio, read-only.

Replies have public data only: items with passage, document, page and URL, so that they can be
cited.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from anyio import run, to_thread
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ValidationError
from starlette.routing import BaseRoute

from prompts import load_words, text
from service import Settings
from service.answering import TOOL_FORMS, ToolError
from service.records import document_url, item_url
from service.web import EditionHolder
from service.web.http import MAX_BODY_BYTES, problem_for, problem_of, public_url
from vectorstore.storage import StoreError

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/mcp"
READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def mcp_routes(
    settings: Settings, holder: EditionHolder
) -> tuple[list[BaseRoute], StreamableHTTPSessionManager]:
    """Return the routes of the tools, and the session manager, which must run while they are
    served.

    Requests have no sessions, so any process may answer them. The library's own protection against
    foreign websites is off, since `OriginGuard` refuses their requests.
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
    """Answer tool calls on stdin and stdout until stdin is closed."""
    server = _server(settings, holder)

    async def serve() -> None:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    run(serve)


def _server(settings: Settings, holder: EditionHolder) -> Server[Any]:
    """Return the server of the tools.

    The URLs in its replies begin with the configured public address. Without one they begin like
    the URL of the request or, on stdio, with host and port of the settings.
    """
    descriptions = load_words("de/model/agent_tools")

    async def list_tools(_context: ServerRequestContext[Any], _params: Any) -> ListToolsResult:
        tools = [
            Tool(
                name=name,
                description=descriptions[name],
                input_schema=form.model_json_schema(),
                annotations=READ_ONLY,
            )
            for name, form in TOOL_FORMS.items()
        ]
        return ListToolsResult(tools=tools)

    async def call_tool(
        context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        """Call a tool in a worker thread, and return its reply."""
        if context.request:
            base_url = public_url(context.request, settings)
        else:
            base_url = settings.public_url or f"http://{settings.host}:{settings.port}"
        call = partial(_call, holder, params.name, params.arguments or {}, base_url)
        return await to_thread.run_sync(call)

    return Server(
        settings.name,
        instructions=text("de/model/mcp"),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _call(
    holder: EditionHolder, name: str, arguments: dict[str, Any], base_url: str
) -> CallToolResult:
    """Call a tool and return its reply, or a result with the error's message.

    An assistant reads the message and may call again with better arguments. So for wrong arguments
    it names the first five faults, and for an unknown tool the known ones.
    """
    try:
        if name not in TOOL_FORMS:
            raise ToolError(f"{name}: {', '.join(TOOL_FORMS)}")
        form = TOOL_FORMS[name].model_validate(arguments)
        with holder.lease() as served:
            # the methods of `Tools` are named like the keys of `TOOL_FORMS`
            reply: BaseModel = getattr(served.answers.tools(), name)(form)
    except ValidationError as error:
        messages = [
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:5]
        ]
        return _error_result("; ".join(messages))
    except ToolError as error:
        return _error_result(str(error))
    except StoreError as error:
        return _error_result(problem_of(problem_for(error, "de"), "de").detail or "")
    content = _add_urls(reply.model_dump(mode="json"), base_url)
    text_content = TextContent(type="text", text=json.dumps(content, ensure_ascii=False))
    return CallToolResult(content=[text_content], structured_content=content)


def _error_result(message: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=message)], is_error=True)


def _add_urls(value: Any, base_url: str) -> Any:
    """Return a part of a reply (JSON) in which every item and document has its absolute `url`.

    It looks into lists and objects at any depth; all else stays as it is.
    """
    if isinstance(value, list):
        return [_add_urls(part, base_url) for part in value]
    if not isinstance(value, dict):
        return value
    result = {name: _add_urls(part, base_url) for name, part in value.items()}
    path = _path_of(value)
    if path:
        result["url"] = base_url + path
    return result


def _path_of(value: dict[str, Any]) -> str:
    """Return the path of the item or document that a part of a reply is about, "" for none.

    A part with `document_id` and `key` is an item. One with `document_id` alone is about that
    document, and one with `id` and `publisher` is a document.
    """
    document = value.get("document_id")
    if document is not None and "key" in value:
        return item_url(document, value["key"])
    if not document and "publisher" in value:
        document = value.get("id")
    return document_url(document) if document else ""
