"""Where templates run: they see the values they are given, and nothing else.

No attribute that begins with an underscore, no function of the application, no file, no network: a
template can include only texts of its own place. And it may use only so much: each turn of a loop,
each call of a macro and each include costs one of `_STEPS`, and so do a hundred characters that it
writes or works on; no text grows beyond `LARGEST`. A template that asks for more is an error,
before it has taken memory or time from anybody.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date, time
from decimal import Decimal
from functools import wraps
from typing import Any
from uuid import UUID

from jinja2 import StrictUndefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.loaders import FunctionLoader
from jinja2.runtime import Context, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from holdfast.errors import InvalidInput

LARGEST = 2 * 1024 * 1024  # characters of a text, at the end and on the way there
_STEPS = 50_000
_MOST_ITEMS = 100_000
_LONGEST_NUMBER = 512  # bits
_GROWING = (str, list, tuple)
_MULTIPLY = {"join", "replace", "indent", "expandtabs", "wordwrap"}
_WIDEN = {"indent", "expandtabs", "center", "ljust", "rjust", "zfill", "batch", "slice"}
_FORMAT = {"format", "format_map"}
_WIDE = re.compile(r"[0-9]{5,}|%[^a-zA-Z%]*\*|\{[^{}]+\{")
_DEEPEST = 20
_PLAIN = (str, int, float, bool, Decimal, date, time, UUID, type(None))
_left: ContextVar[list[int]] = ContextVar("steps that a template has left")


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment whose templates are the texts that `find` knows."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, find: Callable[[str], str | None]) -> None:
        super().__init__(
            loader=FunctionLoader(find),
            undefined=StrictUndefined,
            autoescape=lambda name: name is not None and name.endswith(".html"),
            finalize=_shown,
            keep_trailing_newline=True,
            cache_size=100,
        )
        self.globals = {
            "range": _range, "dict": dict, "namespace": self.globals["namespace"],
        }  # fmt: skip
        self.filters = {name: _measured(name, run) for name, run in self.filters.items()}
        self.filters |= {"holdfast_step": _step, "holdfast_join": _join, "holdfast_fits": _made}

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An operation, if its result cannot be huge."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise SecurityError(f"{operator} is not to be had here in a template")
        if operator == "*":
            for some, times in ((left, right), (right, left)):
                if isinstance(some, _GROWING) and isinstance(times, int):
                    _limit(len(some) * times)
        return _fits(super().call_binop(context, operator, left, right))

    def call(self, context: Context, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A method or macro, with arguments that cannot make its result huge."""
        method = getattr(function, "__wrapped__", function)
        owner, name = getattr(method, "__self__", None), getattr(method, "__name__", "")
        if isinstance(owner, str):
            _measure(name, owner, [*args, *kwargs.values()])
        return _fits(super().call(context, function, *args, **kwargs))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template with a step in each loop and macro, and a look at all that it makes."""
        tree = super()._parse(source, name, filename)
        kinds = (nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block, nodes.FilterBlock)
        for node in list(tree.find_all(kinds)):
            if isinstance(node, kinds):  # which the type checker does not know
                written = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
                node.body.insert(0, _tick(1 + written // 100))
        tree.body.insert(0, _tick(1))  # of an include, too
        _Watch().visit(tree)
        tree.set_environment(self)
        return tree


class _Watch(NodeTransformer):
    """Puts a look at the result around each ~, list, tuple and mapping that a template makes."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered("holdfast_join", nodes.List(node.nodes, lineno=node.lineno))

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802
        return _filtered("holdfast_fits", self.generic_visit(node))

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802
        return _filtered("holdfast_fits", self.generic_visit(node))

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered("holdfast_fits", node) if node.ctx == "load" else node


def run(render: Callable[[], Any]) -> str:
    """What a template says, within its steps and its size.

    Raises:
        SecurityError: it wants more than a template may have.
    """
    token = _left.set([_STEPS])
    try:
        pieces: list[str] = []
        size = 0
        for piece in render():
            size += len(piece)
            if size > LARGEST:
                raise SecurityError(f"its text has more than {LARGEST} characters")
            pieces.append(piece)
        return "".join(pieces)
    finally:
        _left.reset(token)


