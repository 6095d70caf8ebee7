#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the data files no single tool checks: icons, MIME type, man page, completion, manifest.

usage: check-data-files.py SOURCE_ROOT
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SVG = '{http://www.w3.org/2000/svg}'
# GTK recolours only these elements of a symbolic icon, and only their fill.
RECOLOURED = {SVG + 'path', SVG + 'rect', SVG + 'circle'}
root = pathlib.Path(sys.argv[1])
data = root / 'data'


def run(*command, **options):
    return subprocess.run(command, check=False, capture_output=True, text=True, **options)


def symbolic_icons_take_the_colour_of_text():
    for path in sorted(data.glob('icons/**/*-symbolic.svg')):
        svg = ElementTree.parse(path).getroot()
        assert (svg.get('width'), svg.get('height'), svg.get('viewBox')) == ('16', '16', '0 0 16 16'), path
        for element in svg.iter():
            assert element is svg or element.tag in RECOLOURED, f'{path}: {element.tag}'
            assert 'stroke' not in element.attrib, f'{path}: a stroke keeps its colour'


def icon_resource_lists_every_icon():
    resource = ElementTree.parse(data / 'icons/heddle-icons.gresource.xml').getroot()
    listed = {file.text for file in resource.iter('file')}
    there = {str(p.relative_to(data / 'icons')) for p in data.glob('icons/scalable/**/*.svg')}
    assert there == {name for name in listed if name.startswith('scalable/')}, there ^ listed


def handbook_lists_every_page():
    listed = [file.text for file in ElementTree.parse(data / 'help/heddle-help.gresource.xml').getroot().iter('file')]
    assert sorted(listed) == sorted(str(path.relative_to(data / 'help')) for path in data.glob('help/**/*.md')), listed
    for name in listed:
        assert (data / 'help' / name).read_text().startswith('# '), f'{name} has no title'


def handbook_has_the_same_shape_in_every_language():
    """Line by line: a paragraph, a heading or a list item stands where it stands in English."""
    def shape(path):
        return [re.match(r'#* *(?:[-]|\d+\.)? ?', line)[0] for line in path.read_text().splitlines()]

    for page in data.glob('help/*/*.md'):
        assert shape(page) == shape(data / 'help' / page.name), f'{page.parent.name}/{page.name}'


def application_icon_has_the_size_of_its_grid():
    svg = ElementTree.parse(data / 'icons/hicolor/scalable/apps/org.heddle.Heddle.svg').getroot()
    assert svg.get('viewBox') == '0 0 128 128'


def mime_type_is_known_by_name_and_content():
    with tempfile.TemporaryDirectory() as folder:
        packages = pathlib.Path(folder, 'mime/packages')
        packages.mkdir(parents=True)
        (packages / 'heddle.xml').write_text((data / 'org.heddle.Heddle.mime.xml').read_text())
        done = run('update-mime-database', '-V', str(packages.parent))
        assert done.returncode == 0, done.stderr
        assert '*.heddle.json' in (packages.parent / 'globs2').read_text()


def man_page_has_no_warnings():
    done = run('man', '--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', str(data / 'heddle.1'))
    assert done.returncode == 0 and not done.stderr, done.stderr


def commands():
    """The commands of the program with their options, from its own tables."""
    names = re.findall(r'^  \{ "(\w+)", (?:N_ \("|NULL)', (root / 'app/cli/heddle-cli.c').read_text(), re.MULTILINE)
    options = {name for path in root.glob('app/cli/*.c')
               for name in re.findall(r'\{ "([\w-]+)", [^,]+, \w+, G_OPTION_ARG', path.read_text())}
    assert len(names) > 5 and options, 'the tables of the command line have moved'
    return set(names), options


def man_page_describes_the_command_line():
    names, options = commands()
    page = (data / 'heddle.1').read_text()
    described = set(re.findall(r'^\.B heddle (\w+)', page, re.MULTILINE))
    assert described == names, described ^ names
    unknown = {option for option in options if '\\-\\-' + option.replace('-', '\\-') not in page}
    assert not unknown, unknown


def completion_knows_the_command_line():
    names, options = commands()
    script = (data / 'completions/heddle').read_text()
    assert set(re.search(r"_heddle_words '(run [\w ]+)'", script)[1].split()) == names
    unknown = {option for option in options if '--' + option not in script}
    assert not unknown, unknown


def complete(*words):
    """What bash offers for the last word."""
    line = ' '.join(words)
    script = ('. /usr/share/bash-completion/bash_completion; . "$1"; shift\n'
              'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE=' + repr(line) + '; COMP_POINT=${#COMP_LINE}\n'
              '_heddle; printf "%s\\n" "${COMPREPLY[@]}"')
    with tempfile.TemporaryDirectory() as empty:
        return run('bash', '-c', script, 'bash', str(data / 'completions/heddle'), *words, cwd=empty).stdout.split()


def completion_offers_what_fits():
    for words, expected in [
            (['val'], ['validate']),
            (['kn'], ['knowledge']),
            (['run', '--dur'], ['--durability']),
            (['run', 'x.json', '--output', 'e'], ['events']),
            (['nodes', '--'], ['--json', '--help']),
    ]:
        offered = complete('heddle', *words)
        assert offered == expected, f'{words}: {offered}'


def flatpak_manifest_is_json_with_the_right_id():
    manifest = json.loads((root / 'flatpak/org.heddle.Heddle.json').read_text())
    assert manifest['id'] == 'org.heddle.Heddle'
    assert '--filesystem=host' not in manifest['finish-args']


def examples_are_json():
    for path in data.glob('examples/*.heddle.json'):
        assert json.loads(path.read_text())['format'] == 'heddle-workflow', path


CASES = [
    symbolic_icons_take_the_colour_of_text,
    icon_resource_lists_every_icon,
    handbook_lists_every_page,
    handbook_has_the_same_shape_in_every_language,
    application_icon_has_the_size_of_its_grid,
    mime_type_is_known_by_name_and_content,
    man_page_has_no_warnings,
    man_page_describes_the_command_line,
    completion_knows_the_command_line,
    completion_offers_what_fits,
    flatpak_manifest_is_json_with_the_right_id,
    examples_are_json,
]

print(f'1..{len(CASES)}')
failed = 0
for number, case in enumerate(CASES, 1):
    name = case.__name__.replace('_', ' ')
    try:
        case()
        print(f'ok {number} {name}', flush=True)
    except (AssertionError, OSError, ValueError, ElementTree.ParseError) as error:
        failed += 1
        print(f'not ok {number} {name}\n# {error!r}', flush=True)
        print(f'{name}: {error!r}', file=sys.stderr)
sys.exit(1 if failed else 0)
