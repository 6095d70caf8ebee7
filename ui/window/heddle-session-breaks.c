/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-session-private.h"

#include <string.h>

/*
 * Where a person wants runs to stand still. That belongs to the person and this computer, as a setting beside the workflow, and not to the workflow: a
 * file that was exported, or what is active, must not stop at somebody else's breakpoints, and setting one is nothing to undo.
 */

static char *
make_key (HeddleSession *self)
{
  return g_strdup_printf ("breakpoints:%s", heddle_session_get_workflow_id (self));
}

/* Those of nodes that have gone meanwhile are forgotten. */
void
_heddle_session_load_breakpoints (HeddleSession *self)
{
  g_autofree char *key = make_key (self);
  g_autoptr (JsonNode) setting = heddle_store_get_setting (self->store, key);
  JsonArray *ids = setting != NULL && JSON_NODE_HOLDS_ARRAY (setting) ? json_node_get_array (setting) : NULL;

  self->breakpoints = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; ids != NULL && i < json_array_get_length (ids); i++)
    {
      JsonNode *id = json_array_get_element (ids, i);

      if (heddle_json_is_string (id) && heddle_graph_find_node (heddle_session_get_graph (self), json_node_get_string (id)) != NULL)
        g_hash_table_add (self->breakpoints, g_strdup (json_node_get_string (id)));
    }
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
heddle_session_dup_breakpoints (HeddleSession *self)
{
  GPtrArray *ids;
  GHashTableIter iter;
  gpointer id;

  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  ids = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->breakpoints);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (ids, g_strdup (id));
  g_ptr_array_sort (ids, compare_ids);
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

static void
save (HeddleSession *self,
      const char *const *ids)
{
  g_autofree char *key = make_key (self);
  g_autoptr (GError) error = NULL;
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) setting = NULL;
  gboolean is_empty = *ids == NULL;

  for (; *ids != NULL; ids++)
    json_array_add_element (array, heddle_json_string (*ids));
  setting = heddle_json_array (array);
  if (!heddle_store_set_setting (self->store, key, is_empty ? NULL : setting, &error))
    g_warning ("Breakpoints are not kept: %s", error->message);
}

static void
apply (HeddleSession *self)
{
  g_auto (GStrv) ids = heddle_session_dup_breakpoints (self);

  save (self, (const char *const *) ids);
  if (self->run != NULL)
    heddle_engine_set_breakpoints (self->services->engine, self->run, (const char *const *) ids);
  _heddle_session_emit_breakpoints_changed (self);
}

/* A pair of ids of which the graph has one now. */
static gboolean
move (HeddleSession *self,
      const char *from,
      const char *to)
{
  HeddleGraph *graph = heddle_session_get_graph (self);

  if (!g_hash_table_contains (self->breakpoints, from) || heddle_graph_find_node (graph, from) != NULL || heddle_graph_find_node (graph, to) == NULL)
    return FALSE;
  g_hash_table_remove (self->breakpoints, from);
  g_hash_table_add (self->breakpoints, g_strdup (to));
  return TRUE;
}

/* A node keeps its breakpoint under another id, also when that is undone. */
void
_heddle_session_move_breakpoints (HeddleSession *self,
                                  JsonNode *edits)
{
  JsonArray *array = heddle_json_get_array (edits, "edits");
  gboolean moved = FALSE;

  for (guint i = 0; array != NULL && g_hash_table_size (self->breakpoints) > 0 && i < json_array_get_length (array); i++)
    {
      JsonNode *edit = json_array_get_element (array, i);
      const char *before = heddle_json_get_string (edit, "before", "");
      const char *after = heddle_json_get_string (edit, "after", "");

      if (strcmp (heddle_json_get_string (edit, "kind", ""), "id") == 0)
        moved |= move (self, before, after) || move (self, after, before);
    }
  if (moved)
    apply (self);
}

static gboolean
have_all (HeddleSession *self,
          const char *const *nodes)
{
  for (; *nodes != NULL; nodes++)
    {
      if (!g_hash_table_contains (self->breakpoints, *nodes))
        return FALSE;
    }
  return TRUE;
}

void
heddle_session_toggle_breakpoints (HeddleSession *self,
                                   const char *const *nodes)
{
  gboolean had_all;

  g_return_if_fail (HEDDLE_IS_SESSION (self) && nodes != NULL);

  had_all = have_all (self, nodes);
  for (; *nodes != NULL; nodes++)
    {
      if (had_all)
        g_hash_table_remove (self->breakpoints, *nodes);
      else
        g_hash_table_add (self->breakpoints, g_strdup (*nodes));
    }
  apply (self);
}

const char *
heddle_session_get_next_node (HeddleSession *self)
{
  HeddleSpan *next;

  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  next = self->live != NULL ? heddle_trace_get_next (self->live) : NULL;
  return next != NULL ? heddle_span_get_node_id (next) : NULL;
}

void
heddle_session_continue (HeddleSession *self)
{
  g_return_if_fail (HEDDLE_IS_SESSION (self));

  if (self->run != NULL)
    heddle_engine_continue (self->services->engine, self->run);
}

void
heddle_session_step (HeddleSession *self)
{
  g_return_if_fail (HEDDLE_IS_SESSION (self));

  if (self->run != NULL)
    heddle_engine_step (self->services->engine, self->run);
}
