"""The agent's graph, and its limits for one answer: turns, calls, seconds, money and text to read.

The only file of the package that imports LangChain's agents; it is imported only if a model is configured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelCallLimitMiddleware, hook_config
from langchain.agents.structured_output import ToolStrategy
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import StructuredTool
from pydantic import BaseModel, ValidationError

from service.language_models.building import ModelReply, tokens_of
from service.language_models.errors import Failure, ModelUnavailable
from vectorstore.endpoints import parse_json_object

if TYPE_CHECKING:
    from service.answering.agent.agent import Agent

TURNS, CALLS = 8, 12  # most requests to the model, and tool calls
LONGEST = 8_000  # characters of the arguments of a call, or of an answer; a longer one is ignored
_CLOSING = 0.6  # share of the time after which the model gets no more tools, so that it has to answer
_NODES = 100  # most nodes that the graph runs through, more than turns and calls need


class LimitMiddleware(AgentMiddleware):
    """Enforces the limits of time, money and calls; removes the tools for the last turn; has the answer verified."""

    def __init__(self, agent: Agent, form: type[BaseModel]) -> None:
        super().__init__()
        self._agent, self._form, seconds = agent, form, agent.access.limits.seconds
        now = agent.access.clock()
        self._deadline, self._closing_time = now + seconds, now + _CLOSING * seconds
        self.turns, self.calls, self._repaired = 0, 0, False

    def run(self, model: Any, instruction: str, first: str, offered: Mapping[str, tuple[str, Any]]) -> None:
        """Run the graph on a first message; `offered` are the tools: by name a description and a JSON schema."""
        tools = [
            StructuredTool(name=name, description=text, args_schema=form) for name, (text, form) in offered.items()
        ]
        middleware: list[AgentMiddleware[Any, Any, Any]] = [self, ModelCallLimitMiddleware(run_limit=TURNS + 1)]
        form = ToolStrategy(self._form, tool_message_content="{}", handle_errors=self._agent.explain_form)
        graph = create_agent(model, tools, system_prompt=instruction, middleware=middleware, response_format=form)
        limits: Any = {"recursion_limit": _NODES, "max_concurrency": 1}  # one call after the other, in their order
        graph.invoke({"messages": [HumanMessage(first)]}, limits)

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """Stop at the second answer in the wrong form."""
        return {"jump_to": "end"} if self._agent.malformed_answers > 1 else None

    def wrap_model_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Send a request to the model, without tools if it has to answer now; its tokens are paid from the budget."""
        self._agent.access.require_budget()
        if self._agent.access.clock() > self._deadline:
            raise ModelUnavailable(Failure.SLOW)
        limit_reached = self.turns >= TURNS - 1 or self.calls >= CALLS or self._agent.material.is_full
        must_answer = (
            limit_reached or self._agent.malformed_answers > 0 or self._agent.access.clock() > self._closing_time
        )
        self.turns += 1
        response = handler(request.override(tools=[]) if must_answer else request)
        for message in response.result:
            if isinstance(message, AIMessage):
                message.tool_calls = [call for call in message.tool_calls[:CALLS] if _is_short(call["args"])]
                usage: Mapping[str, Any] = message.usage_metadata or {}
                input_tokens = usage.get("input_tokens") or tokens_of(str(request.messages))
                output_tokens = usage.get("output_tokens") or tokens_of(f"{message.text}{message.tool_calls}")
                self._agent.access.count_reply(ModelReply(message.text, input_tokens, output_tokens))
        return response

    @hook_config(can_jump_to=["model", "end"])
    def after_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """Have the answer verified, structured or as JSON in a text; may request one repair, which is another turn."""
        message = next(item for item in reversed(state["messages"]) if isinstance(item, AIMessage))
        answer = state.get("structured_response")
        if answer is None and message.tool_calls:
            return None
        if answer is None and len(message.text) <= LONGEST:
            try:
                answer = self._form.model_validate(parse_json_object(message.text))
            except (ValidationError, ValueError):
                answer = None
        repair = self._agent.verify_answer(answer)
        if not repair or self._repaired:
            return {"jump_to": "end"}
        self._repaired = True
        replied_ids = {item.tool_call_id for item in state["messages"] if isinstance(item, ToolMessage)}
        open_ids = (call["id"] for call in message.tool_calls if call["id"] not in replied_ids)
        open_replies = [ToolMessage("{}", tool_call_id=call_id) for call_id in open_ids]
        return {"messages": [*open_replies, HumanMessage(repair)], "structured_response": None, "jump_to": "model"}

    def wrap_tool_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Carry out a tool call, with an empty reply beyond `CALLS`; to an unknown tool LangChain replies."""
        call = request.tool_call
        if request.tool is None:
            return handler(request)
        self.calls += 1
        if self._agent.access.clock() > self._deadline:
            raise ModelUnavailable(Failure.SLOW)
        reply = self._agent.call(call["name"], call["args"]) if self.calls <= CALLS else "{}"
        return ToolMessage(reply, tool_call_id=call["id"], name=call["name"])


def _is_short(value: object) -> bool:
    """True if the arguments of a call are within the limit of characters."""
    return len(str(value)) <= LONGEST
