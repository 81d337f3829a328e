"""Step 12: a clean end, or a server to go on with."""

from __future__ import annotations

from cli import TYPED
from context import Context
from say import holds


def run(context: Context, keep: bool) -> None:
    say, server = context.say, context.server
    if keep:
        say.heading(12, "The server goes on")
        say.done(f"it listens on {server.url} (process {server.pid}) and keeps its data in {server.data}")
        say.note("Try next:")
        say.line(f"     export MODELWARD_URL={server.url}")
        say.line(f"     {TYPED} list iris")
        say.line(f"     {TYPED} show iris@latest")
        say.line(f"     {TYPED} predict iris '[[5.1,3.5,1.4,0.2]]'")
        say.line(f"     {TYPED} trace {context.answered[1]}")
        say.line(f'     {TYPED} flip iris 1.10.0 --reason "it is better"')
        say.line(f"     {TYPED} rollout list iris")
        say.line(f"     {TYPED} rollout quarantine iris")
        say.note("Three pages worth opening:")
        rolled_back = next(one for one in context.registry.rollouts("iris") if one.state == "ROLLED_BACK")
        say.line(f"     {server.url}/ui/endpoints/iris          what answers, and how well")
        say.line(f"     {server.url}/ui/rollouts/{rolled_back.id}    a version that the server took back by itself, and why")
        say.line(f"     {server.url}/ui/predictions/{context.answered[1]}    which model answered a request")
        say.line(f"     kill {server.pid}        # ends it; requests in flight are answered first")
        return
    say.heading(12, "End")
    context.registry.close()
    code = server.stop()
    holds(code in (0, 143, -15), f"the server ended with the code {code}")
    say.done("the server answered what was in flight and ended; its data are removed")
