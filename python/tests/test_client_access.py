"""Where the client's token comes from, where it does not go, and what the calls about access ask for; the server is a fake one."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from test_transport import Fake, reply

from modelward import AsyncModelRegistry, Forbidden, Invalid, ModelRegistry, ModelwardError, Unauthenticated
from modelward.credentials import kept_file, origin

KEPT = "mwt_kept"
HEADER = "authorization: "


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A server of a user who has no token yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("MODELWARD_TOKEN", raising=False)
    monkeypatch.delenv("MODELWARD_INSECURE_HTTP", raising=False)
    server = Fake()
    server.act = lambda line: reply({})
    yield server
    server.close()


def keep(url: str, token: str = KEPT, mode: int = 0o600) -> Path:
    """Writes the file as modelward login does."""
    from urllib.parse import urlsplit

    file = kept_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"servers": {origin(urlsplit(url)): {"token": token, "subject": "service:kept"}}}))
    file.chmod(mode)
    return file


def sent(fake: Fake) -> list[str]:
    return [next((one.removeprefix(HEADER) for one in headers if one.startswith(HEADER)), "") for headers in fake.headers]


def problem(status: int, **members: Any):
    return lambda line: reply({"type": "urn:modelward:problem:x", "status": status, **members}, status)


def test_the_argument_goes_before_the_environment_and_that_before_what_is_kept(fake, monkeypatch):
    ModelRegistry(fake.url).status()
    keep(fake.url)
    ModelRegistry(fake.url).status()
    monkeypatch.setenv("MODELWARD_TOKEN", "mwt_variable")
    ModelRegistry(fake.url).status()
    ModelRegistry(fake.url, token="mwt_given").status()
    assert sent(fake) == ["", "bearer mwt_kept", "bearer mwt_variable", "bearer mwt_given"]


def test_a_kept_token_is_for_its_own_origin(fake):
    other = Fake()
    try:
        keep(other.url)
        ModelRegistry(fake.url).status()
        assert sent(fake) == [""]
    finally:
        other.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Models.Example.org/below", "https://models.example.org:443"),
        ("http://127.0.0.1", "http://127.0.0.1:80"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_origins_are_written_as_the_command_line_writes_them(url, expected):
    from urllib.parse import urlsplit

    assert origin(urlsplit(url)) == expected


def test_a_redirect_is_not_followed(fake):
    other = Fake()
    try:
        fake.act = lambda line: reply({}, 307, f"Location: {other.url}/")
        with pytest.raises(ModelwardError):
            ModelRegistry(fake.url, token="mwt_x").status()
        assert len(fake.requests) == 1 and other.requests == []
    finally:
        other.close()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_may_read_or_change_is_not_used(fake, mode):
    file = keep(fake.url, mode=mode)
    with pytest.raises(Unauthenticated, match=f"chmod 600 {file}") as refused:
        ModelRegistry(fake.url)
    assert KEPT not in str(refused.value)


@pytest.mark.parametrize("text", ["mwt_secret", '["mwt_secret"]', '{"servers": {"a": "mwt_secret"', '{"servers": "mwt_secret"}'])
def test_a_damaged_file_is_refused_without_quoting_it(fake, text):
    keep(fake.url).write_text(text)
    with pytest.raises(Unauthenticated, match="Move it away") as refused:
        ModelRegistry(fake.url)
    assert "secret" not in str(refused.value) and refused.value.__cause__ is None


@pytest.mark.parametrize("url", ["http://192.0.2.1:1", "http://127.0.0.1.example.org", "http://localhost.example.org"])
def test_a_token_goes_unencrypted_to_no_other_machine_unless_the_user_says_so(fake, monkeypatch, url):
    with pytest.raises(Invalid, match="unencrypted") as refused:
        ModelRegistry(url, token="mwt_x")
    assert refused.value.field == "url" and "mwt_x" not in str(refused.value)
    ModelRegistry(url)
    ModelRegistry(url, token="mwt_x", insecure_http=True)
    ModelRegistry("https://192.0.2.1", token="mwt_x")
    monkeypatch.setenv("MODELWARD_INSECURE_HTTP", "1")
    ModelRegistry(url, token="mwt_x")


@pytest.mark.parametrize("token", ["", "two words", "mwt_x\r\nX: y", "mwt_ü", 5])
def test_what_no_header_can_carry_is_refused_and_not_shown(fake, token):
    with pytest.raises(Invalid) as refused:
        ModelRegistry(fake.url, token=token)
    assert refused.value.field == "token" and "mwt" not in str(refused.value)


def test_whoever_is_not_known_reads_what_to_do(fake, monkeypatch):
    fake.act = problem(401, detail="The credential is not valid.")
    with pytest.raises(Unauthenticated, match="Log in with modelward login, set MODELWARD_TOKEN, or give"):
        ModelRegistry(fake.url).status()
    with pytest.raises(Unauthenticated, match=r"not valid\. It is the token that ModelRegistry was given") as refused:
        ModelRegistry(fake.url, token="mwt_x").status()
    assert "mwt_x" not in str(refused.value) and refused.value.status == 401
    keep(fake.url)
    with pytest.raises(Unauthenticated, match="Log in again with modelward login"):
        ModelRegistry(fake.url).status()
    monkeypatch.setenv("MODELWARD_TOKEN", "mwt_y")
    with pytest.raises(Unauthenticated, match="The token came from MODELWARD_TOKEN"):
        ModelRegistry(fake.url).status()


def test_a_registry_takes_the_token_of_a_later_login(fake):
    keep(fake.url)
    registry = ModelRegistry(fake.url)
    fake.act = problem(401, detail="It has expired.")
    with pytest.raises(Unauthenticated):
        registry.status()
    keep(fake.url, "mwt_later")
    fake.act = lambda line: reply({})
    registry.status()
    assert sent(fake) == ["bearer mwt_kept", "bearer mwt_later"]


def test_what_is_not_allowed_says_what_and_on_what(fake):
    fake.act = problem(403, detail="ann may not publish.", action="publish", on="the model default/iris")
    with pytest.raises(Forbidden, match="ann may not publish") as refused:
        ModelRegistry(fake.url).status()
    assert (refused.value.action, refused.value.on) == ("publish", "the model default/iris")
    assert issubclass(Forbidden, ModelwardError) and issubclass(Unauthenticated, ModelwardError)


def test_nothing_prints_the_token_and_it_is_not_pickled(fake):
    registry = ModelRegistry(fake.url, token="mwt_x")
    assert "mwt_x" not in repr(registry) and "mwt_x" not in repr(vars(registry)) and "mwt_x" not in repr(vars(registry._transport))
    for one in (registry, AsyncModelRegistry(fake.url, token="mwt_x")):
        with pytest.raises(TypeError, match="is not pickled"):
            pickle.dumps(one)
    fake.act = lambda line: reply({"id": "t-1", "name": "ci", "owner": "service:ci", "grants": [], "token": "mwt_new"})
    made = registry.create_token("ci", [("reader", "*")])
    assert made["token"] == "mwt_new"
    assert "mwt_new" not in repr(made) and "mwt_new" not in str(made) and "mwt_new" not in made._repr_html_()


def test_the_calls_about_access_ask_for_what_they_say(fake):
    registry = ModelRegistry(fake.url)
    fake.act = lambda line: reply({"tokens": [{"id": "t-1"}], "grants": [{"id": "g-1"}]}) if line.startswith("GET") else reply({"id": "x"})
    registry.whoami()
    registry.create_token("ci", [("publisher", "model:iris*"), {"role": "reader", "scope": "*"}], expires="30d", owner="service:ci")
    assert [one.id for one in registry.list_tokens(all=True)] == ["t-1"]
    registry.revoke_token("t-1/x", reason="old")
    registry.grant("group:ml", "reader", "*", reason="new")
    assert [one.id for one in registry.grants("group:ml")] == ["g-1"]
    registry.revoke_grant("g-1")
    registry.explain_access("group:ml", "read", "model:iris")
    root = "/api/v1/access"
    assert fake.requests == [
        f"GET {root}/whoami",
        f"POST {root}/tokens",
        f"GET {root}/tokens?all=true&page_size=1000",
        f"DELETE {root}/tokens/t-1%2Fx?reason=old",
        f"POST {root}/grants",
        f"GET {root}/grants?subject=group%3Aml&page_size=1000",
        f"DELETE {root}/grants/g-1",
        f"GET {root}/explain?subject=group%3Aml&action=read&on=model%3Airis",
    ]


@pytest.mark.parametrize("grants", [("publisher", "model:iris*"), {"role": "reader", "scope": "*"}, "reader", ["reader"], [("reader",)]])
def test_grants_that_are_no_list_of_pairs_are_refused_here(fake, grants):
    with pytest.raises(Invalid) as refused:
        ModelRegistry(fake.url).create_token("ci", grants)
    assert refused.value.field == "grants" and fake.requests == []


def test_the_home_folder_has_the_file_unless_configured(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    assert kept_file() == Path("/home/ann/.config/modelward/credentials")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/ann")
    assert kept_file() == Path("/etc/ann/modelward/credentials")
    assert os.path.isabs(kept_file())
