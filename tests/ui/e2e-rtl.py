#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From right to left: panels change sides, what flows does not, as the places of nodes are data."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from window_driver import Window, get_place, main, skip, wait_until

LOCALE = "ar_EG.UTF-8"
TITLE = "ملخص الرسالة"
TEXT = "سؤال: ما هو التطبيق؟"
DOCUMENT = {
    "format": "heddle-workflow", "version": 1, "name": "مثال", "nodes": [
        {"id": "start", "type": "input", "title": "البداية", "params": {"fields": [{"name": "message", "default": TEXT}]}},
        {"id": "sum", "type": "llm", "title": TITLE, "params": {"model": "demo/small", "prompt": "{{ $start.message }}"}},
        {"id": "end", "type": "output", "title": "النهاية"},
    ],
    "edges": [{"from": "start", "to": "sum"}, {"from": "sum", "to": "end"}],
    "annotations": [{"id": "note", "kind": "note", "text": TEXT, "rect": [0, 200, 300, 100]}],
    "layout": {"start": [0, 0], "sum": [280, 0], "end": [560, 0]},
}

window = None


def get_x(accessible):
    return get_place(accessible).x


def test_panels():
    """What begins a line is on the right: nodes there, the inspector on the left, the buttons of the window with them."""
    window.select_card(TITLE)
    palette, canvas, inspector = (window.find(name) for name in ("HeddlePalette", "Workflow canvas", "HeddleInspector"))
    assert get_x(inspector) < get_x(canvas) < get_x(palette), [get_place(each).x for each in (inspector, canvas, palette)]
    assert get_x(window.find("All workflows", "push button")) > get_x(window.find("Run", "push button"))
    window.shoot("editor")


def test_flow():
    places = [get_x(window.find_card(title)) for title in ("البداية", TITLE, "النهاية")]
    assert places == sorted(places), places
    # The arrows go where they point.
    window.key("Right")
    wait_until(lambda: window.find_focused().get_name().startswith("Node النهاية"), "the focus on the node at the right")
    window.key("Left", "Left")
    wait_until(lambda: window.find_focused().get_name().startswith("Node البداية"), "the focus on the node at the left")


def test_run():
    window.key("ctrl+Return")
    window.find("message", "text")
    window.key("ctrl+Return")
    wait_until(lambda: any(run["state"] == "ok" for run in window.list_runs()), "the run")
    trace = window.find("HeddleTracePanel")
    time.sleep(0.5)
    window.shoot("trace")
    # The tree of what happened is on the right of when it happened.
    names = window.find(TITLE, within=trace)
    assert get_x(names) > get_place(trace).x + get_place(trace).width / 2, get_place(names)


def test_sides():
    for page in ("Outline", "History"):
        window.click(page, "push button")
        time.sleep(0.4)
        window.shoot(page.lower())


def make_locale(folder):
    """GLib leaves GTK in English, and from left to right, where a program has no catalogue of the language."""
    target = folder / "ar/LC_MESSAGES/heddle.mo"
    target.parent.mkdir(parents=True)
    for command, text in (
        (("localedef", "-i", "ar_EG", "-f", "UTF-8", folder / LOCALE), ""),
        (("msgfmt", f"--output-file={target}", "-"), 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'),
    ):
        if shutil.which(command[0]) is None or subprocess.run(command, input=text, text=True, capture_output=True, check=False).returncode != 0:
            skip(f"{command[0]} is needed for a language from right to left")
    os.environ |= {"LOCPATH": str(folder), "LC_ALL": LOCALE, "HEDDLE_LOCALEDIR": str(folder)}


with tempfile.TemporaryDirectory() as name:
    make_locale(pathlib.Path(name))
    path = pathlib.Path(name, "example.heddle.json")
    path.write_text(json.dumps(DOCUMENT))
    with Window(1280, 800, HEDDLE_DEMO_DELAY_MS="0") as window:
        window.key("ctrl+q")
        window.process.wait(10)
        window.start(path)
        main(test_panels, test_flow, test_run, test_sides)
