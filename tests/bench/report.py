#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the benchmarks one at a time and make one table of their figures, in the terminal and in BUILD/bench.json.

usage: report.py BUILD [WORD]...   only what has one of the words in its name, such as "chain"

A program prints a line for each figure and time, "name value unit". A row shows the median of them with the smallest and
the largest, and whether the median keeps the target. What other programs need is not measured here: those figures are
given, measured on another day on a machine with two cores. The status says whether something could not be measured; a
target that is missed is told and fails nothing, as it depends on the machine and on what else it does.
"""
import argparse
import collections
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile

Row = collections.namedtuple('Row', 'name title target peers', defaults=(None, ''))
FIGURE = re.compile(r'(\S+) (\S+) (\S+)')
# Most programs take seconds; the canvas draws thousands of frames.
TIMEOUT = 300

# By program and in the order of the table. A target is the largest good value, or the smallest where it begins with "≥".
TABLE = {
    'engine': ('Runs in memory', [
        Row('chain-1000', 'chain of 1 000 nodes', 10, 'Node-RED 2.3 ms (keeps nothing), Rivet 140, LangGraph JS 448 to 540, n8n 560, Heym 1 875'),
        Row('chain-10000', 'chain of 10 000 nodes', 100),
        Row('chain-10000-per-node', 'of it, each node', 10, 'LangGraph JS 540 µs, n8n 560'),
        Row('chain-templates', 'chain of 1 000 templates', 20),
        Row('fan-1000', 'fan-out and in of 1 000', 20, 'LangGraph 819 to 913 ms'),
        Row('waits-100', '100 waits of 50 ms', 60, 'n8n 5 045 ms, Heym (64 × 200 ms) 1 613, LangGraph 78, Node-RED 51'),
        Row('skip-diamonds', '20 diamonds behind a false branch', 5),
        Row('skip-row', '1 200 in a row behind a false branch', 20),
    ]),
    'scopes': ('Maps and loops', [
        Row('map-10000', 'map of 10 000 items, three nodes each', 300, 'LangGraph 950 µs for each item of 1 000'),
        Row('map-100000-memory', 'memory for a map of 100 000 items'),
        Row('map-100000-memory-time', 'of it, the time'),
        Row('loop-1000', 'loop of 1 000 rounds', 20, 'LangGraph 443 ms'),
        Row('resume-10000', 'resuming after 10 000 nodes', 1000),
    ]),
    'durable': ('Recorded runs', [
        Row('durable-normal', 'chain of 1 000, normal', 60, 'LangGraph SQLite 7.4 ms for each step'),
        Row('durable-full', 'chain of 1 000, full', 60),
        Row('log-per-event', 'log, each event', 150, 'LangGraph 27 KB for each step'),
        Row('log-ratio', 'without that, to data of 2 kB a node', 1.5),
        Row('log-ratio-all', 'all of it, to data'),
        Row('log-agent-100-ratio', 'the same, agent of 100 turns of 2 kB', 1.5),
        Row('log-agent-100-ratio-all', 'all of it, to data', None, 'LangGraph 57 (200 turns: 105)'),
        Row('log-agent-500-ratio', 'the same, agent of 500 turns', 1.5),
        Row('log-agent-500-ratio-all', 'all of it, to data', None, 'LangGraph 257'),
        Row('log-agent-500-time', 'agent of 500 turns, each turn'),
    ]),
    'http': ('HTTP', [
        Row('http-200', '200 calls of 100 ms', 160, 'LangGraph 326 ms'),
        Row('http-200-cold', 'the same, with new connections', 160),
        Row('http-nodes-200', '200 HTTP nodes of a run', 160, 'LangGraph 326 ms'),
        Row('stop-to-closed', 'stop to closed socket', 10, 'Heym 2.5 s later'),
    ]),
    'cold': ('A process of its own, ten nodes', [
        Row('cold-time', 'from nothing to the result', 50, '520 to 2 200 ms'),
        Row('cold-memory', 'peak of memory', 30, '84 to 213 MB'),
        Row('cold-new-library', 'the first time, with a new database'),
    ]),
    'values': ('Expressions and values', [
        Row('expression-path', 'a path', 10),
        Row('expression-compare', 'a comparison', 10),
        Row('expression-reduce', 'map and reduce', 50),
        Row('large-expressions', '20 expressions over 1 MB', 10),
        Row('large-chain', '1 MB along a chain of 1 000', 10),
        Row('large-durable-chain', '1 MB along a recorded chain of 100', 1000),
    ]),
    'store': ('The store', [
        Row('store-events', 'an event with small values', 20),
        Row('store-events-1k', 'an event with 1 kB', 80),
        Row('store-events-20k', 'an event with 20 kB'),
        Row('store-events-caller', 'of it, for who hands it over', 1),
        Row('store-save', 'a workflow, until it is on the disk', 50),
        Row('trace', 'an event in a trace', 10),
    ]),
    'memory': ('Memory', [
        Row('memory-recall', 'recall from 10 000 facts', 10),
        Row('memory-merge', 'a fact that is merged', 100),
    ]),
    'retrieval': ('Retrieval', [
        Row('vectors-avx2', '100 000 vectors, AVX2'),
        Row('vectors-sse2', '100 000 vectors, SSE2'),
        Row('retrieval-keywords', 'keywords, a search in SciFact'),
        Row('retrieval-keywords-ndcg', 'keywords, quality', '≥ 0.68', 'BEIR’s BM25 0.665, Anserini 0.679'),
        Row('retrieval-fused', 'fused, a search in SciFact'),
        Row('retrieval-fused-ndcg', 'fused, quality', '≥ 0.72'),
    ]),
}

# What draws, the title of its table and what its environment is; then sizes, and what is done with most of a frame's target.
CANVAS = {
    'cairo': ('cairo', {'GSK_RENDERER': 'cairo'}, 16),
    'noop': ('OpenGL without drawing (Mesa’s no-op driver): what the main thread has to do beside a graphics card',
             {'GSK_RENDERER': 'gl', 'GALLIUM_NOOP': '1'}, 8),
    'gl': ('OpenGL drawn by the processor (Mesa’s llvmpipe)', {'GSK_RENDERER': 'gl'}, None),
}
CANVAS_SIZES = (10000, 1000, 100)
CANVAS_FRAMES = {'pan-100': 'pan at 100 %', 'pan-55': 'pan at 55 %', 'pan-25': 'pan at 25 %', 'pan-fit': 'pan where all is in view',
                 'zoom': 'zoom from 5 to 200 % and back', 'fit': 'a single frame that shows all', 'drag-1': 'drag of one node', 'drag-1000': 'drag of 1 000 nodes'}


def canvas_rows(label, target):
    for size in CANVAS_SIZES:
        name = f'canvas-{label}-{size}'
        yield Row(f'{name}-open', f'{size} nodes: open', 1000)
        for what, title in CANVAS_FRAMES.items():
            yield Row(f'{name}-{what}', title)
            yield Row(f'{name}-{what}-p95', '  95 of 100 frames', None if what == 'fit' else 16 if what == 'drag-1000' and target else target)
        yield Row(f'{name}-memory', 'memory after all that', 150 if label == 'cairo' else None)


TABLE |= {f'canvas-{label}': (f'Canvas, {title}', list(canvas_rows(label, target))) for label, (title, _, target) in CANVAS.items()}
TABLE['window'] = ('The window', [Row('window-first-frame', 'from nothing to its first frame, cairo', 300)])


def commands(build, program, words):
    """As lists of arguments with what is to be in the environment."""
    label = program.removeprefix('canvas-')
    run_ui = str(pathlib.Path(__file__).parents[1] / 'ui' / 'run-ui')
    if program == 'window':
        return [([run_ui, build / 'tests' / 'bench' / 'bench-window'], {'HEDDLE_TEST_SCREEN': '1920x1200'})] * 5
    if label not in CANVAS:
        return [([*command(build, program), *([] if program == 'cold' else words)], {})]
    return [([run_ui, build / 'tests' / 'bench' / 'bench-canvas', label, str(size), *words], CANVAS[label][1] | {'HEDDLE_TEST_SCREEN': '1920x1200'})
            for size in CANVAS_SIZES if not words or any(word in row.name for row in TABLE[program][1] for word in words if f'-{size}-' in row.name)]


def command(build, program):
    here = pathlib.Path(__file__).parent
    if program == 'cold':
        return [sys.executable, '-B', here / 'bench-cold.py']
    return [build / 'tests' / 'bench' / f'bench-{program}']


def environment(build, home):
    """As a person has it, but for a home of its own: the checks that tests switch on cost time."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(('XDG_', 'G_', 'MALLOC_'))}
    return env | {
        'HOME': home, 'GSETTINGS_BACKEND': 'memory', 'GSETTINGS_SCHEMA_DIR': str(build / 'data'),
        'HEDDLE_LIBEXECDIR': str(build / 'app'), 'HEDDLE_TEST_BINDIR': str(build / 'app'),
        'HEDDLE_SHARED_DIR': env.get('HEDDLE_SHARED_DIR', str(pathlib.Path(__file__).parents[3] / 'shared')),
        'LC_ALL': 'C.UTF-8', 'TZ': 'UTC', 'GIO_USE_PROXY_RESOLVER': 'dummy'}


