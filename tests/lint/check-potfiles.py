#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that po/POTFILES.in lists, sorted, every file with words to translate and no other.

usage: check-potfiles.py [--update]
"""
import re
import sys

import tree

POTFILES = tree.ROOT / 'po' / 'POTFILES.in'
HEADER = '# Files with words to translate, sorted; `make potfiles` writes this list.\n'
TRANSLATABLE = {
    '.c': re.compile(r'\b(?:N?C?_|n?gettext)\s*\(\s*"'),
    '.h': re.compile(r'\b(?:N?C?_|n?gettext)\s*\(\s*"'),
    '.ui': re.compile(r'translatable="(?:yes|true|1)"'),
    '.desktop.in': re.compile(r'^Name=', re.MULTILINE),
    '.metainfo.xml.in': re.compile(r'<summary>'),
    '.gschema.xml': re.compile(r'<summary>'),
}


def wanted():
    folders = (*tree.CODE, 'data')
    return sorted(str(path) for suffix, words in TRANSLATABLE.items()
                  for path in tree.files('*' + suffix, folders=folders) if words.search(tree.read(path)))


def listed():
    lines = POTFILES.read_text().splitlines() if POTFILES.exists() else []
    return [line for line in lines if line and not line.startswith('#')]


def findings():
    there, right = listed(), wanted()
    for name in sorted(set(right) - set(there)):
        yield f'po/POTFILES.in: {name} is missing; run `make potfiles`'
    for name in sorted(set(there) - set(right)):
        yield f'po/POTFILES.in: {name} has no words to translate; run `make potfiles`'
    if there != sorted(set(there)):
        yield 'po/POTFILES.in: not sorted; run `make potfiles`'


if sys.argv[1:] == ['--update']:
    POTFILES.write_text(HEADER + ''.join(f'{name}\n' for name in wanted()))
else:
    tree.report(findings())
