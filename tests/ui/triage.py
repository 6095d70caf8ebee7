# SPDX-License-Identifier: GPL-3.0-or-later
"""The support triage as it is built without a mouse: what it must come to, and what a run of it must say."""
import json

SYSTEM = "You sort support messages. Answer with one word: billing or technical."
CONDITION = '$routerNode.output === "billing"'
PROMPT = "{{ $start.message }}"
MESSAGE = "I was charged twice"

# Type as it is searched for, its title, the title and the id given to it (None: its own).
NODES = (
    ("Input", None, "start"),
    ("LLM", "Router", "routerNode"),
    ("If-Else", None, "ifElse"),
    ("LLM", "Billing", "billing"),
    ("LLM", "Technical", "technical"),
    ("Output", None, "output"),
)
# From, to, and the ports to choose, where the first that fit are not meant.
EDGES = (
    ("Input", "Router", None),
    ("Router", "If-Else", None),
    ("If-Else", "Billing", None),
    ("If-Else", "Technical", "False → Input"),
    ("Billing", "Output", None),
    ("Technical", "Output", None),
)
PARAMS = (
    ("Router", (("System message", SYSTEM), ("Prompt", PROMPT))),
    ("Billing", (("Prompt", PROMPT),)),
    ("Technical", (("Prompt", PROMPT),)),
    ("If-Else", (("Condition", CONDITION),)),
)


def check_workflow(workflow):
    by_id = {node["id"]: node for node in workflow["nodes"]}
    assert sorted(by_id) == sorted(id for _, _, id in NODES), sorted(by_id)
    assert by_id["routerNode"]["params"]["system"] == SYSTEM, by_id["routerNode"]
    for id in ("routerNode", "billing", "technical"):
        assert by_id[id]["params"]["prompt"] == PROMPT, by_id[id]
    assert by_id["ifElse"]["params"]["condition"] == CONDITION, by_id["ifElse"]
    edges = sorted(f"{edge['from']} {edge['to']}" for edge in workflow["edges"])
    assert edges == ["billing output", "ifElse billing", "ifElse.false technical", "routerNode ifElse", "start routerNode", "technical output"], edges


def check_run(window, run):
    events = json.loads(window.run_cli("traces", run, "--json"))["events"]
    ended = {event["node"]: event for event in events if event["event"] in ("node.finished", "node.skipped")}
    assert ended["routerNode"]["data"]["result"]["output"] == "billing", ended["routerNode"]
    assert ended["billing"]["event"] == "node.finished" and ended["technical"]["event"] == "node.skipped", ended
