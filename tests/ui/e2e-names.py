#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything in every window that can have the focus has a name that tells what it is."""
import json
import pathlib
import re
import time

from window_driver import Atspi, Window, do_action, list_children, main, wait_until, walk

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "data/examples/support-triage.heddle.json"
APPROVAL = {
    "format": "heddle-workflow", "version": 1, "id": "reply", "name": "Reply", "nodes": [
        {"id": "start", "type": "input", "params": {"fields": [{"name": "text", "default": "Dear customer"}]}},
        {"id": "ask", "type": "approval", "title": "Ask", "params": {"title": "Send this reply?", "value": "{{ $start.text }}", "editable": True}},
        {"id": "end", "type": "output"},
    ],
    "edges": [{"from": "start", "to": "ask"}, {"from": "ask.approved", "to": "end"}],
    "layout": {"start": [0, 0], "ask": [260, 0], "end": [520, 0]},
}
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


def find_window(title):
    """Any window but the main one, once it is all there."""

    def look():
        windows = list_windows()
        return windows[-1] if len(windows) > 1 else None

    found = wait_until(look, title)
    time.sleep(0.5)
    return found


def close_window(title):
    before = len(list_windows())
    window.key("Escape")
    wait_until(lambda: len(list_windows()) < before, f"the end of {title}")


def check_window(action, title):
    do_action(window.frame, action)
    check(title, find_window(title))
    close_window(title)


def list_pages(frame):
    """A page tab is there twice, for a wide window and for a narrow one."""
    tabs = [tab for tab in walk(frame) if tab.get_role_name() == "page tab"]
    return list({tab.get_name(): tab for tab in tabs}.values())


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
    for action in ("knowledge", "memory", "variables", "help", "show-help-overlay", "about", "commands", "export-picture"):
        check_window(f"win.{action}", action)


def test_preferences():
    do_action(window.frame, "win.preferences")
    frame = find_window("preferences")
    pages = list_pages(frame)
    assert len(pages) == 5, [page.get_name() for page in pages]
    for page in pages:
        do_action(page, "click")
        time.sleep(0.4)
        check(f"preferences {page.get_name()}", frame)
    close_window("preferences")


def test_editing():
    """What is opened to change one thing: a text, the name of a node, a template, the output of a node."""
    window.select_card("Router")
    window.edit("System message", "You sort messages.")
    window.key("ctrl+e")
    check("the text in a window", find_window("the text in a window"))
    close_window("the text in a window")
    for key, what in (("F2", "rename"), ("a", "node search"), ("shift+F10", "node menu")):
        window.select_card("Router")
        window.key(key)
        time.sleep(0.5)
        check(what, window.get_canvas())
        window.key("Escape")
    window.select_card("Router")
    window.key("ctrl+shift+t")
    check("template", find_window("template"))
    close_window("template")


def test_side():
    for page in ("Outline", "History"):
        do_action(window.find(page, "push button"), "click")
        time.sleep(0.5)
        check(page, window.frame)
    do_action(window.find("Versions", "page tab"), "click")
    time.sleep(0.3)
    check("versions", window.frame)


def test_version():
    """What is different between a version and the workflow as it is now."""
    window.click("Name This Version…", "push button")
    window.type("Before the demo")
    window.key("Return")
    window.find("Before the demo", "label")
    window.select_card("Router")
    window.edit("System message", "You answer messages.")
    window.find("Saved", "label")
    window.click("Before the demo", "label")
    version = window.find_window("Before the demo")
    window.find("“Router”", "label", exact=False, within=version)
    check("version", version)
    close_window("version")


def test_popovers():
    do_action(window.find("Serve this workflow to other programs", "push button").get_child_at_index(0), "click")
    time.sleep(0.5)
    check("serve", window.frame)
    window.key("Escape")
    window.key("ctrl+Return")
    window.find("Message", "text")
    check("run form", window.frame)
    window.key("Escape")


def test_question():
    window.close()
    path = pathlib.Path.home() / "reply.heddle.json"
    path.write_text(json.dumps(APPROVAL))
    window.start(path)
    window.key("ctrl+Return")
    window.find("text", "text")
    window.key("ctrl+Return")
    dialog = window.find_window("Send this reply?")
    time.sleep(0.5)
    check("question", dialog)
    window.key("alt+a")
    window.wait_alone()


with Window(1280, 800, HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_start_page, test_editor, test_inspector, test_windows, test_preferences, test_editing, test_side, test_version, test_popovers, test_question)
