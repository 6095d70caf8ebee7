#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the program: what they print, where, and how they exit."""
import json
import re
import threading
import time

from cli_support import SOURCE_ROOT, greeting, node, run_cases, server, start_node, wait_until, workflow

TRIAGE = SOURCE_ROOT / 'data/examples/support-triage.heddle.json'


def output_holds_only_the_result(library):
    path = library.file('greeting.json', greeting())
    result = library.heddle('run', path, '--input', '{"message": "Ada"}')
    assert (result.status, result.out) == (0, 'Hello Ada\n'), result
    assert '✓ Template' in result.err and 'Finished' in result.err, result
    assert '\033' not in result.err, result


def output_forms(library):
    path = library.file('greeting.json', greeting())
    quoted = library.heddle('run', path, '-i', '{"message": "\\"Ada\\" ü"}', '-o', 'json')
    assert quoted.json() == 'Hello "Ada" ü', quoted
    events = library.heddle('run', path, '-i', '{"message": "Ada"}', '-o', 'events').events()
    assert [event['seq'] for event in events] == list(range(1, len(events) + 1))
    assert events[0]['event'] == 'run.started' and events[-1]['event'] == 'run.finished'
    assert events[-1]['data']['output'] == 'Hello Ada'


def input_from_file_and_standard_input(library):
    path = library.file('greeting.json', greeting())
    given = library.file('input.json', {'message': 'file'})
    assert library.heddle('run', path, '-i', f'@{given}').out == 'Hello file\n'
    assert library.heddle('run', path, '-i', '-', stdin=b'{"message": "pipe"}').out == 'Hello pipe\n'
    assert library.heddle('run', '-', '-i', '{"message": "both"}', stdin=json.dumps(greeting()).encode()).out == 'Hello both\n'


def parameters_are_set_for_one_run(library):
    path = library.file('greeting.json', greeting())
    before = path.read_bytes()
    result = library.heddle('run', path, '-i', '{"message": "Ada"}', '-s', 'hello.text=a=b {{ $start.message }} ü')
    assert result.out == 'a=b Ada ü\n', result
    assert path.read_bytes() == before


def durability_says_what_is_recorded(library):
    path = library.file('greeting.json', greeting())
    for level, recorded in [('memory', 0), ('normal', 1), ('full', 2)]:
        assert library.heddle('run', path, '-i', '{"message": "x"}', '--durability', level).status == 0
        assert len(library.heddle('traces', '--json').json()) == recorded


def a_budget_stops_a_run(library):
    given = json.dumps({'message': 'I was charged twice'})
    result = library.heddle('run', TRIAGE, '--input', given, '--budget-tokens', '5')
    assert result.status == 1 and 'its budget of 5 tokens is used up' in result.err, result
    assert library.heddle('run', TRIAGE, '--input', given, '--budget-tokens', '100000', '--budget-cost', '0').status == 0
    runs = library.heddle('traces', '--json').json()
    assert runs[0]['cost'] == 0 and runs[0]['state'] == 'ok' and runs[1]['state'] == 'failed', runs
    for wrong in ['x', '-1', '', '1x', 'nan']:
        assert library.heddle('run', TRIAGE, '--budget-cost', wrong).status == 2, wrong


