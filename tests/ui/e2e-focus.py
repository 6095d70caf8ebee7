#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the keyboard goes: Tab through the start page and back, and after what comes and goes it is where it was."""
import pathlib

from window_driver import Window, do_action, has_focus, list_children, main, wait_until

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "data/examples/support-triage.heddle.json"
DIALOGS = ("preferences", "knowledge", "memory", "variables", "help", "show-help-overlay", "about")

window = None


def find_within(accessible):
    if has_focus(accessible):
        return accessible
    return next(filter(None, map(find_within, list_children(accessible))), None)


def look_within(area):
    """A field that the focus has just left may still be telling so."""
    return wait_until(lambda: (find_within(area),), "the focus to be told")[0]


def press(key):
    window.key(key)
    window.sync()


def walk_by(key, area, most=80):
    """The stops until the focus leaves the area, which it is in."""
    stops = [look_within(area)]
    for _ in range(most):
        press(key)
        found = look_within(area)
        if found is None:
            return [stop.get_name() for stop in stops]
        stops.append(found)
    raise AssertionError(f"{key} does not leave; it was last at “{stops[-1].get_name()}”")


def check_both_ways(area, what):
    forth = walk_by("Tab", area)
    press("shift+Tab")
    wait_until(lambda: find_within(area), f"the focus in {what} again")
    back = walk_by("shift+Tab", area)
    assert back == forth[::-1], f"{what}\nforth: {forth}\nback: {back[::-1]}"
    return forth


def test_start_page():
    press("Tab")
    page = window.find("HeddleStartPage", exact=False)
    for _ in range(20):
        if look_within(page) is not None:
            break
        press("Tab")
    stops = check_both_ways(page, "the start page")
    assert stops[:2] == ["Import…", "New Workflow"] and stops[-1].startswith("Support triage"), stops


def check_focus(title, after):
    wait_until(lambda: window.find_focused().get_name().startswith(f"Node {title},"), f"the focus on {title} after {after}")


def test_dialogs():
    window.close()
    window.start(EXAMPLE)
    window.select_card("Router")
    for name in DIALOGS:
        do_action(window.frame, f"win.{name}")
        window.find_window("")
        window.key("Escape")
        window.wait_alone()
        check_focus("Router", name)


def test_popovers():
    for key in ("F2", "a", "shift+F10"):
        window.key(key)
        wait_until(lambda: not window.find_focused().get_name().startswith("Node "), f"what {key} opens")
        window.key("Escape")
        check_focus("Router", key)


def check_on_canvas(after):
    def is_there():
        name = window.find_focused().get_name()
        return name == "Workflow canvas" or name.startswith("Node ")

    wait_until(is_there, f"the focus on the canvas after {after}")


def test_delete_and_undo():
    window.key("Delete")
    wait_until(lambda: not any(card.startswith("Node Router,") for card in window.list_cards()), "the node to go")
    check_on_canvas("delete")
    window.key("ctrl+z")
    window.find_card("Router")
    check_on_canvas("undo")
    window.key("ctrl+shift+z")
    wait_until(lambda: not any(card.startswith("Node Router,") for card in window.list_cards()), "the node to go again")
    check_on_canvas("redo")
    # Keys still reach it.
    window.key("ctrl+z", "Tab")
    wait_until(lambda: window.find_focused().get_name().startswith("Node "), "the focus on a node")


def test_zoom_from_elsewhere():
    """The canvas zooms by its keys also while the keyboard is in a panel."""
    window.key("Escape", "ctrl+0")
    wait_until(lambda: window.get_zoom() == 1, "the normal size")
    window.key("ctrl+shift+f")
    wait_until(lambda: not window.find_focused().get_name().startswith("Node "), "the focus in the palette")
    window.key("ctrl+minus")
    wait_until(lambda: window.get_zoom() < 1, "a smaller view")
    window.key("ctrl+0")
    wait_until(lambda: window.get_zoom() == 1, "the normal size again")


with Window(1280, 800, HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_start_page, test_dialogs, test_popovers, test_delete_and_undo, test_zoom_from_elsewhere)
