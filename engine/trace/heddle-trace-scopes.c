/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "value/heddle-json.h"

/* A path such as "map1#3/loop1#0" that is deeper than this means its first levels. */
#define MAX_SCOPES 64

void
heddle_item_free (HeddleItem *item)
{
  g_ptr_array_unref (item->nodes);
  g_free (item);
}

void
heddle_container_free (HeddleContainer *container)
{
  g_hash_table_unref (container->items);
  g_free (container);
}

static HeddleContainer *
ensure_container (HeddleSpan *span)
{
  HeddleContainer *container = span->container;

  if (container != NULL)
    return container;
  container = g_new0 (HeddleContainer, 1);
  container->items = g_hash_table_new (NULL, NULL);
  container->last = -1;
  container->chosen = -1;
  container->total = -1;
  span->container = container;
  return container;
}

/* Items are counted from 1 for people. */
static char *
name_item (const char *type_id,
           guint index)
{
  if (g_strcmp0 (type_id, "subflow") == 0)
    return g_strdup (_ ("Steps"));
  if (g_strcmp0 (type_id, "map") == 0)
    return g_strdup_printf (_ ("Item %u"), index + 1);
  return g_strdup_printf (_ ("Round %u"), index + 1);
}

/* What the item is by what is in it. */
static HeddleSpanState
judge_item (const HeddleItem *item)
{
  static const HeddleSpanState order[] = { HEDDLE_SPAN_DOUBT, HEDDLE_SPAN_ASKING, HEDDLE_SPAN_RUNNING, HEDDLE_SPAN_FAILED, HEDDLE_SPAN_CANCELLED, HEDDLE_SPAN_OK, HEDDLE_SPAN_CACHED, HEDDLE_SPAN_SKIPPED };
  guint counts[HEDDLE_N_SPAN_STATES];

  memcpy (counts, item->counts, sizeof counts);
  counts[HEDDLE_SPAN_RUNNING] += counts[HEDDLE_SPAN_PENDING] + counts[HEDDLE_SPAN_READY] + counts[HEDDLE_SPAN_RETRY];
  counts[HEDDLE_SPAN_OK] += counts[HEDDLE_SPAN_HANDLED] + counts[HEDDLE_SPAN_LIMITED];
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      if (counts[order[i]] > 0)
        return order[i];
    }
  return HEDDLE_SPAN_RUNNING;
}

static void
count_item (HeddleSpan *scope,
            int sign)
{
  HeddleContainer *container = scope->parent->container;

  if (scope->item->is_restored)
    return;
  if (heddle_span_is_open (scope))
    {
      container->n_running += sign;
      return;
    }
  container->n_done += sign;
  if (scope->state == HEDDLE_SPAN_FAILED)
    container->n_failed += sign;
}

static void
update_item (HeddleTrace *self,
             HeddleSpan *scope,
             gint64 time)
{
  HeddleSpanState state = judge_item (scope->item);

  if (state != scope->state)
    {
      count_item (scope, -1);
      scope->state = state;
      count_item (scope, 1);
      heddle_trace_touch (self, scope, HEDDLE_SPAN_CHANGED_STATE);
      heddle_trace_touch (self, scope->parent, HEDDLE_SPAN_CHANGED_USAGE);
    }
  scope->end = heddle_span_is_open (scope) ? -1 : MAX (scope->end, MAX (time, scope->start));
  heddle_trace_touch (self, scope, HEDDLE_SPAN_CHANGED_END);
  if (!heddle_span_is_open (scope))
    heddle_trace_queue_item (self, scope);
}

void
heddle_trace_count_node (HeddleTrace *self,
                         HeddleSpan *scope,
                         HeddleSpanState from,
                         HeddleSpanState to,
                         gint64 time)
{
  scope->item->counts[from]--;
  scope->item->counts[to]++;
  update_item (self, scope, time);
}

HeddleSpan *
heddle_trace_add_node (HeddleTrace *self,
                       HeddleSpan *scope,
                       const char *node,
                       gint64 time)
{
  HeddleSpan *span = heddle_span_new ("node", node, node, scope != NULL ? scope : self->root);

  span->order = time;
  heddle_trace_register (self, span);
  if (scope == NULL)
    return span;
  g_hash_table_insert (self->homes, (gpointer) span->node_id, (gpointer) scope->node_id);
  g_ptr_array_add (scope->item->nodes, span);
  scope->item->counts[span->state]++;
  update_item (self, scope, time);
  return span;
}

