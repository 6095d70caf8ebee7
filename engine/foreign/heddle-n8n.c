/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign/heddle-n8n.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "graph/heddle-graph.h"
#include "value/heddle-json.h"

/* Cards are wider here than there. */
#define SCALE_X 1.5
#define SCALE_Y 1.25

gboolean
heddle_n8n_is_workflow (JsonNode *root)
{
  JsonArray *nodes = heddle_json_get_array (root, "nodes");
  JsonNode *first = nodes != NULL && json_array_get_length (nodes) > 0 ? json_array_get_element (nodes, 0) : NULL;

  return nodes != NULL && heddle_json_member (root, "format") == NULL && heddle_json_get_object (root, "connections") != NULL &&
         (first == NULL || (heddle_json_get_array (first, "position") != NULL && heddle_json_get_string (first, "type", NULL) != NULL));
}

static void
entry_free (HeddleN8nEntry *entry)
{
  g_ptr_array_unref (entry->before);
  g_ptr_array_unref (entry->after);
  g_ptr_array_unref (entry->rounds);
  g_ptr_array_unref (entry->parts);
  g_clear_pointer (&entry->outputs, g_ptr_array_unref);
  g_free (entry);
}

/* "@n8n/n8n-nodes-langchain.agent" is an agent. */
static const char *
strip_package (const char *type)
{
  const char *dot = strrchr (type, '.');

  return dot != NULL ? dot + 1 : type;
}

static void
add_entry (HeddleN8n *self, JsonNode *json)
{
  HeddleN8nEntry *entry = g_new0 (HeddleN8nEntry, 1);

  entry->json = json;
  entry->params = heddle_json_member (json, "parameters");
  entry->name = heddle_json_get_string (json, "name", "Node");
  entry->type = strip_package (heddle_json_get_string (json, "type", ""));
  entry->kind = heddle_n8n_find_kind (entry->type);
  entry->before = g_ptr_array_new ();
  entry->after = g_ptr_array_new ();
  entry->rounds = g_ptr_array_new ();
  entry->parts = g_ptr_array_new ();
  g_ptr_array_add (self->entries, entry);
  g_hash_table_insert (self->by_name, (gpointer) entry->name, entry);
}

/* One wire: from an output of a node, by its kind and number, to a node. */
typedef void (*WireFunc) (HeddleN8n *self, HeddleN8nEntry *from, const char *port, guint index, HeddleN8nEntry *to);

static void
each_target (HeddleN8n *self, HeddleN8nEntry *from, const char *port, guint index, JsonNode *targets, WireFunc func)
{
  JsonArray *list = targets != NULL && JSON_NODE_HOLDS_ARRAY (targets) ? json_node_get_array (targets) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      const char *name = heddle_json_get_string (json_array_get_element (list, i), "node", NULL);
      HeddleN8nEntry *to = name != NULL ? g_hash_table_lookup (self->by_name, name) : NULL;

      if (to != NULL)
        func (self, from, port, index, to);
    }
}

static void
each_wire (HeddleN8n *self, JsonNode *root, WireFunc func)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      HeddleN8nEntry *from = g_ptr_array_index (self->entries, i);
      JsonObject *ports = heddle_json_get_object (heddle_json_member (root, "connections"), from->name);
      JsonObjectIter iter;
      const char *port;
      JsonNode *outputs;

      if (ports == NULL)
        continue;
      json_object_iter_init_ordered (&iter, ports);
      while (json_object_iter_next_ordered (&iter, &port, &outputs))
        {
          JsonArray *list = JSON_NODE_HOLDS_ARRAY (outputs) ? json_node_get_array (outputs) : NULL;

          for (guint j = 0; list != NULL && j < json_array_get_length (list); j++)
            each_target (self, from, port, j, json_array_get_element (list, j), func);
        }
    }
}

