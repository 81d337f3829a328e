"""A team that works with MLflow points it at Modelward. Run by ``./modelward demo mlflow``."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["GIT_PYTHON_REFRESH"] = "quiet"

from context import Context  # noqa: E402
from modelward import ModelRegistry, ModelwardError  # noqa: E402
from modelward.testing import Server, StartFailed  # noqa: E402
from say import Say, StepFailed  # noqa: E402


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    say = Say()
    folder = Path(tempfile.mkdtemp(prefix="modelward-demo-"))
    server, code = None, 1
    started = time.monotonic()
    try:
        with say.waiting("starting a server on a free port of this machine"):
            server = Server(folder / "data")
        say.done(f"the server listens on {server.url}")
        _steps(say, server, folder)
        code = 0
        say.line(f"\nAll of it held, in {time.monotonic() - started:.0f} s. The server has ended, its data are removed.")
    except StepFailed as failed:
        say.failed(f"{failed}.")
    except (ModelwardError, StartFailed) as error:
        say.failed(str(error))
    except KeyboardInterrupt:
        say.line("\nStopped.")
        code = 130
    finally:
        if server is not None:
            server.stop()
            if code == 1:
                say.line("The end of the server's log:\n" + server.log_end())
        shutil.rmtree(folder, ignore_errors=True)
    return code


def _steps(say: Say, server: Server, folder: Path) -> None:
    os.environ["MLFLOW_TRACKING_URI"] = os.environ["MODELWARD_URL"] = server.url
    os.environ["MODELWARD_CACHE"] = str(folder / "cache")
    scratch = folder / "scratch"
    scratch.mkdir()
    # MLflow's client reads where the server is when it is imported.
    from mlflow_steps import m1_log, m2_register, m3_serve, m4_canary, m5_trace, m6_both
    from mlflow_steps.house import Team

    say.note(f"export MLFLOW_TRACKING_URI={server.url}")
    context = Context(say, server, ModelRegistry(), scratch)
    team = Team(context)
    try:
        for step in (m1_log, m2_register, m3_serve, m4_canary, m5_trace, m6_both):
            step.run(team)
    finally:
        if context.callers is not None:
            context.callers.kill()
        context.registry.close()


if __name__ == "__main__":
    sys.exit(main())
