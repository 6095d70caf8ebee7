#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs ask, from wherever they run: listed in the window, told to the desktop, answered from both, and after a kill."""
import contextlib
import http.server
import json
import pathlib
import subprocess
import threading
import time

from window_driver import Gio, GLib, Window, get_place, main, wait_until, walk, xdotool

NOTIFICATIONS = """<node><interface name="org.freedesktop.Notifications">
<method name="GetCapabilities"><arg direction="out" type="as"/></method>
<method name="GetServerInformation"><arg direction="out" type="s"/><arg direction="out" type="s"/><arg direction="out" type="s"/><arg direction="out" type="s"/></method>
<method name="Notify"><arg direction="in" type="s"/><arg direction="in" type="u"/><arg direction="in" type="s"/><arg direction="in" type="s"/><arg direction="in" type="s"/>
<arg direction="in" type="as"/><arg direction="in" type="a{sv}"/><arg direction="in" type="i"/><arg direction="out" type="u"/></method>
<method name="CloseNotification"><arg direction="in" type="u"/></method>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>"""
PATH = "/org/freedesktop/Notifications"


def make_workflow(name, nodes, edges):
    return {"format": "heddle-workflow", "version": 1, "id": name.lower(), "name": name, "nodes": nodes,
            "edges": [{"from": source, "to": target} for source, target in edges],
            "layout": {node["id"]: [260 * place, 0] for place, node in enumerate(nodes)}}


APPROVAL = make_workflow(
    "Reply", [
        {"id": "start", "type": "input", "params": {"fields": [{"name": "text", "default": "Dear customer"}]}},
        {"id": "ask", "type": "approval", "title": "Ask", "params": {"title": "Send this reply?", "value": "{{ $start.text }}"}},
        {"id": "end", "type": "output"},
    ],
    [("start", "ask"), ("ask.approved", "end")])


def make_order(url):
    return make_workflow(
        "Order", [
            {"id": "start", "type": "input", "params": {"fields": [{"name": "text", "default": "paper"}]}},
            {"id": "post", "type": "http", "title": "Place the order", "params": {"url": url, "method": "POST", "body_type": "json", "body": "{\"what\":\"paper\"}"}},
            {"id": "end", "type": "output"},
        ],
        [("start", "post"), ("post", "end")])


class Desktop:
    """Stands for the notifications of a desktop, in a thread of its own."""

    def __init__(self):
        self.shown = {}
        self.ready = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()
        assert self.ready.wait(10)

    def serve(self):
        context = GLib.MainContext.new()
        context.push_thread_default()
        address = Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION)
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.connection = Gio.DBusConnection.new_for_address_sync(address, flags)
        self.connection.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(NOTIFICATIONS).interfaces[0], self.take_call, None, None)
        self.connection.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                  GLib.Variant("(su)", ("org.freedesktop.Notifications", 4)), None, 0, -1)
        self.ready.set()
        GLib.MainLoop.new(context, False).run()

    def take_call(self, _connection, _sender, _path, _interface, method, arguments, invocation):
        answer = None
        if method == "Notify":
            number = len(self.shown) + 1
            _, _, _, title, body, actions, _, _ = arguments.unpack()
            self.shown[number] = {"title": title, "body": body, "actions": dict(zip(actions[1::2], actions[::2])), "open": True}
            answer = GLib.Variant("(u)", (number,))
        elif method == "CloseNotification":
            self.shown[arguments.unpack()[0]]["open"] = False
        elif method == "GetCapabilities":
            answer = GLib.Variant("(as)", (["actions", "body"],))
        elif method == "GetServerInformation":
            answer = GLib.Variant("(ssss)", ("test", "Heddle", "1", "1.2"))
        invocation.return_value(answer)

    def press(self, number, label):
        """A desktop forgets what was pressed; the program does, too."""
        action = self.shown[number]["actions"][label]
        self.connection.emit_signal(None, PATH, "org.freedesktop.Notifications", "ActionInvoked", GLib.Variant("(us)", (number, action)))


class Stall(http.server.BaseHTTPRequestHandler):
    """The first request gets no answer, the next ones do."""

    requests = []

    def do_POST(self):
        self.requests.append(self.path)
        if len(self.requests) == 1:
            threading.Event().wait()
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *arguments):
        pass


