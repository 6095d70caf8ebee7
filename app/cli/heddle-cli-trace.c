/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-trace.h"

#include "cli/heddle-cli-text.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* How much of an output or a text is shown in its line. */
#define TEXT_CELLS 60
#define REASON_CELLS 120
/* Nodes and lines of the live region, as long as the terminal has room for them. */
#define MAX_LIVE_LINES 10

struct _HeddleCliTrace
{
  HeddleTrace *trace;
  GHashTable *owners; /* title → id of the first node with it */
  GHashTable *shared; /* titles that several nodes have */
  gboolean interactive;
  gboolean colour;
  gboolean unicode;
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
  append_coloured (self, line, looks[state].colour, self->unicode ? looks[state].symbol : looks[state].ascii);
}

static const char *
get_dot (HeddleCliTrace *self)
{
  return self->unicode ? " · " : "  ";
}

static const char *
get_arrow (HeddleCliTrace *self)
{
  return self->unicode ? " → " : " -> ";
}

/* Several nodes may have one title, as those of one type do at first; their ids tell them apart. */
static void
note_title (HeddleCliTrace *self,
            const char *title,
            const char *node)
{
  const char *owner = g_hash_table_lookup (self->owners, title);

  if (owner == NULL)
    g_hash_table_insert (self->owners, g_strdup (title), g_strdup (node));
  else if (!g_str_equal (owner, node))
    g_hash_table_add (self->shared, g_strdup (title));
}

static char *
dup_name (HeddleCliTrace *self,
          HeddleSpan *span)
{
  const char *name = heddle_span_get_name (span);
  const char *node = heddle_span_get_node_id (span);
  g_autofree char *full = NULL;

  if (strcmp (heddle_span_get_kind (span), "node") == 0 && node != NULL && g_hash_table_contains (self->shared, name))
    full = g_strdup_printf ("%s (%s)", name, node);
  return heddle_cli_clip (full != NULL ? full : name, 0);
}

static void
append_usage (HeddleCliTrace *self,
              GString *line,
              HeddleSpan *span)
{
  g_autofree char *tokens = heddle_format_span_tokens (span);

  if (tokens != NULL)
    g_string_append_printf (line, "%s%s", get_dot (self), tokens);
}

static void
append_attempt (HeddleCliTrace *self,
                GString *line,
                HeddleSpan *span)
{
  if (heddle_span_get_attempt (span) <= 1)
    return;
  g_string_append (line, get_dot (self));
  g_string_append_printf (line, _ ("attempt %u"), heddle_span_get_attempt (span));
}

/* What came out: the way taken, else the beginning of the output. */
static void
append_output (HeddleCliTrace *self,
               GString *line,
               HeddleSpan *span)
{
  JsonNode *output = heddle_json_member (heddle_span_get_attribute (span, "result"), "output");
  g_autofree char *text = heddle_span_dup_way (span);
  g_autofree char *clipped = NULL;

  if (text == NULL && output != NULL)
    text = heddle_json_to_display (output);
  if (text == NULL || *text == '\0')
    return;
  clipped = heddle_cli_clip (text, TEXT_CELLS);
  g_string_append_printf (line, "%s%s", get_arrow (self), clipped);
}

static void
append_ending (HeddleCliTrace *self,
               GString *line,
               HeddleSpan *span)
{
  const GError *error = heddle_span_get_error (span);
  HeddleSpanState state = heddle_span_get_state (span);
  const char *text = error != NULL ? error->message : heddle_span_get_text (span);
  g_autofree char *clipped = NULL;

  if (state == HEDDLE_SPAN_OK)
    {
      append_output (self, line, span);
      return;
    }
  if (*text == '\0')
    return;
  clipped = heddle_cli_clip (text, error != NULL ? 0 : REASON_CELLS);
  g_string_append (line, "  ");
  append_coloured (self, line, error != NULL ? "31" : "2", clipped);
}

static void
append_times (GString *line,
              HeddleSpan *span,
              gint64 now)
{
  g_autofree char *duration = heddle_format_span_duration (span, now);

  if (duration != NULL)
    g_string_append_printf (line, "  %s", duration);
}

static void
append_query (GString *line,
              HeddleSpan *span)
{
  JsonNode *query = heddle_span_get_attribute (span, "query");
  g_autofree char *text = query != NULL ? heddle_json_to_display (query) : NULL;
  g_autofree char *clipped = text != NULL ? heddle_cli_clip (text, TEXT_CELLS) : NULL;

  if (clipped != NULL)
    g_string_append_printf (line, _ ("  “%s”"), clipped);
}

