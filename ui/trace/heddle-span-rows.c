/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-span-rows.h"

struct _HeddleSpanRows
{
  GObject parent_instance;

  GtkFilter *filter;
  GtkFilterListModel *model;
  GHashTable *toggled; /* spans that are not folded as they are at first */
  HeddleTrace *trace;
  gboolean only_failed;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleSpanRows, heddle_span_rows, G_TYPE_OBJECT)

/* A subflow has one item, which is no more than its inside. */
static gboolean
is_folded_at_first (HeddleSpan *span)
{
  HeddleSpan *parent = heddle_span_get_parent (span);

  return heddle_span_get_item (span) >= 0 && g_strcmp0 (heddle_span_get_type_id (parent), "subflow") != 0;
}

gboolean
heddle_span_rows_is_folded (HeddleSpanRows *self,
                            HeddleSpan *span)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN_ROWS (self), FALSE);
  g_return_val_if_fail (HEDDLE_IS_SPAN (span), FALSE);

  return is_folded_at_first (span) != g_hash_table_contains (self->toggled, span);
}

static gboolean
has_failed (HeddleSpan *item)
{
  return heddle_span_get_state (item) == HEDDLE_SPAN_FAILED || heddle_span_get_state (item) == HEDDLE_SPAN_DOUBT;
}

static gboolean
is_shown (gpointer item,
          gpointer user_data)
{
  HeddleSpanRows *self = user_data;

  for (HeddleSpan *span = item; span != NULL; span = heddle_span_get_parent (span))
    {
      if (self->only_failed && heddle_span_get_item (span) >= 0 && !has_failed (span))
        return FALSE;
      if (span != item && heddle_span_rows_is_folded (self, span))
        return FALSE;
    }
  return TRUE;
}

gboolean
heddle_span_rows_is_foldable (HeddleSpanRows *self,
                              HeddleSpan *span)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN_ROWS (self), FALSE);
  g_return_val_if_fail (HEDDLE_IS_SPAN (span), FALSE);

  return heddle_span_get_parent (span) != NULL && heddle_span_get_children (span)->len > 0;
}

void
heddle_span_rows_set_folded (HeddleSpanRows *self,
                             HeddleSpan *span,
                             gboolean folded)
{
  g_return_if_fail (HEDDLE_IS_SPAN_ROWS (self));
  g_return_if_fail (HEDDLE_IS_SPAN (span));

  if (heddle_span_rows_is_folded (self, span) == !!folded || heddle_span_get_parent (span) == NULL)
    return;
  if (!g_hash_table_remove (self->toggled, span))
    g_hash_table_add (self->toggled, g_object_ref (span));
  gtk_filter_changed (self->filter, folded ? GTK_FILTER_CHANGE_MORE_STRICT : GTK_FILTER_CHANGE_LESS_STRICT);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
heddle_span_rows_reveal (HeddleSpanRows *self,
                         HeddleSpan *span)
{
  g_return_if_fail (HEDDLE_IS_SPAN_ROWS (self));
  g_return_if_fail (HEDDLE_IS_SPAN (span));

  for (HeddleSpan *above = heddle_span_get_parent (span); above != NULL; above = heddle_span_get_parent (above))
    heddle_span_rows_set_folded (self, above, FALSE);
}

void
heddle_span_rows_set_only_failed (HeddleSpanRows *self,
                                  gboolean only_failed)
{
  g_return_if_fail (HEDDLE_IS_SPAN_ROWS (self));

  if (self->only_failed == !!only_failed)
    return;
  self->only_failed = !!only_failed;
  gtk_filter_changed (self->filter, only_failed ? GTK_FILTER_CHANGE_MORE_STRICT : GTK_FILTER_CHANGE_LESS_STRICT);
}

guint
heddle_span_rows_find (HeddleSpanRows *self,
                       HeddleSpan *span)
{
  GListModel *model;

  g_return_val_if_fail (HEDDLE_IS_SPAN_ROWS (self), GTK_INVALID_LIST_POSITION);

  model = G_LIST_MODEL (self->model);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (HeddleSpan) item = g_list_model_get_item (model, i);

      if (item == span)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static void
trace_updated_cb (HeddleSpanRows *self)
{
  if (self->only_failed)
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
heddle_span_rows_set_trace (HeddleSpanRows *self,
                            HeddleTrace *trace)
{
  g_return_if_fail (HEDDLE_IS_SPAN_ROWS (self));

  if (self->trace == trace)
    return;
  if (self->trace != NULL)
    g_signal_handlers_disconnect_by_data (self->trace, self);
  g_set_object (&self->trace, trace);
  gtk_filter_list_model_set_model (self->model, G_LIST_MODEL (trace));
  g_hash_table_remove_all (self->toggled);
  if (trace != NULL)
    g_signal_connect_object (trace, "updated", G_CALLBACK (trace_updated_cb), self, G_CONNECT_SWAPPED);
}

GListModel *
heddle_span_rows_get_model (HeddleSpanRows *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN_ROWS (self), NULL);

  return G_LIST_MODEL (self->model);
}

HeddleSpanRows *
heddle_span_rows_new (void)
{
  return g_object_new (HEDDLE_TYPE_SPAN_ROWS, NULL);
}

static void
heddle_span_rows_dispose (GObject *object)
{
  HeddleSpanRows *self = HEDDLE_SPAN_ROWS (object);

  /* The filter calls back; views may still hold the list. */
  if (self->model != NULL)
    gtk_filter_list_model_set_model (self->model, NULL);
  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (GTK_CUSTOM_FILTER (self->filter), NULL, NULL, NULL);
  g_clear_object (&self->model);
  g_clear_object (&self->filter);
  g_clear_object (&self->trace);
  g_hash_table_remove_all (self->toggled);
  G_OBJECT_CLASS (heddle_span_rows_parent_class)->dispose (object);
}

static void
heddle_span_rows_finalize (GObject *object)
{
  g_hash_table_unref (HEDDLE_SPAN_ROWS (object)->toggled);
  G_OBJECT_CLASS (heddle_span_rows_parent_class)->finalize (object);
}

static void
heddle_span_rows_class_init (HeddleSpanRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_span_rows_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_span_rows_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
heddle_span_rows_init (HeddleSpanRows *self)
{
  self->toggled = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_shown, self, NULL));
  self->model = gtk_filter_list_model_new (NULL, g_object_ref (self->filter));
}