static void
note_wire (HeddleN8n *self, HeddleN8nEntry *from, const char *port, guint index, HeddleN8nEntry *to)
{
  if (heddle_n8n_is_part (port))
    g_ptr_array_add (to->parts, from);
  if (strcmp (port, "main") != 0)
    return;
  g_ptr_array_add (to->before, from);
  g_ptr_array_add (from->after, to);
  if (index == 1)
    g_ptr_array_add (from->rounds, to);
}

static double
get_place (const HeddleN8nEntry *entry, guint axis)
{
  JsonArray *position = heddle_json_get_array (entry->json, "position");
  JsonNode *number = position != NULL && json_array_get_length (position) == 2 ? json_array_get_element (position, axis) : NULL;

  return heddle_json_is_number (number) ? json_node_get_double (number) * (axis == 0 ? SCALE_X : SCALE_Y) : 0;
}

static void
add_note (HeddleN8n *self, HeddleN8nEntry *entry)
{
  heddle_foreign_builder_add_note (self->builder, heddle_json_get_string (entry->params, "content", ""), get_place (entry, 0), get_place (entry, 1),
                                   heddle_json_get_double (entry->params, "width", 240) * SCALE_X, heddle_json_get_double (entry->params, "height", 160) * SCALE_Y);
}

/* With its type and its parameters, but none of its credentials. */
static void
make_placeholder (HeddleN8nEntry *entry)
{
  entry->node->is_placeholder = TRUE;
  if (entry->params != NULL && JSON_NODE_HOLDS_OBJECT (entry->params))
    {
      json_object_unref (entry->node->params);
      entry->node->params = json_object_ref (json_node_get_object (entry->params));
    }
}

static void
add_node (HeddleN8n *self, HeddleN8nEntry *entry)
{
  const char *theirs = heddle_json_get_string (entry->json, "type", "");
  const char *type = entry->kind != NULL ? entry->kind->ours : *theirs != '\0' ? theirs
                                                                               : "n8n";

  entry->node = heddle_foreign_builder_add (self->builder, type, entry->name, get_place (entry, 0), get_place (entry, 1));
  entry->node->is_off = heddle_json_get_boolean (entry->json, "disabled", FALSE);
  entry->end = entry->node;
  if (entry->kind == NULL)
    make_placeholder (entry);
}

static void
add_nodes (HeddleN8n *self)
{
  g_autoptr (GHashTable) parts = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      HeddleN8nEntry *entry = g_ptr_array_index (self->entries, i);

      for (guint j = 0; j < entry->parts->len; j++)
        g_hash_table_add (parts, g_ptr_array_index (entry->parts, j));
    }
  for (guint i = 0; i < self->entries->len; i++)
    {
      HeddleN8nEntry *entry = g_ptr_array_index (self->entries, i);

      if (strcmp (entry->type, "stickyNote") == 0)
        add_note (self, entry);
      else if (!g_hash_table_contains (parts, entry))
        add_node (self, entry);
    }
}

/* What happens when it fails. */
static void
fill_policy (HeddleN8nEntry *entry)
{
  const char *on_error = heddle_json_get_string (entry->json, "onError", "stopWorkflow");
  JsonObject *policy = json_object_new ();

  if (heddle_json_get_boolean (entry->json, "retryOnFail", FALSE))
    {
      json_object_set_member (policy, "max_attempts", heddle_json_int (CLAMP (heddle_json_get_int (entry->json, "maxTries", 3), 1, 100)));
      json_object_set_member (policy, "retry_delay", heddle_json_double (CLAMP (heddle_json_get_double (entry->json, "waitBetweenTries", 1000) / 1000, 0, 3600)));
    }
  if (strcmp (on_error, "continueRegularOutput") == 0)
    json_object_set_member (policy, "on_error", heddle_json_string ("continue"));
  else if (strcmp (on_error, "continueErrorOutput") == 0)
    json_object_set_member (policy, "on_error", heddle_json_string ("route"));
  entry->node->policy = policy;
}

