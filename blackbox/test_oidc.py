"""People log in with a certified identity provider: in a browser, and from a program that has none."""

from __future__ import annotations

import base64
import http.client
import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from modelward.testing import Server
from oidc_provider import SECRET, Answer, Browser, Provider, free_port, post, wait_for

SESSION = "__Host-modelward"


@dataclass
class Place:
    """A server with access control, and the provider that its people have."""

    server: Server
    provider: Provider

    @property
    def redirect(self) -> str:
        return f"{self.server.url}/login/callback"

    def get(self, path: str, **headers: str) -> Answer:
        return Browser().call("GET", self.server.url + path, **headers)

    def who(self, credential: str) -> Answer:
        return self.get("/api/v1/access/whoami", Authorization=f"Bearer {credential}")

    def bring(self, id_token: str) -> Answer:
        return send(self, "", "/api/v1/access/login", {"id_token": id_token})


def send(place: Place, credential: str, path: str, body: dict[str, Any]) -> Answer:
    """JSON that a program sends; without a credential when that is empty."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {credential}"} if credential else {})}
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(place.server.url).netloc, timeout=30)
    try:
        connection.request("POST", path, json.dumps(body), headers)
        reply = connection.getresponse()
        return Answer(path, reply.status, reply.getheaders(), reply.read().decode())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("oidc")
    provider = Provider(free_port())
    (folder / "secret").write_text(SECRET + "\n")
    settings = folder / "modelward.properties"
    settings.write_text(
        "access.mode = on\n"
        f"access.oidc.issuer = {provider.issuer}\n"
        "access.oidc.client = modelward\n"
        f"access.oidc.secret-file = {folder / 'secret'}\n"
        "access.oidc.scopes = openid profile groups\n"
    )
    with Server(folder / "data", "--config", str(settings)) as server:
        try:
            # The server started without the provider: nobody asks for it before somebody logs in.
            provider.start(f"{server.url}/login/callback", "key-1")
            yield Place(server, provider)
        finally:
            provider.stop()


def log_in(place: Place, browser: Browser, name: str, wanted: str = "") -> Answer:
    """All steps that a person sees; the answer that ends them is not followed."""
    start = place.server.url + "/login/start" + (f"?next={urllib.parse.quote(wanted, safe='')}" if wanted else "")
    page = browser.follow(browser.call("GET", start))
    back = browser.log_in_at_provider(page, name, stop=place.redirect)
    assert back.header("Location").startswith(place.redirect), back
    return browser.call("GET", back.header("Location"))


def device_token(place: Place, name: str, client: str = "modelward", secret: str = SECRET) -> str:
    """An ID token by the device flow (RFC 8628), as a program gets it."""
    known = place.get("/api/v1/access/login").json()
    begun = post(known["device_authorization_endpoint"], {"client_id": client, "scope": known["scopes"]}, client, secret)
    assert begun.status == 200, begun.text
    codes = begun.json()
    asked = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": codes["device_code"]}
    assert post(known["token_endpoint"], asked, client, secret).json()["error"] == "authorization_pending"
    person = Browser()
    page = person.follow(person.call("GET", codes["verification_uri_complete"]))
    for _ in range(3):
        if 'value="login"' in page.text or 'value="consent"' in page.text:
            break
        page = person.follow(person.submit(page, confirm="yes"))
    done = person.log_in_at_provider(page, name)
    assert done.status == 200, done.text
    answered = post(known["token_endpoint"], asked, client, secret)
    assert answered.status == 200, answered.text
    return str(answered.json()["id_token"])


def test_a_person_logs_in_with_a_browser_and_logs_out(place: Place) -> None:
    browser = Browser()
    page = browser.call("GET", f"{place.server.url}/login?next=/livez")
    assert page.status == 200 and 'href="/login/start?next=%2Flivez"' in page.text
    ended = log_in(place, browser, "ml-ann", "/livez")
    assert (ended.status, ended.header("Location")) == (303, "/livez"), ended.text
    host = urllib.parse.urlsplit(place.server.url).netloc
    assert list(browser.jar[host]) == [SESSION]
    who = browser.call("GET", f"{place.server.url}/api/v1/access/whoami")
    assert who.status == 200 and who.json()["subject"] == f"user:{place.provider.issuer}#ml-ann", who.text
    assert f"{place.provider.issuer}#ml-ann" in browser.call("GET", f"{place.server.url}/login").text

    session = browser.jar[host][SESSION]
    assert browser.submit(browser.call("GET", f"{place.server.url}/login")).status == 200
    assert SESSION not in browser.jar[host]
    stolen = Browser({host: {SESSION: session}})
    assert stolen.call("GET", f"{place.server.url}/api/v1/access/whoami").status == 401


def test_an_answer_of_the_provider_counts_once_and_in_its_own_browser(place: Place) -> None:
    browser = Browser()
    page = browser.follow(browser.call("GET", f"{place.server.url}/login/start"))
    back = browser.log_in_at_provider(page, "bob", stop=place.redirect).header("Location")
    host = urllib.parse.urlsplit(place.server.url).netloc
    cookies = dict(browser.jar[host])
    assert Browser().call("GET", back).status == 400
    assert browser.call("GET", back).status == 303
    again = Browser({host: cookies})
    assert again.call("GET", back).status == 400
    assert SESSION not in again.jar[host]


def test_a_program_without_a_browser_gets_a_token(place: Place) -> None:
    known = place.get("/api/v1/access/login").json()
    assert known["access"] == "on" and known["client_id"] == "modelward" and known["issuer"] == place.provider.issuer
    id_token = device_token(place, "ml-eve")
    made = place.bring(id_token)
    assert made.status == 200, made.text
    assert made.json()["subject"] == f"user:{place.provider.issuer}#ml-eve"
    assert place.who(made.json()["token"]).json()["subject"] == made.json()["subject"]
    # The ID token itself is a credential too, and a changed one is none.
    assert place.who(id_token).status == 200
    head, claims, signature = id_token.split(".")
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    told["sub"] = "root"
    forged = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    for wrong in (f"{head}.{forged}.{signature}", f"{head}.{claims}.", id_token[:-8]):
        assert place.who(wrong).status == 401
        assert place.bring(wrong).status == 401


def test_a_token_for_another_client_of_the_provider_proves_nothing(place: Place) -> None:
    strange = device_token(place, "ml-eve", "another", "another secret")
    assert place.who(strange).status == 401
    refused = place.bring(strange)
    assert refused.status == 401 and refused.text == place.bring("nothing").text


def test_groups_of_the_provider_have_roles_here(place: Place) -> None:
    bootstrap = next(line.rsplit(" ", 1)[1] for line in place.server.log.read_text().splitlines() if line.startswith("Bootstrap token"))
    assert send(place, bootstrap, "/api/v1/experiments", {"name": "flowers"}).status in (200, 201)
    inside, outside = device_token(place, "ml-joe"), device_token(place, "joe")
    program = place.bring(device_token(place, "ml-kim")).json()["token"]

    def reads(credential: str) -> bool:
        answer = place.get("/api/v1/experiments", Authorization=f"Bearer {credential}")
        return answer.status == 200 and "flowers" in answer.text

    assert not reads(inside) and not reads(program)
    made = send(place, bootstrap, "/api/v1/access/grants", {"subject": "group:ml-engineers", "role": "reader", "scope": "*"})
    assert made.status in (200, 201), made.text
    assert wait_for(lambda: reads(inside)) and wait_for(lambda: reads(program))
    assert not reads(outside) and place.who(outside).status == 200


def test_a_provider_that_comes_back_with_a_new_key_is_understood_and_while_it_is_away_the_old_stays(place: Place) -> None:
    before = device_token(place, "ml-zoe")
    assert place.who(before).status == 200
    place.provider.stop()
    assert place.who(before).status == 200
    page = Browser().call("GET", f"{place.server.url}/login/start")
    # What the provider said of itself is remembered, so the browser is sent there; the code cannot be changed now.
    assert page.status == 303
    place.provider.start(place.redirect, "key-2")
    after = device_token(place, "ml-zoe")
    assert json.loads(base64.urlsafe_b64decode(after.split(".")[0] + "=="))["kid"] == "key-2"
    # Within ten seconds of the last call the provider is not asked again, and a refusal is remembered for ten.
    assert wait_for(lambda: place.who(after).status == 200, 40)
    ended = log_in(place, Browser(), "ml-zoe")
    assert ended.status == 303, ended.text


def test_the_log_has_no_secret(place: Place) -> None:
    text = place.server.log.read_text()
    assert SECRET not in text and urllib.parse.quote_plus(SECRET) not in text
    assert "eyJ" not in text and "code_verifier" not in text
