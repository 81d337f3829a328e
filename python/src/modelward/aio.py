"""The same calls for asyncio. Each runs on a thread of the registry's own, so that the event loop never waits."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .errors import Unfinished, warn
from .registry import ModelRegistry
from .results import Rollout
from .rollouts import ENDED

_END = object()
_PAUSE_S = 0.5


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
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        self._registry.close()

    async def __aenter__(self) -> AsyncModelRegistry:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def wait(self, rollout_id: str, timeout: float | None = None) -> Rollout:
        """As ModelRegistry.wait; a wait that is cancelled has ended."""
        loop = asyncio.get_running_loop()
        until = None if timeout is None else loop.time() + timeout
        told = False
        async for rollout in self._states(rollout_id, until):
            if rollout["state"] == "HELD" and not told:
                told = True
                warn(f"Rollout {rollout_id} is held, and is waited for: {rollout['reason']}")
        if rollout["state"] not in ENDED:
            so_far = f"Rollout {rollout_id} is {rollout['state']} after {timeout:g} s: {rollout['reason']}"
            raise Unfinished(so_far, extra={"rollout": rollout})
        return rollout

    async def watch(self, rollout_id: str) -> AsyncIterator[Rollout]:
        """The rollout, first as it is and then whenever it has changed, until it ends; it is asked for twice a second."""
        async for rollout in self._states(rollout_id, None):
            yield rollout

    async def _states(self, rollout_id: str, until: float | None) -> AsyncIterator[Rollout]:
        """The states until the rollout ends, or until this time of the loop's clock."""
        last: Rollout | None = None
        while True:
            rollout = await self._run(self._registry.rollout_status, rollout_id)
            now = asyncio.get_running_loop().time()
            over = rollout["state"] in ENDED or (until is not None and now >= until)
            if rollout != last or over:
                last = rollout
                yield rollout
            if over:
                return
            await asyncio.sleep(_PAUSE_S if until is None else max(0.0, min(_PAUSE_S, until - now)))

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
    if not _name.startswith("_") and inspect.isfunction(_function) and _name not in vars(AsyncModelRegistry):
        setattr(AsyncModelRegistry, _name, _iterated(_function) if _iterates(_function) else _awaited(_function))
