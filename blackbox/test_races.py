"""Many at once: one wins where one can, and nothing has a gap."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from conftest import row_card
from modelward import Conflict, ModelRegistry
from modelward.testing import Server

MANY = 64


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Runs the act in as many threads, started at once; the results, or the errors raised, in order."""
    results: list[Any] = [None] * count
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            results[number] = act(number)
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def weights(folder: Path, content: str) -> Path:
    """A directory with one file."""
    target = folder / content
    target.mkdir()
    (target / "weights.bin").write_text(content * 100)
    return target


def test_of_64_publishers_of_one_version_one_wins(registry: ModelRegistry, tmp_path: Path) -> None:
    folders = [weights(tmp_path, f"content-{number}") for number in range(MANY)]
    results = together(MANY, lambda n: registry.publish("race", folders[n], row_card(version="1.0.0"), bump=None))
    winners = [number for number, result in enumerate(results) if isinstance(result, dict)]
    assert len(winners) == 1, results
    assert all(isinstance(result, Conflict) for number, result in enumerate(results) if number not in winners), results
    assert registry.list_versions("race") == ["1.0.0"]
    assert registry.show("race")["digest"] == results[winners[0]]["digest"]
    size = len(f"content-{winners[0]}" * 100)
    assert [file["size"] for file in registry.show("race")["files"]] == [size]
    again = registry.publish("race", folders[winners[0]], row_card(version="1.0.0"), bump=None)
    assert again["ordinal"] == 1 and again["digest"] == results[winners[0]]["digest"]


def test_the_same_content_from_64_publishers_is_one_version(registry: ModelRegistry, tmp_path: Path) -> None:
    folder = weights(tmp_path, "same")
    results = together(MANY, lambda _: registry.publish("same", folder, row_card(version="1.0.0"), bump=None))
    assert {result["digest"] for result in results} == {registry.show("same")["digest"]}
    assert {result["ordinal"] for result in results} == {1}


def test_64_publishers_of_different_versions_get_ordinals_without_a_gap(registry: ModelRegistry, tmp_path: Path) -> None:
    folders = [weights(tmp_path, f"v{number}") for number in range(MANY)]
    results = together(MANY, lambda n: registry.publish("many", folders[n], row_card(version=f"1.{n}.0"), bump=None))
    assert sorted(result["ordinal"] for result in results) == list(range(1, MANY + 1))
    assert registry.list_versions("many") == [f"1.{n}.0" for n in range(MANY)]


def test_automatic_bumps_at_once_all_get_a_version_of_their_own(registry: ModelRegistry, tmp_path: Path) -> None:
    folders = [weights(tmp_path, f"bump{number}") for number in range(16)]
    registry.publish("bumps", folders[0], row_card(version="1.0.0"), bump=None)
    results = together(15, lambda n: registry.publish("bumps", folders[n + 1], row_card(), bump="minor"))
    assert sorted(result["version"] for result in results) == sorted(f"1.{n}.0" for n in range(1, 16)), results
    assert registry.list_versions("bumps") == [f"1.{n}.0" for n in range(16)]


def test_of_operators_flipping_at_once_the_losers_learn_what_is_current(registry: ModelRegistry, sums: str, odd: Any) -> None:
    registry.save_model("contested", "1.0.0", odd.Shifted(0), row_card(), code=[odd.__file__])
    registry.save_model("contested", "1.1.0", odd.Shifted(1), row_card(), code=[odd.__file__])
    revision = registry.create_endpoint("contested", "contested", "1.0.0")["revision"]
    results = together(8, lambda n: registry.flip("contested", "1.1.0", reason=f"operator {n}", expected_revision=revision))
    winners = [result for result in results if isinstance(result, dict)]
    losers = [result for result in results if not isinstance(result, dict)]
    assert len(winners) == 1 and winners[0]["revision"] == revision + 1, results
    assert all(isinstance(loser, Conflict) and loser.current["revision"] == revision + 1 for loser in losers), results
    assert registry.predict("contested", [[1, 2, 3]])["predictions"] == [7.0]


def test_flips_under_load_lose_no_request(registry: ModelRegistry, server: Server, odd: Any) -> None:
    for version, shift in [("1.0.0", 0), ("1.1.0", 1)]:
        registry.save_model("moved", version, odd.Shifted(shift), row_card(), code=[odd.__file__])
    registry.create_endpoint("moved", "moved", "1.0.0")
    stop, wrong, sent = threading.Event(), [], [0] * 6

    def caller(number: int) -> None:
        while not stop.is_set():
            try:
                answer = registry.predict("moved", [[number, 1, 1]])
                expected = number + 2.0 + (answer["model_version"] == "1.1.0")
                if answer["predictions"] != [expected]:
                    wrong.append(answer)
            except Exception as error:
                wrong.append(error)
            sent[number] += 1

    threads = [threading.Thread(target=caller, args=(number,)) for number in range(len(sent))]
    for thread in threads:
        thread.start()
    try:
        for turn in range(20):
            registry.flip("moved", "1.1.0" if turn % 2 == 0 else "1.0.0", reason=f"turn {turn}")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == [] and sum(sent) > 100


def test_a_stale_alias_tag_moves_nothing(registry: ModelRegistry, server: Server, tmp_path: Path) -> None:
    from raw_http import call

    for version in ("1.0.0", "1.1.0"):
        registry.publish("tagged", weights(tmp_path, version), row_card(version=version), bump=None)
    target = "/api/v1/models/default/tagged/aliases/champion"
    assert call(server.url, "PUT", target, {"version": "1.0.0"}, "If-None-Match: *").status == 200
    assert call(server.url, "PUT", target, {"version": "1.1.0"}, "If-None-Match: *").status == 412
    tag = call(server.url, "GET", target).headers["etag"]
    assert call(server.url, "PUT", target, {"version": "1.1.0"}, f"If-Match: {tag}").status == 200
    refused = call(server.url, "PUT", target, {"version": "1.0.0"}, f"If-Match: {tag}")
    assert refused.status == 412 and refused.problem()["current"]["version"] == "1.1.0"


@pytest.mark.parametrize("bump", ["patch", "minor"])
def test_a_smaller_bump_than_the_change_needs_is_refused(registry: ModelRegistry, tmp_path: Path, bump: str) -> None:
    from modelward import Refused

    name = f"narrow-{bump}"
    registry.publish(name, weights(tmp_path, "wide"), row_card(version="1.0.0"), bump=None)
    narrower = row_card(input_schema={"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4})
    with pytest.raises(Refused) as caught:
        registry.publish(name, weights(tmp_path, "narrow"), narrower, bump=bump)
    assert caught.value.least_version == "2.0.0" and caught.value.breaking
