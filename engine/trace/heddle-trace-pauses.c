/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

static HeddleSpan *
add_pause (HeddleTrace *self,
           const char *name,
           gint64 start)
{
  HeddleSpan *span = heddle_span_new ("pause", name, NULL, self->root);

  span->state = HEDDLE_SPAN_RUNNING;
  span->start = MAX (start, 0);
  span->order = span->start;
  heddle_trace_list (self, span);
  g_object_unref (span);
  return span;
}

/* The node is listed as it waits, so that what it is about to get can be looked at. */
static void
set_next (HeddleTrace *self,
          HeddleEvent *event)
{
  static const char *const except[] = { "title", "type", NULL };
  HeddleSpan *span = heddle_trace_ensure_node (self, event);

  g_set_object (&self->next, span);
  heddle_trace_describe_node (span, event->data);
  heddle_span_merge_attributes (span, event->data, except);
  if (span->iter == NULL)
    span->order = event->time;
  heddle_trace_list (self, span);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_OTHER);
}

static void
end_pause (HeddleTrace *self,
           HeddleSpanState state,
           gint64 time)
{
  if (self->pause == NULL)
    return;
  heddle_trace_set_end (self, self->pause, state, time);
  if (self->next != NULL)
    heddle_trace_touch (self, self->next, HEDDLE_SPAN_CHANGED_OTHER);
  g_clear_object (&self->next);
  self->pause = NULL;
  self->pause_changed = TRUE;
}

void
heddle_trace_take_paused (HeddleTrace *self,
                          HeddleEvent *event)
{
  end_pause (self, HEDDLE_SPAN_OK, event->time);
  self->pause = add_pause (self, event->text != NULL ? event->text : _ ("Paused"), event->time);
  if (event->node != NULL)
    set_next (self, event);
  self->pause_changed = TRUE;
}

void
heddle_trace_take_unpaused (HeddleTrace *self,
                            HeddleEvent *event)
{
  end_pause (self, HEDDLE_SPAN_OK, event->time);
}

static void
interrupt_node (HeddleTrace *self,
                HeddleSpan *span,
                gint64 time)
{
  const char *text = _ ("The process was gone.");
  g_autoptr (GError) gone = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, text);
  g_autoptr (JsonNode) error = heddle_error_to_json (gone);
  g_autoptr (JsonNode) reason = heddle_json_string (text);

  if (span->start >= 0)
    heddle_trace_keep_attempt (span, error);
  heddle_span_set_attribute (span, "reason", reason);
  span->is_interrupted = TRUE;
  heddle_trace_set_end (self, span, HEDDLE_SPAN_CANCELLED, time);
}

/* An id of a span may be used again by the process that goes on. */
static gboolean
is_in_node (gpointer key,
            gpointer span,
            gpointer user_data)
{
  return ((const HeddleSpanKey *) key)->span != 0;
}

static GPtrArray *
list_open (HeddleTrace *self)
{
  GPtrArray *open = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer span;

  g_hash_table_iter_init (&iter, self->spans);
  while (g_hash_table_iter_next (&iter, NULL, &span))
    {
      if (heddle_span_is_open (span))
        g_ptr_array_add (open, g_object_ref (span));
    }
  return open;
}

void
heddle_trace_interrupt (HeddleTrace *self,
                        gint64 time)
{
  g_autoptr (GPtrArray) open = list_open (self);

  end_pause (self, HEDDLE_SPAN_CANCELLED, time);
  for (guint i = 0; i < open->len; i++)
    {
      HeddleSpan *span = open->pdata[i];

      if (span->id == 0)
        interrupt_node (self, span, time);
      else
        heddle_trace_set_end (self, span, HEDDLE_SPAN_CANCELLED, time);
    }
}

void
heddle_trace_end_all (HeddleTrace *self,
                      gint64 time)
{
  g_autoptr (GPtrArray) open = list_open (self);

  end_pause (self, HEDDLE_SPAN_CANCELLED, time);
  for (guint i = 0; i < open->len; i++)
    heddle_trace_set_end (self, open->pdata[i], HEDDLE_SPAN_CANCELLED, time);
}

/* The log may say that the run was found interrupted, or go on without a word. */
void
heddle_trace_take_continued (HeddleTrace *self,
                             HeddleEvent *event)
{
  HeddleSpan *gap;
  gint64 since = self->root->end >= 0 ? self->root->end : self->last_time;

  heddle_trace_interrupt (self, since);
  g_hash_table_foreach_remove (self->spans, is_in_node, NULL);
  gap = add_pause (self, _ ("Interrupted: its process was gone"), since);
  heddle_trace_set_end (self, gap, HEDDLE_SPAN_CANCELLED, event->time);
  self->root->end = -1;
  g_clear_error (&self->root->error);
  heddle_trace_set_state (self, self->root, HEDDLE_SPAN_RUNNING, event->time);
  heddle_trace_touch (self, self->root, HEDDLE_SPAN_CHANGED_END);
  self->state = HEDDLE_RUN_RUNNING;
  self->state_changed = TRUE;
  g_clear_pointer (&self->note, g_free);
  g_clear_pointer (&self->output, json_node_unref);
}

const char *
heddle_trace_get_pause (HeddleTrace *self)
{
  g_return_val_if_fail (HEDDLE_IS_TRACE (self), NULL);

  return self->pause != NULL ? self->pause->name : NULL;
}

HeddleSpan *
heddle_trace_get_next (HeddleTrace *self)
{
  g_return_val_if_fail (HEDDLE_IS_TRACE (self), NULL);

  return self->next;
}
