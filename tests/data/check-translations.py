#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that each catalogue is whole: nothing missing, nothing unsure, nothing that the sources no longer say.

usage: check-translations.py SOURCE_ROOT
"""
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
# As meson's preset for GLib, so that the words found here are those that `ninja heddle-pot` finds.
KEYWORDS = ['_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'g_dcgettext:2', 'g_dngettext:2,3', 'g_dpgettext2:2c,3', 'ngettext:1,2']


def run(*command):
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)


def extract(template):
    """Take the words from the sources; one that a macro such as G_GINT64_FORMAT cuts in two is told as a warning."""
    done = run('xgettext', '--from-code=UTF-8', '--add-comments=TRANSLATORS', '--files-from=po/POTFILES.in',
               f'--output={template}', *(f'--keyword={keyword}' for keyword in KEYWORDS))
    assert not done.stderr, done.stderr


def check(language, template, folder):
    """Merging the words of the sources into a whole catalogue leaves no gap."""
    catalogue, merged = root / 'po' / f'{language}.po', pathlib.Path(folder, 'merged.po')
    run('msgmerge', '--quiet', '--no-fuzzy-matching', f'--output-file={merged}', str(catalogue), str(template))
    done = run('msgfmt', '--check', '--statistics', '--output-file=/dev/null', str(merged))
    assert not re.search(r'\d+ (fuzzy|untranslated)', done.stderr), f'{catalogue.name}: {done.stderr.strip()}'
    assert '\n#~ ' not in merged.read_text(), f'{catalogue.name}: has messages that the sources no longer say'


languages = [line for line in (root / 'po/LINGUAS').read_text().split('\n') if line and not line.startswith('#')]
print(f'1..{len(languages)}')
failed = 0
with tempfile.TemporaryDirectory() as folder:
    template = pathlib.Path(folder, 'heddle.pot')
    extract(template)
    for number, language in enumerate(languages, 1):
        try:
            check(language, template, folder)
            print(f'ok {number} {language}')
        except (AssertionError, subprocess.CalledProcessError) as error:
            failed += 1
            print(f'not ok {number} {language}')
            print(getattr(error, 'stderr', '') or error, file=sys.stderr)
sys.exit(1 if failed else 0)
