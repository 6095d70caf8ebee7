#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job by mouse: draw the support triage, run it both ways, and get the same from the command line."""
import json
import pathlib

from window_driver import Window, main, wait_until

SYSTEM = "You sort support messages. Answer with one word: billing or technical."
CONDITION = '$routerNode.output === "billing"'
PROMPT = "{{ $start.message }}"
CASES = (("I was charged twice", "billing", "technical"), ("the app crashes on start", "technical", "billing"))

# The first port of a node type is not named.
EDGES = ["ifElse llm2", "ifElse.false llm3", "llm2 output", "llm3 output", "routerNode ifElse", "start routerNode"]

window = None
outputs = {}


def draw_nodes():
    window.click("New Workflow", "push button", exact=False)
    window.zoom_out(4)
    for kind, title, x, y in (
        ("Input", None, 75, 200),
        ("LLM", "Router", 215, 200),
        ("If-Else", None, 355, 200),
        ("LLM", "Billing", 510, 130),
        ("LLM", "Technical", 510, 330),
        ("Output", None, 670, 200),
    ):
        window.drop(kind, x, y)
        if title is not None:
            window.edit("Title", title)
            window.find_card(title)
    assert len(window.list_cards()) == 6, window.list_cards()


def connect_ports():
    window.connect("Input", "Router")
    window.connect("Router", "If-Else")
    window.connect("If-Else", "Billing", output="true")
    # The card itself takes an edge too.
    window.drag(window.get_port("If-Else", "outputs", "false"), window.get_on_card("Technical", 120, 30))
    window.connect("Billing", "Output")
    window.connect("Technical", "Output")
    window.shoot("wired")


def rename_router():
    window.select_card("Router")
    window.edit("Name in expressions", "routerNode")
    window.key("Return")
    window.find("Result: $routerNode.output", exact=False)


def type_parameters():
    rename_router()
    window.edit("System message", SYSTEM)
    window.edit("Prompt", PROMPT)
    for title in ("Billing", "Technical"):
        window.select_card(title)
        window.edit("Prompt", PROMPT)
    window.select_card("If-Else")
    window.edit("Condition", CONDITION)
    window.shoot("typed")


def test_draw():
    draw_nodes()
    connect_ports()
    type_parameters()
    name_workflow("Triage")
    window.find("Saved", "label")
    workflow = window.export("Triage")
    assert len(workflow["nodes"]) == 6 and len(workflow["edges"]) == 6, workflow
    by_id = {node["id"]: node for node in workflow["nodes"]}
    assert by_id["ifElse"]["params"]["condition"] == CONDITION, by_id["ifElse"]
    assert by_id["routerNode"]["params"]["system"] == SYSTEM, by_id["routerNode"]
    edges = sorted(f"{edge['from']} {edge['to']}" for edge in workflow["edges"])
    assert edges == EDGES, edges


def name_workflow(name):
    window.click_at(*window.get_center(window.find("Untitled", "label")))
    window.fill("Name", name)
    window.key("Escape")
    window.find(name, "label")


def run_with(message):
    window.click("Run", "push button")
    window.fill("Message", message)
    window.shoot(f"form-{message.split()[-1]}")
    window.key("ctrl+Return")


def test_both_ways():
    for message, taken, other in CASES:
        before = len(window.list_runs())
        run_with(message)
        run = wait_until(lambda: find_end(before), "the end of the run", 20)
        assert run["state"] == "ok", run
        check_cards(taken.title(), other.title())
        check_trace(run["id"], taken, other)
        window.shoot(f"ran-{taken}")


def find_end(before):
    runs = window.list_runs()
    return runs[0] if len(runs) > before and runs[0]["state"] != "running" else None


def check_cards(taken, other):
    wait_until(lambda: "Done" in window.describe_card(taken), f"{taken} to be shown as done")
    wait_until(lambda: "Skipped" in window.describe_card(other), f"{other} to be shown as skipped")


def check_trace(run, taken, other):
    events = json.loads(window.run_cli("traces", run, "--json"))["events"]
    ended = {event["node"]: event for event in events if event["event"] in ("node.finished", "node.skipped")}
    ids = {"billing": "llm2", "technical": "llm3"}
    assert ended["routerNode"]["data"]["result"]["output"] == taken, ended["routerNode"]
    assert ended[ids[taken]]["event"] == "node.finished", ended
    assert ended[ids[other]]["event"] == "node.skipped", ended
    # The trace below the canvas says why. The canvas is lower now; everything is brought into view first.
    window.show_everything()
    window.select_card(other.title())
    window.find("Skipped, because “If-Else” did not take", "label", exact=False)
    outputs[taken] = ended["output"]["data"]["result"]["output"]


def test_command_line():
    """What was drawn, exported and run without a window, gives what the window gave."""
    file = pathlib.Path.home() / "triage.json"
    file.write_text(json.dumps(window.export("Triage")))
    for message, taken, _ in CASES:
        output = window.run_cli("run", file, "--input", json.dumps({"message": message}), "--output", "json")
        assert json.loads(output) == outputs[taken], (output, outputs)


def test_close():
    window.close()


with Window(HEDDLE_DEMO_DELAY_MS="0") as window:
    main(test_draw, test_both_ways, test_command_line, test_close)