static void
fill_nodes (HeddleN8n *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      HeddleN8nEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->node == NULL)
        continue;
      fill_policy (entry);
      if (entry->kind != NULL && entry->kind->fill != NULL)
        entry->kind->fill (self, entry);
    }
}

static guint
count_outputs (const HeddleN8nEntry *entry)
{
  if (entry->outputs != NULL)
    return entry->outputs->len;
  return entry->kind != NULL && entry->kind->outputs != NULL ? g_strv_length ((char **) entry->kind->outputs) : 1;
}

/* NULL: the default port. The output after the last is that of errors. */
static const char *
get_output (const HeddleN8nEntry *entry, guint index)
{
  if (index >= count_outputs (entry))
    return json_object_has_member (entry->node->policy, "on_error") ? "error" : NULL;
  if (entry->outputs != NULL)
    return g_ptr_array_index (entry->outputs, index);
  return entry->kind != NULL && entry->kind->outputs != NULL ? entry->kind->outputs[index] : NULL;
}

static gboolean
is_loop (const HeddleN8nEntry *entry)
{
  return entry->kind != NULL && strcmp (entry->kind->ours, "loop") == 0;
}

static void
take (GHashTable *reached, GPtrArray *open, const HeddleN8nEntry *loop, const GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      HeddleN8nEntry *entry = g_ptr_array_index (entries, i);

      if (entry != loop && g_hash_table_add (reached, entry))
        g_ptr_array_add (open, entry);
    }
}

/* All that the first ones lead to, or that leads to them, without the loop itself. */
static GHashTable *
reach (const HeddleN8nEntry *loop, const GPtrArray *first, gboolean forward)
{
  GHashTable *reached = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) open = g_ptr_array_new ();

  take (reached, open, loop, first);
  for (guint i = 0; i < open->len; i++)
    {
      const HeddleN8nEntry *entry = g_ptr_array_index (open, i);

      take (reached, open, loop, forward ? entry->after : entry->before);
    }
  return reached;
}

static void
surround (HeddleForeignNode *frame, GPtrArray *nodes)
{
  double left = G_MAXDOUBLE, top = G_MAXDOUBLE, right = -G_MAXDOUBLE, bottom = -G_MAXDOUBLE;

  for (guint i = 0; i < nodes->len; i++)
    {
      const HeddleForeignNode *node = g_ptr_array_index (nodes, i);

      left = MIN (left, node->x);
      top = MIN (top, node->y);
      right = MAX (right, node->x + MAX (node->width, HEDDLE_CARD_WIDTH));
      bottom = MAX (bottom, node->y + MAX (node->height, 2 * HEDDLE_CARD_HEIGHT));
    }
  frame->x = left - HEDDLE_FRAME_SIDE;
  frame->y = top - HEDDLE_FRAME_TOP;
  frame->width = MAX (HEDDLE_FRAME_WIDTH, right - left + 2 * HEDDLE_FRAME_SIDE);
  frame->height = MAX (HEDDLE_FRAME_HEIGHT, bottom - top + HEDDLE_FRAME_TOP + HEDDLE_FRAME_BOTTOM);
}

/*
 * Puts into the frame of a loop what its rounds go through: what its second output leads to and what leads back to it. But no loop that is
 * around it: of loops that cross each other, one is within the other.
 */
static void
nest (HeddleN8n *self, const HeddleN8nEntry *loop, GHashTable *around)
{
  g_autoptr (GHashTable) ahead = reach (loop, loop->rounds, TRUE);
  g_autoptr (GHashTable) back = reach (loop, loop->before, FALSE);
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      HeddleN8nEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->node == NULL || g_hash_table_contains (around, entry) || !g_hash_table_contains (ahead, entry) || !g_hash_table_contains (back, entry))
        continue;
      entry->node->parent = entry->end->parent = loop->node->id;
      g_ptr_array_add (nodes, entry->node);
    }
  if (nodes->len > 0)
    surround (loop->node, nodes);
}

