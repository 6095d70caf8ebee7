#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The live trace on a real terminal of any size and locale, and Ctrl+C in it."""
import contextlib
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from cli_support import HEDDLE, TIMEOUT, Skip, asking_agent, greeting, node, run_cases, server, start_node, wait_until, workflow


class Screen:
    """As much of a terminal as the trace uses: text, new lines, moving up, erasing below, wrapping."""

    def __init__(self, columns):
        self.columns, self.lines, self.row, self.column = columns, [''], 0, 0
        self.highest = self.longest = 0

    def put(self, character):
        if self.column >= self.columns:
            self.new_line()
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[:self.column] + character + line[self.column + 1:]
        self.column += 1

    def new_line(self):
        self.row, self.column = self.row + 1, 0
        if self.row == len(self.lines):
            self.lines.append('')

    def feed(self, text):
        for piece in re.findall(r'\033\[[\d;?]*[A-Za-z]|.', text, re.DOTALL):
            count = int(re.sub(r'\D', '', piece) or 1) if piece[0] == '\033' else 0
            if piece == '\n':
                self.new_line()
            elif piece == '\r':
                self.column = 0
            elif piece[0] != '\033':
                self.put(piece)
            elif piece[-1] == 'A':
                self.highest = max(self.highest, count)
                assert count <= self.row, 'the region reaches above what was written'
                self.row -= count
            elif piece[-1] in 'JK':
                self.lines[self.row] = self.lines[self.row][:self.column]
                del self.lines[self.row + 1:]
            else:
                assert piece[-1] == 'm', repr(piece)


