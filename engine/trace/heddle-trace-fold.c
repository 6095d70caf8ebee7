/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-private.h"

#include "value/heddle-json.h"

/*
 * A map over a hundred thousand items must not make a list of half a million rows. Of each container the latest items that are over are
 * listed, and as many of those that failed; of the others the container keeps the numbers. Which ones follows from the events alone, so a
 * stored run is listed like a live one.
 */
#define MAX_LISTED 1000
/* So many are taken out of the list at once. */
#define MAX_DOOMED 256

static HeddleFold *
ensure_fold (HeddleTrace *self,
             const char *container)
{
  HeddleFold *fold = g_hash_table_lookup (self->folds, container);

  if (fold == NULL)
    {
      fold = g_new0 (HeddleFold, 1);
      g_queue_init (&fold->over);
      g_queue_init (&fold->failed);
      g_hash_table_insert (self->folds, (gpointer) container, fold);
    }
  return fold;
}

void
heddle_fold_free (HeddleFold *fold)
{
  g_queue_clear_full (&fold->over, g_object_unref);
  g_queue_clear_full (&fold->failed, g_object_unref);
  g_free (fold);
}

/* Somebody looks at it, or it goes on after all. */
static gboolean
is_needed (HeddleSpan *scope)
{
  const HeddleContainer *container = scope->parent->container;

  return heddle_span_is_open (scope) || container->latest == scope || container->chosen == (int) scope->item->index;
}

static void
doom (HeddleTrace *self,
      GQueue *queue)
{
  g_autoptr (HeddleSpan) scope = g_queue_pop_head (queue);

  if (scope->iter == NULL)
    return;
  if (is_needed (scope))
    {
      g_queue_push_tail (queue, g_steal_pointer (&scope));
      return;
    }
  scope->item->is_doomed = TRUE;
  g_ptr_array_add (self->doomed, g_steal_pointer (&scope));
}

void
heddle_trace_queue_item (HeddleTrace *self,
                         HeddleSpan *scope)
{
  HeddleFold *fold;
  HeddleSpan *oldest;

  if (scope->item->is_queued)
    return;
  fold = ensure_fold (self, scope->node_id);
  scope->item->is_queued = TRUE;
  g_queue_push_tail (&fold->over, g_object_ref (scope));
  if (g_queue_get_length (&fold->over) <= MAX_LISTED)
    return;
  oldest = g_queue_peek_head (&fold->over);
  if (oldest->state != HEDDLE_SPAN_FAILED)
    {
      doom (self, &fold->over);
      return;
    }
  g_queue_push_tail (&fold->failed, g_queue_pop_head (&fold->over));
  if (g_queue_get_length (&fold->failed) > MAX_LISTED)
    doom (self, &fold->failed);
}

/* An item that somebody began to look at meanwhile stays, and takes its turn again. */
static gboolean
goes (HeddleTrace *self,
      HeddleSpan *scope)
{
  HeddleFold *fold = ensure_fold (self, scope->node_id);

  if (scope->iter == NULL || !is_needed (scope))
    return scope->iter != NULL;
  scope->item->is_doomed = FALSE;
  g_queue_push_tail (scope->state == HEDDLE_SPAN_FAILED ? &fold->failed : &fold->over, g_object_ref (scope));
  return FALSE;
}

static void
drop_lookups (HeddleTrace *self,
              HeddleSpan *span)
{
  HeddleSpan *scope = heddle_span_get_scope_span (span);
  HeddleSpanKey key = { scope, span->node_id, span->id };
  const char *tool = span->id != 0 ? heddle_span_get_tool_node (span) : NULL;

  if (span->item != NULL)
    {
      if (g_hash_table_lookup (self->scopes, span->scope) == span)
        g_hash_table_remove (self->scopes, span->scope);
      return;
    }
  if (g_hash_table_lookup (self->spans, &key) == span)
    g_hash_table_remove (self->spans, &key);
  if (tool != NULL)
    g_hash_table_remove (self->calls, &(HeddleSpanKey){ scope, tool, 0 });
}

/* Nodes that never came as far as the list. */
static void
drop_unlisted (HeddleTrace *self,
               HeddleSpan *scope)
{
  for (guint i = 0; i < scope->item->nodes->len; i++)
    {
      HeddleSpan *node = scope->item->nodes->pdata[i];

      if (node->iter == NULL)
        drop_lookups (self, node);
    }
  g_ptr_array_set_size (scope->item->nodes, 0);
}

