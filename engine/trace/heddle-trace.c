/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-private.h"

#include <string.h>

#include "value/heddle-json.h"

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HeddleTrace, heddle_trace, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

enum
{
  PROP_0,
  PROP_STATE,
  PROP_PAUSE,
  N_PROPS,
};

enum
{
  SIGNAL_UPDATED,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static guint
hash_key (gconstpointer data)
{
  const HeddleSpanKey *key = data;

  return g_direct_hash (key->node) ^ g_direct_hash (key->scope) * 31 ^ g_int64_hash (&key->span);
}

static gboolean
equal_keys (gconstpointer a,
            gconstpointer b)
{
  const HeddleSpanKey *left = a;
  const HeddleSpanKey *right = b;

  return left->scope == right->scope && left->node == right->node && left->span == right->span;
}

HeddleSpan *
heddle_trace_lookup (HeddleTrace *self,
                     HeddleSpan *scope,
                     const char *node,
                     guint64 span)
{
  HeddleSpanKey key = { scope, g_intern_string (node), span };

  return g_hash_table_lookup (self->spans, &key);
}

/* One that is not listed goes when another takes its place, and its item must not hold on to it. */
static void
make_room (const HeddleSpan *old)
{
  HeddleSpan *scope = old != NULL && old->iter == NULL ? heddle_span_get_scope_span ((HeddleSpan *) old) : NULL;

  if (scope != NULL && scope->item != NULL)
    g_ptr_array_remove (scope->item->nodes, (gpointer) old);
}

void
heddle_trace_register (HeddleTrace *self,
                       HeddleSpan *span)
{
  HeddleSpanKey key = { heddle_span_get_scope_span (span), span->node_id, span->id };

  make_room (g_hash_table_lookup (self->spans, &key));
  g_hash_table_insert (self->spans, g_memdup2 (&key, sizeof key), span);
}

void
heddle_trace_tell_added (HeddleTrace *self)
{
  guint n_added = self->n_added;

  self->n_added = 0;
  if (n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), self->added_position, 0, n_added);
}

/* Spans added side by side are told together; what lies elsewhere is told before the list changes again. */
static void
note_added (HeddleTrace *self,
            guint position)
{
  if (self->n_added > 0 && (position < self->added_position || position > self->added_position + self->n_added))
    heddle_trace_tell_added (self);
  if (self->n_added == 0)
    self->added_position = position;
  self->n_added++;
}

/* Where a span belongs that comes after all that is inside parent. */
static GSequenceIter *
end_of (HeddleSpan *parent)
{
  HeddleSpan *last = parent;

  while (last->children->len > 0)
    last = last->children->pdata[last->children->len - 1];
  return g_sequence_iter_next (last->iter);
}

void
heddle_trace_list (HeddleTrace *self,
                   HeddleSpan *span)
{
  HeddleSpan *parent = span->parent;
  GSequenceIter *place;
  guint index;

  if (span->iter != NULL)
    return;
  index = parent->children->len;
  while (index > 0 && ((HeddleSpan *) parent->children->pdata[index - 1])->order > span->order)
    index--;
  place = index == parent->children->len ? end_of (parent) : ((HeddleSpan *) parent->children->pdata[index])->iter;
  note_added (self, (guint) g_sequence_iter_get_position (place));
  span->iter = g_sequence_insert_before (place, g_object_ref (span));
  g_ptr_array_insert (parent->children, (int) index, span);
}

void
heddle_trace_touch (HeddleTrace *self,
                    HeddleSpan *span,
                    HeddleSpanChanges changes)
{
  if (span->changes == 0)
    g_ptr_array_add (self->changed, g_object_ref (span));
  span->changes |= changes;
}

static void
tell_updated (HeddleTrace *self,
              GPtrArray *changed)
{
  g_autoptr (GHashTable) nodes = g_hash_table_new (NULL, NULL);
  g_autofree gpointer *ids = NULL;

  for (guint i = 0; i < changed->len; i++)
    {
      HeddleSpan *span = changed->pdata[i];

      if (span->node_id != NULL)
        g_hash_table_add (nodes, (gpointer) span->node_id);
      if (strcmp (span->kind, "tool") == 0 && heddle_span_get_tool_node (span) != NULL)
        g_hash_table_add (nodes, (gpointer) heddle_span_get_tool_node (span));
    }
  ids = g_hash_table_get_keys_as_array (nodes, NULL);
  g_signal_emit (self, signals[SIGNAL_UPDATED], 0, ids);
}

/* Observers hear of a batch once it is all in, each span once for all its events. */
static void
tell (HeddleTrace *self)
{
  g_autoptr (GPtrArray) changed = g_steal_pointer (&self->changed);

  self->changed = g_ptr_array_new_with_free_func (g_object_unref);
  heddle_trace_tell_added (self);
  for (guint i = 0; i < changed->len; i++)
    heddle_span_tell (changed->pdata[i]);
  if (self->state_changed)
    {
      self->state_changed = FALSE;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
    }
  if (self->pause_changed)
    {
      self->pause_changed = FALSE;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PAUSE]);
    }
  tell_updated (self, changed);
}

