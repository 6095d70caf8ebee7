#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that go on: a map stopped and continued, another killed and resumed, a fork, a mended request, an approval after a restart."""
import collections
import contextlib
import http.server
import json
import pathlib
import threading

from window_driver import Window, main, wait_until

ITEMS = list(range(50))
# How many of them are let through before a run is stopped, and more than enough for the rest.
FIRST, ALL = 16, 1000


def make_workflow(name, nodes, edges, layout):
    return {"format": "heddle-workflow", "version": 1, "id": name.lower().replace(" ", "-"), "name": name, "nodes": nodes,
            "edges": [{"from": source, "to": target} for source, target in edges], "layout": layout}


def make_map(url):
    """Its items end when the server answers: as many as the test lets through."""
    return make_workflow(
        "Fifty", [
            {"id": "start", "type": "input", "params": {"fields": [{"name": "items", "type": "json", "default": json.dumps(ITEMS)}]}},
            {"id": "each", "type": "map", "title": "Each", "params": {"items": "$start.items", "concurrency": 8}},
            {"id": "work", "type": "http", "title": "Work", "parent": "each", "params": {"url": url + "/item/{{ $input }}"}},
            {"id": "end", "type": "output"},
        ],
        [("start", "each"), ("each.item", "work"), ("work", "each.result"), ("each", "end")],
        {"start": [0, 60], "each": [300, 0, 460, 260], "work": [400, 90], "end": [980, 60]})


CHAIN = make_workflow(
    "Chain", [
        {"id": "start", "type": "input", "params": {"fields": [{"name": "word", "default": "warp"}]}},
        {"id": "first", "type": "template", "title": "First", "params": {"text": "{{ $start.word }} 1"}},
        {"id": "third", "type": "template", "title": "Third", "params": {"text": "{{ $first.output }} 2"}},
        {"id": "last", "type": "template", "title": "Last", "params": {"text": "<{{ $third.output }}>"}},
        {"id": "end", "type": "output"},
    ],
    [("start", "first"), ("first", "third"), ("third", "last"), ("last", "end")],
    {"start": [0, 0], "first": [260, 0], "third": [520, 0], "last": [780, 0], "end": [1040, 0]})


def make_requests(url):
    return make_workflow(
        "Requests", [
            {"id": "start", "type": "input", "params": {"fields": [{"name": "word", "default": "warp"}]}},
            {"id": "good", "type": "http", "title": "Good", "params": {"url": url + "/good"}},
            {"id": "bad", "type": "http", "title": "Bad", "params": {"url": url + "/wrong"}},
            {"id": "end", "type": "output"},
        ],
        [("start", "good"), ("good", "bad"), ("bad", "end")],
        {"start": [0, 0], "good": [260, 0], "bad": [520, 0], "end": [780, 0]})


APPROVAL = make_workflow(
    "Reply", [
        {"id": "start", "type": "input", "params": {"fields": [{"name": "text", "default": "Dear customer"}]}},
        {"id": "ask", "type": "approval", "title": "Ask", "params": {"title": "Send this reply?", "value": "{{ $start.text }}"}},
        {"id": "end", "type": "output"},
    ],
    [("start", "ask"), ("ask.approved", "end")],
    {"start": [0, 0], "ask": [260, 0], "end": [520, 0]})

window = None


class Gate:
    """Lets so many items through and holds the others until more are let through."""

    condition = threading.Condition()
    free = 0

    @classmethod
    def let_through(cls, number):
        with cls.condition:
            cls.free = number
            cls.condition.notify_all()

    @classmethod
    def enter(cls):
        with cls.condition:
            cls.condition.wait_for(lambda: cls.free > 0)
            cls.free -= 1


class Server(http.server.BaseHTTPRequestHandler):
    """Answers two addresses and counts who asked for which; gives each item its number."""

    requests = collections.Counter()

    def do_GET(self):
        kind, _, number = self.path[1:].partition("/")
        if kind == "item":
            Gate.enter()
            self.answer(200, int(number))
            return
        self.requests[self.path] += 1
        self.answer(200 if self.path in ("/good", "/right") else 404, {"path": self.path})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # Nobody waits for it in a run that was stopped.
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def serve():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def open_workflow(workflow):
    """Brought in by the command line while no window is open."""
    if window.process.poll() is None:
        window.close()
    file = pathlib.Path.home() / "workflow.json"
    file.write_text(json.dumps(workflow))
    window.run_cli("import", file)
    start_with(workflow)


def start_with(workflow):
    window.start()
    window.click(workflow["name"], "push button", exact=False)
    window.find("Workflow canvas")


def list_runs_of(workflow):
    return [run for run in window.list_runs() if run["name"] == workflow["name"]]


def wait_for_run(workflow, number, state):
    """The newest run, once there are so many and it is in this state."""
    def look():
        runs = list_runs_of(workflow)
        return runs[0] if len(runs) == number and runs[0]["state"] == state else None

    return wait_until(look, f"run {number} of {workflow['name']} to be {state}", 40)


def list_events(run):
    return json.loads(window.run_cli("traces", run["id"], "--json"))["events"]


def get_output(run):
    return list_events(run)[-1]["data"]["output"]


