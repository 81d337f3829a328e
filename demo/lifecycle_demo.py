"""The whole life of a model: retrained by schedule, reproduced, retired by rule, restored. Run by ``./modelward demo lifecycle``."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path

from context import Context
from lifecycle_steps import l1_retrain, l2_fail, l3_reproduce, l4_retain, l5_restore
from lifecycle_steps.receivers import Receivers
from modelward import ModelRegistry, ModelwardError
from modelward.testing import Server, StartFailed
from say import Say, StepFailed


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Cards are short here; the demo without a word shows whole ones.
    warnings.simplefilter("ignore")
    say = Say()
    folder = Path(tempfile.mkdtemp(prefix="modelward-demo-"))
    receivers = Receivers()
    server, context, code = None, None, 1
    started = time.monotonic()
    try:
        settings = folder / "server.conf"
        settings.write_text(
            f"webhooks.allow-private = true\nnotifications.smtp.host = 127.0.0.1\nnotifications.smtp.port = {receivers.mail_port}\n"
            "notifications.smtp.tls = none\nnotifications.smtp.from = modelward@example.org\n"
        )
        arguments = ["--config", str(settings)]
        with say.waiting("starting a server on a free port of this machine"):
            server = Server(folder / "data", *arguments)
        say.done(f"the server listens on {server.url}; a webhook, a chat and a mail server of the demo listen beside it")
        os.environ["MODELWARD_URL"] = server.url
        os.environ["MODELWARD_CACHE"] = str(folder / "cache")
        context = Context(say, server, ModelRegistry(server.url), folder / "scratch")
        context.scratch.mkdir()
        l1_retrain.run(context, receivers)
        l2_fail.run(context, receivers)
        l3_reproduce.run(context)
        l4_retain.run(context)
        server = l5_restore.run(context, arguments)
        code = 0
        say.line(f"\nAll of it held, in {time.monotonic() - started:.0f} s. The server has ended, its data are removed.")
    except StepFailed as failed:
        say.failed(f"{failed}.")
    except (ModelwardError, StartFailed, OSError) as error:
        say.failed(str(error))
    except KeyboardInterrupt:
        say.line("\nStopped.")
        code = 130
    finally:
        if context is not None and context.callers is not None:
            context.callers.kill()
        if server is not None:
            server.stop()
            if code == 1 and server.log.exists():
                say.line("The end of the server's log:\n" + server.log_end())
        receivers.close()
        shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