void
heddle_trace_apply (HeddleTrace *self,
                    GPtrArray *events)
{
  g_return_if_fail (HEDDLE_IS_TRACE (self));
  g_return_if_fail (events != NULL);

  g_object_ref (self);
  for (guint i = 0; i < events->len; i++)
    {
      heddle_trace_take_event (self, events->pdata[i]);
      if (heddle_trace_should_fold (self))
        heddle_trace_fold_items (self);
    }
  heddle_trace_fold_items (self);
  tell (self);
  g_object_unref (self);
}

void
heddle_trace_restore (HeddleTrace *self,
                      GPtrArray *events)
{
  gint64 last_time;

  g_return_if_fail (HEDDLE_IS_TRACE (self));
  g_return_if_fail (events != NULL);

  last_time = self->last_time;
  self->is_restoring = TRUE;
  for (guint i = 0; i < events->len; i++)
    {
      HeddleEvent *event = events->pdata[i];

      if (event->scope != NULL && event->node != NULL)
        heddle_trace_take_event (self, event);
      if (heddle_trace_should_fold (self))
        heddle_trace_fold_items (self);
    }
  self->is_restoring = FALSE;
  heddle_trace_fold_items (self);
  self->last_time = last_time;
  tell (self);
}

static GType
get_item_type (GListModel *list)
{
  return HEDDLE_TYPE_SPAN;
}

static guint
get_n_items (GListModel *list)
{
  return (guint) g_sequence_get_length (HEDDLE_TRACE (list)->listed);
}

