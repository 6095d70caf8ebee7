#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gestures in the window itself, with real mouse and keys; what came of each is read from what was saved."""
import json
import time

from window_driver import Window, main, wait_until, xdotool

window = None


def read():
    listed = json.loads(window.run_cli("list", "--json"))
    return window.export(listed[0]["id"])


def wait_for(condition, what):
    return wait_until(lambda: condition(read()), what)


def count_edges(n):
    return lambda workflow: len(workflow["edges"]) == n


def get_middle(source, target):
    (x1, y1), (x2, y2) = window.get_port(source, "outputs", None), window.get_port(target, "inputs", None)
    return (x1 + x2) / 2, (y1 + y2) / 2


def hold(*keys):
    for key in keys:
        xdotool("keydown", key)


def let_go(*keys):
    for key in keys:
        xdotool("keyup", key)


def test_draw():
    window.key("ctrl+n")
    window.get_canvas()
    for kind, x in (("Input", 120), ("Template", 400), ("Output", 680)):
        window.drop(kind, x, 150)
    window.connect("Input", "Template")
    window.connect("Template", "Output")
    wait_for(count_edges(2), "two connections")


def test_plus():
    x, y = get_middle("Input", "Template")
    window.move(x - 14, y)
    window.move(x, y)
    time.sleep(0.1)
    window.shoot("plus")
    window.press()
    window.wait_focus("Add a node")
    window.type("wait")
    window.key("Return")
    window.find_card("Wait")
    wait_for(lambda workflow: {"from": "start", "to": "wait"} in workflow["edges"] and len(workflow["edges"]) == 3, "the node in the connection")
    window.key("ctrl+z")
    wait_for(count_edges(2), "the undo")


def test_knife():
    x, y = get_middle("Input", "Template")
    hold("ctrl", "shift")
    window.drag((x, y - 90), (x, y + 90))
    let_go("shift", "ctrl")
    wait_for(count_edges(1), "the cut")
    window.key("ctrl+z")
    wait_for(count_edges(2), "the undo")


def test_states():
    window.select_card("Template")
    window.key("d")
    wait_for(lambda workflow: any(node.get("mode") == "off" for node in workflow["nodes"]), "a node that is off")
    wait_until(lambda: "Turned off" in window.describe_card("Template"), "the word for it")
    window.shoot("off")
    window.key("b")
    wait_for(lambda workflow: any(node.get("mode") == "bypass" for node in workflow["nodes"]), "a node that is bypassed")
    window.key("b")
    wait_for(lambda workflow: not any("mode" in node for node in workflow["nodes"]), "all nodes on")


def test_bend():
    """The menu shows it with its key, which does it."""
    x, y = get_middle("Template", "Output")
    window.move(x - 20, y)
    window.press(3)
    window.find("Add Bend", "menu item")
    window.key("Escape")
    window.wait_gone("Add Bend", "menu item")
    window.key("r")
    wait_for(lambda workflow: any("via" in edge for edge in workflow["edges"]), "the bend")
    window.key("Down", "Down")
    window.shoot("bend")
    window.key("ctrl+shift+r")
    wait_for(lambda workflow: not any("via" in edge for edge in workflow["edges"]), "the straight line")


def test_paste_connected():
    window.select_card("Template")
    window.key("ctrl+c")
    time.sleep(0.2)
    left, top, _, _ = window.get_screen_place(window.get_canvas())
    window.move(left + 400, top + 400)
    window.key("ctrl+shift+v")
    wait_for(count_edges(3), "the connection of the copy")
    window.key("ctrl+z")
    wait_for(count_edges(2), "the undo")


def test_menus():
    """Each menu opens and closes without a trace."""
    window.select_card("Template")
    window.key("shift+F10")
    for name in ("Turn Off", "Bypass", "Duplicate"):
        window.find(name, "menu item")
    window.shoot("menu")
    window.key("Escape")
    window.wait_gone("Turn Off")


def test_outline():
    """Its rows have the whole menu, and the keys of runs are for what is selected there."""
    window.select_card("Template")
    window.key("ctrl+shift+o")
    time.sleep(0.4)
    window.key("shift+F10")
    for name in ("Add Node After…", "Connect To…", "Rename…", "Turn Off", "Delete"):
        window.find(name, "menu item")
    window.shoot("outline-menu")
    window.key("u")
    for name in ("Run from Here", "Run up to Here", "Run Only This Node", "Pin Output"):
        window.find(name, "menu item")
    window.key("Escape")
    window.wait_gone("Pin Output")
    window.key("ctrl+F5")
    time.sleep(0.5)
    window.type("Hello")
    window.key("ctrl+Return")
    wait_until(lambda: len(window.list_runs()) == 1, "the run up to the row")
    wait_until(lambda: window.list_runs()[0]["state"] == "ok", f"the end of {window.list_runs()}")
    window.key("p")
    wait_for(lambda workflow: any("pin" in node for node in workflow["nodes"]), "the pin")
    window.key("F3")


def test_close():
    window.close()


with Window(1280, 800, HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_draw, test_plus, test_knife, test_states, test_bend, test_paste_connected, test_menus, test_outline, test_close)
