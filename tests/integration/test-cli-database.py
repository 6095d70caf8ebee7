#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases that are damaged, foreign, newer, full, read-only, or used by many at once."""
import contextlib
import os
import random
import sqlite3
import subprocess

from cli_support import Skip, greeting, run_cases

ANSWER = ['--input', '{"message": "x"}']


def told(library, says):
    """Every command that needs the database says what is wrong with it, in one sentence."""
    path = library.file('greeting.json', greeting())
    for arguments in (['run', path, *ANSWER], ['traces'], ['list'], ['import', path], ['export', 'x'], ['knowledge']):
        result = library.heddle(*arguments)
        assert (result.status, result.out) == (1, ''), (arguments, result)
        assert len(result.err.splitlines()) == 1 and says in result.err, (arguments, result)
    assert library.heddle('validate', path).status == 0
    memory = library.heddle('run', path, *ANSWER, '--durability', 'memory')
    assert (memory.status, memory.out) == (0, 'Hello x\n'), memory


def new_database(library):
    library.heddle('import', library.file('greeting.json', greeting()))
    return library.database


def damaged(library):
    path = new_database(library)
    noise = random.Random(3).randbytes(path.stat().st_size - 4096)
    path.write_bytes(path.read_bytes()[:4096] + noise)
    told(library, 'is damaged')


def not_a_database(library):
    path = new_database(library)
    path.write_text('hello')
    told(library, 'not a database')


def of_another_program(library):
    path = new_database(library)
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute('CREATE TABLE other (x)')
    told(library, 'another program')


def of_a_newer_version(library):
    path = new_database(library)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute('PRAGMA user_version = 99')
    told(library, 'newer version')


def a_folder_in_its_place(library):
    path = new_database(library)
    path.unlink()
    path.mkdir()
    told(library, 'Is a directory')


@contextlib.contextmanager
def mounted(library, *options):
    """The library's home on a file system of its own."""
    command = ['mount', '-t', 'tmpfs', *options, 'tmpfs', str(library.home)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        raise Skip('no file system can be mounted here')
    try:
        yield
    finally:
        subprocess.run(['umount', str(library.home)], check=True)


def read_only_home(library):
    with mounted(library, '-o', 'ro'):
        told(library, 'cannot be written')


def full_disk(library):
    path = library.file('greeting.json', greeting())
    with mounted(library, '-o', 'size=4m'):
        assert library.heddle('run', path, *ANSWER).status == 0
        with contextlib.suppress(OSError), open(library.home / 'fill', 'wb', buffering=0) as file:
            while True:
                file.write(bytes(4096))
        result = library.heddle('run', path, *ANSWER)
        assert 'no space left' in result.err, result
        if result.status == 0:  # there was just enough to open the database
            assert result.out == 'Hello x\n' and 'could not be recorded' in result.err, result
        refused = library.heddle('import', path)
        assert refused.status == 1 and 'no space left' in refused.err, refused
        (library.home / 'fill').unlink()
        assert library.heddle('import', path).status == 0
        assert library.heddle('traces', '--json').json()[-1]['state'] == 'ok'


def twenty_at_once(library):
    """On a database that none of them finds made: each run is recorded, and nothing is damaged."""
    path = library.file('greeting.json', greeting())
    runs = [library.start('run', path, '-i', '{"message": "%d"}' % n) for n in range(20)]
    for number, run in enumerate(runs):
        out, err = run.communicate(timeout=60)
        assert (run.returncode, out.decode()) == (0, f'Hello {number}\n'), err
    listed = library.heddle('traces', '--json').json()
    assert [run['state'] for run in listed] == ['ok'] * 20, listed
    with contextlib.closing(sqlite3.connect(library.database)) as database:
        assert database.execute('PRAGMA integrity_check').fetchall() == [('ok',)]


def home_is_unset(library):
    library.env.pop('HOME')
    library.env['XDG_DATA_HOME'] = str(library.folder / 'data')
    path = library.file('greeting.json', greeting())
    assert library.heddle('run', path, *ANSWER).out == 'Hello x\n'
    library.env['XDG_DATA_HOME'] = '/dev/null'
    result = library.heddle('run', path, *ANSWER)
    assert result.status == 1 and 'cannot be opened' in result.err, result


run_cases([
    damaged,
    not_a_database,
    of_another_program,
    of_a_newer_version,
    a_folder_in_its_place,
    read_only_home,
    full_disk,
    twenty_at_once,
    home_is_unset,
])
