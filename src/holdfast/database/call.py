"""An operation as a value: a SQL function, named and filled, and how to read its rows.

Whoever builds a Call does not know whether it will run on our own connections or inside the
transaction of the caller, sync or async. That is why there are no twins of any operation.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Generic, Literal, NamedTuple, TypeVar

T = TypeVar("T")
Row = Sequence[Any]
Style = Literal["format", "numeric", "named"]


class Call(NamedTuple, Generic[T]):
    """A tuple, since one is made for each statement, and a frozen dataclass costs four times that.

    `function` is one of ours, `args` its named arguments, `read` makes the result of the rows.

    `select` may narrow the columns and `where` the rows; both are written by us, never by a caller.
    `scalar`: the function returns one value; it is then asked for as one, which costs less.
    `takes_s`: so long it may take where it has much to do; it is waited for so much longer.
    """

    function: str
    args: Mapping[str, object] = MappingProxyType({})
    read: Callable[[Sequence[Row]], T] = list  # type: ignore[assignment]
    select: str = "*"
    where: str = "true"
    scalar: bool = False
    takes_s: float = 0.0

    def sql(self, schema: str, style: Style = "format") -> str:
        """The statement, with placeholders as the driver writes them: %s, $1 or :name."""
        if self.scalar:
            return _scalar(schema, self.function, (*self.args,), style)
        return _statement(schema, self.function, (*self.args,), self.select, self.where, style)


@lru_cache(maxsize=1000)
def _scalar(schema: str, function: str, names: tuple[str, ...], style: Style) -> str:
    return f"select {_called(schema, function, names, style)}"


@lru_cache(maxsize=1000)
def _statement(
    schema: str, function: str, names: tuple[str, ...], select: str, where: str, style: Style
) -> str:
    narrowed = "" if where == "true" else f" where {where}"
    return f"select {select} from {_called(schema, function, names, style)}{narrowed}"


def _called(schema: str, function: str, names: tuple[str, ...], style: Style) -> str:
    named = ", ".join(
        f"{name} => {_placeholder(style, place, name)}" for place, name in enumerate(names, start=1)
    )
    return f'"{schema}".{function}({named})'


def _placeholder(style: Style, place: int, name: str) -> str:
    return {"format": "%s", "numeric": f"${place}", "named": f":{name}"}[style]