/* More is further outside. */
typedef struct
{
  HeddleN8nEntry *loop;
  guint n_ahead;
} Rank;

static int
compare_ranks (gconstpointer a, gconstpointer b)
{
  return (int) ((const Rank *) b)->n_ahead - (int) ((const Rank *) a)->n_ahead;
}

/* Outer loops first, so that what is in an inner one is in that one in the end. */
static void
nest_loops (HeddleN8n *self)
{
  g_autoptr (GArray) ranks = g_array_new (FALSE, FALSE, sizeof (Rank));
  g_autoptr (GHashTable) around = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      HeddleN8nEntry *entry = g_ptr_array_index (self->entries, i);
      g_autoptr (GHashTable) ahead = NULL;
      Rank rank = { entry };

      if (!is_loop (entry) || entry->node == NULL)
        continue;
      ahead = reach (entry, entry->rounds, TRUE);
      rank.n_ahead = g_hash_table_size (ahead);
      g_array_append_val (ranks, rank);
    }
  g_array_sort (ranks, compare_ranks);
  for (guint i = 0; i < ranks->len; i++)
    {
      HeddleN8nEntry *loop = g_array_index (ranks, Rank, i).loop;

      g_hash_table_add (around, loop);
      nest (self, loop, around);
    }
}

static void
connect_wire (HeddleN8n *self, HeddleN8nEntry *from, const char *port, guint index, HeddleN8nEntry *to)
{
  if (from->node == NULL || to->node == NULL || heddle_n8n_is_part (port))
    return;
  if (strcmp (port, "ai_tool") == 0)
    heddle_foreign_builder_connect (self->builder, from->end, NULL, to->node, "tools");
  else if (is_loop (to) && g_strcmp0 (from->end->parent, to->node->id) == 0)
    heddle_foreign_builder_connect (self->builder, from->end, get_output (from, index), to->node, "next");
  else if (g_strcmp0 (from->end->parent, to->node->parent) == 0 || (is_loop (from) && g_strcmp0 (to->node->parent, from->node->id) == 0))
    heddle_foreign_builder_connect (self->builder, from->end, get_output (from, index), to->node, NULL);
  else
    heddle_foreign_builder_say (self->builder, g_strdup_printf (_ ("The way from “%s” to “%s” leads over the frame of a loop and was left out."), from->name, to->name));
}

static void
tell_of_placeholders (HeddleN8n *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      HeddleN8nEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->node != NULL && entry->kind == NULL)
        heddle_foreign_builder_say (self->builder, g_strdup_printf (_ ("“%s” (%s) has no like here. Put another node in its place, such as an HTTP Request."), entry->name, entry->type));
    }
  heddle_foreign_builder_say (self->builder, g_strdup (_ ("There, a node runs once for each item. Here, it gets the value as it is; put what is to run for each item of a list into a Map.")));
}

static void
read_nodes (HeddleN8n *self, JsonNode *root)
{
  JsonArray *nodes = heddle_json_get_array (root, "nodes");

  for (guint i = 0; i < json_array_get_length (nodes); i++)
    {
      if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (nodes, i)))
        add_entry (self, json_array_get_element (nodes, i));
    }
}

HeddleForeignWorkflow *
heddle_n8n_convert (JsonNode *root)
{
  g_autoptr (HeddleForeignBuilder) builder = heddle_foreign_builder_new ("n8n", heddle_json_get_string (root, "name", "n8n"));
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  HeddleN8n self = { builder, entries, by_name };

  read_nodes (&self, root);
  each_wire (&self, root, note_wire);
  add_nodes (&self);
  fill_nodes (&self);
  nest_loops (&self);
  each_wire (&self, root, connect_wire);
  heddle_foreign_builder_add_output (builder);
  tell_of_placeholders (&self);
  return heddle_foreign_builder_finish (builder);
}