/* "[1] 7.93  Title > Heading (page 3)" */
static void
append_passage (GString *out,
                JsonNode *passage,
                guint indent)
{
  const char *heading = heddle_json_get_string (passage, "heading", "");
  gint64 page = heddle_json_get_int (passage, "page", 0);
  const char *title = heddle_json_get_string (passage, "title", "");
  g_autoptr (GString) where = g_string_new (heading);
  g_autofree char *clipped = NULL;

  /* The first heading of a document is often its title. */
  if (!g_str_has_prefix (heading, title))
    g_string_printf (where, *heading != '\0' ? "%s > %s" : "%s%s", title, heading);
  if (page > 0)
    g_string_append_printf (where, _ (" (page %d)"), (int) page);
  clipped = heddle_cli_clip (where->str, REASON_CELLS);
  g_string_append_printf (out, "%*s[%d] %.3f  %s\n", (int) indent, "", (int) heddle_json_get_int (passage, "n", 0),
                          heddle_json_get_double (passage, "score", 0), clipped);
}

/* What a retrieval found; NULL for other spans. */
static JsonArray *
get_passages (HeddleSpan *span)
{
  JsonNode *results = heddle_span_get_attribute (span, "results");

  if (results == NULL || !JSON_NODE_HOLDS_ARRAY (results) || strcmp (heddle_span_get_kind (span), "retrieval") != 0)
    return NULL;
  return json_node_get_array (results);
}

static void
append_found (HeddleCliTrace *self,
              GString *line,
              HeddleSpan *span)
{
  JsonArray *passages = get_passages (span);
  guint n = passages != NULL ? json_array_get_length (passages) : 0;

  if (passages == NULL)
    return;
  g_string_append (line, get_arrow (self));
  g_string_append_printf (line, g_dngettext (GETTEXT_PACKAGE, "%u passage", "%u passages", n), n);
}

static void
append_passages (GString *out,
                 HeddleSpan *span)
{
  JsonArray *passages = get_passages (span);
  guint n = passages != NULL ? json_array_get_length (passages) : 0;

  for (guint i = 0; i < n; i++)
    append_passage (out, json_array_get_element (passages, i), 2 * heddle_span_get_depth (span) + 2);
}

/* A line for the span and, below it, what happened inside: that says where the time went. */
static void
append_span (HeddleCliTrace *self,
             GString *out,
             HeddleSpan *span)
{
  GPtrArray *children = heddle_span_get_children (span);
  g_autofree char *name = dup_name (self, span);

  g_string_append_printf (out, "%*s", (int) (2 * heddle_span_get_depth (span)), "");
  append_symbol (self, out, heddle_span_get_state (span));
  g_string_append_printf (out, " %s", name);
  append_times (out, span, heddle_trace_get_duration (self->trace));
  append_attempt (self, out, span);
  append_usage (self, out, span);
  append_query (out, span);
  append_found (self, out, span);
  append_ending (self, out, span);
  g_string_append_c (out, '\n');
  append_passages (out, span);
  for (guint i = 0; i < children->len; i++)
    append_span (self, out, g_ptr_array_index (children, i));
}

static void
append_title (HeddleCliTrace *self,
              GString *out,
              const char *name)
{
  g_autofree char *clipped = heddle_cli_clip (name, 0);

  append_coloured (self, out, "1", clipped);
  g_string_append_printf (out, "  %s\n", heddle_trace_get_run_id (self->trace));
}

/* "Finished · 1.20 s · 64 tokens" */
static void
append_summary (HeddleCliTrace *self,
                GString *out)
{
  HeddleRunState state = heddle_trace_get_state (self->trace);
  const char *note = heddle_trace_get_note (self->trace);
  g_autofree char *duration = heddle_format_duration (heddle_trace_get_duration (self->trace));

  append_coloured (self, out, state == HEDDLE_RUN_OK ? "32" : "31", heddle_run_state_get_title (state));
  g_string_append_printf (out, "%s%s", get_dot (self), duration);
  append_usage (self, out, heddle_trace_get_root (self->trace));
  if (note != NULL && *note != '\0')
    g_string_append_printf (out, "%s%s", get_dot (self), note);
  g_string_append_c (out, '\n');
}

static HeddleCliTrace *
trace_new (HeddleTrace *trace,
           int fd)
{
  HeddleCliTrace *self = g_new0 (HeddleCliTrace, 1);

  self->trace = g_object_ref (trace);
  self->owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->shared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->interactive = isatty (fd) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  self->colour = self->interactive && (g_getenv ("NO_COLOR") == NULL || *g_getenv ("NO_COLOR") == '\0');
  self->unicode = g_get_charset (NULL);
  return self;
}

HeddleCliTrace *
heddle_cli_trace_new (HeddleTrace *trace,
                      HeddlePlan *plan,
                      gboolean quiet)
{
  HeddleCliTrace *self = trace_new (trace, STDERR_FILENO);

  self->interactive = self->interactive && !quiet;
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i);

      note_title (self, step->title, step->id);
    }
  return self;
}

void
heddle_cli_trace_free (HeddleCliTrace *self)
{
  g_hash_table_unref (self->owners);
  g_hash_table_unref (self->shared);
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

  append_title (self, line, name);
  g_printerr ("%s", line->str);
}

