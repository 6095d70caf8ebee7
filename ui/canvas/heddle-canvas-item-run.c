/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-item-private.h"

#include <math.h>

static char *
format_duration (gint64 microseconds)
{
  double seconds = microseconds / 1e6;

  if (seconds < 1)
    return g_strdup_printf (_ ("%d ms"), (int) (microseconds / 1000));
  if (seconds < 60)
    return g_strdup_printf (_ ("%.1f s"), seconds);
  return g_strdup_printf (_ ("%d min %d s"), (int) (seconds / 60), (int) fmod (seconds, 60));
}

static gint64
get_elapsed (HeddleTrace *trace, HeddleSpan *span)
{
  gint64 start = heddle_span_get_start (span);
  gint64 end = heddle_span_get_end (span);

  if (start < 0)
    return -1;
  if (end < 0)
    end = heddle_trace_get_duration (trace);
  return MAX (end - start, 0);
}

/* A card has room for one of the two: what was spent, else how many tokens were free or have no price. */
static void
append_usage (GString *status, const HeddleSpanUsage *usage)
{
  g_autofree char *text = NULL;

  if (usage->cost > 0)
    text = heddle_money_format (usage->cost, FALSE, usage->estimated);
  else
    text = heddle_format_tokens (usage->output_tokens + MAX (usage->input_tokens, 0), usage->estimated);
  g_string_append_printf (status, " · %s%s", usage->cost > 0 && usage->cost_partly_unknown ? "≥ " : "", text);
}

/* Parts of a line, with a dot between them. */
static void
take_part (GString *status, char *part)
{
  g_string_append_printf (status, "%s%s", status->len > 0 ? " · " : "", part);
  g_free (part);
}

/* How long until the next attempt; -1: it is not known. */
static int
get_seconds_left (HeddleTrace *trace, HeddleSpan *span)
{
  JsonNode *at = heddle_span_get_attribute (span, "retry_at");

  if (!heddle_json_is_number (at))
    return -1;
  return (int) ceil (MAX (json_node_get_int (at) - heddle_trace_get_duration (trace), 0) / 1e6);
}

static char *
make_state (HeddleTrace *trace, HeddleSpan *span)
{
  int seconds = heddle_span_get_state (span) == HEDDLE_SPAN_RETRY ? get_seconds_left (trace, span) : -1;

  if (seconds < 0)
    return g_strdup (heddle_span_state_get_title (heddle_span_get_state (span)));
  return g_strdup_printf (_ ("Trying again in %d s"), seconds);
}

/* "12 / 50 · 1 failed"; of a loop, which does not know how often it will go round, only how often it did. */
static void
append_progress (GString *status, HeddleTrace *trace, HeddleCanvasItem *item)
{
  HeddleTraceProgress progress;

  if (!heddle_canvas_item_is_container (item) || !heddle_trace_get_progress (trace, item->id, &progress) || (progress.total < 0 && progress.done == 0))
    return;
  if (progress.total >= 0)
    take_part (status, g_strdup_printf (_ ("%u / %u"), progress.done, (guint) progress.total));
  else
    take_part (status, g_strdup_printf (ngettext ("%u done", "%u done", progress.done), progress.done));
  if (progress.failed > 0)
    take_part (status, g_strdup_printf (ngettext ("%u failed", "%u failed", progress.failed), progress.failed));
}

/* In whichever item. */
static gboolean
is_next (HeddleCanvasItem *self, HeddleTrace *trace)
{
  HeddleSpan *next = trace != NULL ? heddle_trace_get_next (trace) : NULL;

  return next != NULL && g_strcmp0 (heddle_span_get_node_id (next), self->id) == 0;
}

