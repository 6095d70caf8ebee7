#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was open is open again: after a kill in the same order, and from the start page too."""
import json
import os
import pathlib
import time

from window_driver import Window, main, wait_until

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


with Window(GSETTINGS_BACKEND="keyfile") as window:
    main(test_open_several, test_kill, test_start_page, test_all_gone)
