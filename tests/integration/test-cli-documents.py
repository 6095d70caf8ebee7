#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The technical branch of the support triage answers from real documents of this machine, a PDF among them."""
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess

from cli_support import SOURCE_ROOT, TIMEOUT, Skip, run_cases, wait_until

TRIAGE = SOURCE_ROOT / 'data/examples/support-triage.heddle.json'
DOCUMENTATION = pathlib.Path('/usr/share/doc')
MEGABYTE = 1024 * 1024
# An extract of a real manual, for machines whose packages have none.
OWN_PDF = SOURCE_ROOT / 'tests/data/knowledge/manual.pdf'


def find(pattern, count):
    """The first real documents of a kind that are neither tiny nor huge, always the same ones."""
    paths = (path for path in sorted(DOCUMENTATION.glob(pattern)) if path.is_file() and 2_000 < path.stat().st_size < MEGABYTE)
    return list(itertools.islice(paths, count))


def manual_pages(folder, names):
    for name in names:
        done = subprocess.run(['man', name], capture_output=True, check=False, env={**os.environ, 'MANWIDTH': '100', 'MAN_KEEP_FORMATTING': ''})
        if done.returncode == 0 and len(done.stdout) > 2_000:
            (folder / f'{name}.txt').write_bytes(re.sub(b'.\x08', b'', done.stdout))


def collect(library):
    """A folder of manuals as people have them: PDF, HTML, Markdown and plain text, in folders."""
    folder = library.folder / 'manuals'
    (folder / 'pages').mkdir(parents=True)
    pdfs = find('*/*.pdf', 2) or [OWN_PDF]
    for path in pdfs + find('*/*.html', 20) + find('*/*.md', 20):
        shutil.copy(path, folder / f'{path.parent.name}-{path.name}')
    manual_pages(folder / 'pages', ['tar', 'gzip', 'bash', 'gcc'])
    (folder / 'photo.jpg').write_bytes(b'\xff\xd8\xff\xe0\0\x10JFIF\0' + bytes(200))
    return folder


def phrase_of(passage):
    """Words of a passage, as somebody may ask about it."""
    return ' '.join(re.findall(r'[A-Za-z]{5,}', passage['text'])[:8])


def run_triage(library, message):
    result = library.heddle('run', TRIAGE, '-s', 'manuals.knowledge=Manuals', '-i', json.dumps({'message': message}), '-o', 'events')
    assert result.status == 0, result
    return result.events(), result.err


def technical_branch_cites_manuals(library):
    folder = collect(library)
    added = library.heddle('knowledge', 'Manuals', folder)
    count = len([path for path in folder.rglob('*') if path.is_file()])
    assert re.fullmatch(rf'{count - 1} added, 0 unchanged, 1 skipped, 0 failed\n', added.out), (count, added)
    again = library.heddle('knowledge', 'Manuals', folder)
    assert again.out.startswith(f'0 added, {count - 1} unchanged'), again
    assert len(library.heddle('knowledge', 'Manuals').out.splitlines()) == count - 1

    pdf = next(path for path in sorted(folder.iterdir()) if path.suffix == '.pdf')
    found = library.heddle('knowledge', 'Manuals', '--search', pdf.stem.replace('-', ' '))
    assert re.search(r'^\[1\] \d+\.\d{3}  ', found.out), found

    events, shown = run_triage(library, 'The app crashes with an error when it extracts an archive with tar. How do I use it to extract files?')
    search = next(event for event in events if event['event'] == 'span.started' and event['data'].get('kind') == 'retrieval')
    passages = next(event['data']['results'] for event in events if event['event'] == 'span.finished' and 'results' in event['data'])
    assert 'extracts an archive' in search['data']['query']
    assert passages and [passage['score'] for passage in passages] == sorted((p['score'] for p in passages), reverse=True)
    assert all(passage['title'] and passage['text'] and passage['score'] > 0 for passage in passages), passages
    rag = next(event['data']['result'] for event in events if event['event'] == 'node.finished' and event['node'] == 'manuals')
    assert rag['citations'][0].startswith('[1] '), rag
    sent = next(event['data']['messages'] for event in events
                if event['event'] == 'span.started' and event['node'] == 'technical' and event['data'].get('kind') == 'model')
    assert any(passages[0]['text'][:60] in message['content'] for message in sent), 'the model was given the passages'
    assert re.search(r'\[[1-9]\]', events[-1]['data']['output']), events[-1]
    assert '→ 3 passages' in shown and re.search(r'^ +\[1\] \d+\.\d{3}  \S', shown, re.MULTILINE), shown


def passages_of_a_pdf_have_pages(library):
    folder = library.folder / 'pdf'
    folder.mkdir()
    for path in find('*/*.pdf', 2) or [OWN_PDF]:
        shutil.copy(path, folder / path.name)
    assert library.heddle('knowledge', 'Manuals', folder).status == 0
    events, shown = run_triage(library, 'The app crashes with an error. What does the specification say about the type of a file?')
    passages = next(event['data']['results'] for event in events if event['event'] == 'span.finished' and 'results' in event['data'])
    assert passages and all(passage['page'] >= 1 for passage in passages), passages
    assert '(page ' in shown, shown
    question = phrase_of(passages[0])
    best = library.heddle('knowledge', 'Manuals', '--search', question)
    assert passages[0]['text'][:40] in best.out, (question, best)


def hostile_documents(library):
    folder = library.folder / 'bad'
    folder.mkdir()
    (folder / 'cut.pdf').write_bytes(OWN_PDF.read_bytes()[:300])
    (folder / 'noise.pdf').write_bytes(b'%PDF-1.7\n' + os.urandom(10_000))
    (folder / 'deep.html').write_text('<div>' * 100_000 + 'text')
    (folder / 'nul.txt').write_bytes(b'\0' * 5000)
    (folder / '\033[31mred.txt').write_text('Words in a file with an odd name.')
    result = library.heddle('knowledge', 'Bad', folder, library.folder / 'missing.txt')
    assert result.status == 1 and 'failed' in result.out and '\033' not in result.err + result.out, result
    assert '\033' not in library.heddle('knowledge', 'Bad').out
    assert 'odd name' in library.heddle('knowledge', 'Bad', '--search', 'odd name').out


def control_c_keeps_what_was_added(library):
    folder = library.folder / 'many'
    folder.mkdir()
    words = 'weave warp weft thread heddle loom shuttle '
    for number in range(200):
        (folder / f'{number:03}.txt').write_text((words * 300 + str(number) + '\n\n') * 8)
    with library.start('knowledge', 'Many', folder) as process:
        wait_until(lambda: library.heddle('knowledge', 'Many').out or process.poll() is not None)
        if process.poll() is not None:
            raise Skip('everything was added before it could be stopped')
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out) == (130, b''), (process.returncode, out, err)
    kept = len(library.heddle('knowledge', 'Many').out.splitlines())
    assert 0 < kept < 200, kept
    rest = library.heddle('knowledge', 'Many', folder).out
    assert rest.startswith(f'{200 - kept} added, {kept} unchanged'), (kept, rest)


run_cases([
    technical_branch_cites_manuals,
    passages_of_a_pdf_have_pages,
    hostile_documents,
    control_c_keeps_what_was_added,
])
