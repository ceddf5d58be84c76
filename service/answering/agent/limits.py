"""The agent's graph, and what it may take for one answer: turns, calls, seconds, money and text to read.

The only file of the room that imports LangChain's agents; it is imported where a model is configured.
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
from vectorstore.endpoints import object_in

if TYPE_CHECKING:
    from service.answering.agent.agent import Agent

TURNS, CALLS = 8, 12
LONGEST = 8_000  # characters of the arguments of a call, the answer's too; longer ones are not looked at
_CLOSING = 0.6  # share of the time after which the agent has to answer
_NODES = 100  # of the graph, beyond what turns and calls take


class Watch(AgentMiddleware):
    """Keeps to seconds, money and calls; takes the tools away for the last turn; has the answer weighed."""

    def __init__(self, agent: Agent, form: type[BaseModel]) -> None:
        super().__init__()
        self._agent, self._form, seconds = agent, form, agent.access.limits.seconds
        now = agent.access.clock()
        self._until, self._closes = now + seconds, now + _CLOSING * seconds
        self.turns, self.calls, self._repaired = 0, 0, False

    def run(self, model: Any, instruction: str, first: str, offered: Mapping[str, tuple[str, Any]]) -> None:
        """Put a first message to the model; `offered` are tools by name, each with what it does and takes."""
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
        """End with the second answer in the wrong form."""
        return {"jump_to": "end"} if self._agent.malformed > 1 else None

    def wrap_model_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Ask the model, without tools where it has to answer now."""
        self._agent.access.require_budget()
        if self._agent.access.clock() > self._until:
            raise ModelUnavailable(Failure.SLOW)
        spent = self.turns >= TURNS - 1 or self.calls >= CALLS or self._agent.material.full
        over = spent or self._agent.malformed > 0 or self._agent.access.clock() > self._closes
        self.turns += 1
        response = handler(request.override(tools=[]) if over else request)
        for message in response.result:
            if isinstance(message, AIMessage):
                message.tool_calls = [call for call in message.tool_calls[:CALLS] if _is_short(call["args"])]
                used: Mapping[str, Any] = message.usage_metadata or {}
                read = used.get("input_tokens") or tokens_of(str(request.messages))
                written = used.get("output_tokens") or tokens_of(f"{message.text}{message.tool_calls}")
                self._agent.access.replied(ModelReply(message.text, read, written))
        return response

    @hook_config(can_jump_to=["model", "end"])
    def after_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """Have an answer weighed, called for or written instead, which may cost one more turn."""
        message = next(item for item in reversed(state["messages"]) if isinstance(item, AIMessage))
        answer = state.get("structured_response")
        if answer is None and message.tool_calls:
            return None
        if answer is None and len(message.text) <= LONGEST:
            try:
                answer = self._form.model_validate(object_in(message.text))
            except (ValidationError, ValueError):
                answer = None
        repair = self._agent.weigh(answer)
        if not repair or self._repaired:
            return {"jump_to": "end"}
        self._repaired = True
        heard = {item.tool_call_id for item in state["messages"] if isinstance(item, ToolMessage)}
        left = [ToolMessage("{}", tool_call_id=call["id"]) for call in message.tool_calls if call["id"] not in heard]
        return {"messages": [*left, HumanMessage(repair)], "structured_response": None, "jump_to": "model"}

    def wrap_tool_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Carry out a call; beyond their number none is, and an unknown tool is told those that there are."""
        call = request.tool_call
        if request.tool is None:
            return handler(request)
        self.calls += 1
        if self._agent.access.clock() > self._until:
            raise ModelUnavailable(Failure.SLOW)
        reply = self._agent.call(call["name"], call["args"]) if self.calls <= CALLS else "{}"
        return ToolMessage(reply, tool_call_id=call["id"], name=call["name"])


def _is_short(value: object) -> bool:
    """True if the arguments of a call are no longer than a model needs to write."""
    return len(str(value)) <= LONGEST
