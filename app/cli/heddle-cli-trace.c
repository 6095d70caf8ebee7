/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-trace.h"

#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli-tree.h"

#include <glib/gi18n-lib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Nodes of the live region, as long as the terminal has room for them. */
#define MAX_LIVE_LINES 10

struct _HeddleCliTrace
{
  HeddleTrace *trace;
  HeddleCliTree *tree;
  gboolean interactive;
  guint live_lines; /* of the region that is redrawn */
  guint frame;
  GPtrArray *held; /* HeddleEvent that came while the terminal was used for something else; NULL: it is not */
};

HeddleCliTrace *
heddle_cli_trace_new (HeddleTrace *trace,
                      HeddlePlan *plan,
                      gboolean quiet)
{
  HeddleCliTrace *self = g_new0 (HeddleCliTrace, 1);
  gboolean terminal = heddle_cli_text_is_terminal (STDERR_FILENO);

  self->trace = g_object_ref (trace);
  self->tree = heddle_cli_tree_new (trace, terminal);
  self->interactive = terminal && !quiet;
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i);

      heddle_cli_tree_note_title (self->tree, step->title, step->id);
    }
  return self;
}

void
heddle_cli_trace_free (HeddleCliTrace *self)
{
  heddle_cli_tree_free (self->tree);
  g_clear_pointer (&self->held, g_ptr_array_unref);
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

  heddle_cli_tree_append_title (self->tree, line, name);
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

  if (g_get_charset (NULL))
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
  g_autofree char *name = heddle_cli_tree_dup_name (self->tree, span);
  g_autofree char *duration = heddle_format_duration (elapsed);
  g_autofree char *head = g_strdup_printf ("  %s %s  %s  ", get_spinner (self), name, duration);
  g_autofree char *encoded = heddle_cli_encode (head);
  g_autofree char *clipped = heddle_cli_clip (encoded, columns - 1);
  g_autofree char *progress = heddle_format_span_progress (span);
  const char *said = progress != NULL ? progress : heddle_span_get_text (span);
  g_autofree char *text = heddle_cli_encode (waits && heddle_span_get_error (span) != NULL ? heddle_span_get_error (span)->message : said);
  guint room = columns - 1 - MIN (heddle_cli_measure (clipped), columns - 1);
  g_autofree char *tail = room > 3 ? heddle_cli_clip_start (text, room) : g_strdup ("");

  g_string_append (out, clipped);
  heddle_cli_tree_append_coloured (self->tree, out, waits ? "33" : "2", tail);
  g_string_append_c (out, '\n');
  self->live_lines++;
}

static gboolean
is_live (HeddleSpan *span)
{
  return heddle_span_get_state (span) == HEDDLE_SPAN_RUNNING || heddle_span_get_state (span) == HEDDLE_SPAN_RETRY;
}

/* Nodes that run, those of subflows included; a container with items stands for what is in it. */
static void
collect_live (HeddleSpan *parent,
              GPtrArray *live)
{
  GPtrArray *nodes = heddle_span_get_children (parent);

  for (guint i = 0; i < nodes->len; i++)
    {
      HeddleSpan *span = g_ptr_array_index (nodes, i);

      if (!is_live (span))
        continue;
      if (!heddle_cli_tree_is_subflow (span) && heddle_span_get_item (span) < 0)
        g_ptr_array_add (live, span);
      else
        collect_live (span, live);
    }
}

/* The region must fit the terminal: what is above its top cannot be erased. */
static void
append_live (HeddleCliTrace *self,
             GString *out)
{
  g_autoptr (GPtrArray) nodes = NULL;
  guint columns, rows, limit;

  if (!self->interactive || heddle_trace_get_state (self->trace) != HEDDLE_RUN_RUNNING)
    return;
  get_terminal_size (&columns, &rows);
  limit = CLAMP ((int) rows - 3, 1, MAX_LIVE_LINES);
  nodes = g_ptr_array_new ();
  collect_live (heddle_trace_get_root (self->trace), nodes);
  for (guint i = 0; i < MIN (nodes->len, limit); i++)
    append_live_node (self, out, g_ptr_array_index (nodes, i), columns);
  if (nodes->len <= limit)
    return;
  g_string_append_printf (out, g_dngettext (GETTEXT_PACKAGE, "  and %u more\n", "  and %u more\n", nodes->len - limit), nodes->len - limit);
  self->live_lines++;
}

static gboolean
ends_node (HeddleEvent *event)
{
  return event->kind == HEDDLE_EVENT_NODE_FINISHED || event->kind == HEDDLE_EVENT_NODE_FAILED ||
         event->kind == HEDDLE_EVENT_NODE_SKIPPED || event->kind == HEDDLE_EVENT_NODE_CANCELLED;
}

static HeddleSpan *
find_outermost (HeddleSpan *span)
{
  while (heddle_span_get_depth (span) > 1)
    span = heddle_span_get_parent (span);
  return span;
}

/* What is in a container is shown with it, but of many items each failure as it comes. */
static void
append_end (HeddleCliTrace *self,
            GString *out,
            HeddleEvent *event)
{
  HeddleSpan *span = heddle_trace_find_in_scope (self->trace, event->scope, event->node);

  if (span == NULL)
    return;
  if (event->scope == NULL)
    heddle_cli_tree_append_ended (self->tree, out, span);
  else if (heddle_span_get_state (span) == HEDDLE_SPAN_FAILED && heddle_cli_tree_folds (find_outermost (span)))
    heddle_cli_tree_append_failure (self->tree, out, span);
}

static gpointer
copy_event (gconstpointer event,
            gpointer user_data)
{
  return heddle_event_ref ((HeddleEvent *) event);
}

void
heddle_cli_trace_update (HeddleCliTrace *self,
                         GPtrArray *events)
{
  g_autoptr (GString) out = NULL;

  if (self->held != NULL)
    {
      g_ptr_array_extend (self->held, events, copy_event, NULL);
      return;
    }
  out = g_string_new (NULL);
  append_erase (self, out);
  for (guint i = 0; i < events->len; i++)
    {
      HeddleEvent *event = g_ptr_array_index (events, i);

      if (ends_node (event))
        append_end (self, out, event);
    }
  append_live (self, out);
  g_printerr ("%s", out->str);
}

void
heddle_cli_trace_tick (HeddleCliTrace *self)
{
  g_autoptr (GString) out = NULL;

  if (self->held != NULL)
    return;
  out = g_string_new (NULL);
  self->frame++;
  append_erase (self, out);
  append_live (self, out);
  g_printerr ("%s", out->str);
}

void
heddle_cli_trace_hold (HeddleCliTrace *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (self->held != NULL)
    return;
  append_erase (self, out);
  g_printerr ("%s", out->str);
  self->held = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
}

void
heddle_cli_trace_release (HeddleCliTrace *self)
{
  g_autoptr (GPtrArray) events = g_steal_pointer (&self->held);

  if (events != NULL)
    heddle_cli_trace_update (self, events);
}

void
heddle_cli_trace_finish (HeddleCliTrace *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  heddle_cli_trace_release (self);
  append_erase (self, out);
  heddle_cli_tree_append_summary (self->tree, out);
  g_printerr ("%s", out->str);
}
