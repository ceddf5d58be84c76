"""The agent's graph and what it may take for one answer: turns, calls, seconds, money and text to read.

The only file of the room that imports LangChain's agents; it is imported where a model is configured.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelCallLimitMiddleware, hook_config
from langchain.agents.structured_output import ToolStrategy
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import StructuredTool
from pydantic import BaseModel, ValidationError

from service.language_models.building import Reply
from service.language_models.errors import Failure, ModelUnavailable
from vectorstore.model_reply import object_in

TURNS, CALLS = 8, 12
_CLOSING = 0.6  # share of the time after which the agent has to answer
_STEPS = 100  # nodes of the graph, beyond what turns and calls take


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who does what the agent asks for: carries out a call, weighs an answer, counts what a turn took.

    `weigh` gets an answer, None where there was none; it says what the agent is told for one more turn, "" for none.
    """

    call: Callable[[str, Mapping[str, Any]], str]
    step: Callable[[str, Mapping[str, Any]], None]
    weigh: Callable[[Any], str]
    replied: Callable[[Reply], None]
    require_budget: Callable[[], None]
    full: Callable[[], bool]


class Watch(AgentMiddleware):
    """Keeps to seconds, money and calls; takes the tools away for the last turn; has the answer weighed."""

    def __init__(self, office: Office, form: type[BaseModel], until: float, seconds: float) -> None:
        super().__init__()
        self._office, self._form = office, form
        self._until, self._closes = until, until - (1 - _CLOSING) * seconds
        self.turns, self.calls, self._last = 0, 0, False

    def wrap_model_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Ask the model, without tools where it has to answer now."""
        self._office.require_budget()
        if time.monotonic() > self._until:
            raise ModelUnavailable(Failure.SLOW)
        over = time.monotonic() > self._closes or self.turns >= TURNS - 1 or self.calls >= CALLS or self._office.full()
        self.turns += 1
        response = handler(request.override(tools=[]) if over or self._last else request)
        for message in response.result:
            if isinstance(message, AIMessage):
                used: Mapping[str, Any] = message.usage_metadata or {}
                self._office.replied(Reply(message.text, used.get("input_tokens", 0), used.get("output_tokens", 0)))
        return response

    @hook_config(can_jump_to=["model", "end"])
    def after_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """Tell the steps that come; have an answer weighed, which may cost one more turn."""
        message = next(one for one in reversed(state["messages"]) if isinstance(one, AIMessage))
        answer = state.get("structured_response")
        if answer is None and message.tool_calls:
            return None
        told = self._office.weigh(answer or self._read(message.text))
        if not told or self._last:
            return {"jump_to": "end"}
        self._last = True
        heard = {one.tool_call_id for one in state["messages"] if isinstance(one, ToolMessage)}
        left = [ToolMessage("{}", tool_call_id=one["id"]) for one in message.tool_calls if one["id"] not in heard]
        return {"messages": [*left, HumanMessage(told)], "structured_response": None, "jump_to": "model"}

    def wrap_tool_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Carry out a call; beyond their number none is."""
        name, arguments, token = request.tool_call["name"], request.tool_call["args"], request.tool_call["id"]
        if request.tool is None:
            return handler(request)  # which names the tools that there are
        if self.calls >= CALLS:
            return ToolMessage("{}", tool_call_id=token, name=name, status="error")
        self.calls += 1
        self._office.step(name, arguments)
        return ToolMessage(self._office.call(name, arguments), tool_call_id=token, name=name)

    def _read(self, text: str) -> BaseModel | None:
        """The answer in a text, for models that write it instead of calling for it."""
        try:
            return self._form.model_validate(object_in(text))
        except (ValidationError, ValueError):
            return None


def graph_of(
    model: Any,
    instruction: str,
    forms: Mapping[str, tuple[str, type[BaseModel]]],
    watch: Watch,
    answer: type[BaseModel],
) -> Callable[[str], None]:
    """What puts a first message to the agent; `forms` are the tools by name, each with what it does and takes."""
    tools = [
        StructuredTool.from_function(print, name=name, description=told, args_schema=form, infer_schema=False)
        for name, (told, form) in forms.items()
    ]
    middleware: list[AgentMiddleware[Any, Any, Any]] = [watch, ModelCallLimitMiddleware(run_limit=TURNS + 1)]
    agent = create_agent(
        model,
        tools,
        system_prompt=instruction,
        response_format=ToolStrategy(answer),
        middleware=middleware,
    )

    def put(first: str) -> None:
        agent.invoke(
            {"messages": [HumanMessage(first)]}, {"recursion_limit": _STEPS, "max_concurrency": 1}
        )  # calls in order

    return put