/* The container of an item, listed: what is inside of it has a place there. */
static HeddleSpan *
ensure_listed (HeddleTrace *self,
               HeddleSpan *scope,
               const char *node,
               HeddleEvent *event)
{
  HeddleSpan *span = heddle_trace_lookup (self, scope, node, 0);

  if (span == NULL)
    span = heddle_trace_add_node (self, scope, node, event->time);
  if (heddle_span_is_open (span) && span->iter == NULL)
    heddle_trace_start_span (self, span, event);
  else
    heddle_trace_list (self, span);
  return span;
}

static HeddleSpan *
add_item (HeddleTrace *self,
          HeddleSpan *parent,
          guint index,
          GRefString *path,
          gint64 time)
{
  HeddleContainer *container = ensure_container (parent);
  g_autofree char *name = name_item (parent->type_id, index);
  HeddleSpan *span = heddle_span_new ("scope", name, parent->node_id, parent);

  g_clear_pointer (&span->scope, g_ref_string_release);
  span->scope = g_ref_string_acquire (path);
  span->item = g_new0 (HeddleItem, 1);
  span->item->index = index;
  span->item->nodes = g_ptr_array_new ();
  /* What is inside of an item that comes back was never counted by its own containers. */
  span->item->is_restored = self->is_restoring && container->n_folded > 0;
  span->state = HEDDLE_SPAN_RUNNING;
  span->start = MAX (time, 0);
  span->order = span->start;
  g_hash_table_insert (self->scopes, span->scope, span);
  g_hash_table_insert (container->items, GUINT_TO_POINTER (index), span);
  container->last = MAX (container->last, (int) index);
  if (!self->is_restoring)
    container->latest = span;
  else if (container->n_folded > 0)
    container->n_folded--;
  count_item (span, 1);
  heddle_trace_list (self, span);
  g_object_unref (span);
  heddle_trace_touch (self, parent, HEDDLE_SPAN_CHANGED_USAGE);
  return span;
}

/* "map1#3": FALSE when it is none. */
static gboolean
read_level (const char *text,
            gsize length,
            const char **container,
            guint *index)
{
  g_autofree char *level = g_strndup (text, length);
  char *sign = strrchr (level, '#');
  guint64 number;

  if (sign == NULL || sign == level || !g_ascii_string_to_unsigned (sign + 1, 10, 0, G_MAXINT - 1, &number, NULL))
    return FALSE;
  *sign = '\0';
  *container = g_intern_string (level);
  *index = (guint) number;
  return TRUE;
}

static HeddleSpan *
build_scope (HeddleTrace *self,
             HeddleEvent *event)
{
  const char *path = event->scope;
  const char *level = path;
  HeddleSpan *scope = NULL;

  for (guint depth = 0; depth < MAX_SCOPES; depth++)
    {
      gsize length = strcspn (level, "/");
      GRefString *prefix = g_ref_string_new_len (path, level + length - path);
      HeddleSpan *found = g_hash_table_lookup (self->scopes, prefix);
      const char *container;
      guint index;

      if (found != NULL)
        scope = found;
      else if (read_level (level, length, &container, &index))
        scope = add_item (self, ensure_listed (self, scope, container, event), index, prefix, event->time);
      else
        length = strlen (level);
      g_ref_string_release (prefix);
      if (level[length] == '\0')
        break;
      level += length + 1;
    }
  return scope;
}

HeddleSpan *
heddle_trace_ensure_scope (HeddleTrace *self,
                           HeddleEvent *event)
{
  HeddleSpan *scope;

  if (event->scope == NULL)
    return NULL;
  scope = g_hash_table_lookup (self->scopes, event->scope);
  return scope != NULL ? scope : build_scope (self, event);
}