def run(build, program, words):
    """Samples by name, and their unit; None when it could not be run."""
    print(f'{program} …', end='\r', file=sys.stderr, flush=True)
    samples = collections.defaultdict(list)
    for arguments, extra in commands(build, program, words):
        with tempfile.TemporaryDirectory(prefix='heddle-bench-') as home:
            try:
                done = subprocess.run(arguments, env=environment(build, home) | extra, timeout=TIMEOUT, stdout=subprocess.PIPE,
                                      stderr=None if not extra else subprocess.PIPE, text=True, check=False)
            except (OSError, subprocess.TimeoutExpired) as error:
                print(f'{program}: {error}', file=sys.stderr)
                return None
        if done.returncode == 77 and extra:
            print(f'\n{TABLE[program][0]}: ' + next((line for line in done.stderr.splitlines() if 'skipped' in line), 'skipped'))
            return samples
        if done.returncode not in (0, 77):
            print(f'{program}: ended with status {done.returncode}', file=sys.stderr)
            return None
        for name, value, unit in filter(None, map(lambda line: (match := FIGURE.fullmatch(line)) and match.groups(), done.stdout.splitlines())):
            samples[name, unit].append(float(value))
    return samples


def keeps(target, value):
    if isinstance(target, str):
        return value >= float(target.removeprefix('≥'))
    return value <= target


