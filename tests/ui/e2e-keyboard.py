#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job without a mouse: nodes, an edge, a value, a run, undo and the panels."""
import json

from window_driver import Window, main, wait_until

window = None


def add(search):
    before = len(window.list_cards())
    window.key("a")
    window.type(search)
    window.key("Return")
    wait_until(lambda: len(window.list_cards()) == before + 1, f"a node for “{search}”")


def test_add_and_connect():
    window.key("ctrl+n")
    window.get_canvas()
    add("input")
    add("output")
    # The second does not cover the first.
    places = [window.get_screen_place(window.find_card(title)) for title in ("Input", "Output")]
    assert abs(places[0][1] - places[1][1]) >= 72 or abs(places[0][0] - places[1][0]) >= 208, places
    # The new node has the focus. Tab goes along the flow; C begins an edge on one node and ends it on the other.
    window.key("shift+Tab", "c", "Tab", "c")
    wait_until(lambda: count_edges() == 1, "the edge")
    window.shoot("connected")


def count_edges():
    listed = json.loads(window.run_cli("list", "--json"))
    return len(window.export(listed[0]["id"])["edges"]) if listed else 0


def test_run():
    window.key("ctrl+Return")
    window.find("Message", "text")
    window.type("typed without a mouse")
    window.key("ctrl+Return")
    run = wait_until(lambda: next((run for run in window.list_runs() if run["state"] == "ok"), None), "the run")
    assert "typed without a mouse" in run["summary"], run
    window.shoot("ran")


def test_undo_and_close():
    window.key("ctrl+z")
    wait_until(lambda: count_edges() == 0, "the undo")
    window.key("ctrl+shift+z")
    wait_until(lambda: count_edges() == 1, "the redo")
    window.key("ctrl+w")
    window.find("New Workflow", "push button", exact=False)
    window.close()


with Window(1024, 640, HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_add_and_connect, test_run, test_undo_and_close)