/* How many items there will be, where a container's parameters say it. */
static gint64
read_total (const char *type_id,
            JsonNode *params)
{
  const char *mode = heddle_json_get_string (params, "mode", "each");
  JsonNode *items = heddle_json_member (params, "items");

  if (g_strcmp0 (type_id, "loop") == 0 && strcmp (mode, "times") == 0)
    return MAX (heddle_json_get_int (params, "times", -1), -1);
  if (g_strcmp0 (type_id, "loop") == 0 && strcmp (mode, "each") != 0)
    return -1;
  return items != NULL && JSON_NODE_HOLDS_ARRAY (items) ? (gint64) json_array_get_length (json_node_get_array (items)) : -1;
}

static void
rename_items (HeddleTrace *self,
              HeddleSpan *span)
{
  for (guint i = 0; i < span->children->len; i++)
    {
      HeddleSpan *child = span->children->pdata[i];

      if (child->item == NULL)
        continue;
      g_free (child->name);
      child->name = name_item (span->type_id, child->item->index);
      heddle_trace_touch (self, child, HEDDLE_SPAN_CHANGED_OTHER);
    }
}

static gboolean
is_container (const char *type_id)
{
  const HeddleNodeType *type = type_id != NULL ? heddle_registry_lookup (type_id) : NULL;

  return type != NULL && (type->flags & HEDDLE_NODE_CONTAINER) != 0;
}

void
heddle_trace_describe_container (HeddleTrace *self,
                                 HeddleSpan *span,
                                 JsonNode *data)
{
  if (span->container == NULL && !is_container (span->type_id))
    return;
  /* Items that came before their container had to do with a name. */
  if (span->container != NULL)
    rename_items (self, span);
  ensure_container (span)->total = read_total (span->type_id, heddle_json_member (data, "params"));
}

static guint
read_count (JsonNode *data,
            const char *member)
{
  return (guint) CLAMP (heddle_json_get_int (data, member, 0), 0, G_MAXINT);
}

void
heddle_trace_report_progress (HeddleTrace *self,
                              HeddleSpan *span,
                              JsonNode *data)
{
  HeddleContainer *container;

  if (!heddle_span_is_open (span))
    return;
  container = ensure_container (span);
  container->has_reported = TRUE;
  container->reported.total = MAX (heddle_json_get_int (data, "total", -1), -1);
  container->reported.done = read_count (data, "done");
  container->reported.failed = read_count (data, "failed");
  container->reported.running = read_count (data, "running");
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_USAGE);
}

static gboolean
is_inside (gpointer path,
           gpointer scope,
           gpointer container)
{
  for (HeddleSpan *span = scope; span != NULL; span = span->parent)
    {
      if (span->parent == container)
        return TRUE;
    }
  return FALSE;
}

void
heddle_trace_forget_items (HeddleTrace *self,
                           HeddleSpan *span)
{
  HeddleContainer *container = span->container;

  if (container == NULL)
    return;
  g_hash_table_foreach_remove (self->scopes, is_inside, span);
  g_hash_table_remove_all (container->items);
  container->latest = NULL;
  container->last = -1;
  container->chosen = -1;
  container->n_done = container->n_failed = container->n_running = 0;
  container->has_reported = FALSE;
}

static HeddleSpan *
chosen_item (HeddleSpan *span)
{
  HeddleContainer *container = span->container;

  if (container == NULL)
    return NULL;
  return container->chosen < 0 ? container->latest : g_hash_table_lookup (container->items, GINT_TO_POINTER (container->chosen));
}

gboolean
heddle_trace_has_chosen_item (HeddleSpan *container)
{
  return chosen_item (container) != NULL;
}

gboolean
heddle_trace_resolve_scope (HeddleTrace *self,
                            const char *node,
                            HeddleSpan **scope)
{
  const char *around[MAX_SCOPES];
  guint n = 0;

  *scope = NULL;
  while (n < MAX_SCOPES && (node = g_hash_table_lookup (self->homes, node)) != NULL)
    around[n++] = node;
  while (n > 0)
    {
      HeddleSpan *container = heddle_trace_lookup (self, *scope, around[--n], 0);

      *scope = container != NULL ? chosen_item (container) : NULL;
      if (*scope == NULL)
        return FALSE;
    }
  return TRUE;
}