def count(run, kind, node):
    return sum(event["event"] == kind and event.get("node") == node for event in list_events(run))


def count_done(workflow):
    return count(list_runs_of(workflow)[0], "node.finished", "work")


def list_finished(run, node):
    """Where the node really ran, instead of giving what an earlier run had."""
    return [event.get("scope") for event in list_events(run)
            if event["event"] == "node.finished" and event.get("node") == node and "source" not in event["data"]]


def press_run():
    """Opens the form, which is filled in, and runs."""
    window.key("ctrl+Return")
    window.find("Run", "push button")
    window.key("ctrl+Return")


def get_bar():
    return window.find("HeddleRunBar")


def find_told(text):
    """What the bar says."""
    return window.find(text, "label", exact=False, within=get_bar())


def press_in_bar(text):
    window.click(text, "push button", exact=False, within=get_bar())


def test_map_is_stopped_and_continued():
    Gate.let_through(FIRST)
    open_workflow(fifty)
    press_run()
    window.find("Stop", "push button")
    wait_until(lambda: "/ 50" in window.describe_card("Each"), "the progress on the frame")
    wait_until(lambda: count_done(fifty) >= FIRST, "a third of the items")
    window.shoot("map")
    window.key("ctrl+Return")
    stopped = wait_for_run(fifty, 1, "cancelled")
    done = count(stopped, "node.finished", "work")
    assert FIRST <= done < 50, done
    find_told("The run was stopped")
    window.shoot("map-stopped")
    Gate.let_through(ALL)
    window.key("F5")
    run = wait_for_run(fifty, 2, "ok")
    assert get_output(run) == ITEMS, get_output(run)
    assert len(list_finished(run, "work")) == 50 - done, (list_finished(run, "work"), done)
    window.shoot("map-continued")


def test_map_is_killed_and_resumed():
    Gate.let_through(FIRST)
    press_run()
    wait_until(lambda: len(list_runs_of(fifty)) == 3 and count_done(fifty) >= FIRST, "a third of the items")
    window.kill()
    done = count_done(fifty)
    start_with(fifty)
    find_told("1 run was interrupted")
    window.shoot("interrupted")
    press_in_bar("Look")
    find_told("This run was interrupted")
    Gate.let_through(ALL)
    press_in_bar("Resume")
    run = wait_for_run(fifty, 3, "ok")
    assert get_output(run) == ITEMS, get_output(run)
    finished = collections.Counter(list_finished(run, "work"))
    assert len(finished) == 50 and set(finished.values()) == {1} and done >= FIRST, (finished, done)


def test_fork_from_the_third_node():
    open_workflow(CHAIN)
    press_run()
    first = wait_for_run(CHAIN, 1, "ok")
    assert get_output(first) == "<warp 1 2>"
    window.select_card("Third")
    # The whole height for the inspector.
    window.key("ctrl+j")
    fork = window.find("Fork…", "push button", exact=False, within=window.get_inspector())
    window.scroll_to(fork)
    window.click_at(*window.get_center(fork))
    window.find_window("Fork and Run")
    window.shoot("fork")
    window.key("ctrl+a")
    window.type("weft")
    window.key("ctrl+Return")
    fork = wait_for_run(CHAIN, 2, "ok")
    window.wait_alone()
    assert get_output(fork) == "<weft>", get_output(fork)
    assert get_output(first) == "<warp 1 2>"
    window.key("ctrl+j")
    window.click("History")
    window.shoot("fork-history")


def test_pin_stands_for_the_node():
    window.select_card("First")
    window.key("ctrl+shift+p")
    window.key("ctrl+shift+Return")
    run = wait_for_run(CHAIN, 3, "ok")
    source = [event["data"].get("source") for event in list_events(run) if event["event"] == "node.finished" and event["node"] == "first"]
    assert source and source[0] and source[0]["kind"] == "pin", source
    window.key("ctrl+shift+p")


def test_mended_request_repeats_nothing():
    workflow = make_requests(url)
    open_workflow(workflow)
    press_run()
    wait_for_run(workflow, 1, "failed")
    assert Server.requests == {"/good": 1, "/wrong": 1}, Server.requests
    find_told("The run failed")
    window.select_card("Bad")
    window.edit("URL", url + "/right")
    window.shoot("mended")
    press_in_bar("Continue")
    run = wait_for_run(workflow, 2, "ok")
    assert Server.requests == {"/good": 1, "/wrong": 1, "/right": 1}, Server.requests
    assert get_output(run)["path"] == "/right", get_output(run)


def test_approval_is_answered_after_a_restart():
    open_workflow(APPROVAL)
    press_run()
    window.find_window("Send this reply?")
    window.shoot("asked")
    window.kill()
    start_with(APPROVAL)
    window.find_window("Send this reply?")
    window.shoot("asked-again")
    window.key("alt+a")
    run = wait_for_run(APPROVAL, 1, "ok")
    assert get_output(run) == "Dear customer", get_output(run)


url = serve()
fifty = make_map(url)
with Window() as window:
    main(test_map_is_stopped_and_continued, test_map_is_killed_and_resumed, test_fork_from_the_third_node, test_pin_stands_for_the_node,
         test_mended_request_repeats_nothing, test_approval_is_answered_after_a_restart)
