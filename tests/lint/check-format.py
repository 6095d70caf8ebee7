#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that clang-format would change nothing.

Releases differ in details, so only Debian 12's judges; with another one the check is skipped.
"""
import re
import shutil
import subprocess
import sys

import tree

RELEASE = 14
SKIPPED = 77

program = shutil.which('clang-format-14') or 'clang-format'
version = subprocess.run([program, '--version'], capture_output=True, text=True, check=True).stdout
if int(re.search(r'version (\d+)', version)[1]) != RELEASE:
    print(f'skipped: needs clang-format {RELEASE}, this is {version}')
    sys.exit(SKIPPED)
sources = [str(path) for path in tree.files('*.[ch]')]
sys.exit(subprocess.run([program, '--dry-run', '-Werror', *sources], cwd=tree.ROOT, check=False).returncode)
