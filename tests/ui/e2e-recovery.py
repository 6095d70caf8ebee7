#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done is never lost: by a kill while editing, by closing while a model speaks, by a stop."""
import json
import time

from window_driver import Window, main, wait_until

# A long answer that comes slowly.
WORDS = " ".join(f"Sentence number {number} of the story is here." for number in range(8))

window = None


def draw():
    window.click("New Workflow", "push button", exact=False)
    window.drop("Input", 140, 150)
    window.drop("LLM", 460, 150)
    window.edit("Title", "Teller")
    window.connect("Input", "Teller")
    window.select_card("Teller")
    window.edit("Prompt", "{{ $start.message }}")


def get_only_workflow():
    listed = json.loads(window.run_cli("list", "--json"))
    assert len(listed) == 1, listed
    return window.export(listed[0]["id"])


def test_kill_while_editing():
    draw()
    window.edit("Title", "Killed here")
    # Another process sees it as soon as the journal has it.
    wait_until(lambda: "Killed here" in [node.get("title") for node in get_only_workflow()["nodes"]], "the journal")
    window.kill()
    workflow = get_only_workflow()
    titles = [node.get("title") for node in workflow["nodes"]]
    assert "Killed here" in titles, workflow
    assert workflow["nodes"][1]["params"]["prompt"] == "{{ $start.message }}", workflow
    assert len(workflow["edges"]) == 1, workflow


def test_undo_after_restart():
    before = get_only_workflow()
    window.start()
    window.click("Untitled", "push button")
    window.find_card("Killed here")
    assert get_only_workflow() == before
    window.select_card("Killed here")
    window.key("ctrl+z")
    window.find_card("Teller")
    window.key("ctrl+shift+z")
    window.find_card("Killed here")
    window.shoot("restored")


def test_stop_keeps_the_text():
    window.click_at(*window.get_center(window.find("Run", "push button")))
    window.fill("Message", WORDS)
    window.key("ctrl+Return")
    window.find("Stop", "push button")
    time.sleep(1.6)
    window.key("ctrl+Return")
    window.find("Run", "push button")
    run = wait_until(lambda: next((run for run in window.list_runs() if run["state"] == "cancelled"), None), "the stopped run")
    events = json.loads(window.run_cli("traces", run["id"], "--json"))["events"]
    text = "".join(event["text"] for event in events if event["event"] == "node.partial")
    assert 0 < len(text) < len(WORDS), len(text)
    window.shoot("stopped")


def test_close_while_running():
    window.key("ctrl+shift+Return")
    wait_until(lambda: window.list_runs()[0]["state"] == "running", "the run")
    window.close()
    runs = window.list_runs()
    # What was under way when the program was closed can go on later.
    assert [run["state"] for run in runs] == ["interrupted", "cancelled"], runs


def test_stop_where_run_was():
    """Run and Stop are one button: the pointer need not move, and a double click does not undo itself."""
    window.start()
    window.click("New Workflow", "push button", exact=False)
    window.drop("LLM", 300, 200)
    window.edit("Prompt", WORDS)
    before = len(window.list_runs())
    window.click_at(*window.get_center(window.find("Run", "push button")), times=2)
    window.find("Stop", "push button")
    time.sleep(0.6)
    window.find("Stop", "push button")
    window.press()
    window.find("Run", "push button")
    wait_until(lambda: len(window.list_runs()) == before + 1 and window.list_runs()[0]["state"] == "cancelled", "the stopped run")


with Window(HEDDLE_DEMO_DELAY_MS="1000") as window:
    main(test_kill_while_editing, test_undo_after_restart, test_stop_keeps_the_text, test_close_while_running, test_stop_where_run_was)
