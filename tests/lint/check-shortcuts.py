#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that keys and menus are true: what the shortcuts window and the list of commands say is bound, and what menus name is an action."""
import re
import xml.etree.ElementTree as ET

import tree

UI = tree.ROOT / 'ui'
# Keys that widgets of GTK or libadwaita have by themselves, or that are not bound by a table.
BUILT_IN = {
    '<Control>question', 'F10', '<Control>Return', '<Control><Shift>Return', '<Control>q', 'F6', '<Shift>F6', 'F8',
    # Arrows of the canvas, keys of panels and of the search bar.
    '<Control>Up', '<Control>Down', 'F3', '<Shift>F3', 'Tab',
    # Of values in a trace.
    '<Control>i', '<Control><Shift>c',
    # Of AdwTabView.
    '<Control>Page_Up', '<Control>Page_Down', '<Control>Tab', '<Control><Shift>Page_Up', '<Control><Shift>Page_Down',
}
# Bound, and no news to people: second keys for what is shown already, and what every list, dialog and editor has.
NOT_SHOWN = {
    'KP_Delete', 'BackSpace', '<Control>y', '<Control>equal', '<Control>KP_Add', '<Control>KP_Subtract', '<Control>KP_0', 'KP_Enter', 'Escape',
    'Menu', '<Shift>F10', '<Shift>Left', '<Shift>Right',
}
MODIFIERS = (('GDK_CONTROL_MASK', '<Control>'), ('GDK_SHIFT_MASK', '<Shift>'), ('GDK_ALT_MASK', '<Alt>'))
BINDING = re.compile(r'\{ GDK_KEY_(\w+), ([^,]+), "(canvas\.[\w-]+)" \}|add_binding_action \(\w+, GDK_KEY_(\w+), ([^,]+), "((?:win|editor)\.[\w-]+)"|add_key \(\w+, GDK_KEY_(\w+), ([^,]+), "(win\.[\w-]+)"')
ACTION = re.compile(r'install_action \(\w+, "([\w.-]+)"|\{ "(canvas\.[\w-]+)", \w')
COMMAND = re.compile(r'\{ "([\w.-]+)", N_ \("(?:[^"\\]|\\.)*"\), (NULL|"[^"]*")')


def normalize(text):
    """Modifiers in one order, so that keys can be compared."""
    key = re.sub(r'<\w+>', '', text)
    return ''.join(name for _, name in MODIFIERS if name in text) + key


def read_bindings():
    """Every key of the window and the canvas with what it does."""
    found = {}
    for path in sorted(UI.rglob('*.c')):
        for match in BINDING.finditer(path.read_text()):
            key, modifiers, action = next(group for group in (match.groups()[i:i + 3] for i in (0, 3, 6)) if group[0])
            found[''.join(name for mask, name in MODIFIERS if mask in modifiers) + key] = action
    return found


def read_shown():
    root = ET.parse(UI / 'window' / 'heddle-shortcuts.ui').getroot()
    return {normalize(key) for element in root.iter('property') if element.get('name') == 'accelerator' for key in element.text.split()}


def read_actions():
    found = {'win.show-help-overlay', 'app.quit'}
    for path in sorted(UI.rglob('*.c')):
        for match in ACTION.finditer(path.read_text()):
            found.add(match.group(1) or match.group(2))
    return found


def read_menus():
    for path in sorted(UI.rglob('*.ui')):
        for element in ET.parse(path).getroot().iter('attribute'):
            if element.get('name') == 'action':
                yield path.relative_to(tree.ROOT), element.text


def findings():
    bindings, shown, actions = read_bindings(), read_shown(), read_actions()
    for key in sorted(shown - bindings.keys() - BUILT_IN):
        yield f'ui/window/heddle-shortcuts.ui: {key} does nothing'
    for key in sorted(bindings.keys() - shown - NOT_SHOWN):
        yield f'ui/window/heddle-shortcuts.ui: {key} ({bindings[key]}) is not shown'
    for name, keys in COMMAND.findall((UI / 'find' / 'heddle-command-actions.c').read_text()):
        key = normalize(keys.strip('"'))
        if keys != 'NULL' and key not in BUILT_IN and bindings.get(key) != name:
            yield f'ui/find/heddle-command-actions.c: {key} is not the key of {name}'
    for path, action in read_menus():
        if action not in actions:
            yield f'{path}: there is no action {action}'


tree.report(findings())