static gpointer
get_item (GListModel *list,
          guint position)
{
  HeddleTrace *self = HEDDLE_TRACE (list);
  GSequenceIter *iter;

  if (position >= get_n_items (list))
    return NULL;
  iter = g_sequence_get_iter_at_pos (self->listed, (int) position);
  return g_object_ref (g_sequence_get (iter));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
heddle_trace_get_property (GObject *object,
                           guint prop_id,
                           GValue *value,
                           GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, HEDDLE_TRACE (object)->state);
      break;
    case PROP_PAUSE:
      g_value_set_string (value, heddle_trace_get_pause (HEDDLE_TRACE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
heddle_trace_dispose (GObject *object)
{
  HeddleTrace *self = HEDDLE_TRACE (object);

  if (self->run != NULL)
    heddle_run_unsubscribe (self->run, self->subscription);
  g_clear_object (&self->run);
  G_OBJECT_CLASS (heddle_trace_parent_class)->dispose (object);
}

/* A span may be held for longer than the trace, which keeps its children alive. */
static void
forget_children (gpointer span,
                 gpointer user_data)
{
  g_ptr_array_set_size (HEDDLE_SPAN (span)->children, 0);
}

static void
heddle_trace_finalize (GObject *object)
{
  HeddleTrace *self = HEDDLE_TRACE (object);

  g_sequence_foreach (self->listed, forget_children, NULL);
  g_free (self->run_id);
  g_ptr_array_unref (self->changed);
  g_ptr_array_unref (self->doomed);
  g_hash_table_unref (self->calls);
  g_hash_table_unref (self->spans);
  g_hash_table_unref (self->scopes);
  g_hash_table_unref (self->homes);
  g_hash_table_unref (self->folds);
  g_sequence_free (self->listed);
  g_clear_object (&self->next);
  g_clear_object (&self->root);
  g_clear_pointer (&self->output, json_node_unref);
  g_free (self->note);
  G_OBJECT_CLASS (heddle_trace_parent_class)->finalize (object);
}

static void
heddle_trace_class_init (HeddleTraceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = heddle_trace_get_property;
  object_class->dispose = heddle_trace_dispose;
  object_class->finalize = heddle_trace_finalize;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, HEDDLE_RUN_INTERRUPTED, HEDDLE_RUN_RUNNING,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_PAUSE] = g_param_spec_string ("pause", NULL, NULL, NULL,
                                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_UPDATED] = g_signal_new ("updated", HEDDLE_TYPE_TRACE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRV | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
heddle_trace_init (HeddleTrace *self)
{
  self->changed = g_ptr_array_new_with_free_func (g_object_unref);
  self->listed = g_sequence_new (g_object_unref);
  self->doomed = g_ptr_array_new_with_free_func (g_object_unref);
  self->calls = g_hash_table_new_full (hash_key, equal_keys, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->scopes = g_hash_table_new (g_str_hash, g_str_equal);
  self->homes = g_hash_table_new (g_str_hash, g_str_equal);
  self->folds = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) heddle_fold_free);
  self->spans = g_hash_table_new_full (hash_key, equal_keys, g_free, g_object_unref);
  self->root = heddle_span_new ("run", "", NULL, NULL);
  self->root->state = HEDDLE_SPAN_RUNNING;
  self->root->start = 0;
  self->root->iter = g_sequence_append (self->listed, g_object_ref (self->root));
}

HeddleTrace *
heddle_trace_new (const char *run_id,
                  gint64 started)
{
  HeddleTrace *self;

  g_return_val_if_fail (run_id != NULL, NULL);

  self = g_object_new (HEDDLE_TYPE_TRACE, NULL);
  self->run_id = g_strdup (run_id);
  self->started = started;
  return self;
}

const char *
heddle_trace_get_run_id (HeddleTrace *self)
{
  g_return_val_if_fail (HEDDLE_IS_TRACE (self), NULL);

  return self->run_id;
}

gint64
heddle_trace_get_started (HeddleTrace *self)
{
  g_return_val_if_fail (HEDDLE_IS_TRACE (self), 0);

  return self->started;
}

HeddleRunState
heddle_trace_get_state (HeddleTrace *self)
{
  g_return_val_if_fail (HEDDLE_IS_TRACE (self), HEDDLE_RUN_RUNNING);

  return self->state;
}

gint64
heddle_trace_get_duration (HeddleTrace *self)
{
  g_return_val_if_fail (HEDDLE_IS_TRACE (self), 0);

  if (self->root->end >= 0)
    return self->root->end;
  if (self->run != NULL)
    return MAX (heddle_run_get_elapsed (self->run), self->last_time);
  return self->last_time;
}

HeddleSpan *
heddle_trace_get_root (HeddleTrace *self)
{
  g_return_val_if_fail (HEDDLE_IS_TRACE (self), NULL);

  return self->root;
}

HeddleSpan *
heddle_trace_find_call (HeddleTrace *self,
                        const char *node_id,
                        guint *n_calls)
{
  HeddleSpanKey key = { NULL, g_intern_string (node_id), 0 };
  HeddleSpan *scope;
  GPtrArray *calls;

  g_return_val_if_fail (HEDDLE_IS_TRACE (self), NULL);
  g_return_val_if_fail (node_id != NULL && n_calls != NULL, NULL);

  *n_calls = 0;
  if (!heddle_trace_resolve_scope (self, node_id, &scope))
    return NULL;
  key.scope = scope;
  calls = g_hash_table_lookup (self->calls, &key);
  *n_calls = calls != NULL ? calls->len : 0;
  for (guint i = *n_calls; i > 0; i--)
    {
      if (heddle_span_is_open (calls->pdata[i - 1]))
        return calls->pdata[i - 1];
    }
  return *n_calls > 0 ? calls->pdata[*n_calls - 1] : NULL;
}

HeddleSpan *
heddle_trace_find_node (HeddleTrace *self,
                        const char *node_id)
{
  HeddleSpan *scope;

  g_return_val_if_fail (HEDDLE_IS_TRACE (self), NULL);
  g_return_val_if_fail (node_id != NULL, NULL);

  return heddle_trace_resolve_scope (self, node_id, &scope) ? heddle_trace_lookup (self, scope, node_id, 0) : NULL;
}

HeddleSpan *
heddle_trace_find_in_scope (HeddleTrace *self,
                            const char *scope,
                            const char *node_id)
{
  HeddleSpan *span;

  g_return_val_if_fail (HEDDLE_IS_TRACE (self), NULL);

  span = scope != NULL ? g_hash_table_lookup (self->scopes, scope) : NULL;
  if (scope != NULL && span == NULL)
    return NULL;
  return node_id == NULL ? span : heddle_trace_lookup (self, span, node_id, 0);
}

static gboolean
contains_string (JsonArray *array,
                 const char *text)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (heddle_json_is_string (element) && g_str_equal (json_node_get_string (element), text))
        return TRUE;
    }
  return FALSE;
}

/* Where the body of a container begins. */
static gboolean
is_inner_port (HeddleSpan *span,
               const char *port)
{
  const HeddleNodeType *type = span->type_id != NULL ? heddle_registry_lookup (span->type_id) : NULL;

  for (const HeddlePortSpec *spec = type != NULL ? type->inner_outputs : NULL; spec != NULL && spec->name != NULL; spec++)
    {
      if (strcmp (spec->name, port) == 0)
        return TRUE;
    }
  return FALSE;
}

HeddleEdgeState
heddle_trace_get_edge_state (HeddleTrace *self,
                             const char *from,
                             const char *from_port)
{
  HeddleSpan *span;

  g_return_val_if_fail (HEDDLE_IS_TRACE (self), HEDDLE_EDGE_PENDING);
  g_return_val_if_fail (from != NULL && from_port != NULL, HEDDLE_EDGE_PENDING);

  span = heddle_trace_find_node (self, from);
  if (span != NULL && is_inner_port (span, from_port))
    return heddle_trace_has_chosen_item (span) ? HEDDLE_EDGE_LIVE : HEDDLE_EDGE_PENDING;
  if (span == NULL || heddle_span_is_open (span))
    return HEDDLE_EDGE_PENDING;
  if (span->live != NULL && contains_string (json_node_get_array (span->live), from_port))
    return HEDDLE_EDGE_LIVE;
  return HEDDLE_EDGE_DEAD;
}

JsonNode *
heddle_trace_get_output (HeddleTrace *self)
{
  g_return_val_if_fail (HEDDLE_IS_TRACE (self), NULL);

  return self->output;
}

const char *
heddle_trace_get_note (HeddleTrace *self)
{
  g_return_val_if_fail (HEDDLE_IS_TRACE (self), NULL);

  return self->note;
}