window = None
desktop = Desktop()


def import_workflow(workflow):
    file = pathlib.Path.home() / f"{workflow['id']}.json"
    file.write_text(json.dumps(workflow))
    window.run_cli("import", file)
    return file


@contextlib.contextmanager
def running():
    """A run in another process, without a terminal."""
    words = [window.bindir / "heddle", "run", "Reply"]
    with subprocess.Popen(words, env=window.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def find_button(count):
    label = "1 question waits for an answer" if count == 1 else f"{count} questions wait for an answer"
    return wait_until(lambda: next((part for part in walk(window.frame) if label in (part.get_name() + part.get_description())), None), label)


def is_asked():
    return any("for an answer" in part.get_name() + part.get_description() for part in walk(window.frame))


def wait_unasked():
    wait_until(lambda: not is_asked(), "the button to go")


def choose(title):
    window.key("F7")
    window.find(title, exact=False)
    window.shoot("list")
    window.key("Return")


def check_narrow():
    """The button leaves the header of a narrow window with a workflow, where the title needs the room."""
    file = pathlib.Path.home() / f"{APPROVAL['id']}.json"
    subprocess.run([window.bindir / "heddle", file], env=window.environment, check=True)
    window.get_canvas()
    top = get_place(find_button(1)).y
    window.resize(360, 800)
    wait_until(lambda: get_place(find_button(1)).y > top + 400, "the button below the canvas")
    time.sleep(0.4)
    window.shoot("narrow")
    window.resize(1280, 800)
    wait_until(lambda: get_place(find_button(1)).y == top, "the button in the header")


def test_another_process():
    import_workflow(APPROVAL)
    assert not is_asked()
    with running() as process:
        find_button(1)
        check_narrow()
        choose("Send this reply?")
        window.find_window("Send this reply?")
        window.shoot("elsewhere")
        window.key("alt+a")
        out, _ = process.communicate(timeout=20)
        assert process.returncode == 0 and b"Dear customer" in out, out
    wait_unasked()
    assert desktop.shown == {}, desktop.shown


def test_notification():
    xdotool("windowminimize", window.id)
    with running() as process:
        wait_until(lambda: desktop.shown, "the notification")
        told = desktop.shown[1]
        assert "Reply" in told["body"] and "Send this reply?" in told["body"] and "Dear customer" in told["body"], told
        assert {"Approve", "Open"} <= set(told["actions"]), told
        desktop.press(1, "Approve")
        assert process.communicate(timeout=20)[0] and process.returncode == 0
    with running() as process:
        wait_until(lambda: len(desktop.shown) == 2, "the second notification")
        assert desktop.shown[2]["open"]
        window.run_cli("answer", json.loads(window.run_cli("approvals", "--json"))[0]["run"], "--approve")
        wait_until(lambda: not desktop.shown[2]["open"], "the end of the notification")
    with running() as process:
        wait_until(lambda: len(desktop.shown) == 3, "the third notification")
        desktop.press(3, "Open")
        window.find_window("Send this reply?")
        window.key("alt+r")
        process.communicate(timeout=20)
    wait_unasked()


def test_interrupted():
    with running() as process:
        find_button(1)
        process.kill()
    choose("Send this reply?")
    window.find_window("Send this reply?")
    window.find_card("Ask")
    window.shoot("resumed")
    window.key("alt+a")
    wait_until(lambda: window.list_runs()[0]["state"] == "ok", "the end of the run")
    wait_unasked()


def test_in_doubt():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stall)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    import_workflow(make_order(f"http://127.0.0.1:{server.server_address[1]}/order"))
    with subprocess.Popen([window.bindir / "heddle", "run", "Order"], env=window.environment, stdin=subprocess.DEVNULL) as process:
        wait_until(lambda: Stall.requests, "the request")
        process.kill()
    find_button(1)
    choose("A step may have been done already")
    window.find_window("Place the order")
    window.shoot("doubt")
    window.key("alt+a")
    wait_until(lambda: window.list_runs()[0]["state"] == "ok", "the end of the run")
    assert len(Stall.requests) == 2, Stall.requests
    wait_unasked()


with Window() as window:
    main(test_another_process, test_notification, test_interrupted, test_in_doubt)
