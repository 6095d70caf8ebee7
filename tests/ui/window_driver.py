# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window: real mouse and keys by xdotool, places by the names that assistive technology reads.

Only what a person can see and do is used, and the command line to look at what came of it.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

# Of the canvas, in its own units.
CARD_WIDTH = 208


def skip(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit()


if shutil.which("xdotool") is None or "DISPLAY" not in os.environ:
    skip("xdotool and Xvfb are needed to drive the window")
try:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, Gio, GLib
except (ImportError, ValueError):
    skip("the bindings of AT-SPI are needed to find things in the window (gir1.2-atspi-2.0)")


class NotFound(AssertionError):
    pass


def wait_until(condition, what, seconds=10.0):
    """The first true value of condition; it may fail while the window is changing."""
    end = time.monotonic() + seconds
    while True:
        try:
            value = condition()
        except GLib.Error:
            value = None
        if value:
            return value
        if time.monotonic() > end:
            raise NotFound(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.03)


def xdotool(*arguments):
    words = [str(word) for word in arguments]
    return subprocess.run(["xdotool", *words], check=True, capture_output=True, text=True).stdout.strip()


def list_children(accessible):
    """Those with a place on the screen; what is hidden has no size."""
    for index in range(accessible.get_child_count()):
        child = accessible.get_child_at_index(index)
        if child is None:
            continue
        place = get_place(child)
        if place is None or place.width > 0:
            yield child


def walk(accessible):
    yield accessible
    for child in list_children(accessible):
        yield from walk(child)


def walk_back(accessible):
    """From the end, where what lies on top of all is, as messages are."""
    for child in reversed(list(list_children(accessible))):
        yield from walk_back(child)
    yield accessible


def get_place(accessible):
    component = accessible.get_component_iface()
    return component.get_extents(Atspi.CoordType.WINDOW) if component is not None else None


def has_focus(accessible):
    return accessible.get_state_set().contains(Atspi.StateType.FOCUSED)


def list_actions(accessible):
    return [Atspi.Action.get_action_name(accessible, index) for index in range(Atspi.Action.get_n_actions(accessible))]


def do_action(accessible, name):
    """What assistive technology does instead of a click."""
    actions = list_actions(accessible)
    assert name in actions, f"“{accessible.get_name()}” has no action {name}, only {actions}"
    assert Atspi.Action.do_action(accessible, actions.index(name)), f"{name} of “{accessible.get_name()}” did nothing"


class Window:
    """A running Heddle with the home folder of the test's environment."""

    def __init__(self, width=1280, height=800, **environment):
        self.size = (width, height)
        self.environment = {**os.environ, "GTK_A11Y": "atspi", **environment}
        self.bindir = pathlib.Path(os.environ["HEDDLE_TEST_BINDIR"])
        self.screenshots = os.environ.get("HEDDLE_TEST_SCREENSHOTS")
        self.ports = json.loads(subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout)
        self.process = None
        self.frame = None
        self.areas = {}
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if failure[0] is not None:
            self.shoot("failed")
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)

    # Life

    def start(self, *files):
        self.process = subprocess.Popen([self.bindir / "heddle", *files], env=self.environment)
        self.areas.clear()
        self.id = wait_until(self.find_id, "the window on the screen", 60)
        wait_until(self.place, "the place of the window")
        self.frame = wait_until(self.find_frame, "the window", 60)
        wait_until(self.has_size, "the size of the window")
        self.wait_active()

    def find_id(self):
        """The search fails as well when any window goes while it looks."""
        words = ["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)]
        found = subprocess.run(words, check=False, capture_output=True, text=True).stdout.split()
        return found[0] if found else None

    def place(self):
        """In the upper left corner. The window manager may still be placing it where it likes, and the program giving it a size."""
        told = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", self.id).splitlines())
        if [int(told[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")] == [0, 0, *self.size]:
            return True
        xdotool("windowsize", self.id, *self.size)
        xdotool("windowmove", self.id, 0, 0)
        return False

    def resize(self, width, height):
        self.size = (width, height)
        xdotool("windowsize", self.id, width, height)
        wait_until(self.has_size, f"a window of {width} pixels")

    def has_size(self):
        """What the desktop draws around a window belongs to it too. While it is laid out it can be nowhere."""
        place = get_place(self.frame)
        return place is not None and abs(place.width - self.size[0]) < 40

    def find_frame(self):
        desktop = Atspi.get_desktop(0)
        # A name made of what a button holds changes without an event, so nothing is remembered.
        desktop.set_cache_mask(Atspi.Cache.NONE)
        for index in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(index)
            if application is not None and application.get_process_id() == self.process.pid and application.get_child_count() > 0:
                application.set_cache_mask(Atspi.Cache.NONE)
                return application.get_child_at_index(0)
        return None

    def kill(self):
        """As a power cut would."""
        self.process.kill()
        self.process.wait(10)

    def close(self):
        """Closes the window; nothing may be asked."""
        self.key("ctrl+q")
        status = self.process.wait(10)
        assert status == 0, f"the program ended with status {status}"

    # Finding

    def find_now(self, name, role=None, exact=True, within=None):
        for accessible in walk(within or self.frame):
            if role is not None and accessible.get_role_name() != role:
                continue
            found = accessible.get_name()
            if found == name or (not exact and name in found):
                return accessible
        return None

    def find(self, name, role=None, exact=True, within=None, seconds=10.0):
        found = wait_until(lambda: self.find_now(name, role, exact, within), f"“{name}” ({role or 'anything'})", seconds)
        self.wait_still(found)
        return found

    def has(self, name, role=None, exact=True):
        return self.find_now(name, role, exact) is not None

    def wait_gone(self, name, role=None, seconds=10.0):
        wait_until(lambda: self.find_now(name, role) is None, f"the end of “{name}”", seconds)

    def find_said(self, message):
        """A message that goes by itself, by a part of it."""
        return next((label for label in walk_back(self.frame) if label.get_role_name() == "label" and message in label.get_name()), None)

    def wait_still(self, accessible):
        """Until it is where it was a frame ago: nothing is clicked while it slides."""
        last = None
        for _ in range(60):
            place = get_place(accessible)
            now = (place.x, place.y, place.width, place.height)
            if now == last:
                return
            last = now
            time.sleep(0.04)

    def list_names(self, role, within=None):
        return [accessible.get_name() for accessible in walk(within or self.frame) if accessible.get_role_name() == role]

    def get_area(self, name):
        """A large part of the window that stays; looking inside it is quicker than looking everywhere."""
        area = self.areas.get(name)
        place = get_place(area) if area is not None else None
        if place is None or place.width <= 0:
            area = self.areas[name] = self.find(name)
        return area

    def get_screen_place(self, accessible):
        """x, y, width and height on the screen. The window's frame is as wide on the left as on the right."""
        whole, place = get_place(self.frame), get_place(accessible)
        margin_x, margin_y = (self.size[0] - whole.width) / 2, (self.size[1] - whole.height) / 2
        return place.x + margin_x, place.y + margin_y, place.width, place.height

    def get_center(self, accessible):
        x, y, width, height = self.get_screen_place(accessible)
        return x + width / 2, y + height / 2

    # Windows and focus

    def list_windows(self):
        """All of the program; a dialog is one of its own."""
        return list(list_children(self.frame.get_parent()))

    def find_window(self, text):
        """Another window than the main one that says this, once keys go to it."""

        def look():
            others = (each for each in self.list_windows() if each != self.frame)
            return next((each for each in others if any(text in part.get_name() for part in walk(each))), None)

        # GTK 4.8 is not asked for its windows while one comes or goes: of some it does not know yet, or any more, where they are.
        wait_until(lambda: self.get_active() not in ("", self.id), f"keys to go to a window that says “{text}”")
        return wait_until(look, f"a window that says “{text}”")

    def get_active(self):
        """The window that keys go to; the window manager lets them go from one to another in its own time."""
        return subprocess.run(["xdotool", "getactivewindow"], check=False, capture_output=True, text=True).stdout.strip()

    def wait_active(self):
        wait_until(lambda: self.get_active() == self.id, "keys to go to the main window")

    def wait_alone(self):
        """Until the main window is the only one, and keys go to it again."""
        self.wait_active()
        wait_until(lambda: len(self.list_windows()) == 1, "the other windows to go")

    def wait_focus(self, name):
        """Until keys go to what has this name, as the field of a popover that is being opened."""
        wait_until(lambda: any(has_focus(part) for part in walk(self.frame) if part.get_name() == name), f"the focus on “{name}”")

    def sync(self):
        """Until the program has dealt with the keys that it got: it takes one event between two answers, and a key is up to four."""
        for _ in range(6):
            self.frame.get_state_set()

    def find_focused(self):
        """What the keyboard speaks to: cards first, and not in the long list of node types; the window when it is not found."""

        def look(accessible):
            if has_focus(accessible):
                return accessible
            if accessible.get_name() in ("Node types", "HeddlePalette"):
                return None
            return next(filter(None, map(look, list_children(accessible))), None)

        def search():
            cards = (child for child in list_children(self.get_canvas()) if child.get_role_name() == "list item")
            return next(filter(has_focus, cards), None) or look(self.frame) or self.frame

        return wait_until(search, "something that has the focus")

    # Mouse

    def move(self, x, y):
        xdotool("mousemove", round(x), round(y))

    def click_at(self, x, y, button=1, times=1):
        self.move(x, y)
        self.press(button, times)

    def press(self, button=1, times=1):
        """Where the pointer is."""
        xdotool("click", "--repeat", times, "--delay", 60, button)

    def click(self, name, role=None, **more):
        self.click_at(*self.get_center(self.find(name, role, **more)))

    def drag(self, start, end, steps=8, rest=0.05):
        """rest: how long the pointer stays at the end before it lets go."""
        self.move(*start)
        xdotool("mousedown", 1)
        for step in range(1, steps + 1):
            part = step / steps
            self.move(start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
            time.sleep(0.015)
        time.sleep(rest)
        xdotool("mouseup", 1)

    def scroll_to(self, accessible, area=None):
        """Turns the wheel above or below until it is in the window, or in an area of it."""
        top, bottom = 100, self.size[1] - 40
        if area is not None:
            _, start, _, height = self.get_screen_place(area)
            top, bottom = max(top, start + 20), min(bottom, start + height - 20)
        for _ in range(60):
            x, y = self.get_center(accessible)
            if top <= y <= bottom:
                self.wait_still(accessible)
                return
            self.move(x, (top + bottom) / 2)
            self.press(5 if y > top else 4)
            time.sleep(0.05)
        raise NotFound(f"scrolled in vain to “{accessible.get_name()}”")

    # Keys

    def key(self, *keys):
        xdotool("key", "--delay", 25, *keys)

    def type(self, text):
        xdotool("type", "--delay", 5, text)

    def fill(self, name, text, within=None):
        """Replaces what is in a text field."""
        self.click(name, "text", within=within)
        self.key("ctrl+a")
        self.type(text)

    def edit(self, name, text):
        """Fills a field of the inspector."""
        inspector = self.get_inspector()
        self.scroll_to(self.find(name, "text", within=inspector), inspector)
        self.fill(name, text, within=inspector)

    # Canvas

    def get_canvas(self):
        return self.get_area("Workflow canvas")

    def get_inspector(self):
        return self.get_area("HeddleInspector")

    def list_cards(self):
        return [card.get_name() for card in list_children(self.get_canvas()) if card.get_role_name() == "list item"]

    def find_card(self, title):
        def look():
            return next((card for card in list_children(self.get_canvas()) if card.get_name().startswith(f"Node {title}, ")), None)

        return wait_until(look, f"the card {title}")

    def describe_card(self, title):
        return self.find_card(title).get_description()

    def get_controls(self):
        """The buttons on the canvas: zoom out, zoom in percent, zoom in, show everything, and so on."""
        panel = next(child for child in list_children(self.get_canvas()) if child.get_role_name() == "panel")
        return list(list_children(panel))

    def get_zoom(self):
        """The part of the screen that a canvas unit takes, as the zoom button tells it."""
        for button in self.get_controls():
            if button.get_name().endswith(" %"):
                return int(button.get_name()[:-2]) / 100
        raise NotFound("no zoom button")

    def get_on_card(self, title, x, y):
        """A place on a card in canvas units from its upper left corner; GTK tells its size before zooming."""
        card = self.find_card(title)
        self.wait_still(card)
        left, top, _, _ = self.get_screen_place(card)
        zoom = self.get_zoom()
        return left + x * zoom, top + y * zoom

    def get_port(self, title, side, name):
        """Where a port is; no name: the first one."""
        kind = self.find_card(title).get_name().rpartition(", ")[2]
        ports = self.ports[kind][side]
        return self.get_on_card(title, *(ports[name] if name else next(iter(ports.values()))))

    def connect(self, source, target, output=None, input=None):
        """Drags from port to port. Names of ports may be left out where there is one, or the first is meant."""
        self.drag(self.get_port(source, "outputs", output), self.get_port(target, "inputs", input))

    def select_card(self, title):
        self.click_at(*self.get_on_card(title, CARD_WIDTH / 2, 16))

    def show_everything(self):
        self.click_at(*self.get_center(self.get_controls()[-2]))
        time.sleep(0.1)

    def zoom_out(self, clicks):
        """By the wheel over the middle of the canvas."""
        self.move(*self.get_center(self.get_canvas()))
        before = self.get_zoom()
        for _ in range(clicks):
            xdotool("click", 5)
        wait_until(lambda: self.get_zoom() < before, "the zoom")

    def drop(self, type_title, x, y):
        """Drags a type from the palette to a place of the canvas; gives the number of cards then."""
        before = len(self.list_cards())
        left, top, _, _ = self.get_screen_place(self.get_canvas())
        source = self.find(type_title, "list item", within=self.get_area("Node types"))
        self.scroll_to(source)
        # Source and target of a drop speak with each other through the server before it is accepted.
        self.drag(self.get_center(source), (left + x, top + y), rest=0.3)
        wait_until(lambda: len(self.list_cards()) > before, f"the {type_title} node")

    # What came of it

    def run_cli(self, *arguments, status=0):
        words = [str(word) for word in arguments]
        done = subprocess.run([self.bindir / "heddle", *words], env=self.environment, capture_output=True, text=True)
        assert done.returncode == status, f"heddle {' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def export(self, name):
        return json.loads(self.run_cli("export", name))

    def list_runs(self):
        return json.loads(self.run_cli("traces", "--json"))

    def shoot(self, name):
        """For people to look at; nothing depends on it."""
        if self.screenshots is None or shutil.which("import") is None:
            return
        target = pathlib.Path(self.screenshots, f"{pathlib.Path(sys.argv[0]).stem}-{name}.png")
        width, height = self.size
        subprocess.run(["import", "-window", "root", "-crop", f"{width}x{height}+0+0", "+repage", target], check=False)


def main(*tests):
    """Runs the tests in order and speaks TAP. Each stands on the one before, so the first failure ends it."""
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        started = time.monotonic()
        try:
            test()
        except Exception:
            print(f"not ok {number} {test.__name__}", flush=True)
            raise
        print(f"ok {number} {test.__name__} # {time.monotonic() - started:.1f} s", flush=True)
