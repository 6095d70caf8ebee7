#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that the window says is hard-coded: in a language that puts ⟦marks⟧ around every message, all carries them."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

from window_driver import Window, list_children, main, walk

ROOT = pathlib.Path(os.environ["G_TEST_SRCDIR"]).parent
# A language that no library knows: what GTK says by itself stays English.
LANGUAGE = "qps"
FROM_GTK = {"Close", "Minimize", "Maximize", "Restore", "Menu", "Search", "Shortcuts", "Clear entry", "Search Shortcuts", "Show Text"}
# What a workflow, a file or a protocol says is not a message.
DATA = re.compile(r"""[\W\d_]*                        # no word at all
                  | .*[$/\\{}<>=].*                    # an expression, a path, an address
                  | demo | Heddle\ Help | All\ types   # names given in data
                  | (?:Heddle|Gtk|Adw)\w+              # types of widgets without a name
                  | [a-z_]+(?:,\ [a-z_.]+)* | [A-Z]+   # identifiers, methods
                  | (?:(?:Ctrl|Shift|Alt)\+)+\S+       # keys
                  """, re.VERBOSE)
KEYS = {"F1", "F2", "F3", "F4", "F5", "F7", "F9", "F10", "F11", "Ctrl", "Shift", "Alt", "Home", "Delete", "Return", "Escape", "Left", "Right",
        "Page_Up", "Page_Down"}
SHOWN_BY_KEY = ("ctrl+comma", "ctrl+question", "shift+F10", "ctrl+j")

window = None


def make_catalogue(folder):
    keywords = ["_", "N_", "C_:1c,2", "NC_:1c,2", "g_dngettext:2,3", "ngettext:1,2"]
    template, target = folder / "heddle.pot", folder / LANGUAGE / "LC_MESSAGES/heddle.mo"
    subprocess.run(["xgettext", "--from-code=UTF-8", "--files-from=po/POTFILES.in", f"--output={template}",
                    *(f"--keyword={keyword}" for keyword in keywords)], cwd=ROOT, check=True)
    english = subprocess.run(["msgen", "--no-wrap", template], check=True, capture_output=True, text=True).stdout
    marked = re.sub(r'^(msgstr(?:\[\d\])? )"(.+?)((?:\\n)?)"$', r'\1"⟦\2⟧\3"', english, flags=re.MULTILINE)
    target.parent.mkdir(parents=True)
    subprocess.run(["msgfmt", f"--output-file={target}", "-"], input=marked, check=True, text=True)


def make_workflow(folder):
    """One node of each type, side by side."""
    types = json.loads(subprocess.run([pathlib.Path(os.environ["HEDDLE_TEST_BINDIR"], "heddle"), "nodes", "--json"],
                                      check=True, capture_output=True, text=True).stdout)
    nodes = [{"id": f"node{number}", "type": kind["id"], "layout": [number % 4 * 260, number // 4 * 240]}
             for number, kind in enumerate(types)]
    path = folder / "all.heddle.json"
    path.write_text(json.dumps({"format": "heddle-workflow", "version": 1, "name": "All types", "nodes": nodes, "edges": []}))
    return path


def list_examples():
    examples = [json.loads(path.read_text()) for path in ROOT.glob("data/examples/*.heddle.json")]
    texts = [(example["name"], example["description"]) for example in examples]
    return {text for pair in texts for text in (*pair, "\n".join(pair))}


def list_unmarked():
    """Names in all windows of the program that no message gave."""
    names = {accessible.get_name() for top in list_children(window.frame.get_parent()) for accessible in walk(top)}
    known = FROM_GTK | KEYS | list_examples()
    return sorted(name for name in names if "⟦" not in name and name not in known and not DATA.fullmatch(name))


def check(place):
    time.sleep(0.4)
    unmarked = list_unmarked()
    assert not unmarked, f"{place}: {unmarked}"


def test_start_page():
    check("the start page")
    window.key("F10")
    check("the menu")
    window.key("Escape")
    window.close()


def test_editor():
    window.start(workflow)
    canvas = window.find("Workflow canvas", exact=False)
    check("the editor")
    for card in [child for child in list_children(canvas) if child.get_role_name() == "list item"]:
        left, top, _, _ = window.get_screen_place(card)
        window.click_at(left + 20, top + 8)
        check(f"the inspector of {card.get_name()}")


def test_what_keys_show():
    for shortcut in SHOWN_BY_KEY:
        window.key(shortcut)
        check(shortcut)
        window.key("Escape")


with tempfile.TemporaryDirectory() as name:
    workflow = make_workflow(pathlib.Path(name))
    make_catalogue(pathlib.Path(name))
    with Window(HEDDLE_LOCALEDIR=name, LANGUAGE=LANGUAGE) as window:
        main(test_start_page, test_editor, test_what_keys_show)
