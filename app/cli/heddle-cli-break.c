/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-break.h"

#include <glib/gi18n-lib.h>

#include "cli/heddle-cli-text.h"

/* Lines of one input, and characters of a line, so that what was said before stays on the screen. */
#define MAX_LINES 20
#define MAX_CELLS 400

static void
print_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_lines = g_strv_length (lines);

  for (guint i = 0; i < MIN (n_lines, MAX_LINES); i++)
    {
      g_autofree char *safe = heddle_cli_clip (lines[i], MAX_CELLS);

      g_printerr ("    %s\n", safe);
    }
  if (n_lines > MAX_LINES)
    g_printerr (ngettext ("    … and %u more line\n", "    … and %u more lines\n", n_lines - MAX_LINES), n_lines - MAX_LINES);
}

static void
print_inputs (JsonNode *inputs)
{
  JsonObjectIter iter;
  const char *port;
  JsonNode *value;

  if (inputs == NULL || !JSON_NODE_HOLDS_OBJECT (inputs))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (inputs));
  while (json_object_iter_next_ordered (&iter, &port, &value))
    {
      g_autofree char *text = heddle_json_is_string (value) ? g_strdup (json_node_get_string (value)) : heddle_json_to_text (value, HEDDLE_JSON_PRETTY);

      g_printerr ("  %s:\n", port);
      print_lines (text);
    }
}

void
heddle_cli_break_print (const HeddleEvent *event)
{
  g_autofree char *text = heddle_cli_clip (event->text != NULL ? event->text : "", 0);
  g_autofree char *place = g_strjoin ("/", event->scope != NULL ? event->scope : event->node, event->scope != NULL ? event->node : NULL, NULL);

  g_printerr ("\n%s  %s\n", text, place);
  print_inputs (heddle_json_member (event->data, "inputs"));
}

const char *
heddle_cli_break_get_prompt (void)
{
  return _ ("c: continue, s: step to the next node, q: stop the run:");
}

gboolean
heddle_cli_break_read_line (const char *line, HeddleCliBreak *answer, GError **error)
{
  static const char *const words[] = { "continue", "step", "quit" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gboolean is_letter = g_ascii_tolower (line[0]) == words[i][0] && line[1] == '\0';

      if (!is_letter && g_ascii_strcasecmp (line, words[i]) != 0)
        continue;
      *answer = (HeddleCliBreak) i;
      return TRUE;
    }
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("Type c, s or q."));
  return FALSE;
}
