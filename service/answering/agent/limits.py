"""The agent's graph, and its limits for one answer: turns, calls, seconds, money and text to read.

The only file of the package that imports LangChain's agents; it is imported only if a model is
configured.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelCallLimitMiddleware, hook_config
from langchain.agents.structured_output import ToolStrategy
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import StructuredTool

from service.answering.agent.agent import Agent, system_prompt
from service.answering.agent.calls import offered_tools
from service.answering.agent.form import Answer
from service.language_models import Failure, LangChainModel, ModelUnavailable, reply_of
from vectorstore import parse_json_object

TURNS = 4  # most requests to the model
CALLS = 12  # most tool calls
LONGEST = 8_000  # characters of the arguments of a call, or of an answer; a longer one is ignored
# share of the time after which the model gets no more tools, so that it has to answer
_CLOSING = 0.6
_NODES = 100  # most nodes that the graph runs through, more than turns and calls need


class LimitMiddleware(AgentMiddleware):
    """Enforces the limits of time, money and calls; removes tools for the last turn; has answers
    verified.
    """

    def __init__(self, agent: Agent) -> None:
        super().__init__()
        now = agent.access.clock()
        seconds = agent.access.limits.seconds
        self._agent = agent
        self._repaired = False
        self._deadline = now + seconds
        self._closing_time = now + _CLOSING * seconds

    def run(self, model: LangChainModel) -> None:
        """Run the graph with a model, from the agent's first message to the end.

        The agent keeps the answer. `tool_message_content` is what the model is told on a structured
        answer.
        """
        agent = self._agent
        tools = [
            StructuredTool(name=name, description=text, args_schema=form)
            for name, (text, form) in offered_tools().items()
        ]
        middleware: list[AgentMiddleware[Any, Any, Any]] = [
            self,
            ModelCallLimitMiddleware(run_limit=TURNS),
        ]
        answer_form = ToolStrategy(
            Answer, tool_message_content="{}", handle_errors=agent.explain_form
        )
        graph = create_agent(
            model.chat,
            tools,
            system_prompt=system_prompt(agent.language, agent.question_run.request.style),
            middleware=middleware,
            response_format=answer_form,
        )
        # one call after the other, in their order
        limits: Any = {"recursion_limit": _NODES, "max_concurrency": 1}
        graph.invoke({"messages": [HumanMessage(agent.first_message())]}, limits)

    @hook_config(can_jump_to=["end"])
    def before_model(self, _state: Any, runtime: Any) -> dict[str, Any] | None:
        """Stop at the second answer in the wrong form."""
        return {"jump_to": "end"} if self._agent.malformed_answers > 1 else None

    def wrap_model_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Send a request to the model and count the tokens of the reply, estimated if it does not
        say them.

        The model gets no tools, and so has to answer, in the last turn, after too many calls, after
        much text, after an answer in the wrong form, or late in its time. Tool calls of the reply
        that are too long or too many are dropped. Raises ModelUnavailable if the time or today's
        money is spent.
        """
        agent = self._agent
        access = agent.access
        access.require_budget()
        self._require_time()
        is_at_limit = agent.turns >= TURNS - 1 or agent.calls >= CALLS or agent.material.is_full
        must_answer = is_at_limit or agent.malformed_answers > 0
        if must_answer or access.clock() > self._closing_time:
            request = request.override(tools=[])
        agent.turns += 1
        response = handler(request)
        for message in response.result:
            if isinstance(message, AIMessage):
                calls = message.tool_calls[:CALLS]
                message.tool_calls = [call for call in calls if len(str(call["args"])) <= LONGEST]
                access.count_reply(reply_of(message, str(request.messages)))
        return response

    def _require_time(self) -> None:
        """Raise ModelUnavailable after the deadline."""
        if self._agent.access.clock() > self._deadline:
            raise ModelUnavailable(Failure.SLOW)

    @hook_config(can_jump_to=["model", "end"])
    def after_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """Have the answer in the model's last message verified; None if the message calls tools
        instead.

        The answer is structured, or JSON in a text. If it needs a repair, the model is asked for
        it, at most once; otherwise the run ends. Before a new request, each tool call of the
        message that has no reply gets an empty one, as the protocol demands it.
        """
        message = next(
            entry for entry in reversed(state["messages"]) if isinstance(entry, AIMessage)
        )
        answer = state.get("structured_response")
        if answer is None and message.tool_calls:
            return None
        if answer is None and len(message.text) <= LONGEST:
            with suppress(ValueError):
                answer = Answer.model_validate(parse_json_object(message.text))
        repair = self._agent.verify_answer(answer)
        if not repair or self._repaired:
            return {"jump_to": "end"}
        self._repaired = True
        replied_ids = {
            reply.tool_call_id for reply in state["messages"] if isinstance(reply, ToolMessage)
        }
        # each needs a reply
        open_ids = (call["id"] for call in message.tool_calls if call["id"] not in replied_ids)
        open_replies = [ToolMessage("{}", tool_call_id=call_id) for call_id in open_ids]
        return {
            "messages": [*open_replies, HumanMessage(repair)],
            "structured_response": None,
            "jump_to": "model",
        }

    def wrap_tool_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Carry out a tool call; more calls than `CALLS` get an empty reply, so that each has one.

        LangChain itself replies to the call of an unknown tool.
        """
        call = request.tool_call
        if request.tool is None:
            return handler(request)
        self._agent.calls += 1
        self._require_time()
        is_allowed = self._agent.calls <= CALLS
        reply = self._agent.call(call["name"], call["args"]) if is_allowed else "{}"
        return ToolMessage(reply, tool_call_id=call["id"], name=call["name"])
