#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Breakpoints and steps by real keys: F9, Ctrl+Enter, F10 and F5; killed while it stands, and stopped at after a restart."""
import json
import pathlib

from window_driver import Window, main, wait_until

CHAIN = {
    "format": "heddle-workflow", "version": 1, "id": "chain", "name": "Chain",
    "nodes": [
        {"id": "start", "type": "input", "title": "Begin", "params": {"fields": [{"name": "word", "default": "warp"}]}},
        {"id": "first", "type": "template", "title": "First", "params": {"text": "{{ $start.word }} 1"}},
        {"id": "third", "type": "template", "title": "Third", "params": {"text": "{{ $first.output }} 2"}},
        {"id": "end", "type": "output", "title": "End"},
    ],
    "edges": [{"from": "start", "to": "first"}, {"from": "first", "to": "third"}, {"from": "third", "to": "end"}],
    "layout": {"start": [0, 0], "first": [260, 0], "third": [520, 0], "end": [780, 0]}}

window = None


def start():
    window.start()
    window.click("Chain", "push button", exact=False)
    window.find("Workflow canvas")


def find_told(text):
    return window.find(text, "label", exact=False, within=window.find("HeddleRunBar"))


def wait_for_pause(title):
    find_told(f"Paused before “{title}”")
    wait_until(lambda: "Paused before this" in window.describe_card(title), f"{title} to be marked")


def list_events(run):
    return json.loads(window.run_cli("traces", run["id"], "--json"))["events"]


def wait_for_end(number, state):
    def look():
        runs = window.list_runs()
        return runs[0] if len(runs) == number and runs[0]["state"] == state else None

    return wait_until(look, f"run {number} to be {state}", 40)


def list_started(run):
    return [event["node"] for event in list_events(run) if event["event"] == "node.started"]


def test_breakpoint():
    if window.process.poll() is None:
        window.close()
    file = pathlib.Path.home() / "workflow.json"
    file.write_text(json.dumps(CHAIN))
    window.run_cli("import", file)
    start()
    window.select_card("Third")
    window.key("F9")
    wait_until(lambda: "Breakpoint" in window.describe_card("Third"), "the breakpoint")
    window.shoot("breakpoint")
    window.key("ctrl+Return")
    window.find("Run", "push button")
    window.key("ctrl+Return")
    wait_for_pause("Third")
    assert "Paused" not in window.describe_card("First")
    window.shoot("paused")
    window.key("F5")
    run = wait_for_end(1, "ok")
    assert list_started(run) == ["start", "first", "third", "end"], list_started(run)
    assert [event["node"] for event in list_events(run) if event["event"] == "run.paused"] == ["third"]
    assert "Paused" not in window.describe_card("Third")


def test_steps():
    """A run begins step by step; a step goes on to the next node, F5 to the breakpoint and then to the end."""
    window.key("F10")
    window.find("Run", "push button")
    window.key("ctrl+Return")
    wait_for_pause("Begin")
    window.key("F10")
    wait_for_pause("First")
    window.key("F5")
    wait_for_pause("Third")
    window.key("F10")
    wait_for_pause("End")
    window.shoot("stepped")
    window.click("Continue", "push button", within=window.find("HeddleRunBar"))
    wait_for_end(2, "ok")


def test_killed_while_it_stands():
    """The breakpoint outlives the program, and stops the run that goes on once more."""
    window.key("ctrl+shift+Return")
    wait_for_pause("Third")
    window.kill()
    start()
    wait_until(lambda: "Breakpoint" in window.describe_card("Third"), "the breakpoint after a restart")
    find_told("1 run was interrupted")
    window.click("Resume", "push button", within=window.find("HeddleRunBar"))
    wait_for_pause("Third")
    window.shoot("resumed")
    window.click("Step", "push button", within=window.find("HeddleRunBar"))
    wait_for_pause("End")
    window.key("ctrl+Return")
    run = wait_for_end(3, "cancelled")
    assert list_started(run) == ["start", "first", "third"], list_started(run)


def test_renamed():
    """A node keeps its breakpoint under another id, and after that is undone."""
    window.select_card("Third")
    window.key("F2")
    wait_until(lambda: window.find_focused().get_role_name() in ("text", "entry"), "the editor of the name")
    window.key("Tab", "ctrl+a")
    window.type("last")
    window.key("Return")
    wait_until(lambda: any(node["id"] == "last" for node in window.export("chain")["nodes"]), "the new id")
    assert "Breakpoint" in window.describe_card("Third")
    window.key("ctrl+z")
    wait_until(lambda: any(node["id"] == "third" for node in window.export("chain")["nodes"]), "the old id")
    assert "Breakpoint" in window.describe_card("Third")


def test_taken_away():
    window.select_card("Third")
    window.key("F9")
    wait_until(lambda: "Breakpoint" not in window.describe_card("Third"), "the breakpoint to go")
    window.key("ctrl+Return")
    window.find("Run", "push button")
    window.key("ctrl+Return")
    wait_for_end(4, "ok")
    exported = window.export("chain")
    assert "breakpoint" not in json.dumps(exported), exported


with Window() as window:
    main(test_breakpoint, test_steps, test_killed_while_it_stands, test_renamed, test_taken_away)
