#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to the result: `heddle run` of ten nodes as a process of its own, recorded as always."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HEDDLE = pathlib.Path(os.environ['HEDDLE_TEST_BINDIR'], 'heddle')
N_ROUNDS = 5


def ten_nodes():
    names = ['start', *(f'step{n}' for n in range(8)), 'end']
    nodes = [{'id': 'start', 'type': 'input', 'params': {}},
             *({'id': name, 'type': 'template', 'params': {'text': '{{ $input }} and on'}} for name in names[1:-1]),
             {'id': 'end', 'type': 'output', 'params': {}}]
    edges = [{'from': a, 'to': b} for a, b in zip(names, names[1:])]
    return {'format': 'heddle-workflow', 'version': 1, 'id': 'cold', 'name': 'Cold', 'nodes': nodes, 'edges': edges}


def measure(command, env):
    """Wall clock in ms and peak of resident memory in MB."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return elapsed * 1000, usage.ru_maxrss / 1024


def main():
    with tempfile.TemporaryDirectory(prefix='heddle-bench-') as folder:
        path = pathlib.Path(folder, 'cold.heddle.json')
        path.write_text(json.dumps(ten_nodes()))
        env = {name: value for name, value in os.environ.items() if not name.startswith('XDG_')}
        env['HOME'] = folder
        command = [HEDDLE, 'run', path, '--input', '{"message": "Go"}']
        print('cold-new-library', measure(command, env)[0], 'ms')
        for _ in range(N_ROUNDS):
            wall, peak = measure(command, env)
            print('cold-time', wall, 'ms')
            print('cold-memory', peak, 'MB')
    return 0


sys.exit(main())
