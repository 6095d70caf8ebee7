#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates: nodes are saved from the canvas, used again from the palette and by command, renamed and deleted."""
import json
import time

from window_driver import Window, main, wait_until

window = None


def list_templates():
    return [template["name"] for template in json.loads(window.run_cli("templates", "--json"))]


def count_cards():
    return len(window.list_cards())


def find_row(name):
    return window.find(name, "list item", within=window.get_area("Node types"))


def save_selection(name):
    window.key("ctrl+shift+t")
    dialog = window.find_window("Save as Template")
    window.key("ctrl+a")
    window.type(name)
    return dialog


def test_save():
    window.click("New Workflow", "push button", exact=False)
    window.drop("Input", 140, 150)
    window.drop("LLM", 460, 150)
    window.key("ctrl+a")
    save_selection("My Pair")
    window.shoot("dialog")
    window.key("Return")
    wait_until(lambda: list_templates() == ["My Pair"], "the template")
    find_row("My Pair")
    window.shoot("palette")


def test_insert():
    window.click("My Pair", "list item")
    wait_until(lambda: count_cards() == 4, "what the template holds")
    window.key("ctrl+z")
    wait_until(lambda: count_cards() == 2, "one step back")
    window.drop("My Pair", 300, 420)
    wait_until(lambda: count_cards() == 4, "what the template holds, dropped")
    window.key("ctrl+k")
    window.type("my pair")
    window.shoot("commands")
    window.key("Return")
    wait_until(lambda: count_cards() == 6, "what the template holds, by command")


def count_stored():
    """Nodes and edges, also those that are out of view."""
    workflow = window.export(json.loads(window.run_cli("list", "--json"))[0]["id"])
    return len(workflow["nodes"]), len(workflow["edges"])


def test_search():
    """The search offers templates that fit; where an edge ended, it is joined to what they hold, as one step."""
    wait_until(lambda: count_stored() == (6, 0), "what was inserted")
    x, y = window.get_port("LLM", "outputs", None)
    window.drag((x, y), (x + 40, y + 190))
    window.wait_focus("Add a node")
    window.type("my pair")
    window.shoot("search")
    window.key("Return")
    wait_until(lambda: count_stored() == (8, 1), f"what the template holds, joined, not {count_stored()}")
    window.shoot("joined")
    window.key("ctrl+z")
    wait_until(lambda: count_stored() == (6, 0), "one step back")
    left, top, _, _ = window.get_screen_place(window.get_canvas())
    window.click_at(left + 40, top + 40, times=2)
    window.wait_focus("Add a node")
    window.type("my pair")
    window.key("Return")
    wait_until(lambda: count_stored() == (8, 0), f"what the template holds, by search, not {count_stored()}")
    window.key("ctrl+z")
    wait_until(lambda: count_stored() == (6, 0), "one step back")
    window.key("ctrl+a")


def test_same_name():
    dialog = save_selection("My Pair")
    window.find("There is a template of this name. Saving replaces it.", "label", within=dialog)
    window.shoot("replace")
    window.key("Escape")
    window.wait_alone()


def test_elsewhere():
    window.run_cli("templates", "delete", "My Pair")
    window.wait_gone("My Pair", "list item")
    save_selection("Third")
    window.key("Return")
    window.wait_alone()
    find_row("Third")


def test_menu():
    x, y = window.get_center(find_row("Third"))
    window.click_at(x, y, button=3)
    window.find("Rename…", "menu item")
    time.sleep(0.4)
    window.shoot("menu")
    window.click_at(x + 75, y + 24)
    window.find_window("Rename Template")
    window.key("ctrl+a")
    window.type("Fourth")
    window.key("Return")
    wait_until(lambda: list_templates() == ["Fourth"], "the new name")
    x, y = window.get_center(find_row("Fourth"))
    window.click_at(x, y, button=3)
    window.find("Delete", "menu item")
    time.sleep(0.4)
    window.click_at(x + 75, y + 88)
    wait_until(lambda: list_templates() == [], "no template")


with Window() as window:
    main(test_save, test_insert, test_search, test_same_name, test_elsewhere, test_menu)
