#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything in every window that can have the focus has a name that tells what it is."""
import pathlib
import re
import time

from window_driver import Atspi, Window, do_action, list_children, main, wait_until

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "data/examples/support-triage.heddle.json"
# What GTK makes of a widget without a name: its class.
CLASS = re.compile(r"^(Gtk|Adw|Heddle|Memory)[A-Z][A-Za-z]+$")
MNEMONIC = re.compile(r"(^|\s)_\w")
TWICE = re.compile(r"^(.+) \1$")
# What passes the focus on to what is in it.
PASSING_ON = ("scroll pane", "list", "filler", "panel")

window = None


def list_windows():
    application = window.frame.get_parent()
    return [application.get_child_at_index(index) for index in range(application.get_child_count())]


def list_nameless(accessible, path=()):
    path = (*path, f"{accessible.get_role_name()} “{accessible.get_name()}”")
    states = accessible.get_state_set()
    name = accessible.get_name()
    is_reached = states.contains(Atspi.StateType.FOCUSABLE) and states.contains(Atspi.StateType.SHOWING)
    if is_reached and accessible.get_role_name() not in PASSING_ON:
        if not name or CLASS.match(name) or MNEMONIC.search(name) or TWICE.match(name):
            yield " > ".join(path[-4:])
    for child in list_children(accessible):
        yield from list_nameless(child, path)


def check(which, frame):
    nameless = list(list_nameless(frame))
    window.shoot(re.sub(r"\W+", "-", which))
    assert not nameless, f"without a name in {which}:\n" + "\n".join(nameless)


def check_window(action, title):
    before = len(list_windows())
    do_action(window.frame, action)
    wait_until(lambda: len(list_windows()) > before, title)
    time.sleep(0.5)
    check(title, list_windows()[-1])
    window.key("Escape")
    wait_until(lambda: len(list_windows()) == before, f"the end of {title}")


def test_start_page():
    check("start page", window.frame)


def test_editor():
    window.close()
    window.start(EXAMPLE)
    window.key("ctrl+j")
    window.find("HeddleTracePanel")
    check("editor", window.frame)


def test_inspector():
    for title in ("Router", "Billing?", "Account", "Manuals"):
        window.select_card(title)
        time.sleep(0.3)
        check(f"inspector of {title}", window.get_inspector())


def test_windows():
    for action in ("preferences", "knowledge", "memory", "variables", "help"):
        check_window(f"win.{action}", action)
    window.close()


with Window(1280, 800, HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_start_page, test_editor, test_inspector, test_windows)
