/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <string.h>

#include "graph/heddle-history.h"
#include "value/heddle-json.h"

/* The history from outside: its list, and how it comes back from journal entries. */

static void
add_info (gpointer data, gpointer list)
{
  const HeddleUndoStep *step = data;
  const HeddleStepInfo info = { .label = step->label, .time = step->time };

  g_array_append_val ((GArray *) list, info);
}

GArray *
heddle_document_list_steps (HeddleDocument *self)
{
  HeddleHistory *history;
  GArray *list;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), NULL);

  history = heddle_document_get_history (self);
  list = g_array_sized_new (FALSE, FALSE, sizeof (HeddleStepInfo), history->done.length + history->undone.length);
  g_queue_foreach (&history->done, add_info, list);
  for (GList *link = history->undone.tail; link != NULL; link = link->prev)
    add_info (link->data, list);
  return list;
}

guint
heddle_document_get_n_done (HeddleDocument *self)
{
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), 0);

  return heddle_document_get_history (self)->done.length;
}

void
heddle_document_go_to_step (HeddleDocument *self, guint n)
{
  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));

  while (heddle_document_get_n_done (self) > n && heddle_document_undo (self))
    continue;
  while (heddle_document_get_n_done (self) < n && heddle_document_redo (self))
    continue;
}

/* The step as the entry tells it; what the queue has of it goes. */
static void
replay_moved (HeddleUndoStep *step, GQueue *from, GQueue *to)
{
  HeddleUndoStep *known = g_queue_pop_tail (from);

  g_clear_pointer (&known, heddle_undo_step_free);
  g_queue_push_tail (to, step);
}

static void
replay_edit (HeddleHistory *history, JsonNode *entry, HeddleUndoStep *step)
{
  gboolean joins = heddle_json_get_boolean (entry, "joins", FALSE) &&
                   heddle_undo_step_can_join (g_queue_peek_tail (&history->done), step);

  heddle_history_add (history, step, joins);
}

static gboolean
replay_forget (HeddleHistory *history, JsonNode *entry)
{
  gboolean of_done = heddle_json_get_boolean (entry, "done", TRUE);

  heddle_history_clear_steps (of_done ? &history->done : &history->undone);
  return TRUE;
}

static gboolean
replay_entry (HeddleDocument *self, JsonNode *entry, GError **error)
{
  HeddleHistory *history = heddle_document_get_history (self);
  const char *operation = heddle_json_get_string (entry, "op", "");
  gboolean is_undo = strcmp (operation, "undo") == 0;
  gboolean is_redo = strcmp (operation, "redo") == 0;
  HeddleUndoStep *step;

  if (strcmp (operation, "forget") == 0)
    return replay_forget (history, entry);
  if (!is_undo && !is_redo && strcmp (operation, "edit") != 0)
    return heddle_history_fail (error);
  step = heddle_undo_step_new_from_json (entry, error);
  if (step == NULL || !heddle_undo_step_apply (step, heddle_document_get_graph (self), is_undo, error))
    {
      g_clear_pointer (&step, heddle_undo_step_free);
      return FALSE;
    }
  if (is_undo)
    replay_moved (step, &history->done, &history->undone);
  else if (is_redo)
    replay_moved (step, &history->undone, &history->done);
  else
    replay_edit (history, entry, step);
  return TRUE;
}

gboolean
heddle_document_replay (HeddleDocument *self, JsonNode *edits, GError **error)
{
  JsonArray *entries;
  gboolean ok = TRUE;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (edits != NULL, FALSE);
  g_return_val_if_fail (!heddle_document_is_open (self), FALSE);

  if (JSON_NODE_HOLDS_ARRAY (edits))
    {
      entries = json_node_get_array (edits);
      for (guint i = 0; ok && i < json_array_get_length (entries); i++)
        ok = replay_entry (self, json_array_get_element (entries, i), error);
    }
  else
    {
      ok = replay_entry (self, edits, error);
    }
  heddle_document_emit_reset (self);
  return ok;
}

static gboolean
load_moved (GQueue *from, GQueue *to)
{
  HeddleUndoStep *step = g_queue_pop_tail (from);

  if (step == NULL)
    return FALSE;
  g_queue_push_tail (to, step);
  return TRUE;
}

static gboolean
load_entry (HeddleHistory *history, JsonNode *entry)
{
  const char *operation = heddle_json_get_string (entry, "op", "");
  HeddleUndoStep *step;

  if (strcmp (operation, "undo") == 0)
    return load_moved (&history->done, &history->undone);
  if (strcmp (operation, "redo") == 0)
    return load_moved (&history->undone, &history->done);
  if (strcmp (operation, "forget") == 0)
    return replay_forget (history, entry);
  if (strcmp (operation, "edit") != 0)
    return FALSE;
  step = heddle_undo_step_new_from_json (entry, NULL);
  if (step == NULL)
    return FALSE;
  replay_edit (history, entry, step);
  return TRUE;
}

void
heddle_document_load_history (HeddleDocument *self, JsonNode *entries)
{
  HeddleHistory *history;
  JsonArray *array;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (entries != NULL);
  g_return_if_fail (!heddle_document_is_open (self));

  history = heddle_document_get_history (self);
  array = JSON_NODE_HOLDS_ARRAY (entries) ? json_node_get_array (entries) : NULL;
  heddle_history_clear (history);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      if (!load_entry (history, json_array_get_element (array, i)))
        heddle_history_clear (history);
    }
  heddle_document_emit_reset (self);
}
