#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that po/POTFILES.in lists, sorted, every file with words to translate and no other.

usage: check-potfiles.py [--update]
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
POTFILES = ROOT / 'po' / 'POTFILES.in'
FOLDERS = ['app', 'data', 'engine', 'ui']
HEADER = '# Files with words to translate, sorted; `make potfiles` writes this list.\n'
TRANSLATABLE = {
    '.c': re.compile(r'\b(?:N?C?_|g_dngettext|d?n?gettext|ngettext)\s*\(\s*"'),
    '.h': re.compile(r'\b(?:N?C?_|ngettext)\s*\(\s*"'),
    '.ui': re.compile(r'translatable="(?:yes|true|1)"'),
    '.desktop.in': re.compile(r'^Name=', re.MULTILINE),
    '.metainfo.xml.in': re.compile(r'<summary>'),
    '.gschema.xml': re.compile(r'<summary>'),
}


def has_words(path):
    for suffix, pattern in TRANSLATABLE.items():
        if path.name.endswith(suffix):
            return bool(pattern.search(path.read_text()))
    return False


def wanted():
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob('*') if path.is_file())
    return sorted(str(path.relative_to(ROOT)) for path in files if has_words(path))


def listed():
    lines = POTFILES.read_text().splitlines() if POTFILES.exists() else []
    return [line for line in lines if line and not line.startswith('#')]


def main():
    if '--update' in sys.argv[1:]:
        POTFILES.write_text(HEADER + ''.join(f'{name}\n' for name in wanted()))
        return 0
    there, right = listed(), wanted()
    for name in sorted(set(right) - set(there)):
        print(f'po/POTFILES.in: {name} is missing; run `make potfiles`')
    for name in sorted(set(there) - set(right)):
        print(f'po/POTFILES.in: {name} has no words to translate; run `make potfiles`')
    if there != sorted(set(there)):
        print('po/POTFILES.in: not sorted; run `make potfiles`')
    return 0 if there == right else 1


if __name__ == '__main__':
    sys.exit(main())