def prices_are_imported_and_set(library):
    assert 'No prices are known yet' in library.heddle('prices').err
    path = library.file('prices.json', {'gpt-x': {'litellm_provider': 'openai', 'input_cost_per_token': 1.5e-07, 'output_cost_per_token': 6e-07}})
    assert library.heddle('prices', 'import', path).out == 'Imported the price of 1 model.\n'
    assert library.heddle('prices', 'set', 'demo/*', '3', '$15').status == 0
    listed = library.heddle('prices', '--json').json()
    assert [(entry['model'], entry['price']['input'], entry['imported']) for entry in listed] == [
        ('demo/*', 3000000, False), ('openai/gpt-x', 150000, True)], listed
    estimate = library.heddle('validate', '--estimate', '--json', TRIAGE).json()
    assert estimate['model_calls'] == 3 and 0 < estimate['cost'] < 1 and not estimate['cost_partly_unknown'], estimate
    run = library.heddle('run', TRIAGE, '--input', '{"message": "I was charged twice"}')
    assert 'tokens · $0.000' in run.err, run
    assert library.heddle('prices', 'remove', 'demo/*').status == 0
    for wrong in [('set', 'demo', '1', '2'), ('set', 'a/b', 'x', '2'), ('set', 'a/b'), ('remove', 'a/b'), ('import', '/nowhere.json'), ('import', TRIAGE), ('what',)]:
        assert library.heddle('prices', *wrong).status == 2, wrong


def triage_takes_the_right_branch(library):
    for message, taken, skipped in [('I was charged twice', 'Billing', 'Technical'),
                                    ('the app crashes on start', 'Technical', 'Billing')]:
        given = json.dumps({'message': message})
        result = library.heddle('run', TRIAGE, '--input', given)
        assert result.status == 0 and result.out.strip(), result
        assert re.search(rf'✓ {taken} ', result.err) and re.search(rf'– {skipped}  Skipped', result.err), result
        assert f'→ {"True" if taken == "Billing" else "False"}' in result.err, result
        assert library.heddle('run', TRIAGE, '--input', given).out == result.out, 'the demo model is deterministic'


def export_and_import_run_the_same(library):
    given = ['--input', '{"message": "I was charged twice"}']
    direct = library.heddle('run', TRIAGE, *given)
    assert library.heddle('import', TRIAGE).out == 'Support triage\n'
    listed = library.heddle('list', '--json').json()
    assert [entry['name'] for entry in listed] == ['Support triage'] and listed[0]['nodes'] == 8
    assert library.heddle('run', 'Support triage', *given).out == direct.out
    exported = library.heddle('export', 'Support triage')
    again = library.file('again.heddle.json', exported.out)
    assert library.heddle('run', again, *given).out == direct.out
    library.heddle('import', again)
    assert library.heddle('export', 'Support triage').out == exported.out
    assert len(library.heddle('list', '--json').json()) == 1


def export_draws_diagrams_and_no_pictures(library):
    assert library.heddle('export', TRIAGE, '--as', 'mermaid').out.startswith('flowchart LR\n')
    assert library.heddle('export', '--as=dot', TRIAGE).out.startswith('digraph {\n')
    assert library.heddle('export', TRIAGE, '--as', 'json').out == TRIAGE.read_text()
    for form in ('png', 'svg', 'pdf'):
        refused = library.heddle('export', TRIAGE, '--as', form)
        assert refused.status == 2 and refused.out == '' and 'Export as Picture' in refused.err, refused
    other = library.heddle('export', TRIAGE, '--as', 'JSON')
    assert other.status == 2 and 'json, mermaid, dot' in other.err and 'Picture' not in other.err, other


def traces_list_and_show_runs(library):
    path = library.file('greeting.json', greeting())
    library.heddle('run', path, '-i', '{"message": "Ada"}')
    library.heddle('run', path)
    listed = library.heddle('traces', '--json').json()
    assert [run['state'] for run in listed] == ['ok', 'ok'], listed
    assert listed[1]['summary'] == 'Hello Ada'
    assert len(library.heddle('traces', '-n', '1').out.splitlines()) == 1
    shown = library.heddle('traces', listed[1]['id'])
    assert 'Template' in shown.out and '→ Hello Ada' in shown.out and 'Finished' in shown.out, shown
    full = library.heddle('traces', listed[1]['id'], '--json').json()
    assert full['run']['id'] == listed[1]['id'] and full['events'][-1]['event'] == 'run.finished'