def on_terminal(library, *arguments, columns=80, rows=24, env=None, keys=b'', when=None):
    """Runs with standard error on a terminal; `keys` are typed once `when` has been shown. (status, stdout, stderr)."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    environment = {**library.env, 'TERM': 'xterm-256color', **(env or {})}
    process = subprocess.Popen([HEDDLE, *map(str, arguments)], env=environment, stdin=slave, stdout=subprocess.PIPE, stderr=slave,
                               start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(slave)
    shown, end = b'', time.monotonic() + TIMEOUT
    with contextlib.suppress(OSError):  # the terminal ends with the program
        while time.monotonic() < end:
            if select.select([master], [], [], 0.05)[0]:
                shown += os.read(master, 65536)
            if keys and when.encode() in shown:
                os.write(master, keys)
                keys = b''
    os.close(master)
    out = process.stdout.read().decode()
    process.stdout.close()
    return process.wait(TIMEOUT), out, shown.decode(errors='replace').replace('\r\n', '\n')


def waits(count, seconds=0.3):
    return workflow([start_node(), *(node(f'w{n}', 'wait', f'Wait for 漢字 number {n}', seconds=seconds) for n in range(count)),
                     node('end', 'output')],
                    ','.join(f'start w{n}, w{n} end' for n in range(count)), 'Waits')


def region_redraws_in_place(library):
    path = library.file('waits.json', waits(3))
    status, out, shown = on_terminal(library, 'run', path, columns=120)
    assert status == 0 and out, shown
    assert '\033[3A' in shown and '⠋' in shown, repr(shown)
    screen = Screen(120)
    screen.feed(shown)
    lines = [line for line in screen.lines if line.strip()]
    assert len(lines) == 7 and lines[-1].startswith('Finished'), lines
    assert not any(character in ''.join(lines) for character in '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'), lines


def narrow_and_low_terminals(library):
    path = library.file('waits.json', waits(12))
    for columns, rows in [(20, 6), (7, 3), (2, 2), (1, 1), (200, 50)]:
        status, _, shown = on_terminal(library, 'run', path, columns=columns, rows=rows)
        assert status == 0, shown
        highest = max(map(int, re.findall(r'\033\[(\d+)A', shown)))
        assert highest <= max(rows - 1, 2) and highest <= 11, (columns, rows, highest)
        regions = re.findall(r'^  [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] .*$', shown, re.MULTILINE)
        for line in regions:
            cells = sum(2 if character in '漢字' else 1 for character in line)
            assert cells < max(columns, 2), (columns, line)


def colours_and_the_wish_for_none(library):
    path = library.file('greeting.json', greeting())
    assert '\033[32m✓\033[0m' in on_terminal(library, 'run', path, env={'NO_COLOR': ''})[2]
    assert '\033[32m' not in on_terminal(library, 'run', path, env={'NO_COLOR': '1'})[2]
    assert '\033' not in on_terminal(library, 'run', path, env={'NO_COLOR': '', 'TERM': 'dumb'})[2]


def ascii_where_the_locale_is(library):
    path = library.file('waits.json', waits(2))
    result = library.heddle('run', path, '-i', '{"message": "grün"}', '-o', 'json', env={'LC_ALL': 'C'})
    assert result.status == 0 and result.err.isascii() and '  + Input' in result.err, result
    assert result.json() == {'w0': {'message': 'grün'}, 'w1': {'message': 'grün'}}, 'the result is UTF-8 always'
    status, _, shown = on_terminal(library, 'run', path, env={'LC_ALL': 'C'})
    assert status == 0 and shown.isascii() and '\033[2A' in shown, repr(shown)
    listed = library.heddle('traces', env={'LC_ALL': 'C'}).out.split()[0]
    assert library.heddle('traces', listed, env={'LC_ALL': 'C'}).out.isascii()


def stream(closed):
    """A model that goes on for ever, until its client leaves."""
    def answer(request):
        request.rfile.read(int(request.headers.get('Content-Length', 0)))
        request.send_response(200)
        request.send_header('Content-Type', 'text/event-stream')
        request.end_headers()
        words = 0
        while not select.select([request.connection], [], [], 0.002)[0]:
            words += 1
            if words < 50:
                delta = json.dumps({'choices': [{'index': 0, 'delta': {'content': f'word{words} '}}]})
                request.wfile.write(f'data: {delta}\n\n'.encode())
        closed.append(time.monotonic())
        request.close_connection = True
    return answer


@contextlib.contextmanager
def endless_model(library):
    closed = []
    with server(stream(closed)) as address:
        library.env.update(OPENAI_BASE_URL=f'{address}/v1', OPENAI_API_KEY='sk-not-a-secret')
        path = library.file('ask.json', workflow(
            [start_node(), node('ask', 'llm', 'Ask', model='openai/endless', prompt='Talk.'), node('end', 'output')],
            'start ask, ask end'))
        yield path, closed


def check_cancelled(library, closed):
    wait_until(lambda: closed)
    listed = library.heddle('traces', '--json').json()
    assert [run['state'] for run in listed] == ['cancelled'], listed
    stored = library.heddle('traces', listed[0]['id'])
    assert 'word1 word2 ' in stored.out and '◼ Ask' in stored.out, stored
    events = library.heddle('traces', listed[0]['id'], '--json').json()['events']
    partial = [event['text'] for event in events if event['event'] == 'node.partial']
    assert partial and 'word20 ' in partial[-1], events
    assert 'sk-not-a-secret' not in json.dumps(events)


def interrupt_cancels_properly(library):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with contextlib.suppress(FileNotFoundError):
            library.database.unlink()
        with endless_model(library) as (path, closed):
            with library.start('run', path, '-o', 'events') as process:
                # What the program has read, not what was sent to it, has to be kept.
                assert any(b'word20 ' in line for line in process.stdout)
                asked = time.monotonic()
                process.send_signal(number)
                _, err = process.communicate(timeout=TIMEOUT)
            assert process.returncode == 130, err
            assert 'Cancelled'.encode() in err or 'Stopped'.encode() in err, err
            check_cancelled(library, closed)
            print(f'# the socket was closed {(closed[0] - asked) * 1000:.1f} ms after the signal')
            assert closed[0] - asked < 2


def control_c_on_a_terminal(library):
    with endless_model(library) as (path, closed):
        # The last word stays; those before it may come and go between two drawings.
        status, out, shown = on_terminal(library, 'run', path, keys=b'\x03', when='word49')
        assert (status, out) == (130, ''), shown
        assert 'word1 word2' in shown.rsplit('Ask', 1)[1], shown
        check_cancelled(library, closed)


def approved_on_the_terminal(library):
    path = library.file('asking.json', asking_agent())
    for keys, told in [(b'y\n', 'Hello '), (b'n too late\n', 'refused this call: too late'), (b'maybe\ny\n', 'Hello '),
                       (b'{"name": "Eve"}\n', 'Hello Eve')]:
        status, out, shown = on_terminal(library, 'run', path, '-i', 'message=Ada', columns=120, keys=keys, when='as JSON: ')
        assert status == 0, shown
        run = library.heddle('traces', '--json').json()[0]
        events = library.heddle('traces', run['id'], '--json').json()['events']
        calls = [event['data']['result']['tool_calls'] for event in events if event['event'] == 'node.finished' and event['node'] == 'agent']
        assert told in calls[0][0]['result'], (keys, calls, shown)
        screen = Screen(120)
        screen.feed(shown)
        lines = [line.rstrip() for line in screen.lines]
        asked = next(number for number, line in enumerate(lines) if line.startswith('Approve the call of'))
        assert lines[asked + 1].startswith('Greets a person'), lines
        assert any('y: approve' in line for line in lines), lines
        assert not any(character in ''.join(lines) for character in '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'), lines


def control_c_at_a_question(library):
    path = library.file('asking.json', asking_agent())
    for keys in (b'\x03', b'\x04'):
        status, out, shown = on_terminal(library, 'run', path, '-i', 'message=Ada', keys=keys, when='as JSON: ')
        assert (status, out) == (130, ''), shown


def nobody_to_ask(library):
    path = library.file('asking.json', asking_agent())
    for what, said, told in [([], True, 'Nobody is there'), (['--approve', 'none'], False, 'Nobody is there'), (['--approve', 'all'], False, 'Hello ')]:
        result = library.heddle('run', path, '-i', 'message=Ada', '-o', 'events', *what)
        assert result.status == 0 and ('no terminal to ask on' in result.err) == said, result
        ended = [event for event in result.events() if event['event'] == 'node.finished' and event['node'] == 'agent']
        assert told in ended[0]['data']['result']['tool_calls'][0]['result'], ended
    assert library.heddle('run', path, '--approve', 'some').status == 2


def three_steps(library):
    return library.file('steps.json', workflow([start_node(), *(node(f't{n}', 'template', text=f'{n} {{{{ $input }}}}') for n in range(3)), node('end', 'output')],
                                               'start t0, t0 t1, t1 t2, t2 end', 'Steps'))


def stops(shown):
    """The nodes before which it stood, of those lines that stay."""
    screen = Screen(120)
    screen.feed(shown)
    return [line.rstrip().split('  ')[-1] for line in screen.lines if line.startswith('Paused before')]


def breakpoints_on_the_terminal(library):
    path = three_steps(library)
    for keys, asked, status_wanted in [(b'c\n', ['t1'], 0), (b'what\ns\ncontinue\n', ['t1', 't2'], 0), (b's\ns\ns\n', ['t1', 't2', 'end'], 0),
                                       (b's\nq\n', ['t1', 't2'], 130), (b'\x04', ['t1'], 130), (b'\x03', ['t1'], 130)]:
        status, out, shown = on_terminal(library, 'run', path, '-i', 'message=Ada', '--break', 't1', columns=120, keys=keys, when='stop the run: ')
        assert status == status_wanted, (keys, shown)
        assert bool(out) == (status == 0), (keys, out)
        assert stops(shown) == asked, (keys, shown)
        assert ('Type c, s or q.' in shown) == (b'what' in keys), shown
        assert '0 {' in shown and 'Ada' in shown, shown
    shown = on_terminal(library, 'run', path, '--break', 't0', '--break', 't2', columns=120, keys=b'c\nc\n', when='stop the run: ')[2]
    assert stops(shown) == ['t0', 't2'], shown
    status, _, shown = on_terminal(library, 'run', path, '--break', 'nowhere')
    assert status == 2 and 'no node “nowhere”' in shown, shown


def breakpoints_beside_questions(library):
    path = library.file('asking.json', asking_agent())
    status, _, shown = on_terminal(library, 'run', path, '-i', 'message=Ada', '--break', 'agent', columns=120, keys=b'c\ny\n', when='stop the run: ')
    assert status == 0 and shown.index('Paused before') < shown.index('Approve the call of'), shown


def breakpoints_without_a_terminal(library):
    result = library.heddle('run', three_steps(library), '--break', 't1')
    assert result.status == 2 and 'takes a terminal' in result.err and not result.out, result


def names(library):
    return [entry['name'] for entry in library.heddle('list', '--json').json()]


def deleted_after_a_question(library):
    library.heddle('import', three_steps(library))
    assert 'no terminal' in library.heddle('delete', 'Steps').err and names(library) == ['Steps']
    for keys, left in [(b'n\n', ['Steps']), (b'\x04', ['Steps']), (b'y\n', [])]:
        status, _, shown = on_terminal(library, 'delete', 'Steps', columns=120, keys=keys, when='y or n: ')
        assert (status == 0) == (not left) and names(library) == left, (keys, shown)
    result = library.heddle('delete', 'Steps', '--yes')
    assert result.status == 2 and 'no workflow “Steps”' in result.err, result


def what_is_used_is_not_deleted(library):
    library.heddle('import', three_steps(library))
    library.heddle('activate', 'Steps')
    result = library.heddle('delete', 'Steps', '--yes')
    assert result.status == 1 and 'is active' in result.err and names(library) == ['Steps'], result
    library.heddle('deactivate', 'Steps')
    assert library.heddle('delete', 'Steps', '--yes').status == 0 and not names(library)
    library.heddle('import', library.file('waits.json', waits(1, 60)))
    with library.start('run', 'Waits') as process:
        wait_until(lambda: library.heddle('traces', '--json').json())
        result = library.heddle('delete', 'Waits', '--yes')
        assert result.status == 1 and 'under way' in result.err, result
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert library.heddle('delete', 'Waits', '--yes').status == 0
    assert not library.heddle('traces', '--json').json()


def a_reader_that_leaves_cancels(library):
    with endless_model(library) as (path, closed):
        with library.start('run', path, '-o', 'events') as process:
            for line in process.stdout:
                if b'node.delta' in line:
                    break
            process.stdout.close()
            process.stderr.read()
            assert process.wait(TIMEOUT) != 0
        wait_until(lambda: closed)


def output_that_cannot_be_written(library):
    if not os.path.exists('/dev/full'):
        raise Skip('there is no /dev/full')
    path = library.file('greeting.json', greeting())
    for arguments in (['run', path], ['nodes', '--json'], ['schema'], ['expr', '1'], ['--help']):
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([HEDDLE, *map(str, arguments)], env=library.env, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 1 and b'could not be written' in done.stderr, (arguments, done)


run_cases([
    region_redraws_in_place,
    narrow_and_low_terminals,
    colours_and_the_wish_for_none,
    ascii_where_the_locale_is,
    interrupt_cancels_properly,
    control_c_on_a_terminal,
    approved_on_the_terminal,
    control_c_at_a_question,
    nobody_to_ask,
    breakpoints_on_the_terminal,
    breakpoints_beside_questions,
    breakpoints_without_a_terminal,
    deleted_after_a_question,
    what_is_used_is_not_deleted,
    a_reader_that_leaves_cancels,
    output_that_cannot_be_written,
])
