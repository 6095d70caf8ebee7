/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-command.h"

#include <glib/gi18n-lib.h>

/*
 * Titles of what can be done without anything more to be said. Keys of the canvas come from the canvas. A test compares this list with the
 * actions that there are, so that none is forgotten.
 */
static const HeddleCommandAction actions[] = {
  { "win.run-or-stop", N_ ("Run or Stop"), "<Control>Return", "media-playback-start-symbolic" },
  { "win.run-again", N_ ("Run Again with the Same Input"), "<Control><Shift>Return", "media-playlist-repeat-symbolic" },
  { "win.continue", N_ ("Continue the Run"), "F5", "media-skip-forward-symbolic" },
  { "win.replay", N_ ("Replay the Run"), NULL, "media-playlist-repeat-symbolic" },
  { "win.questions", N_ ("Show What Runs Ask"), "F7", "dialog-question-symbolic" },
  { "win.new", N_ ("New Workflow"), "<Control>n", "document-new-symbolic" },
  { "win.import", N_ ("Import a Workflow…"), "<Control>o", "document-open-symbolic" },
  { "win.export", N_ ("Export as JSON…"), "<Control>e", "document-save-as-symbolic" },
  { "win.export-picture", N_ ("Export as Picture…"), "<Control><Shift>e", "image-x-generic-symbolic" },
  { "win.home", N_ ("All Workflows"), "<Alt>Home", "view-grid-symbolic" },
  { "win.close-tab", N_ ("Close the Tab"), "<Control>w", "window-close-symbolic" },
  { "win.find", N_ ("Find in the Workflow"), "<Control>f", "edit-find-symbolic" },
  { "win.search-nodes", N_ ("Search the Palette"), "<Control><Shift>f", "system-search-symbolic" },
  { "win.show-outline", N_ ("Outline"), "<Control><Shift>o", "view-list-symbolic" },
  { "win.toggle-palette", N_ ("Show or Hide the Palette"), "F3", "view-dual-symbolic" },
  { "win.toggle-inspector", N_ ("Show or Hide the Inspector"), "F4", "document-properties-symbolic" },
  { "win.toggle-trace", N_ ("Show or Hide the Trace"), "<Control>j", "view-list-symbolic" },
  { "win.fullscreen", N_ ("Full Screen"), "F11", "view-fullscreen-symbolic" },
  { "canvas.undo", N_ ("Undo"), NULL, "edit-undo-symbolic" },
  { "canvas.redo", N_ ("Redo"), NULL, "edit-redo-symbolic" },
  { "canvas.open", N_ ("Edit the Node"), NULL, "document-edit-symbolic" },
  { "canvas.rename", N_ ("Rename…"), NULL, "document-edit-symbolic" },
  { "canvas.add-node", N_ ("Add a Node…"), NULL, "list-add-symbolic" },
  { "canvas.add-note", N_ ("Add a Note"), NULL, "heddle-note-symbolic" },
  { "canvas.add-frame", N_ ("Group the Selection"), NULL, "heddle-frame-symbolic" },
  { "canvas.connect", N_ ("Connect to Another Node"), NULL, "go-next-symbolic" },
  { "canvas.connect-ports", N_ ("Choose Ports to Connect…"), NULL, "go-next-symbolic" },
  { "canvas.next-edge", N_ ("Next Connection of the Node"), NULL, "go-next-symbolic" },
  { "canvas.previous-edge", N_ ("Previous Connection of the Node"), NULL, "go-previous-symbolic" },
  { "canvas.copy", N_ ("Copy"), NULL, "edit-copy-symbolic" },
  { "canvas.cut", N_ ("Cut"), NULL, "edit-cut-symbolic" },
  { "canvas.paste", N_ ("Paste"), NULL, "edit-paste-symbolic" },
  { "canvas.paste-connected", N_ ("Paste with Incoming Connections"), NULL, "edit-paste-symbolic" },
  { "canvas.duplicate", N_ ("Duplicate"), NULL, "edit-copy-symbolic" },
  { "canvas.save-template", N_ ("Save the Selection as a Template…"), NULL, "user-bookmarks-symbolic" },
  { "canvas.delete", N_ ("Delete"), NULL, "edit-delete-symbolic" },
  { "canvas.delete-reconnect", N_ ("Delete and Reconnect"), NULL, "edit-delete-symbolic" },
  { "canvas.select-all", N_ ("Select All"), NULL, "edit-select-all-symbolic" },
  { "canvas.select-upstream", N_ ("Select What Leads Here"), NULL, "go-previous-symbolic" },
  { "canvas.select-downstream", N_ ("Select What Follows"), NULL, "go-next-symbolic" },
  { "canvas.extract", N_ ("Extract to a Subflow"), NULL, "heddle-subflow-symbolic" },
  { "canvas.inline", N_ ("Inline the Subflow"), NULL, "heddle-subflow-symbolic" },
  { "canvas.pin", N_ ("Pin or Unpin the Output"), NULL, "view-pin-symbolic" },
  { "canvas.previous-item", N_ ("Previous Item of the Frame"), NULL, "go-previous-symbolic" },
  { "canvas.next-item", N_ ("Next Item of the Frame"), NULL, "go-next-symbolic" },
  { "canvas.tidy", N_ ("Tidy Up the Layout"), NULL, "view-grid-symbolic" },
  { "canvas.zoom-in", N_ ("Zoom In"), NULL, "zoom-in-symbolic" },
  { "canvas.zoom-out", N_ ("Zoom Out"), NULL, "zoom-out-symbolic" },
  { "canvas.zoom-reset", N_ ("Normal Size"), NULL, "zoom-original-symbolic" },
  { "canvas.fit", N_ ("Show Everything"), NULL, "zoom-fit-best-symbolic" },
  { "canvas.fit-selection", N_ ("Show the Selection"), NULL, "zoom-fit-best-symbolic" },
  { "canvas.toggle-map", N_ ("Show or Hide the Overview"), NULL, "find-location-symbolic" },
  { "win.knowledge", N_ ("Knowledge Bases"), NULL, "heddle-rag-symbolic" },
  { "win.memory", N_ ("Memory"), NULL, "user-bookmarks-symbolic" },
  { "win.variables", N_ ("Variables"), NULL, "heddle-set-symbolic" },
  { "win.preferences", N_ ("Preferences"), "<Control>comma", "preferences-system-symbolic" },
  { "win.show-help-overlay", N_ ("Keyboard Shortcuts"), "<Control>question", "preferences-desktop-keyboard-shortcuts-symbolic" },
  { "win.help", N_ ("Handbook"), "F1", "help-browser-symbolic" },
  { "win.about", N_ ("About Heddle"), NULL, "help-about-symbolic" },
  { "app.quit", N_ ("Quit"), "<Control>q", "application-exit-symbolic" },
  { NULL },
};

const HeddleCommandAction *
heddle_command_list_actions (void)
{
  return actions;
}
