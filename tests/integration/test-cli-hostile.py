#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input of every kind: one clear sentence and exit status 2, or a failed node and 1; never a crash or a hang."""
import json
import os
import random
import subprocess

from cli_support import HEDDLE, Skip, greeting, node, run_cases, server, start_node, workflow

MEGABYTE = 1024 * 1024
ANSWER = ['--input', '{"message": "x"}']


def refused(library, *arguments, says, **options):
    """Exit status 2, nothing on standard output, and one sentence (and maybe warnings) that has these words."""
    result = library.heddle(*arguments, **options)
    assert (result.status, result.out) == (2, ''), (arguments, result)
    errors = [line for line in result.err.splitlines() if not line.startswith('warning:')]
    assert len(errors) == 1 and says in errors[0] and len(errors[0]) < 400, (arguments, result)


def refused_everywhere(library, name, content, says):
    path = library.file(name, content)
    refused(library, 'run', path, *ANSWER, says=says)
    refused(library, 'validate', path, says=says)


def broken_json(library):
    deep = library.file('deep.json', '[' * 100_000)
    for command in ('run', 'validate', 'import'):
        refused(library, command, deep, says='nested too deeply')
    refused_everywhere(library, 'deep2.json', '{"a":' * 100_000, 'nested too deeply')
    refused_everywhere(library, 'empty.json', '', 'is empty')
    refused_everywhere(library, 'cut.json', json.dumps(greeting())[:-1], 'ends too early')
    refused_everywhere(library, 'latin.json', '{"name": "\xe9"}'.encode('latin-1'), 'not valid UTF-8')
    refused_everywhere(library, 'nul.json', b'{"format": "heddle-workflow\0"}', 'UTF-8')
    refused_everywhere(library, 'noise.json', random.Random(1).randbytes(100_000), 'UTF-8')
    refused_everywhere(library, 'huge-number.json', '{"version": 1e999}', 'too large')


def json_that_is_no_workflow(library):
    for content in ('null', '[]', '7', '{}', '{"format": "other"}'):
        refused_everywhere(library, 'other.json', content, 'not a Heddle workflow')
    for version in ('', '"version": 18446744073709551615,', '"version": -1,', '"version": "1",'):
        refused_everywhere(library, 'version.json', '{"format": "heddle-workflow", %s "nodes": [], "edges": []}' % version, 'version')
    refused_everywhere(library, 'newer.json', '{"format": "heddle-workflow", "version": 99}', 'newer Heddle')
    refused_everywhere(library, 'nodes.json', '{"format": "heddle-workflow", "version": 1, "nodes": 7, "edges": []}', 'must be a list')


def workflows_that_cannot_run(library):
    refused_everywhere(library, 'type.json', workflow([start_node(), node('a', 'nonsense'), node('end', 'output')], 'start a, a end'),
                       'does not know the node type “nonsense”')
    refused_everywhere(library, 'loose.json', workflow([start_node(), node('end', 'output')], 'start end, start nobody'), '“nobody”')
    refused_everywhere(library, 'cycle.json', workflow(
        [start_node(), node('a', 'template', text='1'), node('b', 'template', text='2'), node('end', 'output')],
        'start a, start b, a b, b a, b end'), 'circle')
    twice = workflow([node('a', 'input'), node('a', 'output')], '')
    refused_everywhere(library, 'twice.json', twice, 'used twice')


def files_that_cannot_be_read(library):
    refused(library, 'run', library.folder / 'missing.json', says='No such file')
    refused(library, 'run', library.folder, says='Is a directory')
    refused(library, 'validate', library.folder, says='Is a directory')
    refused(library, 'import', library.folder, says='Is a directory')
    refused(library, 'run', '/dev/zero', says='larger than')
    refused(library, 'expr', '1', '--context', library.folder, says='Is a directory')
    refused(library, 'expr', '--batch', '/dev/zero', says='larger than')
    secret = library.file('secret.json', greeting())
    secret.chmod(0)
    library.folder.chmod(0o755)
    try:
        refused(library, 'validate', secret, says='Permission denied', **({'user': 65534} if os.geteuid() == 0 else {}))
    except PermissionError:
        raise Skip('others may not start the program here') from None


def more_than_is_read(library):
    path = library.file('large.json', b'{"name": "' + b'x' * (100 * MEGABYTE) + b'"}')
    good = library.file('greeting.json', greeting())
    refused(library, 'run', path, says='larger than')
    refused(library, 'run', good, '--input', f'@{path}', says='larger than')
    refused(library, 'run', good, '--input', '@/dev/zero', says='larger than')


def endless_standard_input(library):
    good = library.file('greeting.json', greeting())
    with subprocess.Popen(['cat', '/dev/zero'], stdout=subprocess.PIPE) as endless:
        with subprocess.Popen([HEDDLE, 'run', good, '-i', '-'], env=library.env, stdin=endless.stdout,
                              stderr=subprocess.PIPE) as process:
            endless.stdout.close()
            err = process.communicate(timeout=40)[1]
        endless.kill()
    assert process.returncode == 2 and b'larger than' in err, (process.returncode, err)


