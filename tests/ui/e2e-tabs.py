#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was open is open again: after a kill in the same order, and from the start page too."""
import json
import os
import pathlib
import time

from window_driver import Window, list_children, main, wait_until

window = None


def store(name):
    """A workflow of one node, in the database before there is a window."""
    path = pathlib.Path(os.environ["HOME"]) / f"{name}.json"
    path.write_text(json.dumps({"format": "heddle-workflow", "version": 1, "name": name, "nodes": [{"id": "start", "type": "input", "x": 0, "y": 0}]}))
    window.run_cli("import", str(path))


def wait_title(name):
    wait_until(lambda: window.frame.get_name() == name, f"the title {name}, not {window.frame.get_name()}")


def open_card(name):
    window.click(name, "push button", exact=False)
    wait_title(name)


def test_open_several():
    for name in ("First", "Second", "Third"):
        store(name)
    window.kill()
    window.start()
    for name in ("First", "Second", "Third"):
        if name != "First":
            window.key("alt+Home")
        open_card(name)
    window.key("ctrl+Page_Up")
    wait_title("Second")


def test_kill():
    # The settings have it at once.
    time.sleep(0.3)
    window.kill()
    window.start()
    wait_title("Second")
    window.key("ctrl+Page_Up")
    wait_title("First")
    window.key("ctrl+Page_Down")
    window.key("ctrl+Page_Down")
    wait_title("Third")
    window.shoot("tabs")


def walk_top(accessible):
    """What is in the upper part of the window; looking everywhere takes long."""
    yield accessible
    for child in list_children(accessible):
        if window.get_screen_place(child)[1] < 90:
            yield from walk_top(child)


def find_tabs():
    """The labels of the tabs, by their text."""
    labels = (label for label in walk_top(window.frame) if label.get_role_name() == "label" and label.get_name() in ("First", "Second", "Third"))
    return {label.get_name(): label for label in labels if 50 < window.get_center(label)[1] < 90}


def get_order():
    tabs = find_tabs()
    return sorted(tabs, key=lambda name: window.get_center(tabs[name])[0])


def test_keys():
    """The keys of every program with tabs, also with the keyboard on the canvas."""
    for key, name in (("alt+1", "First"), ("alt+2", "Second"), ("alt+3", "Third"), ("ctrl+Tab", "First"), ("ctrl+shift+Tab", "Third"), ("ctrl+Page_Up", "Second")):
        window.key(key)
        wait_title(name)


def test_menu():
    window.click("Open workflows", exact=False)
    time.sleep(0.4)
    window.shoot("menu")
    window.key("Down", "Down")
    window.key("Return")
    wait_title("Third")


def test_order():
    """Tabs stay where they were put, by key or by drag."""
    window.key("ctrl+shift+Page_Up")
    time.sleep(0.5)
    window.kill()
    window.start()
    wait_title("Third")
    wait_until(lambda: get_order() == ["First", "Third", "Second"], f"the order of keys, not {get_order()}")
    tabs = find_tabs()
    (x, y), (first, _) = window.get_center(tabs["Second"]), window.get_center(tabs["First"])
    window.drag((x, y), (first - 60, y), steps=16, rest=0.3)
    time.sleep(0.6)
    window.kill()
    window.start()
    wait_until(lambda: get_order() == ["Second", "First", "Third"], f"the order of the drag, not {get_order()}")


def test_middle_click():
    before = get_order()
    window.click_at(*window.get_center(find_tabs()["Third"]), button=2)
    wait_until(lambda: get_order() == before[:-1], "the other tabs")
    window.key("alt+Home")
    open_card("Third")
    # As before, for what comes next.
    window.key("alt+2")
    wait_title("First")
    window.key("ctrl+shift+Page_Up")
    window.key("alt+3")
    wait_title("Third")


def test_start_page():
    window.key("ctrl+w")
    wait_title("Second")
    window.key("alt+Home")
    time.sleep(0.3)
    window.close()
    window.start()
    # In front is the start page, as it was, and behind it what was not closed.
    window.find("First", "push button", exact=False)
    window.key("alt+Home")
    wait_title("Second")
    window.key("ctrl+Page_Up")
    wait_title("First")


def test_all_gone():
    """Another database has none of them: the start page says nothing of workflows that nobody asked for."""
    window.close()
    window.environment["XDG_DATA_HOME"] = str(pathlib.Path(os.environ["HOME"]) / "elsewhere")
    window.start()
    window.find("New Workflow", "push button")
    time.sleep(0.5)
    assert not window.has("There is no workflow", exact=False)


def is_asked():
    """In a window of its own."""
    application = window.frame.get_parent()
    others = [application.get_child_at_index(index) for index in range(application.get_child_count())]
    return any(other is not None and other != window.frame and window.find_now("Interrupt the Run?", "label", within=other) for other in others)


def test_close_while_running():
    """A key pressed by mistake ends no run: it is asked first, and the run can go on later."""
    workflow = {
        "format": "heddle-workflow",
        "version": 1,
        "name": "Slow",
        "nodes": [{"id": "wait", "type": "wait", "params": {"seconds": 300}}, {"id": "out", "type": "output"}],
        "edges": [{"from": "wait", "to": "out"}],
        "layout": {"wait": [0, 0], "out": [300, 0]},
    }
    path = pathlib.Path(os.environ["HOME"]) / "slow.heddle.json"
    path.write_text(json.dumps(workflow))
    window.close()
    window.start(path)
    window.find_card("Wait")
    window.key("ctrl+Return")
    window.find("Stop", "push button")
    window.key("ctrl+w")
    wait_until(is_asked, "the question")
    window.shoot("close")
    time.sleep(0.5)
    window.key("Escape")
    wait_until(lambda: not is_asked(), "the end of the question")
    assert window.has("Stop", "push button")
    window.key("ctrl+w")
    wait_until(is_asked, "the question again")
    time.sleep(0.5)
    window.key("alt+i")
    window.find("1 run was interrupted", exact=False)
    assert [run["state"] for run in window.list_runs()] == ["interrupted"]


with Window(GSETTINGS_BACKEND="keyfile") as window:
    main(test_open_several, test_kill, test_keys, test_menu, test_order, test_middle_click, test_start_page, test_all_gone, test_close_while_running)
