"""The command line and the Python client at a server that asks who its callers are: logging in, tokens, grants."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from modelward import Forbidden, ModelRegistry, NotFound, Unauthenticated
from modelward.testing import Server
from oidc_provider import Browser, Provider, free_port

LAUNCHER = "MODELWARD_LAUNCHER"


@dataclass
class Place:
    """A server with access control, its provider, and its first administrator's token."""

    server: Server
    provider: Provider
    bootstrap: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("access")
    provider = Provider(free_port())
    settings = folder / "modelward.properties"
    settings.write_text(
        "access.mode = on\n"
        f"access.oidc.issuer = {provider.issuer}\n"
        "access.oidc.client = modelward\n"
        "access.oidc.secret = a secret of tests\n"
        "access.oidc.program-client = modelward-program\n"
        "access.oidc.scopes = openid profile groups\n"
    )
    with Server(folder / "data", "--config", str(settings)) as server:
        try:
            provider.start(f"{server.url}/login/callback", "key-1")
            found = re.search(r"Bootstrap token \(shown once\): (mwt_\S+)", server.log.read_text())
            assert found, server.log_end()
            yield Place(server, provider, found.group(1))
        finally:
            provider.stop()


@dataclass
class User:
    """Somebody with a home folder, who runs commands."""

    home: Path
    url: str

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MODELWARD_TOKEN", "XDG_"))}
        return {**kept, "HOME": str(self.home), "MODELWARD_URL": self.url, **more}

    def run(self, *arguments: str, token: str = "", given: str = "") -> subprocess.CompletedProcess[str]:
        environment = self.environment(**({"MODELWARD_TOKEN": token} if token else {}))
        return subprocess.run(
            [os.environ[LAUNCHER], *arguments], env=environment, input=given, capture_output=True, text=True, timeout=120, check=False
        )

    def done(self, *arguments: str, token: str = "", given: str = "") -> str:
        ran = self.run(*arguments, token=token, given=given)
        assert ran.returncode == 0, (arguments, ran.stderr)
        return ran.stdout

    @property
    def credentials(self) -> Path:
        return self.home / ".config" / "modelward" / "credentials"


@pytest.fixture
def user(place: Place, tmp_path: Path) -> User:
    return User(tmp_path, place.server.url)


def enter_code(page: str, name: str) -> None:
    """What the person does in a browser, on whatever machine."""
    person = Browser()
    shown = person.follow(person.call("GET", page))
    for _ in range(3):
        if 'value="login"' in shown.text or 'value="consent"' in shown.text:
            break
        shown = person.follow(person.submit(shown, confirm="yes"))
    assert person.log_in_at_provider(shown, name).status == 200


