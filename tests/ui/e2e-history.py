#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The history: steps over a kill, going to one of them, versions that are named, compared and restored; two programs with one workflow."""
import json

from window_driver import Window, main, wait_until

window = None


def get_only_workflow():
    listed = json.loads(window.run_cli("list", "--json"))
    assert len(listed) == 1, listed
    return window.export(listed[0]["id"])


def get_titles():
    return [node.get("title", node["type"]) for node in get_only_workflow()["nodes"]]


def list_versions():
    return json.loads(window.run_cli("versions", "Untitled", "--json"))


def show_history(page):
    window.click("History", "push button")
    window.click(page, "page tab")


def test_steps_survive_a_kill():
    window.click("New Workflow", "push button", exact=False)
    window.drop("Input", 140, 150)
    window.drop("LLM", 460, 150)
    window.edit("Title", "Teller")
    window.find("Saved", "label")
    window.edit("Title", "Killed here")
    wait_until(lambda: get_titles()[-1:] == ["Killed here"], "the journal")
    window.kill()
    assert get_titles() == ["input", "Killed here"], get_titles()
    window.start()
    window.click("Untitled", "push button")
    window.find_card("Killed here")
    show_history("Steps")
    window.find(", Current", "panel", exact=False)
    window.shoot("steps")
    for _ in range(8):
        window.key("ctrl+z")
    wait_until(lambda: get_titles() == [], "an empty workflow")
    window.shoot("undone")
    for _ in range(8):
        window.key("ctrl+shift+z")
    wait_until(lambda: get_titles() == ["input", "Killed here"], "all steps redone")


def test_go_to_step():
    window.click("Before these steps", "label")
    wait_until(lambda: get_titles() == [], "an empty workflow")
    window.key("ctrl+shift+z")
    wait_until(lambda: get_titles() == ["input"], "the first step")


def test_versions():
    window.find("Saved", "label")
    show_history("Versions")
    window.click("Name This Version…", "push button")
    window.type("Before the demo")
    window.key("Return")
    wait_until(lambda: any(version.get("name") == "Before the demo" for version in list_versions()), "the name")
    window.click("Nodes", "push button")
    window.drop("Output", 460, 300)
    window.find("Saved", "label")
    show_history("Versions")
    window.find("Before the demo", "label")
    window.shoot("versions")
    window.click("Before the demo", "label")
    version = window.find_window("Before the demo")
    window.find("Node “Output” added", "label", within=version)
    window.shoot("version")
    window.key("alt+r")
    wait_until(lambda: get_titles() == ["input"], "the restored version")
    window.wait_alone()
    window.key("ctrl+z")
    wait_until(lambda: get_titles() == ["input", "output"], "the restored version undone")


def test_open_elsewhere():
    first = list_versions()[-1]["id"]
    window.run_cli("versions", "Untitled", "--restore", str(first), status=1)
    window.key("ctrl+w")
    window.find("New Workflow", "push button", exact=False)
    window.run_cli("versions", "Untitled", "--restore", str(first))
    assert "added" in window.run_cli("versions", "Untitled", "--compare", str(first), str(list_versions()[1]["id"]))


with Window() as window:
    main(test_steps_survive_a_kill, test_go_to_step, test_versions, test_open_elsewhere)
