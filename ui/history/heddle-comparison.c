/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/heddle-comparison.h"

typedef struct
{
  char *before;
  char *after;
} Texts;

static void
texts_free (gpointer data)
{
  Texts *texts = data;

  g_free (texts->before);
  g_free (texts->after);
  g_free (texts);
}

void
heddle_comparison_free (HeddleComparison *comparison)
{
  if (comparison == NULL)
    return;
  g_clear_object (&comparison->before);
  g_clear_object (&comparison->after);
  g_clear_pointer (&comparison->differences, g_ptr_array_unref);
  g_free (comparison);
}

/* The graphs are nobody else's until they are handed over. */
static void
compare_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  const Texts *texts = data;
  g_autoptr (HeddleComparison) comparison = g_new0 (HeddleComparison, 1);
  GError *error = NULL;

  comparison->before = heddle_graph_new_from_json (texts->before, -1, &error);
  if (comparison->before != NULL)
    comparison->after = heddle_graph_new_from_json (texts->after, -1, &error);
  if (comparison->after == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  comparison->differences = heddle_graph_compare (comparison->before, comparison->after);
  g_task_return_pointer (task, g_steal_pointer (&comparison), (GDestroyNotify) heddle_comparison_free);
}

void
heddle_comparison_new_async (const char *before,
                             const char *after,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Texts *texts = g_new (Texts, 1);

  *texts = (Texts){ g_strdup (before), g_strdup (after) };
  g_task_set_source_tag (task, heddle_comparison_new_async);
  g_task_set_task_data (task, texts, texts_free);
  g_task_run_in_thread (task, compare_thread);
}

HeddleComparison *
heddle_comparison_new_finish (GAsyncResult *result,
                              GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

GHashTable *
heddle_comparison_list_marks (const HeddleComparison *self,
                              gboolean after)
{
  GHashTable *marks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->differences->len; i++)
    {
      const HeddleDifference *difference = g_ptr_array_index (self->differences, i);
      const char *id = after ? difference->id : difference->old_id;

      if (id != NULL && difference->kind != HEDDLE_DIFFERENCE_MOVED)
        g_hash_table_replace (marks, g_strdup (id), GINT_TO_POINTER (difference->kind));
    }
  return marks;
}