def plain_values(where: str, value: object, depth: int = 0) -> Any:
    """A copy that is data and nothing else: no object of the application comes into a template.

    Raises:
        InvalidInput: something in it is no text, number, date, list or mapping.
    """
    if depth > _DEEPEST:
        raise InvalidInput(f"{where}: nested too deeply")
    if isinstance(value, _PLAIN):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        copy = {}
        for name, held in value.items():
            if not isinstance(name, str):
                raise InvalidInput(f"{where}: the keys of a mapping are texts")
            copy[name] = plain_values(f"{where}.{name}"[:200], held, depth + 1)
        return copy
    if isinstance(value, list | tuple | set | frozenset):
        return [
            plain_values(f"{where}[{n}]"[:200], held, depth + 1) for n, held in enumerate(value)
        ]
    raise InvalidInput(
        f"{where}: text, numbers, dates, lists and mappings are taken, not {type(value).__name__}; "
        "give what the template shows"
    )


def _tick(steps: int) -> nodes.ExprStmt:
    return nodes.ExprStmt(_filtered("holdfast_step", nodes.Const(steps, lineno=1)), lineno=1)


def _filtered(name: str, node: nodes.Node) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


# with the context they cannot be worked out once, when the template is compiled


@pass_context
def _step(_context: Context, steps: int) -> int:
    _charge(steps)
    return 0


@pass_context
def _join(_context: Context, values: list[Any]) -> Any:
    """What ~ makes of its sides; markup stays markup."""
    _weigh(values)
    return _fits(markup_join(values))


@pass_context
def _made(_context: Context, value: Any) -> Any:
    return _fits(value)


def _charge(steps: int) -> None:
    left = _left.get([_STEPS])
    left[0] -= steps
    if left[0] < 0:
        raise SecurityError(f"it takes more than {_STEPS} steps")


def _shown(value: Any) -> Any:
    """What is written: a list or mapping as Python has it is never meant."""
    if isinstance(value, list | tuple | dict):
        raise SecurityError("a list or mapping is not written as it is; use join, or a loop")
    if isinstance(value, str):
        _charge(len(value) // 100)
    return _fits(value)


def _range(*bounds: int) -> range:
    """Numbers, each of which costs a step."""
    numbers = range(*bounds)
    _charge(len(numbers))
    return numbers


def _measured(name: str, run_filter: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run_filter)  # with the marks by which Jinja passes context and environment
    def measured(*args: Any, **kwargs: Any) -> Any:
        data = [a for a in args if isinstance(a, (*_PLAIN, list, tuple, dict))]
        if data:
            _measure(name, data[0], [*data[1:], *kwargs.values()])
        return _fits(run_filter(*args, **kwargs))

    return measured


def _measure(name: str, value: Any, args: list[Any]) -> None:
    """Charge for a filter or method by the size of its value; refuse what could be huge."""
    size = len(value) if isinstance(value, _GROWING) else 1
    _charge(1 + size // 100)
    longest = max((len(arg) for arg in args if isinstance(arg, _GROWING)), default=1)
    widest = max((abs(arg) for arg in args if isinstance(arg, int)), default=1)
    if name in _MULTIPLY:
        _limit(size * max(longest, widest if name in _WIDEN else 1))
    elif name in _WIDEN:
        _limit(widest * max(longest, 1))
    elif name in _FORMAT and _WIDE.search(str(value)):
        raise SecurityError("a width of a format is too large")
    elif name == "translate":
        raise SecurityError("translate is not to be had in a template")


def _fits(value: Any) -> Any:
    if isinstance(value, str):
        _limit(len(value))
    elif isinstance(value, int):
        if value.bit_length() > _LONGEST_NUMBER:
            raise SecurityError("a number would be too large")
    elif isinstance(value, list | tuple | dict):
        _weigh(value)
    return value


def _weigh(value: Any) -> None:
    """Count what is in a list or mapping, and in those in it, as often as it would be written."""
    count, size, stack = 0, 0, [value]
    while stack:
        held = stack.pop()
        if isinstance(held, dict):
            held = [*held, *held.values()]
        if isinstance(held, list | tuple):
            stack.extend(held)
            count += len(held)
        elif isinstance(held, str):
            size += len(held)
        if count > _MOST_ITEMS:
            raise SecurityError(f"a list or mapping has more than {_MOST_ITEMS} items")
    _limit(size)
    _charge(count // 100)


def _limit(size: int) -> None:
    if size > LARGEST:
        raise SecurityError(f"a text would have more than {LARGEST} characters")