def a_failed_run_says_why(library):
    path = library.file('fail.json', workflow([node('stop', 'fail', message='Out of stock')], ''))
    result = library.heddle('run', path)
    assert (result.status, result.out) == (1, ''), result
    assert 'heddle: Out of stock' in result.err, result
    assert library.heddle('traces', '--json').json()[0]['state'] == 'failed'


def nodes_of_one_title_are_told_apart(library):
    path = library.file('two.json', workflow(
        [start_node(), node('a', 'template', text='1'), node('b', 'template', text='2'),
         node('check', 'if-else', condition='true'), node('c', 'template', text='3'), node('end', 'output')],
        'start a, a b, b check, check.true end, check.false c'))
    shown = library.heddle('run', path).err
    for name in ('Template (a)', 'Template (b)', '– Template (c)  Skipped', '✓ Output'):
        assert name in shown, shown
    stored = library.heddle('traces', library.heddle('traces', '--json').json()[0]['id']).out
    for name in ('Template (a)', 'Template (b)', '– Template (c)  Skipped', '✓ Output'):
        assert name in stored, stored


def validate_reports_every_problem(library):
    good = library.file('good.json', greeting())
    assert library.heddle('validate', good).status == 0
    assert library.heddle('validate', good, '--json').json() == {'valid': True, 'problems': []}
    bad = library.file('bad.json', workflow([node('a', 'nonsense'), node('b', 'llm', prompt='{{ $nobody.output }}')], 'a b'))
    report = library.heddle('validate', bad, '--json')
    assert report.status == 2 and not report.json()['valid']
    assert {problem.get('node') for problem in report.json()['problems']} >= {'a', 'b'}
    assert 'nonsense' in library.heddle('validate', bad).err


def nodes_and_schema_describe_the_types(library):
    described = library.heddle('nodes', '--json').json()
    names = {entry['id'] for entry in described}
    assert {'input', 'llm', 'if-else', 'switch', 'rag', 'http', 'template', 'set', 'merge', 'wait', 'output', 'fail'} <= names
    table = library.heddle('nodes').out
    assert all(re.search(rf'^{name} ', table, re.MULTILINE) for name in names)
    assert library.heddle('schema').json()['$schema'].startswith('https://json-schema.org/')


def expr_prints_one_line_each(library):
    context = library.file('context.json', {'nodes': {'a': {'output': 'billing'}}, 'vars': {}, 'input': 3})
    one = library.heddle('expr', '$a.output === "billing"', '--context', context)
    assert (one.status, one.json()) == (0, {'value': True}), one
    assert library.heddle('expr', '-1').json() == {'value': -1}
    wrong = library.heddle('expr', '1 +')
    assert wrong.status == 1 and wrong.json()['column'] == 4 and wrong.json()['error'], wrong
    batch = library.file('batch.txt', '1 + 1\n1 +\r\n"ü"\n')
    lines = library.heddle('expr', '--batch', batch, '--context', context).out.splitlines()
    assert [sorted(json.loads(line)) for line in lines] == [['value'], ['column', 'error'], ['value']], lines


def help_and_version(library):
    shown = library.heddle('--help')
    assert shown.status == 0
    for name in ('run', 'validate', 'list', 'export', 'import', 'traces', 'knowledge', 'nodes', 'schema', 'expr'):
        assert re.search(rf'^  {name}\b', shown.out, re.MULTILINE), shown
        own = library.heddle(name, '--help')
        assert own.status == 0 and f'heddle {name}' in own.out and not own.err, own
    assert re.fullmatch(r'heddle \d+\.\d+\.\d+\n', library.heddle('--version').out)


