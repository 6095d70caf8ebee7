/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-history.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

HeddleUndoStep *
heddle_undo_step_new (const char *label)
{
  HeddleUndoStep *step = g_new0 (HeddleUndoStep, 1);

  step->label = g_strdup (label);
  step->edits = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_edit_free);
  return step;
}

void
heddle_undo_step_free (HeddleUndoStep *step)
{
  g_free (step->label);
  g_ptr_array_unref (step->edits);
  g_free (step);
}

/* An undo says what it undid: the step may be older than the journal, which begins at the last save. */
JsonNode *
heddle_undo_step_to_json (const HeddleUndoStep *step, const char *operation, gboolean joins)
{
  JsonObject *object = json_object_new ();
  JsonArray *edits = json_array_sized_new (step->edits->len);

  for (guint i = 0; i < step->edits->len; i++)
    json_array_add_element (edits, heddle_edit_to_json (g_ptr_array_index (step->edits, i)));
  json_object_set_member (object, "op", heddle_json_string (operation));
  json_object_set_member (object, "label", heddle_json_string (step->label));
  if (step->time != 0)
    json_object_set_member (object, "time", heddle_json_int (step->time));
  if (joins)
    json_object_set_member (object, "joins", heddle_json_boolean (TRUE));
  json_object_set_member (object, "edits", heddle_json_array (edits));
  return heddle_json_object (object);
}

gboolean
heddle_history_fail (GError **error)
{
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
               _ ("The record of edits is damaged. The workflow is restored up to the damaged entry."));
  return FALSE;
}

HeddleUndoStep *
heddle_undo_step_new_from_json (JsonNode *entry, GError **error)
{
  JsonArray *edits = heddle_json_get_array (entry, "edits");
  guint length = edits != NULL ? json_array_get_length (edits) : 0;
  g_autoptr (HeddleUndoStep) step = heddle_undo_step_new (heddle_json_get_string (entry, "label", ""));

  step->time = MAX (heddle_json_get_int (entry, "time", 0), 0);
  for (guint i = 0; i < length; i++)
    {
      HeddleEdit *edit = heddle_edit_new_from_json (json_array_get_element (edits, i), error);

      if (edit == NULL)
        return NULL;
      g_ptr_array_add (step->edits, edit);
    }
  if (length > 0)
    return g_steal_pointer (&step);
  heddle_history_fail (error);
  return NULL;
}

gboolean
heddle_undo_step_apply (const HeddleUndoStep *step, HeddleGraph *graph, gboolean backward, GError **error)
{
  guint length = step->edits->len;

  for (guint i = 0; i < length; i++)
    {
      if (heddle_edit_apply (g_ptr_array_index (step->edits, backward ? length - 1 - i : i), graph, backward, error))
        continue;
      while (i-- > 0)
        heddle_edit_apply (g_ptr_array_index (step->edits, backward ? length - 1 - i : i), graph, !backward, NULL);
      return FALSE;
    }
  return TRUE;
}

gboolean
heddle_undo_step_can_join (const HeddleUndoStep *step, const HeddleUndoStep *later)
{
  if (step == NULL || step->edits->len != later->edits->len)
    return FALSE;
  for (guint i = 0; i < step->edits->len; i++)
    {
      if (!heddle_edit_can_merge (g_ptr_array_index (step->edits, i), g_ptr_array_index (later->edits, i)))
        return FALSE;
    }
  return TRUE;
}

gboolean
heddle_undo_step_join (HeddleUndoStep *step, const HeddleUndoStep *later)
{
  gboolean is_nothing = TRUE;

  for (guint i = 0; i < step->edits->len; i++)
    {
      HeddleEdit *edit = g_ptr_array_index (step->edits, i);

      heddle_edit_merge (edit, g_ptr_array_index (later->edits, i));
      is_nothing = is_nothing && heddle_edit_is_nothing (edit);
    }
  step->time = later->time;
  return !is_nothing;
}

void
heddle_history_init (HeddleHistory *self)
{
  g_queue_init (&self->done);
  g_queue_init (&self->undone);
}

void
heddle_history_clear_steps (GQueue *steps)
{
  g_queue_clear_full (steps, (GDestroyNotify) heddle_undo_step_free);
}

void
heddle_history_clear (HeddleHistory *self)
{
  heddle_history_clear_steps (&self->done);
  heddle_history_clear_steps (&self->undone);
}

const char *
heddle_history_get_label (const GQueue *steps)
{
  const HeddleUndoStep *step = g_queue_peek_tail ((GQueue *) steps);

  return step != NULL ? step->label : NULL;
}

void
heddle_history_add (HeddleHistory *self, HeddleUndoStep *step, gboolean joins)
{
  heddle_history_clear_steps (&self->undone);
  if (joins)
    {
      if (!heddle_undo_step_join (g_queue_peek_tail (&self->done), step))
        heddle_undo_step_free (g_queue_pop_tail (&self->done));
      heddle_undo_step_free (step);
      return;
    }
  g_queue_push_tail (&self->done, step);
  if (g_queue_get_length (&self->done) > HEDDLE_MAX_UNDO_STEPS)
    heddle_undo_step_free (g_queue_pop_head (&self->done));
}
