#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The support triage by what assistive technology can do alone: actions and texts, neither mouse nor keys."""
import json

import triage
from window_driver import Atspi, Window, do_action, main, wait_until, walk

window = None
workflow = None


def export():
    listed = json.loads(window.run_cli("list", "--json"))
    return window.export(listed[0]["id"]) if listed else {"nodes": [], "edges": []}


def find_text(name, within):
    def look():
        return next((each for each in walk(within) if each.get_name() == name and can_edit(each)), None)

    return wait_until(look, f"the field {name}")


def can_edit(accessible):
    return "EditableText" in accessible.get_interfaces()


def write(accessible, text):
    assert Atspi.EditableText.set_text_contents(accessible, text), f"“{accessible.get_name()}” takes no text"


def find_last(kind):
    """The card that was added last, while the search may still be closing."""

    def look():
        return next((card for card in reversed(window.list_cards()) if card.endswith(f", {kind}")), None)

    return window.find(wait_until(look, kind), "list item", within=window.get_canvas())


def count_cards(number):
    return wait_until(lambda: len(window.list_cards()) == number, f"{number} cards")


def press(name, within=None):
    do_action(window.find(name, "push button", within=within), "click")


def add(kind, before):
    do_action(window.get_canvas(), "canvas.add-node")
    search = find_text("Add a node", window.get_canvas())
    write(search, kind)
    do_action(search, "activate")
    count_cards(before + 1)


def add_from_palette(kind, before):
    do_action(window.find(kind, "list item", within=window.get_area("Node types")), "row.activate")
    count_cards(before + 1)


def rename(kind, title, id):
    do_action(find_last(kind), "node.rename")
    if title is not None:
        write(find_text("Title", window.get_canvas()), title)
    write(find_text("Name in expressions", window.get_canvas()), id)
    press("Rename", within=window.get_canvas())
    window.find_card(title or kind)


def test_add_nodes():
    do_action(window.frame, "win.new")
    for number, (kind, title, id) in enumerate(triage.NODES):
        if kind == "Output":
            add_from_palette(kind, number)
        else:
            add(kind, number)
        rename(kind, title, id)


def test_connect():
    for number, (source, target, ports) in enumerate(triage.EDGES, 1):
        do_action(window.find_card(source), "node.connect")
        do_action(window.find_card(target), "node.connect" if ports is None else "node.connect-ports")
        if ports is not None:
            press(ports, within=window.get_canvas())
        wait_until(lambda count=number: len(export()["edges"]) == count, f"edge {number}")
    relations = window.find_card("If-Else").get_relation_set()
    flows = [relation for relation in relations if relation.get_relation_type() == Atspi.RelationType.FLOWS_TO]
    assert flows and flows[0].get_n_targets() == 2, "If-Else does not flow to two nodes"


def test_fill_in():
    for title, params in triage.PARAMS:
        do_action(window.find_card(title), "node.open")
        for name, text in params:
            write(find_text(name, window.get_inspector()), text)
    wait_until(lambda: window.has("Saved", "label"), "everything to be saved")
    global workflow
    workflow = export()
    triage.check_workflow(workflow)


def test_edit():
    """What a card offers: turning off, its connections one by one, deleting; the button takes each back."""
    for action, is_done in (
        ("node.disable", lambda: any(node.get("mode") == "off" for node in export()["nodes"])),
        ("node.delete", lambda: len(export()["nodes"]) == len(triage.NODES) - 1),
    ):
        do_action(window.find_card("Technical"), action)
        wait_until(is_done, action)
        press("Undo")
        wait_until(lambda: export() == workflow, f"the end of {action}")
    do_action(window.find_card("If-Else"), "node.next-connection")
    window.find("Connection from Router (", exact=False)
    do_action(window.get_canvas(), "canvas.delete")
    wait_until(lambda: len(export()["edges"]) == len(triage.EDGES) - 1, "one edge less")
    press("Undo")
    wait_until(lambda: export() == workflow, "the edge again")


def test_run():
    press("Run")
    write(find_text("Message", window.frame), triage.MESSAGE)
    do_action(window.frame, "win.run")
    run = wait_until(lambda: next((run for run in window.list_runs() if run["state"] == "ok"), None), "the run", 20)
    triage.check_run(window, run["id"])
    wait_until(lambda: "Done" in window.describe_card("Billing"), "Billing to be shown as done")
    window.shoot("ran")


def test_undo_to_nothing_and_redo():
    steps = 0
    while wait_until(lambda: [len(window.list_cards())], "the cards")[0] > 0:
        assert steps < 300, "undo does not end"
        do_action(window.get_canvas(), "canvas.undo")
        steps += 1
    for _ in range(steps):
        do_action(window.get_canvas(), "canvas.redo")
    wait_until(lambda: export() == workflow, "the workflow as it was")
    # The buttons do the same.
    press("Undo")
    wait_until(lambda: export() != workflow, "one step back")
    press("Redo")
    wait_until(lambda: export() == workflow, "one step forth")


with Window(1280, 800, HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_add_nodes, test_connect, test_fill_in, test_edit, test_run, test_undo_to_nothing_and_redo)
