#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the arrows between folders: who may include what, and that no headers include each other in a circle."""
import graphlib
import pathlib
import re

import tree

# A folder of the engine may include its own headers, those of the engine's root, and those named here.
# A single header instead of a folder is an arrow that is meant to stay thin.
ENGINE = {
    'value': [],
    'expr': ['value'],
    'net': ['value'],
    'registry': ['expr', 'value'],
    'graph': ['expr', 'registry', 'value'],
    'foreign': ['graph', 'value'],
    'plan': ['expr', 'graph', 'registry', 'value'],
    'store': ['graph', 'plan/heddle-plan.h', 'run/heddle-event.h', 'run/heddle-run.h', 'value'],
    'secret': ['store', 'value'],
    'provider': ['net', 'secret', 'store', 'value'],
    'knowledge': ['net', 'provider', 'secret', 'store', 'value'],
    'sandbox': ['value'],
    'memory': ['knowledge/heddle-keyword-query.h', 'net', 'provider', 'store', 'value'],
    'tool': ['net', 'registry', 'run/heddle-effects.h', 'run/heddle-node-run.h', 'secret', 'store', 'value'],
    'chat': ['memory', 'net', 'provider', 'registry', 'run/heddle-effects.h', 'run/heddle-node-run.h', 'store', 'tool', 'value'],
    'nodes': ['chat', 'expr', 'knowledge', 'memory', 'net', 'provider', 'registry', 'run/heddle-effects.h', 'run/heddle-node-run.h', 'sandbox', 'secret', 'store', 'tool', 'value'],
    'run': ['expr', 'graph', 'knowledge', 'memory', 'net', 'plan', 'provider', 'registry', 'secret', 'store', 'tool', 'value'],
    'trace': ['plan', 'registry', 'run', 'value'],
    'server': ['graph', 'plan', 'registry', 'run', 'secret', 'store', 'value'],
}
# Written by meson into the build.
GENERATED = re.compile(r'^heddle-config\.h$|-resources\.h$|\.inc$')
TOOLKIT = re.compile(r'^(adwaita|gdk|gsk|gtk|gtksourceview|pango)')
# Libraries that only one layer knows.
FORBIDDEN = {
    'engine': re.compile(TOOLKIT.pattern + r'|^poppler'),
    'ui': re.compile(r'^(libsoup|sqlite3|libxml|poppler|libsecret)'),
}


def resolve(path, name):
    """The file of the project that an include means, or None."""
    for folder in (path.parent, pathlib.Path(path.parts[0])):
        if (tree.ROOT / folder / name).is_file():
            return folder / name
    others = [tree.ROOT / top / name for top in tree.CODE]
    return next((other.relative_to(tree.ROOT) for other in others if other.is_file()), None)


def part(path):
    """The folder below the layer, '' for the layer's own root."""
    return path.parts[1] if len(path.parts) > 2 else ''


def engine_allows(path, target):
    if part(target) in ('', part(path)) or part(path) == '':
        return True
    allowed = ENGINE.get(part(path), [])
    return part(target) in allowed or '/'.join(target.parts[1:]) in allowed


def why_not(path, target):
    """Why `path` may not include `target`; None when it may."""
    layer, other = path.parts[0], target.parts[0]
    if target.name.endswith('-private.h') and target.parent != path.parent:
        return 'is private to its folder'
    if layer == 'engine' and other != 'engine':
        return 'is above the engine'
    if layer == 'engine' and not engine_allows(path, target):
        return f'is not below engine/{part(path)}'
    if layer == 'ui' and other == 'app':
        return 'is above the user interface'
    if layer == 'ui' and other == 'engine' and target.name != 'heddle-engine.h':
        return 'is not heddle-engine.h, the one door to the engine'
    return None


def check_file(path):
    for quote, name in tree.includes(path):
        if quote == '<':
            pattern = FORBIDDEN.get(path.parts[0])
            if pattern and pattern.match(name):
                yield f'{path}: <{name}> does not belong in {path.parts[0]}/'
        elif target := resolve(path, name):
            if reason := why_not(path, target):
                yield f'{path}: "{name}" {reason}'
        elif not GENERATED.search(name):
            yield f'{path}: "{name}" is not a file of the project'


def check_circles(paths, what, node):
    """One finding when the include graph of `paths` has a circle, its nodes named by `node`."""
    graph = {}
    for path in paths:
        targets = (resolve(path, name) for quote, name in tree.includes(path) if quote == '"')
        graph.setdefault(node(path), set()).update(node(t) for t in targets if t and node(t) != node(path))
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield f'{what} include each other in a circle: ' + ' -> '.join(map(str, error.args[1]))


def findings():
    for path in tree.files('*.[ch]', folders=tree.CODE):
        yield from check_file(path)
    for folder in sorted(path.name for path in (tree.ROOT / 'engine').iterdir() if path.is_dir()):
        if folder not in ENGINE:
            yield f'engine/{folder}: say in tests/lint/check-layers.py what it may include'
    yield from check_circles(tree.files('*.h', folders=tree.CODE), 'headers', lambda path: path)
    in_folders = [path for path in tree.files('*.[ch]', folders=['ui']) if part(path)]
    yield from check_circles(in_folders, 'folders of ui', part)


tree.report(findings())
