#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A webhook by hand: tried with a request of one's own, switched active, called from outside, and its request listed."""
import json
import pathlib
import socket
import urllib.request

from window_driver import Window, main, skip, wait_until, walk

WORKFLOW = {
    "format": "heddle-workflow", "version": 1, "id": "orders", "name": "Orders",
    "nodes": [
        {"id": "hook", "type": "webhook", "params": {"path": "new-order", "auth": "none"}},
        {"id": "clock", "type": "schedule", "params": {"cron": "0 9 * * 1-5"}},
        {"id": "text", "type": "template", "params": {"text": "Order {{ $hook.body.order }}"}},
        {"id": "end", "type": "output"},
    ],
    "edges": [{"from": "hook", "to": "text"}, {"from": "text", "to": "end"}],
}

PORT = 8611

window = None


def find_button(tooltip):
    """One that shows an icon only; the last of its parts is what is pressed."""
    buttons = [part for part in walk(window.frame) if part.get_role_name() == "push button" and part.get_description() == tooltip]
    return buttons[-1] if buttons else None


def list_ended():
    return [run for run in window.list_runs() if run["state"] != "running"]


def test_try_it():
    file = pathlib.Path.home() / "orders.json"
    file.write_text(json.dumps(WORKFLOW))
    window.run_cli("import", file)
    window.start()
    window.shoot("start")
    window.click("Orders", exact=False)
    window.find("Workflow canvas")
    window.click("Run", "push button")
    window.find("Request", "text")
    window.shoot("request")
    window.fill("Request", '{"order": 4711}')
    window.key("ctrl+Return")
    wait_until(list_ended, "the end of the run")
    run, = window.list_runs()
    assert run["state"] == "ok", run
    assert "Order 4711" in window.run_cli("traces", run["id"])


def test_switch_active():
    window.click_at(*window.get_center(wait_until(lambda: find_button("Serve this workflow to other programs"), "the button")))
    window.find("Webhooks and Schedules", "label")
    window.shoot("inactive")
    # The switch has the focus.
    window.key("Return")
    window.find(f"http://127.0.0.1:{PORT}/hooks/new-order", exact=False)
    window.shoot("active")


def test_call_it():
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/hooks/new-order", b'{"order": 17}', {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.read().decode() == "Order 17"
    window.find("POST /hooks/new-order", exact=False)
    window.shoot("called")


with socket.socket() as probe:
    if probe.connect_ex(("127.0.0.1", PORT)) == 0:
        skip("another Heddle serves on this computer")

with Window(HEDDLE_DEMO_DELAY_MS="0") as window:
    window.process.terminate()
    window.process.wait(10)
    main(test_try_it, test_switch_active, test_call_it)
