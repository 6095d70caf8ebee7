#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the name of a node type is the same everywhere, and that it brings an example and an icon."""
import re

import tree

LIST = re.compile(r"node_types = \[(.*?)\]", re.DOTALL)


def listed():
    return re.findall(r"'([^']+)'", LIST.search(tree.read('engine/nodes/meson.build'))[1])


def check_type(name):
    path, text = f'engine/nodes/node-{name}.c', tree.read(f'engine/nodes/node-{name}.c')
    symbol = 'heddle_node_type_' + name.replace('-', '_')
    if not re.search(rf'^const HeddleNodeType {symbol} =', text, re.MULTILINE):
        yield f'{path}: does not define {symbol}'
    if f'.id = "{name}"' not in text:
        yield f'{path}: its id is not "{name}"'
    if '.example' not in text:
        yield f'{path}: has no example'
    icon = re.search(r'\.icon_name = "([^"]+)"', text)
    if icon and icon[1].startswith('heddle-') and not icon_path(icon[1]).exists():
        yield f'{path}: there is no {icon_path(icon[1]).relative_to(tree.ROOT)}'


def icon_path(name):
    return tree.ROOT / 'data/icons/scalable/actions' / f'{name}.svg'


def findings():
    names = listed()
    there = sorted(path.stem.removeprefix('node-') for path in tree.files('node-*.c', folders=['engine/nodes']))
    if names != sorted(names):
        yield 'engine/nodes/meson.build: node_types is not sorted'
    for name in sorted(set(there) ^ set(names)):
        yield f'engine/nodes: {name} has no file or is not listed in meson.build'
    for name in sorted(set(there) & set(names)):
        yield from check_type(name)


tree.report(findings())
