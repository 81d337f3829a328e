"""The same calls for asyncio. Each runs on a thread of the registry's own, so that the event loop never waits."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .registry import ModelRegistry

_END = object()


class AsyncModelRegistry:
    """A Modelward server for asyncio: every method of ModelRegistry, awaited; those that iterate are iterated with ``async for``.

    A call that is cancelled is not waited for, and may still take effect.
    """

    def __init__(self, *arguments: Any, calls_at_once: int = 32, **named: Any) -> None:
        """Takes what ModelRegistry takes.

        :param calls_at_once: the most calls that are under way; others wait
        """
        self._registry = ModelRegistry(*arguments, **named)
        self._threads = ThreadPoolExecutor(calls_at_once, thread_name_prefix="modelward")

    def __repr__(self) -> str:
        return f"Async{self._registry!r}"

    @property
    def url(self) -> str:
        """The server's address."""
        return self._registry.url

    async def close(self) -> None:
        """Waits for the calls that are under way, and closes the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self._registry.close()

    async def __aenter__(self) -> AsyncModelRegistry:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, functools.partial(function, *arguments, **named))


def _awaited(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(function)
    async def call(self: AsyncModelRegistry, *arguments: Any, **named: Any) -> Any:
        return await self._run(function, self._registry, *arguments, **named)

    return call


def _iterated(function: Callable[..., Iterator[Any]]) -> Callable[..., AsyncIterator[Any]]:
    @functools.wraps(function)
    async def items(self: AsyncModelRegistry, *arguments: Any, **named: Any) -> AsyncIterator[Any]:
        iterator = iter(await self._run(function, self._registry, *arguments, **named))
        while (item := await self._run(next, iterator, _END)) is not _END:
            yield item

    return items


def _iterates(function: Callable[..., Any]) -> bool:
    return str(inspect.signature(function).return_annotation).startswith("Iterator")


for _name in dir(ModelRegistry):
    _function = getattr(ModelRegistry, _name)
    if not _name.startswith("_") and inspect.isfunction(_function) and _name != "close":
        setattr(AsyncModelRegistry, _name, _iterated(_function) if _iterates(_function) else _awaited(_function))