static char *
make_status (HeddleCanvasItem *self, HeddleTrace *trace, HeddleSpan *span)
{
  HeddleSpanState state = heddle_span_get_state (span);
  g_autoptr (GString) status = g_string_new (NULL);
  gint64 elapsed = get_elapsed (trace, span);
  HeddleSpanUsage usage;

  append_progress (status, trace, self);
  if (is_next (self, trace))
    take_part (status, g_strdup (_ ("Paused before this")));
  else if (state != HEDDLE_SPAN_OK && state != HEDDLE_SPAN_RUNNING)
    take_part (status, make_state (trace, span));
  if (elapsed >= 0 && state != HEDDLE_SPAN_SKIPPED)
    take_part (status, format_duration (elapsed));
  if (heddle_span_get_usage (span, &usage) && usage.output_tokens >= 0)
    append_usage (status, &usage);
  return g_string_free (g_steal_pointer (&status), FALSE);
}

static char *
dup_result_text (HeddleSpan *span)
{
  JsonNode *output = heddle_json_member (heddle_span_get_attribute (span, "result"), "output");

  return output != NULL ? heddle_json_to_display (output) : g_strdup ("");
}

/* What the card has room for is the end of a stream, and the beginning of a finished text. */
static char *
make_text (HeddleSpan *span)
{
  const char *streamed = heddle_span_get_text (span);
  g_autofree char *text = *streamed != '\0' ? g_strdup (streamed) : dup_result_text (span);
  gsize length = strlen (text);
  const char *start = text;

  if (heddle_span_get_state (span) == HEDDLE_SPAN_RUNNING && length > HEDDLE_CANVAS_MAX_PREVIEW)
    for (start = text + length - HEDDLE_CANVAS_MAX_PREVIEW; (*start & 0xc0) == 0x80; start++)
      ;
  return heddle_canvas_dup_paragraph (start);
}

/* A tool has no span of its own: it shows its latest call, and how many there were. */
static HeddleSpan *
find_span (HeddleCanvasItem *self, HeddleTrace *trace, char **status)
{
  HeddleSpan *span = heddle_trace_find_node (trace, self->id);
  guint n_calls = 0;

  if (span == NULL)
    span = heddle_trace_find_call (trace, self->id, &n_calls);
  if (n_calls > 0)
    *status = g_strdup_printf (ngettext ("%u call", "%u calls", n_calls), n_calls);
  else if (span != NULL)
    *status = make_status (self, trace, span);
  return span;
}

/* Which items there are to look at. TRUE when that changed. */
static gboolean
update_items (HeddleCanvasItem *self, HeddleTrace *trace)
{
  HeddleTraceProgress progress = { .total = -1 };
  int last = -1, item = -1;
  gboolean changed;

  if (!heddle_canvas_item_is_container (self))
    return FALSE;
  if (trace != NULL)
    {
      item = heddle_trace_get_item (trace, self->id, &last);
      heddle_trace_get_progress (trace, self->id, &progress);
    }
  item = item >= 0 ? item : last;
  changed = last != self->last_item || item != self->shown_item || progress.total != self->n_items;
  self->last_item = last;
  self->shown_item = item;
  self->n_items = progress.total;
  return changed;
}

gboolean
heddle_canvas_item_update_run (HeddleCanvasItem *self, HeddleTrace *trace)
{
  g_autofree char *status = NULL;
  HeddleSpan *span = trace != NULL ? find_span (self, trace, &status) : NULL;
  HeddleSpanState state = span != NULL ? heddle_span_get_state (span) : HEDDLE_SPAN_PENDING;
  g_autofree char *text = span != NULL && self->has_text_area ? make_text (span) : NULL;

  if (!update_items (self, trace) && self->in_run == (trace != NULL) && state == self->state && self->is_next == is_next (self, trace) && g_strcmp0 (status, self->status) == 0 && g_strcmp0 (text, self->text) == 0)
    return FALSE;
  self->in_run = trace != NULL;
  self->state = state;
  self->is_next = is_next (self, trace);
  g_free (self->status);
  g_free (self->text);
  self->status = g_steal_pointer (&status);
  self->text = g_steal_pointer (&text);
  heddle_canvas_item_drop_cache (self);
  return TRUE;
}