def wrong_usage_exits_with_two(library):
    path = library.file('greeting.json', greeting())
    for arguments in (['nonsense'], ['--nonsense'], ['-x'], [''], ['run'], ['run', path, 'more'], ['run', path, '--nonsense'],
                      ['run', 'No such workflow'], ['run', path, '-o', 'xml'], ['run', path, '--durability', 'none'],
                      ['validate'], ['export'], ['export', 'nobody'], ['import'], ['list', 'more'], ['nodes', 'more'],
                      ['schema', 'more'], ['traces', 'nobody'], ['traces', '-n', '0'], ['traces', '-n', 'x'], ['expr'],
                      ['expr', '1', '2'], ['expr', '1', '--batch', path], ['knowledge', 'nobody'],
                      ['knowledge', 'nobody', '--search', 'x']):
        result = library.heddle(*arguments)
        assert (result.status, result.out) == (2, ''), (arguments, result)
        assert 1 <= len(result.err.splitlines()) <= 2, (arguments, result)


def no_display_and_no_bus(library):
    path = library.file('greeting.json', greeting())
    for arguments in ([], [path], ['--', path], [library.folder / 'missing.json']):
        result = library.heddle(*arguments)
        assert (result.status, result.out) == (1, '') and 'no display' in result.err, result
        assert len(result.err.splitlines()) == 1, result
    secret = library.file('secret.json', workflow(
        [start_node(), node('get', 'http', url='http://127.0.0.1:9/', credential='nobody'), node('end', 'output')],
        'start get, get end'))
    refused = library.heddle('run', secret)
    assert refused.status == 1 and 'no credential “nobody”' in refused.err, refused


def a_run_is_seen_while_it_goes_on(library):
    path = library.file('wait.json', workflow(
        [start_node(), node('pause', 'wait', seconds=60), node('end', 'output')], 'start pause, pause end', 'Long'))
    with library.start('run', path) as process:
        wait_until(lambda: '"pause"' in library.heddle('traces', first_run(library), '--json').out if first_run(library) else False)
        shown = library.heddle('traces', first_run(library)).out
        assert '● Wait' in shown and shown.splitlines()[-1].startswith('Running'), shown
        process.kill()
        process.communicate()
    assert library.heddle('traces', '--json').json()[0]['state'] == 'interrupted'
    assert library.heddle('traces', first_run(library)).out.splitlines()[-1].startswith('Interrupted')


def first_run(library):
    listed = library.heddle('traces', '--json').json()
    return listed[0]['id'] if listed else None


def five_requests_go_out_at_once(library):
    """Five of 200 ms take about 200 ms: all are on their way before the first is answered."""
    together = threading.Barrier(5)

    def answer(request):
        together.wait(20)
        time.sleep(0.2)
        request.reply(b'done')

    with server(answer) as address:
        path = library.file('fan.json', workflow(
            [start_node(), *(node(f'get{n}', 'http', url=f'{address}/{n}') for n in range(5)), node('end', 'output')],
            ','.join(f'start get{n}, get{n} end' for n in range(5))))
        result = library.heddle('run', path, '-o', 'events')
    assert result.status == 0, result
    events = result.events()
    started = [event['time_us'] for event in events if event['event'] == 'node.started' and event['node'].startswith('get')]
    assert max(started) - min(started) < 100_000, started
    assert events[-1]['data']['output'] == {f'get{n}': 'done' for n in range(5)}
    print(f'# five requests of 200 ms took {events[-1]["time_us"] / 1000:.0f} ms')


run_cases([
    output_holds_only_the_result,
    output_forms,
    input_from_file_and_standard_input,
    parameters_are_set_for_one_run,
    durability_says_what_is_recorded,
    a_budget_stops_a_run,
    prices_are_imported_and_set,
    triage_takes_the_right_branch,
    export_and_import_run_the_same,
    export_draws_diagrams_and_no_pictures,
    traces_list_and_show_runs,
    a_failed_run_says_why,
    nodes_of_one_title_are_told_apart,
    validate_reports_every_problem,
    nodes_and_schema_describe_the_types,
    expr_prints_one_line_each,
    help_and_version,
    wrong_usage_exits_with_two,
    no_display_and_no_bus,
    a_run_is_seen_while_it_goes_on,
    five_requests_go_out_at_once,
])
