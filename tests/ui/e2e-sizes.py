#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window from 360 pixels wide to 4K: it becomes as narrow as it is told to, and what is needed is within it."""
import os
import pathlib

from window_driver import Window, get_place, main, wait_until

WIDTHS = (1280, 900, 720, 600, 480, 360, 3840)
NEEDED = ("All workflows", "Run", "Menu", "Close", "Zoom In", "Show Everything", "Support triage")
EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "data/examples/support-triage.heddle.json"

window = None


def find_needed(name):
    found = window.find_now(name)
    assert found is not None, f"{name} is not in a window of {window.size[0]} pixels"
    return found


def check_within(name):
    whole = get_place(window.frame)
    place = get_place(find_needed(name))
    assert place.x >= 0 and place.x + place.width <= whole.width, (window.size, name, place.x, place.width)
    assert place.y >= 0 and place.y + place.height <= whole.height, (window.size, name, place.y, place.height)


def test_start_page():
    for width in (360, 720):
        window.resize(width, 640)
        window.shoot(f"start-{width}")
        for name in ("New Workflow", "Import…", "Menu"):
            check_within(name)


def test_every_width():
    window.close()
    window.size = (1280, 800)
    window.start(EXAMPLE)
    for width in WIDTHS:
        window.resize(width, 2160 if width > 2000 else 700)
        wait_until(lambda: window.has("Zoom In"), "the canvas")
        window.shoot(f"{width}")
        for name in NEEDED:
            check_within(name)


def test_panels_lie_over_a_narrow_canvas():
    window.resize(480, 700)
    before = get_place(window.get_canvas()).width
    window.key("F4")
    close = window.find("Close (Esc)" if window.has("Close (Esc)") else "Close", "push button")
    window.shoot("inspector")
    check_within("Inspector")
    assert get_place(window.get_canvas()).width == before, "the panel took room of the canvas"
    assert close is not None
    window.key("Escape")
    window.wait_gone("HeddleInspector")
    window.key("ctrl+j")
    window.find("HeddleTracePanel")
    window.shoot("trace")
    window.key("ctrl+j")
    window.wait_gone("HeddleTracePanel")
    window.resize(1280, 700)
    window.find("HeddleInspector")
    window.close()


os.environ["G_DEBUG"] = "fatal-warnings"
with Window(720, 640, HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_start_page, test_every_width, test_panels_lie_over_a_narrow_canvas)