static void
drop_span (gpointer data,
           gpointer user_data)
{
  HeddleTrace *self = user_data;
  HeddleSpan *span = data;

  if (span->item != NULL)
    drop_unlisted (self, span);
  drop_lookups (self, span);
  span->iter = NULL;
}

static void
forget_children (gpointer data,
                 gpointer user_data)
{
  g_ptr_array_set_size (HEDDLE_SPAN (data)->children, 0);
}

static void
forget_item (HeddleSpan *scope)
{
  HeddleContainer *container = scope->parent->container;
  gpointer index = GUINT_TO_POINTER (scope->item->index);

  if (g_hash_table_lookup (container->items, index) == scope)
    g_hash_table_remove (container->items, index);
  container->n_folded++;
  container->n_folded_failed += scope->state == HEDDLE_SPAN_FAILED;
}

/* The place after all that is inside. */
static GSequenceIter *
end_of (HeddleSpan *span)
{
  while (span->children->len > 0)
    span = span->children->pdata[span->children->len - 1];
  return g_sequence_iter_next (span->iter);
}

/* Takes items out that lie side by side, from the first one on; returns how many. */
static guint
remove_run (HeddleTrace *self,
            GPtrArray *scopes,
            guint first)
{
  GSequenceIter *begin = HEDDLE_SPAN (scopes->pdata[first])->iter;
  GSequenceIter *end = begin;
  guint position = (guint) g_sequence_iter_get_position (begin);
  guint n_removed;
  guint i;

  for (i = first; i < scopes->len && HEDDLE_SPAN (scopes->pdata[i])->iter == end; i++)
    end = end_of (scopes->pdata[i]);
  n_removed = (guint) g_sequence_iter_get_position (end) - position;
  g_sequence_foreach_range (begin, end, drop_span, self);
  g_sequence_foreach_range (begin, end, forget_children, NULL);
  g_sequence_remove_range (begin, end);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, 0);
  return i - first;
}

static void
take_from_parent (HeddleSpan *parent)
{
  GPtrArray *children = parent->children;
  guint n = 0;

  for (guint i = 0; i < children->len; i++)
    {
      HeddleSpan *child = children->pdata[i];

      if (child->item == NULL || !child->item->is_doomed)
        children->pdata[n++] = child;
      else
        forget_item (child);
    }
  g_ptr_array_set_size (children, (int) n);
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  HeddleSpan *const *left = a;
  HeddleSpan *const *right = b;

  return g_sequence_iter_compare ((*left)->iter, (*right)->iter);
}

static gboolean
goes_with_another (HeddleSpan *scope)
{
  for (HeddleSpan *above = scope->parent; above != NULL; above = above->parent)
    {
      if (above->item != NULL && above->item->is_doomed)
        return TRUE;
    }
  return FALSE;
}

/* Those that still go, in the order of the list; without the ones inside of others that go. */
static GPtrArray *
steal_doomed (HeddleTrace *self)
{
  g_autoptr (GPtrArray) doomed = g_steal_pointer (&self->doomed);
  GPtrArray *scopes = g_ptr_array_new_with_free_func (g_object_unref);

  self->doomed = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < doomed->len; i++)
    {
      if (!goes (self, doomed->pdata[i]))
        g_ptr_array_remove_index (doomed, i--);
    }
  for (guint i = 0; i < doomed->len; i++)
    {
      if (!goes_with_another (doomed->pdata[i]))
        g_ptr_array_add (scopes, g_object_ref (doomed->pdata[i]));
    }
  g_ptr_array_sort (scopes, compare_places);
  return scopes;
}

void
heddle_trace_fold_items (HeddleTrace *self)
{
  g_autoptr (GPtrArray) scopes = NULL;

  if (self->doomed->len == 0)
    return;
  scopes = steal_doomed (self);
  heddle_trace_tell_added (self);
  for (guint i = 0; i < scopes->len; i++)
    {
      HeddleSpan *parent = HEDDLE_SPAN (scopes->pdata[i])->parent;

      if (i == 0 || parent != HEDDLE_SPAN (scopes->pdata[i - 1])->parent)
        take_from_parent (parent);
    }
  for (guint i = 0; i < scopes->len;)
    i += remove_run (self, scopes, i);
}

gboolean
heddle_trace_should_fold (HeddleTrace *self)
{
  return self->doomed->len >= MAX_DOOMED;
}
