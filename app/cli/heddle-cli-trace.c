/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-trace.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TEXT_WIDTH 60

struct _HeddleCliTrace
{
  HeddleTrace *trace;
  gboolean interactive;
  gboolean colour;
  guint live_lines; /* of the region that is redrawn */
  guint frame;
};

typedef struct
{
  const char *symbol;
  const char *ascii;
  const char *colour;
} StateLook;

static const StateLook looks[] = {
  [HEDDLE_SPAN_PENDING] = { "·", ".", "2" },
  [HEDDLE_SPAN_READY] = { "·", ".", "2" },
  [HEDDLE_SPAN_RUNNING] = { "●", "*", "34" },
  [HEDDLE_SPAN_RETRY] = { "↻", "~", "33" },
  [HEDDLE_SPAN_OK] = { "✓", "+", "32" },
  [HEDDLE_SPAN_FAILED] = { "✗", "x", "31" },
  [HEDDLE_SPAN_SKIPPED] = { "–", "-", "2" },
  [HEDDLE_SPAN_CANCELLED] = { "◼", "#", "33" },
};

static void
append_coloured (HeddleCliTrace *self,
                 GString *line,
                 const char *colour,
                 const char *text)
{
  if (self->colour)
    g_string_append_printf (line, "\033[%sm%s\033[0m", colour, text);
  else
    g_string_append (line, text);
}

static void
append_symbol (HeddleCliTrace *self,
               GString *line,
               HeddleSpanState state)
{
  append_coloured (self, line, looks[state].colour, g_get_charset (NULL) ? looks[state].symbol : looks[state].ascii);
}

static void
append_usage (GString *line,
              HeddleSpan *span)
{
  g_autofree char *tokens = heddle_format_span_tokens (span);

  if (tokens != NULL)
    g_string_append_printf (line, " · %s", tokens);
}

/* What came out: the branch taken, else the beginning of the output. */
static void
append_output (GString *line,
               HeddleSpan *span)
{
  JsonNode *result = heddle_span_get_attribute (span, "result");
  JsonNode *live = heddle_span_get_attribute (span, "live");
  g_autofree char *display = NULL;
  g_autofree char *cut = NULL;
  const char *port = NULL;

  if (live != NULL && JSON_NODE_HOLDS_ARRAY (live) && json_array_get_length (json_node_get_array (live)) == 1)
    port = json_array_get_string_element (json_node_get_array (live), 0);
  if (port != NULL && strcmp (port, "out") != 0)
    g_string_append_printf (line, " → %s", port);
  else if (result != NULL && heddle_json_member (result, "output") != NULL)
    {
      display = heddle_json_to_display (heddle_json_member (result, "output"));
      cut = heddle_format_line (display, TEXT_WIDTH);
      if (cut[0] != '\0')
        g_string_append_printf (line, " → %s", cut);
    }
}

static void
append_ending (HeddleCliTrace *self,
               GString *line,
               HeddleSpan *span)
{
  const GError *error = heddle_span_get_error (span);
  HeddleSpanState state = heddle_span_get_state (span);
  const char *text = heddle_span_get_text (span);

  if (error != NULL)
    {
      g_string_append (line, "  ");
      append_coloured (self, line, "31", error->message);
    }
  else if ((state == HEDDLE_SPAN_SKIPPED || state == HEDDLE_SPAN_CANCELLED) && text[0] != '\0')
    {
      g_autofree char *cut = heddle_format_line (text, 2 * TEXT_WIDTH);

      g_string_append (line, "  ");
      append_coloured (self, line, "2", cut);
    }
  else if (state == HEDDLE_SPAN_OK)
    append_output (line, span);
}

static void
append_times (GString *line,
              HeddleSpan *span,
              gint64 now)
{
  gint64 start = heddle_span_get_start (span);
  gint64 end = heddle_span_get_end (span) >= 0 ? heddle_span_get_end (span) : now;
  g_autofree char *duration = NULL;

  if (start < 0 || heddle_span_get_state (span) == HEDDLE_SPAN_SKIPPED)
    return;
  duration = heddle_format_duration (MAX (end - start, 0));
  g_string_append_printf (line, "  %s", duration);
}

