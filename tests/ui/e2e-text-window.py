#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A field in a window of its own, by keys: completed, previewed, undone and closed in every way, and said what becomes of it when its node goes."""
import json
import time

from window_driver import Window, do_action, list_children, main, wait_until, walk, xdotool

window = None


def get_params(node="template"):
    return next(each for each in window.export("Untitled")["nodes"] if each["id"] == node).get("params", {})


def wait_text(text):
    wait_until(lambda: get_params().get("text", "") == text, f"{text!r}, not {get_params().get('text')!r}")


def find_window():
    """The window of the field, beside the main one."""
    return next((each for each in list_children(window.frame.get_parent()) if each.get_name() in ("Text", "Data")), None)


def open_field(name="Text"):
    inspector = window.get_inspector()
    window.scroll_to(window.find(name, "text", within=inspector), inspector)
    window.click(name, "text", within=inspector)
    window.key("ctrl+e")
    window.find_window(name)


def wait_closed():
    window.wait_alone()


def find_within(name, role="label", exact=False):
    return wait_until(lambda: window.find_now(name, role, exact, find_window()), f"“{name}” in the window of the field")


def test_complete():
    window.click("New Workflow", "push button", exact=False)
    window.zoom_out(2)
    window.drop("Input", 60, 150)
    window.drop("Template", 240, 150)
    window.drop("Output", 440, 150)
    window.connect("Input", "Template")
    window.connect("Template", "Output")
    window.click("Run", "push button")
    window.fill("Message", "Ada")
    window.key("ctrl+Return")
    wait_until(lambda: "Done" in window.describe_card("Output"), "the end of the run", 20)
    window.show_everything()
    window.select_card("Template")
    open_field()
    window.key("ctrl+a")
    window.type("Dear {{ $st")
    find_within("start, Input", "list item")
    window.key("Return")
    window.type(".mes")
    find_within("message", "list item")
    window.key("Tab")
    window.type(" }}")
    find_within("= Dear Ada", exact=True)
    window.shoot("complete")
    wait_text("Dear {{ $start.message }}")


def test_error():
    window.type(" {{ 1 + }}")
    find_within("(column ")
    window.shoot("error")
    for _ in range(20):
        window.key("ctrl+z")
        time.sleep(0.2)
        if get_params().get("text") == "Dear {{ $start.message }}":
            break
    wait_text("Dear {{ $start.message }}")
    find_within("= Dear Ada", exact=True)


def test_close():
    """By whichever key, what is written stays, and a proposal that is open is left first."""
    window.key("ctrl+End")
    window.type(" {{ $")
    find_within("start, Input", "list item")
    window.key("Escape")
    wait_until(lambda: window.find_now("start, Input", "list item", False, find_window()) is None, "the end of the proposals")
    window.type("now }}")
    window.key("Escape")
    wait_closed()
    wait_text("Dear {{ $start.message }} {{ $now }}")
    open_field()
    window.key("ctrl+End")
    window.type("!")
    window.key("ctrl+Return")
    wait_closed()
    wait_text("Dear {{ $start.message }} {{ $now }}!")
    open_field()
    window.key("ctrl+End")
    window.type("!")
    window.key("alt+F4")
    wait_closed()
    wait_text("Dear {{ $start.message }} {{ $now }}!!")
    # In the main window it is undone as any other edit.
    window.select_card("Output")
    window.key("ctrl+z")
    wait_until(lambda: get_params().get("text", "") != "Dear {{ $start.message }} {{ $now }}!!", "the undo")


def test_values():
    window.select_card("Template")
    open_field()
    window.key("ctrl+a")
    window.type("x")
    tree = find_within("start", exact=True)
    x, y = (int(line.partition("=")[2]) for line in xdotool("getactivewindow", "getwindowgeometry", "--shell").splitlines()[1:3])
    place = tree.get_component_iface().get_extents(1)
    window.click_at(x + place.x + place.width / 2, y + place.y + place.height / 2)
    window.key("ctrl+i")
    wait_text("x{{ $start }}")
    # As narrow as a phone, all of it is there.
    xdotool("getactivewindow", "windowsize", 360, 640)
    wait_until(lambda: find_window().get_component_iface().get_extents(1).width < 400, "the narrow window")
    find_within("= x", exact=False)
    find_within("Values", exact=True)
    time.sleep(0.3)
    window.shoot("narrow")


def test_gone():
    """The node goes while its text is edited, as by assistive technology or another window."""
    do_action(window.find_card("Template"), "node.delete")
    find_within("This node is no longer in the workflow.")
    window.shoot("gone")
    window.type("more")
    texts = [each for each in walk(find_window()) if each.get_role_name() == "text" and each.get_name() == "Text"]
    assert texts[0].get_text_iface().get_text(0, -1) == "x{{ $start }}", texts[0].get_text_iface().get_text(0, -1)
    window.key("Escape")
    wait_closed()
    window.select_card("Output")
    window.key("ctrl+z")
    wait_text("x{{ $start }}")


def test_draft():
    """JSON that is not complete yet is kept with its node, and what was complete stands."""
    window.drop("Code", 300, 300)
    open_field("Data")
    window.type('{"a": 1')
    window.key("Escape")
    wait_closed()
    window.select_card("Input")
    window.select_card("Code")
    field = window.find("Data", "text", within=window.get_inspector())
    wait_until(lambda: field.get_text_iface().get_text(0, -1) == '{"a": 1', "what was typed")
    assert "data" not in get_params("code"), json.dumps(get_params("code"))
    open_field("Data")
    window.key("ctrl+End")
    window.type("}")
    wait_until(lambda: get_params("code").get("data") == {"a": 1}, "the data")
    # What is typed further is not laid out anew under the cursor.
    window.key("Left")
    window.type(', "b": 2')
    wait_until(lambda: get_params("code").get("data") == {"a": 1, "b": 2}, "all of the data")
    window.key("ctrl+e")
    wait_closed()


def test_end():
    window.close()


with Window(HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_complete, test_error, test_close, test_values, test_gone, test_draft, test_end)
