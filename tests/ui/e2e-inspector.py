#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions in the inspector by mouse and keys: completed while typed, previewed with the last run, and made by dragging a value."""
from window_driver import Window, do_action, main, wait_until, walk

window = None


def get_text(node):
    return next(each for each in window.export("Untitled")["nodes"] if each["id"] == node).get("params", {}).get("text", "")


def wait_text(node, text):
    wait_until(lambda: get_text(node) == text, f"{text!r}, not {get_text(node)!r}")


def test_complete():
    window.click("New Workflow", "push button", exact=False)
    window.zoom_out(2)
    window.drop("Input", 60, 150)
    window.drop("Template", 240, 150)
    window.edit("Title", "Greeting")
    window.drop("Output", 440, 150)
    window.connect("Input", "Greeting")
    window.connect("Greeting", "Output")
    window.select_card("Greeting")
    window.click("Text", "text", within=window.get_inspector())
    window.key("ctrl+a")
    window.type("Hello {{ $st")
    window.find("start, Input", "list item", exact=False)
    window.shoot("proposals")
    window.key("Return")
    window.type(".mes")
    window.find("message", "list item", exact=False)
    window.key("Tab")
    window.type(" }}")
    wait_text("template", "Hello {{ $start.message }}")


def test_error():
    window.type(" {{ 1 + }}")
    window.find("(column ", "label", exact=False, within=window.get_inspector())
    window.shoot("error")
    for _ in range(len(" {{ 1 + }}")):
        window.key("BackSpace")
    wait_text("template", "Hello {{ $start.message }}")


def test_preview():
    window.click("Run", "push button")
    window.fill("Message", "Ada")
    window.key("ctrl+Return")
    wait_until(lambda: "Done" in window.describe_card("Output"), "the end of the run", 20)
    window.show_everything()
    window.select_card("Greeting")
    window.find("= Hello Ada", "label", within=window.get_inspector())
    window.shoot("preview")


def find_below(name):
    """A label in the trace panel, which is below the canvas."""
    _, top, _, height = window.get_screen_place(window.get_canvas())
    for each in walk(window.frame):
        if each.get_role_name() == "label" and each.get_name() == name and window.get_center(each)[1] > top + height:
            return each
    return None


def click_below(name):
    label = wait_until(lambda: find_below(name), f"“{name}” in the trace")
    window.wait_still(label)
    window.click_at(*window.get_center(label))


def test_drag():
    window.click("Text", "text", within=window.get_inspector())
    window.key("ctrl+a", "BackSpace")
    click_below("Input")
    click_below("Tree")
    line = wait_until(lambda: find_below("message"), "the line of the message")
    target = window.get_center(window.find("Text", "text", within=window.get_inspector()))
    window.drag(window.get_center(line), target, steps=12, rest=0.4)
    wait_text("template", "{{ $start.output.message }}")
    window.find("= Ada", "label", within=window.get_inspector())
    window.shoot("dragged")


def refuse(start, end, message):
    """Drops a value where it is not taken. What is said lies over what is dragged next."""
    window.drag(start, end, steps=12, rest=0.6)
    wait_until(lambda: window.find_said(message), f"“{message}”")
    wait_until(lambda: window.find_said(message) is None, f"the end of “{message}”")


def clear_text():
    window.click("Text", "text", within=window.get_inspector())
    window.key("ctrl+a", "BackSpace")
    wait_text("template", "")


def test_drag_record():
    """What a run noted of a node says more than expressions can read."""
    clear_text()
    click_below("Everything")
    click_below("Tree")
    wait_until(lambda: find_below("result"), "the result among the notes")
    target = window.get_center(window.find("Text", "text", within=window.get_inspector()))
    window.drag(window.get_center(find_below("result")), target, steps=12, rest=0.4)
    wait_text("template", "{{ $start }}")
    clear_text()
    refuse(window.get_center(find_below("params")), target, "Expressions cannot read this")
    window.shoot("refused")
    wait_text("template", "")


def get_line():
    """Where the message stands among what the Input node gave."""
    click_below("Input")
    line = wait_until(lambda: find_below("message"), "the line of the message")
    window.wait_still(line)
    return window.get_center(line)


def test_drop_on_card():
    clear_text()
    window.click("Output", "page tab")
    click_below("Tree")
    line = get_line()
    window.drag(line, window.get_on_card("Greeting", 100, 30), steps=12, rest=0.4)
    wait_text("template", "{{ $start.output.message }}")
    window.shoot("dropped-on-card")
    # The trace follows the selection. A node does not read its own result, and the background is no node.
    refuse(get_line(), window.get_on_card("Input", 100, 30), "A node has its own result only after it has run")
    left, top, width, height = window.get_screen_place(window.get_canvas())
    refuse(line, (left + width / 2, top + height - 100), "Drop the value on the node that is to read it.")
    wait_text("template", "{{ $start.output.message }}")


def test_keys_of_values():
    window.select_card("Greeting")
    clear_text()
    window.click_at(*get_line())
    window.key("ctrl+i")
    wait_text("template", "{{ $start.output.message }}")
    clear_text()
    window.click_at(*get_line())
    window.key("ctrl+shift+c")
    window.click("Text", "text", within=window.get_inspector())
    window.key("ctrl+v")
    wait_text("template", "$start.output.message")
    # The menu has the same, and is there without a mouse.
    clear_text()
    window.click_at(*get_line())
    window.key("shift+F10")
    window.click("Insert into Field…", "menu item", exact=False)
    wait_text("template", "{{ $start.output.message }}")


def test_connection():
    """What passed along a connection in the run."""
    window.select_card("Output")
    do_action(window.find_card("Output"), "node.next-connection")
    inspector = window.get_inspector()
    window.find("In the run that is shown, this passed:", "label", within=inspector)
    window.find("Text, 9 characters", "label", within=inspector)
    window.shoot("connection")
    window.click("Greeting", within=inspector)
    window.find("Text", "text", within=inspector)


def test_search():
    window.key("ctrl+alt+f")
    window.type("nothing like it")
    window.find("No parameter of this node contains this", "label", exact=False)
    window.key("Escape")
    window.wait_gone("No parameter of this node contains this. Try another word.")


def test_close():
    window.close()


with Window(HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_complete, test_error, test_preview, test_drag, test_drag_record, test_drop_on_card, test_keys_of_values, test_connection, test_search, test_close)
