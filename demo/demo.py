"""The main job on a real scikit-learn model: publish, predict, refuse, flip, trace, compare, roll out. Run by ``./modelward demo [--keep]``."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from context import Context
from modelward import ModelRegistry, ModelwardError
from modelward.testing import Server, StartFailed
from say import Say, StepFailed
from steps import s1_save, s2_predict, s3_refuse, s4_flip, s5_trace, s6_compare, s7_canary, s8_harm, s9_slow, s10_hang, s11_prove, s12_end


def main() -> int:
    parser = argparse.ArgumentParser(prog="modelward demo", description="Publish, predict, flip, trace and roll out, on a real scikit-learn model.")
    parser.add_argument("--keep", action="store_true", help="leave the server running at the end")
    keep = parser.parse_args().keep
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    say = Say()
    folder = Path(tempfile.mkdtemp(prefix="modelward-demo-"))
    server, kept, code = None, False, 1
    started = time.monotonic()
    try:
        with say.waiting("starting a server on a free port of this machine"):
            server = Server(folder / "data")
        say.done(f"the server listens on {server.url}")
        _steps(say, server, folder, keep)
        kept, code = keep, 0
        say.line(f"\nAll of it held, in {time.monotonic() - started:.0f} s.")
    except StepFailed as failed:
        say.failed(f"{failed}.")
    except (ModelwardError, StartFailed) as error:
        say.failed(str(error))
    except KeyboardInterrupt:
        say.line("\nStopped.")
        code = 130
    finally:
        if not kept:
            _clean(say, server, folder, failed=code == 1)
    return code


def _steps(say: Say, server: Server, folder: Path, keep: bool) -> None:
    # The snippet of step 1 finds the server as a user's would.
    os.environ["MODELWARD_URL"] = server.url
    os.environ["MODELWARD_CACHE"] = str(folder / "cache")
    scratch = folder / "scratch"
    scratch.mkdir()
    context = Context(say, server, ModelRegistry(), scratch)
    try:
        for step in (s1_save, s2_predict, s3_refuse, s4_flip, s5_trace, s6_compare, s7_canary, s8_harm, s9_slow, s10_hang, s11_prove):
            step.run(context)
    finally:
        if context.callers is not None:
            context.callers.kill()
    s12_end.run(context, keep)


def _clean(say: Say, server: Server | None, folder: Path, failed: bool) -> None:
    if server is not None:
        server.stop()
        if failed:
            say.line("The end of the server's log:\n" + server.log_end())
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
