#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The support triage by keyboard alone: built, wired, filled in, run, undone to nothing and redone.

Nothing here moves the pointer. What has the focus is read as a screen reader reads it, to know when to stop pressing Tab.
"""
import json

import triage
from window_driver import Window, main, wait_until

window = None
workflow = None


def is_card(title):
    return lambda found: found.get_role_name() == "list item" and found.get_name().startswith(f"Node {title}, ")


def is_text(found):
    return found.get_role_name() in ("text", "entry")


def is_field(name):
    return lambda found: is_text(found) and found.get_name() == name


def press_until(key, wanted, what, most=60):
    for _ in range(most):
        if wanted(window.find_focused()):
            return
        window.key(key)
        window.sync()
    raise AssertionError(f"pressed {key} {most} times without coming to {what}; the focus is on {window.find_focused().get_name()}")


def go_to(title, keys=("shift+Tab", "Tab")):
    """Along the flow, back and then on; leaving the canvas would end a connection that has been begun."""
    if is_card(title)(window.find_focused()):
        return
    if not window.find_focused().get_name().startswith("Node "):
        window.key("shift+F6")
    for key in keys:
        back = "Tab" if key == "shift+Tab" else "shift+Tab"
        for _ in range(len(triage.NODES) + 1):
            if is_card(title)(window.find_focused()):
                return
            window.key(key)
            window.sync()
            if not window.find_focused().get_name().startswith("Node "):
                window.key(back)
                window.sync()
                break
    raise AssertionError(f"no way by Tab to {title}; the focus is on {window.find_focused().get_name()}")


def export():
    listed = json.loads(window.run_cli("list", "--json"))
    return window.export(listed[0]["id"]) if listed else {"nodes": [], "edges": []}


def add(kind):
    before = len(window.list_cards())
    window.key("a")
    wait_until(lambda: is_text(window.find_focused()), "the search")
    window.type(kind)
    window.key("Return")
    wait_until(lambda: len(window.list_cards()) == before + 1, f"a node for “{kind}”")
    wait_until(lambda: window.find_focused().get_name().startswith("Node "), "the focus on the new node")


def rename(title, id):
    window.key("F2")
    wait_until(lambda: is_text(window.find_focused()), "the editor of the name")
    if title is not None:
        window.key("ctrl+a")
        window.type(title)
    window.key("Tab", "ctrl+a")
    window.type(id)
    window.key("Return")
    wait_until(lambda: window.find_focused().get_name().startswith(f"Node {title or ''}"), f"the focus on {title}")


def test_add_nodes():
    window.key("ctrl+n")
    window.get_canvas()
    for kind, title, id in triage.NODES:
        add(kind)
        rename(title, id)
    assert len(window.list_cards()) == len(triage.NODES), window.list_cards()
    window.shoot("added")


def connect(source, target, ports):
    go_to(source)
    window.key("c")
    go_to(target, ("Tab", "shift+Tab"))
    if ports is None:
        window.key("c")
        return
    window.key("shift+c")
    press_until("Tab", lambda found: found.get_name() == ports, f"the ports {ports}", 12)
    window.key("Return")
    wait_until(lambda: window.find_focused().get_name().startswith("Node "), "the focus on a node again")


def test_connect():
    for number, edge in enumerate(triage.EDGES, 1):
        connect(*edge)
        wait_until(lambda count=number: len(export()["edges"]) == count, f"edge {number}: {edge}")
    window.shoot("wired")


def test_walk_along_connections():
    """E goes from one connection of a node to the next; Delete removes it, and undo brings it back."""
    go_to("If-Else")
    window.key("e")
    window.find("Connection from Router (", exact=False)
    window.key("e", "e", "Delete")
    wait_until(lambda: len(export()["edges"]) == len(triage.EDGES) - 1, "one edge less")
    assert is_card("If-Else")(window.find_focused()), window.find_focused().get_name()
    window.key("ctrl+z")
    wait_until(lambda: len(export()["edges"]) == len(triage.EDGES), "the edge again")


def go_to_field(name):
    press_until("Tab", is_field(name), name, 48)


def test_fill_in():
    for title, params in triage.PARAMS:
        go_to(title)
        window.key("F6")
        for name, text in params:
            go_to_field(name)
            window.key("ctrl+a")
            window.type(text)
    window.key("shift+F6")
    wait_until(lambda: window.find_focused().get_name().startswith("Node "), "the focus on the canvas again")
    wait_until(lambda: window.has("Saved", "label"), "everything to be saved")
    global workflow
    workflow = export()
    triage.check_workflow(workflow)
    window.shoot("filled")


def test_run():
    window.key("ctrl+Return")
    window.find("Message", "text")
    window.key("ctrl+a")
    window.type(triage.MESSAGE)
    window.key("ctrl+Return")
    run = wait_until(lambda: next((run for run in window.list_runs() if run["state"] == "ok"), None), "the run", 20)
    triage.check_run(window, run["id"])
    wait_until(lambda: "Done" in window.describe_card("Billing"), "Billing to be shown as done")
    wait_until(lambda: "Skipped" in window.describe_card("Technical"), "Technical to be shown as skipped")
    window.find("The run has finished", exact=False)
    window.shoot("ran")


def test_undo_to_nothing_and_redo():
    steps = 0
    while window.list_cards():
        assert steps < 300, "undo does not end"
        window.key("ctrl+z")
        steps += 1
        window.sync()
    window.shoot("undone")
    for _ in range(steps):
        window.key("ctrl+shift+z")
    wait_until(lambda: len(window.list_cards()) == len(triage.NODES), "the nodes again")
    wait_until(lambda: export() == workflow, "the workflow as it was")
    window.close()


with Window(1280, 800, HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_add_nodes, test_connect, test_walk_along_connections, test_fill_in, test_run, test_undo_to_nothing_and_redo)