def show(value):
    digits = 0 if value >= 1000 else 1 if value >= 100 else 2 if value >= 1 else 3
    return f'{value:,.{digits}f}'.replace(',', ' ')


def make_figure(row, unit, values):
    median = statistics.median(values)
    return {'name': row.name, 'title': row.title, 'unit': unit, 'median': median, 'min': min(values), 'max': max(values),
            'n': len(values), 'target': row.target, 'kept': None if row.target is None else keeps(row.target, median),
            'peers': row.peers}


def figures_of(program, samples):
    units = {name: (unit, values) for (name, unit), values in samples.items()}
    return [make_figure(row, *units[row.name]) for row in TABLE[program][1] if row.name in units]


def print_figures(program, figures):
    print(f'\n{TABLE[program][0]:<40}{"median":>10} {"":5}{"min to max":>19}{"target":>9}  {"":6}  others, on another day')
    for figure in figures:
        spread = f'{show(figure["min"])} to {show(figure["max"])}' if figure['n'] > 1 else ''
        target = figure['target'] if isinstance(figure['target'], str) else '' if figure['target'] is None else f'≤ {figure["target"]:g}'
        verdict = {True: 'kept', False: 'MISSED', None: ''}[figure['kept']]
        print(f'  {figure["title"]:<38}{show(figure["median"]):>10} {figure["unit"]:<5}{spread:>19}{target:>9}  {verdict:<6}  {figure["peers"]}'.rstrip(),
              flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('build', type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument('words', nargs='*')
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    result, failed = [], False
    print(f'{platform.machine()}, {os.cpu_count()} processors, load {load:.1f}')
    for program, (_, rows) in TABLE.items():
        if arguments.words and not any(word in row.name for row in rows for word in arguments.words):
            continue
        samples = run(arguments.build, program, arguments.words)
        failed |= samples is None
        figures = [figure for figure in figures_of(program, samples or {})
                   if not arguments.words or any(word in figure['name'] for word in arguments.words)]
        if figures:
            print_figures(program, figures)
        result += figures
    (arguments.build / 'bench.json').write_text(json.dumps({
        'time': datetime.datetime.now(datetime.timezone.utc).isoformat(timespec='seconds'), 'machine': platform.machine(),
        'processors': os.cpu_count(), 'load': load, 'figures': result}, indent=2, ensure_ascii=False) + '\n')
    missed = sum(figure['kept'] is False for figure in result)
    print(f'\n{sum(figure["kept"] is True for figure in result)} targets kept, {missed} missed. '
          'The figures of others were measured on another day, on a machine with two cores.')
    if load > os.cpu_count() / 2:
        print(f'The machine was busy with other things (load {load:.1f}), so times are longer than they need be.')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