/* The container's span among the chosen items, with what it knows of its items; NULL: it has none. */
static HeddleSpan *
find_container (HeddleTrace *self,
                const char *id)
{
  HeddleSpan *span = heddle_trace_find_node (self, id);

  return span != NULL && span->container != NULL ? span : NULL;
}

/* Of the nodes inside, whatever the depth, other items are spoken of now. */
static void
tell_chosen (HeddleTrace *self,
             const char *container)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer node, home;

  g_ptr_array_add (nodes, (gpointer) g_intern_string (container));
  g_hash_table_iter_init (&iter, self->homes);
  while (g_hash_table_iter_next (&iter, &node, &home))
    {
      for (guint i = 0; i < MAX_SCOPES && home != NULL && home != nodes->pdata[0]; i++)
        home = g_hash_table_lookup (self->homes, home);
      if (home == nodes->pdata[0])
        g_ptr_array_add (nodes, node);
    }
  g_ptr_array_add (nodes, NULL);
  g_signal_emit_by_name (self, "updated", nodes->pdata);
}

void
heddle_trace_choose_item (HeddleTrace *self,
                          const char *container,
                          int item)
{
  HeddleSpan *span;

  g_return_if_fail (HEDDLE_IS_TRACE (self));
  g_return_if_fail (container != NULL);

  span = find_container (self, container);
  if (span == NULL || span->container->chosen == MAX (item, -1))
    return;
  span->container->chosen = MAX (item, -1);
  tell_chosen (self, container);
}

int
heddle_trace_get_item (HeddleTrace *self,
                       const char *container,
                       int *last)
{
  HeddleSpan *span;

  g_return_val_if_fail (HEDDLE_IS_TRACE (self), -1);
  g_return_val_if_fail (container != NULL, -1);

  span = find_container (self, container);
  if (last != NULL)
    *last = span != NULL ? span->container->last : -1;
  return span != NULL ? span->container->chosen : -1;
}

gboolean
heddle_trace_get_progress (HeddleTrace *self,
                           const char *container,
                           HeddleTraceProgress *progress)
{
  HeddleSpan *span;

  g_return_val_if_fail (HEDDLE_IS_TRACE (self), FALSE);
  g_return_val_if_fail (container != NULL, FALSE);

  span = find_container (self, container);
  return span != NULL && heddle_span_get_progress (span, progress);
}

gboolean
heddle_span_get_progress (HeddleSpan *self,
                          HeddleTraceProgress *progress)
{
  const HeddleContainer *container;

  g_return_val_if_fail (HEDDLE_IS_SPAN (self), FALSE);
  g_return_val_if_fail (progress != NULL, FALSE);

  container = self->container;
  if (container == NULL)
    return FALSE;
  /* What the node says itself is not stored: once it ended, a stored run says the same as a live one. */
  if (container->has_reported && heddle_span_is_open (self))
    *progress = container->reported;
  else
    *progress = (HeddleTraceProgress){ -1, container->n_done, container->n_failed, container->n_running };
  if (progress->total < 0)
    progress->total = container->total;
  return TRUE;
}

guint
heddle_span_get_n_folded (HeddleSpan *self,
                          guint *n_failed)
{
  const HeddleContainer *container;

  g_return_val_if_fail (HEDDLE_IS_SPAN (self), 0);

  container = self->container;
  if (n_failed != NULL)
    *n_failed = container != NULL ? container->n_folded_failed : 0;
  return container != NULL ? container->n_folded : 0;
}

int
heddle_span_get_item (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), -1);

  return self->item != NULL ? (int) self->item->index : -1;
}

void
heddle_trace_choose_span (HeddleTrace *self,
                          HeddleSpan *span)
{
  HeddleSpan *around[MAX_SCOPES + 1];
  guint n = 0;

  g_return_if_fail (HEDDLE_IS_TRACE (self));
  g_return_if_fail (HEDDLE_IS_SPAN (span));

  for (; span != NULL && n < G_N_ELEMENTS (around); span = span->parent)
    {
      if (span->item != NULL)
        around[n++] = span;
    }
  while (n > 0)
    {
      HeddleSpan *scope = around[--n];

      if (g_hash_table_lookup (self->scopes, scope->scope) == scope)
        heddle_trace_choose_item (self, scope->node_id, (int) scope->item->index);
    }
}
