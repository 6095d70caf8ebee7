#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the first lines of every source, and that each header compiles on its own.

usage: check-headers.py BUILD

A header that some .c file includes first has been compiled on its own by the build. Only the others are compiled here,
with the options of a neighbour.
"""
import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys

import tree

LICENCE = 'SPDX-License-Identifier: GPL-3.0-or-later'
COMMENTED = ['*.[ch]', '*.py', '*.ui', '*.css', '*.sh', 'meson.build']
# Options of a compile command that take a word of their own and are of no use here.
WITH_WORD = {'-o', '-MF', '-MQ', '-c'}


def check_start(path):
    lines = tree.read(path).splitlines()
    if not any(LICENCE in line for line in lines[:2]):
        yield f'{path}: does not start with the licence'
    if path.suffix == '.h' and lines[1:2] != ['#pragma once']:
        yield f'{path}: its second line is not #pragma once'


def first_included():
    """Names of headers that the build itself compiles with nothing before them."""
    for path in tree.files('*.c'):
        quoted = [name for quote, name in tree.includes(path)[:1] if quote == '"']
        yield from (pathlib.Path(name).name for name in quoted)


def commands(build):
    """For each top folder the compiler call of one of its sources, without files."""
    found = {}
    for entry in json.loads((build / 'compile_commands.json').read_text()):
        source = (pathlib.Path(entry['directory']) / entry['file']).resolve()
        if not source.is_relative_to(tree.ROOT):
            continue
        words = iter(shlex.split(entry['command']))
        kept = [word for word in words if not (word in WITH_WORD and next(words)) and word not in ('-MD', '-pg')]
        found[source.relative_to(tree.ROOT).parts[0]] = kept
    return found


def compile_alone(build, command, path):
    alone = [*command, '-fsyntax-only', '-x', 'c', '-include', str(tree.ROOT / path), '/dev/null']
    done = subprocess.run(alone, cwd=build, capture_output=True, text=True, check=False)
    return f'{path}: does not compile on its own\n{done.stderr}' if done.returncode else None


def findings(build):
    for path in tree.files(*COMMENTED):
        yield from check_start(path)
    known, by_folder = set(first_included()), commands(build)
    rest = [path for path in tree.files('*.h') if path.name not in known and path.parts[0] in by_folder]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda path: compile_alone(build, by_folder[path.parts[0]], path), rest)
        yield from filter(None, results)


tree.report(findings(pathlib.Path(sys.argv[1]).resolve()))
