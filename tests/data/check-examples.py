#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every example as its reader does: from a fresh library, with the demo model, at the first try.

usage: check-examples.py SOURCE_ROOT HEDDLE
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

root, program = map(pathlib.Path, sys.argv[1:3])
examples = sorted(root.glob('data/examples/*.heddle.json'))
# What the notes in the examples tell people to try.
BRANCHES = [
    ('support-triage', {'message': 'I was charged twice'}, 'billing'),
    ('support-triage', {'message': 'the app crashes on start'}, 'technical'),
    ('document-pipeline', {}, 'approval'),
    ('document-pipeline', {'document': 'Number: A-17\nDate: 2026-05-02\nFrom: Lamp Works\nTotal: 80'}, 'payment'),
]


def heddle(*arguments):
    """What the program prints when it ends well."""
    done = subprocess.run([program, *arguments], check=False, capture_output=True, text=True)
    assert done.returncode == 0, f'heddle {" ".join(map(str, arguments))}: {done.returncode}, {done.stderr}'
    return done.stdout


def events_of(path, given):
    lines = heddle('run', path, '--approve', 'all', '--input', json.dumps(given), '--output', 'events').splitlines()
    return [json.loads(line) for line in lines]


def is_saved_as_it_was_loaded(path):
    name = json.loads(path.read_text())['name']
    heddle('validate', path)
    heddle('import', path)
    assert heddle('export', name) == path.read_text(), 'the file is not in canonical form'


def runs_with_what_its_form_offers(path):
    assert json.loads(heddle('run', path, '--approve', 'all', '--output', 'json'))


def takes_the_way(stem, given, node):
    events = events_of(root / f'data/examples/{stem}.heddle.json', given)
    finished = {event.get('node') for event in events if event['event'] == 'node.finished'}
    others = {other for name, _, other in BRANCHES if name == stem} - {node}
    assert node in finished and not finished & others, finished


def window_offers_every_example():
    resource = ElementTree.parse(root / 'ui/heddle-ui.gresource.xml').getroot()
    listed = [file.text for file in resource.iter('file') if file.text.startswith('examples/')]
    assert listed == [f'examples/{path.name}' for path in examples], listed


CASES = [('the window offers every example', window_offers_every_example, ())]
for example in examples:
    CASES += [(f'{example.name} is saved as it was loaded', is_saved_as_it_was_loaded, (example,)),
              (f'{example.name} runs', runs_with_what_its_form_offers, (example,))]
for branch in BRANCHES:
    CASES += [(f'{branch[0]} takes the way {branch[2]}', takes_the_way, branch)]

print(f'1..{len(CASES)}')
failed = 0
os.environ['HEDDLE_DEMO_DELAY_MS'] = '0'
for number, (name, case, arguments) in enumerate(CASES, 1):
    with tempfile.TemporaryDirectory() as library:
        os.environ['XDG_DATA_HOME'] = library
        try:
            case(*arguments)
            print(f'ok {number} {name}', flush=True)
        except (AssertionError, OSError, ValueError, KeyError) as error:
            failed += 1
            print(f'not ok {number} {name}\n# {error!r}', flush=True)
sys.exit(1 if failed else 0)
