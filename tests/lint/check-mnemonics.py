#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that each entry of a menu has a letter that no other entry of the same level has, in every language."""
import collections
import gettext
import io
import re
import subprocess
import xml.etree.ElementTree as ET

import tree

UI = tree.ROOT / 'ui'
CANVAS = 'canvas/heddle-canvas-menu.c'
NEST = 'canvas/heddle-canvas-nest-menu.c'
RUN = 'window/heddle-window-run-menu.c'
# Which functions of which file make a level of a menu, or add to the level that a .ui file begins.
MADE = {
    'node_menu': [(CANVAS, 'fill_run_section'), (CANVAS, 'fill_mode_section'), (CANVAS, 'append_breakpoint_item')],
    'node_menu › Arran_ge': [(CANVAS, 'fill_frame_section'), (CANVAS, 'fill_fold_section'), (NEST, 'heddle_canvas_fill_nest_menu')],
    'annotation_menu': [(CANVAS, 'fill_fold_section')],
    'running a node': [(CANVAS, 'run_menu_new')],
    'running': [(RUN, 'node_section_new'), (RUN, 'run_menu_new')],
    'a span': [('trace/heddle-span-menu.c', 'menu_new')],
    'a value': [('trace/heddle-value-tree.c', 'menu_new')],
    'a template': [('palette/heddle-palette.c', 'show_menu')],
    'a workflow': [('library/heddle-start-page.c', 'show_menu')],
    'dropped files': [('canvas/heddle-canvas-offer.c', 'offer')],
}
LABEL = re.compile(r'\b_ \("((?:[^"\\]|\\.)*)"\)|\bngettext \("([^"]*)", "([^"]*)"')
FUNCTION = re.compile(r'^(\w+) \([^;]*?\)\n\{\n(.*?)^\}', re.MULTILINE | re.DOTALL)


class English:
    gettext = staticmethod(lambda text: text)
    ngettext = staticmethod(lambda one, many, count: one if count == 1 else many)


def read_languages():
    """Gives how each language translates, English first."""
    yield 'en', English
    for language in re.findall(r'^\w+$', tree.read('po/LINGUAS'), re.MULTILINE):
        done = subprocess.run(['msgfmt', '--output-file=-', tree.ROOT / 'po' / f'{language}.po'], check=True, capture_output=True)
        yield language, gettext.GNUTranslations(io.BytesIO(done.stdout))


def read_ui_level(menu, name, levels):
    """Sections are of the same level, a submenu begins another."""
    for element in menu:
        if element.tag == 'section':
            read_ui_level(element, name, levels)
        elif element.tag in ('item', 'submenu'):
            label = element.find("attribute[@name='label']").text
            levels[name].append([(label,)])
            if element.tag == 'submenu':
                read_ui_level(element, f'{name} › {label}', levels)


def read_functions(path):
    return {match.group(1): match.group(2) for match in FUNCTION.finditer((UI / path).read_text())}


def read_labels(body):
    """An entry for each statement: its labels, of which one is shown, and each as what to translate."""
    for statement in body.split(';'):
        labels = [(match.group(1),) if match.group(1) is not None else match.group(2, 3) for match in LABEL.finditer(statement)]
        if labels:
            yield labels


def read_levels():
    levels = collections.defaultdict(list)
    for path in sorted(UI.rglob('*.ui')):
        for menu in ET.parse(path).getroot().iter('menu'):
            read_ui_level(menu, menu.get('id') if menu.get('id') != 'menu' else path.stem, levels)
    for name, parts in MADE.items():
        for path, function in parts:
            levels[name] += read_labels(read_functions(path)[function])
    return levels


def find_unknown():
    """Functions that make menus and are in no level above."""
    known = {part for parts in MADE.values() for part in parts}
    for path in sorted(UI.rglob('*.c')):
        name = str(path.relative_to(UI))
        if 'g_menu_' not in path.read_text():
            continue
        for function, body in read_functions(name).items():
            if (name, function) not in known and any('_' in label[0] for labels in read_labels(body) for label in labels):
                yield f'ui/{name}: {function} makes entries of a menu that this lint does not know'


def list_letters(labels, language):
    """The letter of each label; an empty one where there is none."""
    for label in labels:
        words = [language.gettext(*label)] if len(label) == 1 else [language.ngettext(*label, count) for count in (1, 2)]
        for text in words:
            match = re.search(r'_(\w)', text)
            yield text, match.group(1).lower() if match else ''


def check_level(name, entries, code, language):
    taken = {}
    for labels in entries:
        letters = list(list_letters(labels, language))
        for text, letter in letters:
            if not letter:
                yield f'{name} ({code}): “{text}” has no letter'
            elif letter in taken:
                yield f'{name} ({code}): “{text}” and “{taken[letter]}” have the same letter'
        taken.update({letter: text for text, letter in letters})


def findings():
    yield from find_unknown()
    levels = read_levels()
    for code, language in read_languages():
        for name, entries in levels.items():
            yield from check_level(name, entries, code, language)


tree.report(findings())