def bad_input_values(library):
    path = library.file('greeting.json', greeting())
    for value, says in [('[', 'ends too early'), ('', 'ends too early'), ('nan', 'not a JSON value'), ('@', 'No such file'),
                        ('@missing', 'No such file'), ('-', 'ends too early'), (os.fsdecode(b'"\xff"'), 'UTF-8'),
                        ('[' * 1000, 'nested too deeply'), ('1e999', 'too large')]:
        refused(library, 'run', path, f'--input={value}', says=says)
    for value in ('null', '7', '"text"', '[1]', '{"message": null}', '{"message": {"deep": []}}', '{"other": 1}'):
        result = library.heddle('run', path, '--input', value)
        assert result.status in (0, 1), (value, result)


def bad_parameters(library):
    path = library.file('wait.json', workflow([start_node(), node('w', 'wait', seconds=0), node('end', 'output')], 'start w, w end'))
    for value, says in [('x.y=1', 'no node “x”'), ('w.nope=1', 'no parameter “nope”'), ('w', 'NODE.PARAM=VALUE'),
                        ('=', 'NODE.PARAM=VALUE'), ('.=', 'no node'), ('w.seconds=', 'ends too early'),
                        ('w.seconds=abc', 'not a JSON value'), ('w.seconds="1"', 'number'), ('w.seconds=-1', 'number'),
                        ('w.seconds=1e999', 'too large'), ('start.fields=7', 'list')]:
        refused(library, 'run', path, *ANSWER, f'--set={value}', says=says)
    text = library.file('greeting.json', greeting())
    refused(library, 'run', text, '-s', 'hello.text={{ foo(', says='expression')
    refused(library, 'run', text, '-s', os.fsdecode(b'hello.text=\xff'), says='UTF-8')


def ten_thousand_nodes(library):
    count = 10_000
    names = [f'n{i}' for i in range(count)]
    nodes = [start_node(), *(node(name, 'template', text='{{ $input }}') for name in names), node('end', 'output')]
    row = ['start', *names, 'end']
    chain = library.file('row.json', workflow(nodes, ','.join(f'{a} {b}' for a, b in zip(row, row[1:]))))
    result = library.heddle('run', chain, '-i', '"x"', '--durability', 'memory')
    assert result.status == 0 and len(result.err.splitlines()) == count + 4, result
    fan = library.file('fan.json', workflow(nodes, ','.join(f'start {name}, {name} end' for name in names)))
    result = library.heddle('run', fan, '-i', '"x"', '-o', 'json')
    assert result.status == 0 and len(result.json()) == count, result


def bodies_of_servers(library):
    """A body that is too large, cut, no JSON, not what its type says: the node fails, and the run with it."""
    def endless(request):
        request.send_response(200)
        request.send_header('Content-Type', 'application/json')
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b'x' * MEGABYTE)
        request.close_connection = True

    def cut(request):
        request.send_response(200)
        request.send_header('Content-Length', '1000000')
        request.end_headers()
        request.wfile.write(b'only this')
        request.close_connection = True

    answers = {
        'endless': (endless, 'larger'),
        'deep': (lambda request: request.reply(b'[' * 100_000, 'application/json'), 'nested'),
        'garbage': (lambda request: request.reply(random.Random(2).randbytes(10_000), 'application/json'), 'JSON'),
        'refused': (lambda request: request.reply(b'no', status=404), '404'),
        'no-http': (lambda request: request.wfile.write(b'\x16\x03\x01 garbage\r\n\r\n'), ''),
        'cut': (cut, ''),
    }
    with server(lambda request: answers[request.path[1:]][0](request)) as address:
        for name, (_, says) in answers.items():
            path = library.file('get.json', workflow(
                [start_node(), node('get', 'http', url=f'{address}/{name}', timeout=5), node('end', 'output')],
                'start get, get end'))
            result = library.heddle('run', path)
            assert (result.status, result.out) == (1, ''), (name, result)
            assert '✗ HTTP' in result.err and says in result.err, (name, result)


def escape_sequences_stay_out_of_the_terminal(library):
    evil = '\033]0;owned\a\033[2J\u202e\u009b31m'
    path = library.file('evil.json', workflow(
        [start_node(), node('a', 'template', evil, text='ok'), node('stop', 'fail', 'Stop' + evil, message='{{ $start.message }}')],
        'start a, a stop', 'Name' + evil))
    result = library.heddle('run', path, '-i', json.dumps({'message': evil}))
    assert result.status == 1, result
    stored = library.heddle('traces', library.heddle('traces', '--json').json()[0]['id'])
    for shown in (result.err, stored.out, library.heddle('traces').out):
        assert not set('\033\a\u202e\u009b') & set(shown), repr(shown)


run_cases([
    broken_json,
    json_that_is_no_workflow,
    workflows_that_cannot_run,
    files_that_cannot_be_read,
    more_than_is_read,
    endless_standard_input,
    bad_input_values,
    bad_parameters,
    ten_thousand_nodes,
    bodies_of_servers,
    escape_sequences_stay_out_of_the_terminal,
])
