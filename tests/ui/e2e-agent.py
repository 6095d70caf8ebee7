#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The research agent on the first try of a fresh installation: open the example, run it, see what it did."""
import json
import subprocess

from window_driver import Atspi, Window, main, skip, wait_until, walk

# One of its tools is code.
if subprocess.run(["bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true"], check=False, capture_output=True).returncode != 0:
    skip("this system allows no sandbox for code")

window = None


def test_open_example():
    window.click("Research agent", "push button", exact=False)
    for title in ("Researcher", "Handbook", "Multiply"):
        window.find_card(title)
    window.shoot("opened")


def test_run():
    window.click("Run", "push button")
    # The form comes filled in with the question of the example.
    assert "30 runs" in read_text("Question"), read_text("Question")
    window.key("ctrl+Return")
    run = wait_until(find_end, "the end of the run", 30)
    assert run["state"] == "ok", run
    for title in ("Researcher", "Handbook", "Multiply", "Output"):
        wait_until(lambda: "Done" in window.describe_card(title), f"{title} to be shown as done")
    window.show_everything()
    window.shoot("ran")


def read(accessible):
    return Atspi.Text.get_text(accessible, 0, Atspi.Text.get_character_count(accessible))


def read_text(name):
    return read(window.find(name, "text"))


def list_texts():
    return [read(accessible) for accessible in walk(window.frame) if accessible.get_role_name() == "text" and accessible.get_text_iface()]


def find_end():
    runs = window.list_runs()
    return runs[0] if runs and runs[0]["state"] != "running" else None


def test_trace():
    """Each turn, call of the model and call of a tool is there, and what the tools said is in the answer."""
    events = json.loads(window.run_cli("traces", window.list_runs()[0]["id"], "--json"))["events"]
    kinds = [event["data"]["kind"] for event in events if event["event"] == "span.started" and event["node"] == "researcher"]
    assert kinds.count("iteration") >= 2 and kinds.count("model") >= 2 and kinds.count("tool") >= 2, kinds
    output = events[-1]["data"]["output"]
    assert "60 dollars" in output and "budget" in output, output


def test_markup_is_text():
    """What people write is shown as they wrote it, whatever it would mean to the widgets."""
    before = len(window.list_runs())
    crafted = "<b>Bold & <span size='99999'>large</span> {{ 1 + 1 }} %s"
    window.click("Run", "push button")
    window.fill("Question", crafted)
    window.key("ctrl+Return")
    wait_until(lambda: len(window.list_runs()) > before and find_end(), "the end of the second run", 30)
    window.select_card("Input")
    wait_until(lambda: any(crafted in text for text in list_texts()), "the text as it was written")
    window.shoot("markup")


def test_close():
    window.close()


with Window(HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_open_example, test_run, test_trace, test_markup_is_text, test_close)