/* Child spans say where the time went; a retrieval also what was asked and how much was found. */
static void
append_child (HeddleCliTrace *self,
              GString *out,
              HeddleSpan *span)
{
  guint depth = heddle_span_get_depth (span);
  JsonNode *query = heddle_span_get_attribute (span, "query");
  JsonNode *results = heddle_span_get_attribute (span, "results");

  g_string_append_printf (out, "%*s", (int) (2 * depth), "");
  append_symbol (self, out, heddle_span_get_state (span));
  g_string_append_printf (out, " %s", heddle_span_get_name (span));
  append_times (out, span, heddle_trace_get_duration (self->trace));
  append_usage (out, span);
  if (query != NULL)
    {
      g_autofree char *display = heddle_json_to_display (query);
      g_autofree char *cut = heddle_format_line (display, TEXT_WIDTH);

      g_string_append_printf (out, "  “%s”", cut);
    }
  if (results != NULL && JSON_NODE_HOLDS_ARRAY (results))
    {
      guint n = json_array_get_length (json_node_get_array (results));

      g_string_append_printf (out, g_dngettext (GETTEXT_PACKAGE, " → %u passage", " → %u passages", n), n);
    }
  append_ending (self, out, span);
  g_string_append_c (out, '\n');
}

static void
append_children (HeddleCliTrace *self,
                 GString *out,
                 HeddleSpan *span)
{
  GPtrArray *children = heddle_span_get_children (span);

  for (guint i = 0; i < children->len; i++)
    {
      append_child (self, out, g_ptr_array_index (children, i));
      append_children (self, out, g_ptr_array_index (children, i));
    }
}

static void
append_node (HeddleCliTrace *self,
             GString *out,
             HeddleSpan *span)
{
  g_string_append (out, "  ");
  append_symbol (self, out, heddle_span_get_state (span));
  g_string_append_printf (out, " %s", heddle_span_get_name (span));
  append_times (out, span, heddle_trace_get_duration (self->trace));
  append_usage (out, span);
  append_ending (self, out, span);
  g_string_append_c (out, '\n');
  append_children (self, out, span);
}

HeddleCliTrace *
heddle_cli_trace_new (HeddleTrace *trace,
                      HeddlePlan *plan)
{
  HeddleCliTrace *self = g_new0 (HeddleCliTrace, 1);

  self->trace = g_object_ref (trace);
  self->interactive = isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  self->colour = self->interactive && g_getenv ("NO_COLOR") == NULL;
  return self;
}

void
heddle_cli_trace_free (HeddleCliTrace *self)
{
  g_object_unref (self->trace);
  g_free (self);
}

gboolean
heddle_cli_trace_is_interactive (HeddleCliTrace *self)
{
  return self->interactive;
}

void
heddle_cli_trace_start (HeddleCliTrace *self,
                        const char *name)
{
  g_autoptr (GString) line = g_string_new (NULL);

  append_coloured (self, line, "1", name);
  g_printerr ("%s  %s\n", line->str, heddle_trace_get_run_id (self->trace));
}

static void
append_erase (HeddleCliTrace *self,
              GString *out)
{
  if (self->live_lines > 0)
    g_string_append_printf (out, "\033[%uA\r\033[J", self->live_lines);
  self->live_lines = 0;
}

static guint
terminal_width (void)
{
  struct winsize size;

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
    return size.ws_col;
  return 80;
}