def log_in(user: User, name: str) -> str:
    """Logs in by the device flow; answers all that the command printed."""
    process = subprocess.Popen(
        [os.environ[LAUNCHER], "login"], env=user.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        whole = re.match(r"or open (\S+)", line)
        if whole:
            enter_code(whole.group(1), name)
            break
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, said + err
    return said + err + out


def test_nobody_is_told_what_to_do(user: User) -> None:
    refused = user.run("list")
    assert refused.returncode == 9
    assert "Log in with modelward login, or set MODELWARD_TOKEN." in refused.stderr
    assert refused.stdout == ""
    assert json.loads(user.run("list", "--json").stdout)["status"] == 401


def test_a_person_logs_in_works_and_logs_out(place: Place, user: User) -> None:
    printed = log_in(user, "ml-ann")
    assert f"You are user:{place.provider.issuer}#ml-ann" in printed and "mwt_" not in printed
    assert user.credentials.stat().st_mode & 0o777 == 0o600 and user.credentials.parent.stat().st_mode & 0o777 == 0o700
    who = json.loads(user.done("whoami", "--json"))
    assert who["subject"] == f"user:{place.provider.issuer}#ml-ann" and who["groups"] == ["ml-engineers"]
    token = next(iter(json.loads(user.credentials.read_text())["servers"].values()))["token"]

    assert user.run("status").returncode == 9
    user.done("grant", "add", "group:ml-engineers", "reader", "--server", "--reason", "a scenario", token=place.bootstrap)
    user.done("status")

    user.done("logout")
    assert user.run("status").returncode == 9
    ended = user.run("status", token=token)
    assert ended.returncode == 9 and "came from MODELWARD_TOKEN" in ended.stderr and token not in ended.stderr


def test_a_token_does_what_it_is_for_and_nothing_else(place: Place, user: User) -> None:
    made = user.run(
        "token", "create", "ci", "--role", "publisher", "--model", "cli*", "--expires", "1d", "--owner", "service:cli-ci", token=place.bootstrap
    )
    assert made.returncode == 0 and re.fullmatch(r"mwt_\w+\n", made.stdout), made
    token = made.stdout.strip()
    # A token is limited to what it is for, and its owner must be allowed that too.
    user.done("grant", "add", "service:cli-ci", "publisher", "--model", "cli*", token=place.bootstrap)
    model = user.home / "model.txt"
    model.write_text("hello")
    card = user.home / "card.json"
    card.write_text(json.dumps({"description": "a file", "version": "1.0.0"}))
    user.done("publish", "cli-x", str(model), "--card", str(card), "--version", "1.0.0", token=token)
    refused = user.run("alias", "set", "cli-x", "champion", "1.0.0", token=token)
    assert refused.returncode == 9 and "releaser" in refused.stderr
    assert user.run("publish", "other", str(model), "--card", str(card), "--version", "1.0.0", token=token).returncode in (3, 9)
    assert user.run("show", "hidden@1.0.0", token=token).returncode == 3

    assert "may publish" in user.done("grant", "explain", "service:cli-ci", "publish", "cli-x", token=place.bootstrap)
    assert "may not release" in user.done("grant", "explain", "service:cli-ci", "release", "cli-x", token=place.bootstrap)
    assert "service:cli-ci" in user.done("grant", "list", "service:cli-ci", token=place.bootstrap)
    assert "cli-ci" in user.done("token", "list", "--all", token=place.bootstrap)

    user.done("user", "disable", "service:cli-ci", "--reason", "a scenario", token=place.bootstrap)
    assert user.run("list", token=token).returncode == 9
    user.done("user", "enable", "service:cli-ci", "--reason", "a scenario", token=place.bootstrap)
    user.done("list", token=token)
    user.done("token", "revoke", "ci", "--all", token=place.bootstrap)
    assert user.run("list", token=token).returncode == 9


def test_a_token_is_kept_after_it_was_checked(place: Place, user: User) -> None:
    assert user.run("login", "--token", "-", given="mwt_wrong\n").returncode == 9
    assert not user.credentials.exists()
    written = user.run("login", "--token", place.bootstrap)
    assert written.returncode == 2 and place.bootstrap not in written.stdout + written.stderr
    user.done("login", "--token", "-", given=place.bootstrap + "\n")
    user.done("status")
    user.credentials.chmod(0o644)
    refused = user.run("status")
    assert refused.returncode == 9 and "chmod 600" in refused.stderr


def test_the_python_client_takes_the_token_that_the_command_line_keeps(place: Place, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(user.home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("MODELWARD_TOKEN", raising=False)
    with pytest.raises(Unauthenticated, match="modelward login"):
        ModelRegistry(place.server.url).whoami()
    user.done("login", "--token", "-", given=place.bootstrap + "\n")
    administrator = ModelRegistry(place.server.url)
    assert administrator.whoami().subject == "service:bootstrap"
    given = administrator.grant("service:py", "reader", "model:py*", reason="a scenario")
    made = administrator.create_token("py", [("reader", "model:py*")], expires="1h", owner="service:py")
    assert made.token not in repr(made) and [one.id for one in administrator.grants("service:py")] == [given.id]
    administrator.publish("py-x", __file__, {"description": "a file", "version": "1.0.0"}, bump=None)

    reader = ModelRegistry(place.server.url, token=made.token)
    assert reader.show("py-x").version == "1.0.0"
    with pytest.raises(Forbidden) as refused:
        reader.set_alias("py-x", "champion", "1.0.0")
    assert refused.value.action == "release" and refused.value.on
    with pytest.raises(NotFound):
        reader.show("cli-x")
    assert made.id in [one.id for one in administrator.list_tokens(all=True)]
    administrator.revoke_token(made.id)
    with pytest.raises(Unauthenticated):
        reader.show("py-x")
    administrator.revoke_grant(given.id)
    assert administrator.grants("service:py") == []


def test_a_person_who_says_no_is_not_logged_in(user: User) -> None:
    process = subprocess.Popen(
        [os.environ[LAUNCHER], "login"], env=user.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        whole = re.match(r"or open (\S+)", line)
        if whole:
            person = Browser()
            page = person.follow(person.call("GET", whole.group(1)))
            person.follow(person.submit(page, abort="yes"))
            break
    _, err = process.communicate(timeout=60)
    assert process.returncode == 9 and "refused at the identity provider" in err, err
    assert not user.credentials.exists()


def test_the_logs_have_no_token(place: Place) -> None:
    log = place.server.log.read_text()
    assert log.count("mwt_") == 1, "the bootstrap token alone, once"