static void
append_erase (HeddleCliTrace *self,
              GString *out)
{
  if (self->live_lines > 0)
    g_string_append_printf (out, "\033[%uA\r\033[J", self->live_lines);
  self->live_lines = 0;
}

static void
get_terminal_size (guint *columns,
                   guint *rows)
{
  struct winsize size = { 0 };

  ioctl (STDERR_FILENO, TIOCGWINSZ, &size);
  *columns = size.ws_col > 0 ? MAX (size.ws_col, 2) : 80;
  *rows = size.ws_row > 0 ? size.ws_row : 24;
}

static const char *
get_spinner (HeddleCliTrace *self)
{
  static const char *const frames[] = { "⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏" };
  static const char *const ascii[] = { "|", "/", "-", "\\" };

  if (self->unicode)
    return frames[self->frame % G_N_ELEMENTS (frames)];
  return ascii[self->frame % G_N_ELEMENTS (ascii)];
}

/* "⠋ Name  1.2 s  …the end of what streams", which never wraps: the region is erased by counting lines. */
static void
append_live_node (HeddleCliTrace *self,
                  GString *out,
                  HeddleSpan *span,
                  guint columns)
{
  gint64 elapsed = g_get_real_time () - heddle_trace_get_started (self->trace) - heddle_span_get_start (span);
  gboolean waits = heddle_span_get_state (span) == HEDDLE_SPAN_RETRY;
  g_autofree char *name = dup_name (self, span);
  g_autofree char *duration = heddle_format_duration (elapsed);
  g_autofree char *head = g_strdup_printf ("  %s %s  %s  ", get_spinner (self), name, duration);
  g_autofree char *encoded = heddle_cli_encode (head);
  g_autofree char *clipped = heddle_cli_clip (encoded, columns - 1);
  g_autofree char *text = heddle_cli_encode (waits && heddle_span_get_error (span) != NULL ? heddle_span_get_error (span)->message : heddle_span_get_text (span));
  guint room = columns - 1 - MIN (heddle_cli_measure (clipped), columns - 1);
  g_autofree char *tail = room > 3 ? heddle_cli_clip_start (text, room) : g_strdup ("");

  g_string_append (out, clipped);
  append_coloured (self, out, waits ? "33" : "2", tail);
  g_string_append_c (out, '\n');
  self->live_lines++;
}

static gboolean
is_live (HeddleSpan *span)
{
  return heddle_span_get_state (span) == HEDDLE_SPAN_RUNNING || heddle_span_get_state (span) == HEDDLE_SPAN_RETRY;
}

/* The region must fit the terminal: what is above its top cannot be erased. */
static void
append_live (HeddleCliTrace *self,
             GString *out)
{
  GPtrArray *nodes = heddle_span_get_children (heddle_trace_get_root (self->trace));
  guint columns, rows, limit, n_more = 0;

  if (!self->interactive || heddle_trace_get_state (self->trace) != HEDDLE_RUN_RUNNING)
    return;
  get_terminal_size (&columns, &rows);
  limit = CLAMP ((int) rows - 3, 1, MAX_LIVE_LINES);
  for (guint i = 0; i < nodes->len; i++)
    {
      HeddleSpan *span = g_ptr_array_index (nodes, i);

      if (is_live (span) && self->live_lines < limit)
        append_live_node (self, out, span, columns);
      else
        n_more += is_live (span);
    }
  if (n_more == 0)
    return;
  g_string_append_printf (out, g_dngettext (GETTEXT_PACKAGE, "  and %u more\n", "  and %u more\n", n_more), n_more);
  self->live_lines++;
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
        append_span (self, out, span);
    }
  append_live (self, out);
  g_printerr ("%s", out->str);
}

void
heddle_cli_trace_tick (HeddleCliTrace *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  self->frame++;
  append_erase (self, out);
  append_live (self, out);
  g_printerr ("%s", out->str);
}

void
heddle_cli_trace_finish (HeddleCliTrace *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  append_erase (self, out);
  append_summary (self, out);
  g_printerr ("%s", out->str);
}

void
heddle_cli_trace_print (HeddleTrace *trace,
                        const char *name)
{
  g_autoptr (HeddleCliTrace) self = trace_new (trace, STDOUT_FILENO);
  GPtrArray *nodes = heddle_span_get_children (heddle_trace_get_root (trace));
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *encoded = NULL;

  for (guint i = 0; i < nodes->len; i++)
    note_title (self, heddle_span_get_name (nodes->pdata[i]), heddle_span_get_node_id (nodes->pdata[i]));
  append_title (self, out, name);
  for (guint i = 0; i < nodes->len; i++)
    append_span (self, out, nodes->pdata[i]);
  append_summary (self, out);
  encoded = heddle_cli_encode (out->str);
  g_print ("%s", encoded);
}