static void
append_live_node (HeddleCliTrace *self,
                  GString *out,
                  HeddleSpan *span)
{
  static const char *const frames[] = { "⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏" };
  gint64 elapsed = g_get_real_time () - heddle_trace_get_started (self->trace) - heddle_span_get_start (span);
  g_autofree char *duration = heddle_format_duration (MAX (elapsed, 0));
  const char *text = heddle_span_get_text (span);
  guint width = terminal_width () - 1;
  g_autofree char *head = g_strdup_printf ("  %s %s  %s  ", frames[self->frame % G_N_ELEMENTS (frames)], heddle_span_get_name (span), duration);
  guint used = MIN ((guint) g_utf8_strlen (head, -1), width);
  glong length = g_utf8_strlen (text, -1);
  glong room = width - used;
  g_autofree char *tail = heddle_format_line (length > room ? g_utf8_offset_to_pointer (text, length - room) : text, room);

  g_string_append (out, head);
  append_coloured (self, out, "2", tail);
  g_string_append_c (out, '\n');
  self->live_lines++;
}

/* At most ten running nodes are shown: the region must fit the terminal. */
static void
append_live (HeddleCliTrace *self,
             GString *out)
{
  GPtrArray *nodes = heddle_span_get_children (heddle_trace_get_root (self->trace));

  if (!self->interactive || heddle_trace_get_state (self->trace) != HEDDLE_RUN_RUNNING)
    return;
  for (guint i = nodes->len; i > 0 && self->live_lines < 10; i--)
    {
      HeddleSpan *span = g_ptr_array_index (nodes, i - 1);

      if (heddle_span_get_state (span) == HEDDLE_SPAN_RUNNING)
        append_live_node (self, out, span);
    }
}

static gboolean
ends_node (HeddleEvent *event)
{
  return event->kind == HEDDLE_EVENT_NODE_FINISHED || event->kind == HEDDLE_EVENT_NODE_FAILED ||
         event->kind == HEDDLE_EVENT_NODE_SKIPPED || event->kind == HEDDLE_EVENT_NODE_CANCELLED;
}

void
heddle_cli_trace_update (HeddleCliTrace *self,
                         GPtrArray *events)
{
  g_autoptr (GString) out = g_string_new (NULL);

  append_erase (self, out);
  for (guint i = 0; i < events->len; i++)
    {
      HeddleEvent *event = g_ptr_array_index (events, i);
      HeddleSpan *span = ends_node (event) ? heddle_trace_find_node (self->trace, event->node) : NULL;

      if (span != NULL)
        append_node (self, out, span);
    }
  append_live (self, out);
  fputs (out->str, stderr);
  fflush (stderr);
}

void
heddle_cli_trace_tick (HeddleCliTrace *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  self->frame++;
  append_erase (self, out);
  append_live (self, out);
  fputs (out->str, stderr);
  fflush (stderr);
}

void
heddle_cli_trace_finish (HeddleCliTrace *self)
{
  HeddleSpan *root = heddle_trace_get_root (self->trace);
  HeddleRunState state = heddle_trace_get_state (self->trace);
  const char *note = heddle_trace_get_note (self->trace);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *duration = heddle_format_duration (heddle_trace_get_duration (self->trace));

  append_erase (self, line);
  append_coloured (self, line, state == HEDDLE_RUN_OK ? "32" : "31", heddle_run_state_get_title (state));
  g_string_append_printf (line, " · %s", duration);
  append_usage (line, root);
  if (note != NULL && note[0] != '\0')
    g_string_append_printf (line, " · %s", note);
  g_printerr ("%s\n", line->str);
}

void
heddle_cli_trace_print (HeddleTrace *trace,
                        const char *name)
{
  g_autoptr (HeddleCliTrace) self = heddle_cli_trace_new (trace, NULL);
  GPtrArray *nodes = heddle_span_get_children (heddle_trace_get_root (trace));
  g_autoptr (GString) out = g_string_new (NULL);

  self->colour = isatty (STDOUT_FILENO) && g_getenv ("NO_COLOR") == NULL;
  append_coloured (self, out, "1", name);
  g_string_append_printf (out, "  %s\n", heddle_trace_get_run_id (trace));
  for (guint i = 0; i < nodes->len; i++)
    append_node (self, out, g_ptr_array_index (nodes, i));
  fputs (out->str, stdout);
}
