/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-outline-private.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (HeddleOutline, heddle_outline, GTK_TYPE_WIDGET)

static HeddleOutlineItem *
dup_item (HeddleOutline *self,
          guint position)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  return row != NULL ? gtk_tree_list_row_get_item (row) : NULL;
}

HeddleGraph *
_heddle_outline_get_graph (HeddleOutline *self)
{
  return self->document != NULL ? heddle_document_get_graph (self->document) : NULL;
}

/* A search shows all that matches. */
static void
expand_rows (HeddleOutline *self)
{
  gboolean is_searching = *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      g_autoptr (HeddleOutlineItem) item = gtk_tree_list_row_get_item (row);

      if (is_searching || heddle_outline_item_is_expanded (item))
        gtk_tree_list_row_set_expanded (row, TRUE);
    }
}

static void
update_empty (HeddleOutline *self)
{
  gboolean is_searching = *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
  gboolean is_empty = g_list_model_get_n_items (heddle_outline_tree_get_roots (self->tree)) == 0;

  gtk_label_set_label (self->empty, is_searching ? _ ("Nothing in this workflow matches.") : _ ("There is nothing here yet. Press A to add a node."));
  gtk_stack_set_visible_child (GTK_STACK (self->stack), is_empty ? GTK_WIDGET (self->empty) : self->scroller);
}

/* Selection */

static gboolean
is_selected_on_canvas (HeddleOutline *self,
                       HeddleOutlineItem *item,
                       GHashTable *selected)
{
  if (heddle_outline_item_get_kind (item) != HEDDLE_OUTLINE_CONNECTION)
    return g_hash_table_contains (selected, heddle_outline_item_get_id (item));
  return heddle_canvas_is_edge_selected (self->canvas, heddle_outline_item_get_id (item), heddle_outline_item_get_from_port (item),
                                         heddle_outline_item_get_to (item), heddle_outline_item_get_to_port (item));
}

/* The containers around it, so that it has a row. */
static void
expand_to (HeddleOutline *self,
           const char *id)
{
  const HeddleNode *node = heddle_graph_find_node (_heddle_outline_get_graph (self), id);
  guint left = HEDDLE_MAX_NESTING;

  for (; node != NULL && node->parent != NULL && left > 0; left--)
    {
      HeddleOutlineItem *item = heddle_outline_tree_find (self->tree, node->parent);

      if (item != NULL && !heddle_outline_item_is_expanded (item))
        {
          heddle_outline_item_set_expanded (item, TRUE);
          self->rows_are_stale = TRUE;
        }
      node = heddle_graph_find_node (_heddle_outline_get_graph (self), node->parent);
    }
  if (self->rows_are_stale)
    expand_rows (self);
  self->rows_are_stale = FALSE;
}

static GtkBitset *
find_selected_rows (HeddleOutline *self,
                    char **ids)
{
  g_autoptr (GHashTable) selected = g_hash_table_new (g_str_hash, g_str_equal);
  GtkBitset *rows = gtk_bitset_new_empty ();

  for (char **id = ids; *id != NULL; id++)
    g_hash_table_add (selected, *id);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (HeddleOutlineItem) item = dup_item (self, i);

      if (is_selected_on_canvas (self, item, selected))
        gtk_bitset_add (rows, i);
    }
  return rows;
}

/* Takes over what is selected on the canvas, and shows it. */
static void
sync_selection (HeddleOutline *self)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self->canvas);
  g_autoptr (GtkBitset) before = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  g_autoptr (GtkBitset) all = gtk_bitset_new_range (0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)));
  g_autoptr (GtkBitset) after = NULL;
  gboolean was_syncing;

  if (g_strv_length (ids) == 1)
    expand_to (self, ids[0]);
  after = find_selected_rows (self, ids);
  if (gtk_bitset_equals (before, after))
    return;
  was_syncing = self->is_syncing;
  self->is_syncing = TRUE;
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self->selection), after, all);
  self->is_syncing = was_syncing;
  if (!gtk_bitset_is_empty (after))
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", gtk_bitset_get_minimum (after));
}

static void
add_to_selection (HeddleOutlineItem *item,
                  GPtrArray *ids,
                  GPtrArray *edges)
{
  HeddleEdge *edge;

  if (heddle_outline_item_get_kind (item) != HEDDLE_OUTLINE_CONNECTION)
    {
      g_ptr_array_add (ids, g_strdup (heddle_outline_item_get_id (item)));
      return;
    }
  edge = g_new0 (HeddleEdge, 1);
  edge->from = (char *) heddle_outline_item_get_id (item);
  edge->from_port = (char *) heddle_outline_item_get_from_port (item);
  edge->to = (char *) heddle_outline_item_get_to (item);
  edge->to_port = (char *) heddle_outline_item_get_to_port (item);
  g_ptr_array_add (edges, edge);
}

static void
selection_changed_cb (HeddleOutline *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) edges = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GtkBitset) rows = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  if (self->is_syncing)
    return;
  for (guint64 i = 0; i < gtk_bitset_get_size (rows); i++)
    {
      g_ptr_array_add (items, dup_item (self, gtk_bitset_get_nth (rows, i)));
      add_to_selection (items->pdata[i], ids, edges);
    }
  g_ptr_array_add (ids, NULL);
  heddle_canvas_select_things (self->canvas, (const char *const *) ids->pdata, edges);
}

/* What has changed, in an idle moment */

static void
update_rows (HeddleOutline *self)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autoptr (HeddleOutlineItem) focused = _heddle_outline_dup_focused (self);

  self->rows_are_stale = FALSE;
  self->is_syncing = TRUE;
  if (heddle_outline_tree_update (self->tree, _heddle_outline_get_graph (self), search))
    {
      expand_rows (self);
      sync_selection (self);
      if (focused != NULL)
        _heddle_outline_focus_item (self, focused);
    }
  self->is_syncing = FALSE;
  update_empty (self);
}

void
_heddle_outline_update_now (HeddleOutline *self)
{
  if (self->rows_are_stale)
    {
      self->selection_is_stale = TRUE;
      update_rows (self);
    }
  if (self->selection_is_stale)
    {
      self->selection_is_stale = FALSE;
      sync_selection (self);
    }
}

static gboolean
idle_cb (gpointer user_data)
{
  HeddleOutline *self = user_data;

  self->idle = 0;
  _heddle_outline_update_now (self);
  return G_SOURCE_REMOVE;
}

/* Nobody sees it before it is mapped, and edits of a large workflow need not wait for it. */
static void
queue_update (HeddleOutline *self)
{
  if (self->idle == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->idle = g_idle_add (idle_cb, self);
}

static void
canvas_selection_cb (HeddleOutline *self)
{
  self->selection_is_stale = TRUE;
  queue_update (self);
}

static void
refresh_item (HeddleOutline *self,
              const char *id)
{
  HeddleOutlineItem *item = heddle_outline_tree_find (self->tree, id);

  if (item != NULL)
    heddle_outline_item_emit_changed (item);
}

static void
refresh_all (HeddleOutline *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (HeddleOutlineItem) item = dup_item (self, i);

      heddle_outline_item_emit_changed (item);
    }
}

/* Whether the rows stay the ones they are. */
static gboolean
is_only_within_rows (HeddleOutline *self,
                     const HeddleChange *change)
{
  if (change->nodes == NULL || (change->flags & ~(HEDDLE_CHANGE_NODES | HEDDLE_CHANGE_LAYOUT | HEDDLE_CHANGE_META)) != 0)
    return FALSE;
  for (guint i = 0; (change->flags & HEDDLE_CHANGE_NODES) != 0 && i < change->nodes->len; i++)
    if (heddle_outline_tree_find (self->tree, change->nodes->pdata[i]) == NULL || heddle_graph_find_node (_heddle_outline_get_graph (self), change->nodes->pdata[i]) == NULL)
      return FALSE;
  return TRUE;
}

static void
document_changed_cb (HeddleDocument *document,
                     HeddleChange *change,
                     HeddleOutline *self)
{
  gboolean is_layout = change->flags == HEDDLE_CHANGE_LAYOUT || change->flags == HEDDLE_CHANGE_META;

  if (is_layout)
    return;
  for (guint i = 0; change->nodes != NULL && i < change->nodes->len; i++)
    refresh_item (self, change->nodes->pdata[i]);
  /* A node can have gone into a container, which says so with the layout. */
  if (is_only_within_rows (self, change) && (change->flags & HEDDLE_CHANGE_LAYOUT) == 0 && change->nodes->len == 1)
    return;
  self->rows_are_stale = TRUE;
  queue_update (self);
}

static void
trace_updated_cb (HeddleOutline *self,
                  const char *const *nodes)
{
  for (; nodes != NULL && *nodes != NULL; nodes++)
    refresh_item (self, *nodes);
}

void
heddle_outline_set_trace (HeddleOutline *self,
                          HeddleTrace *trace)
{
  g_return_if_fail (HEDDLE_IS_OUTLINE (self));

  if (self->trace == trace)
    return;
  if (self->trace != NULL)
    g_signal_handlers_disconnect_by_data (self->trace, self);
  g_set_object (&self->trace, trace);
  if (trace != NULL)
    g_signal_connect_object (trace, "updated", G_CALLBACK (trace_updated_cb), self, G_CONNECT_SWAPPED);
  refresh_all (self);
}

void
heddle_outline_set_problems (HeddleOutline *self,
                             GPtrArray *problems)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&self->problems);
  GHashTableIter iter;
  gpointer id;

  g_return_if_fail (HEDDLE_IS_OUTLINE (self));

  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const HeddleProblem *problem = problems->pdata[i];
      const char *others = problem->node != NULL ? g_hash_table_lookup (self->problems, problem->node) : NULL;

      if (problem->node != NULL)
        g_hash_table_insert (self->problems, g_strdup (problem->node), others != NULL ? g_strjoin ("\n", others, problem->message, NULL) : g_strdup (problem->message));
    }
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    refresh_item (self, id);
  g_hash_table_iter_init (&iter, self->problems);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    refresh_item (self, id);
}

/* What people do */

static void
follow (HeddleOutline *self,
        HeddleOutlineItem *item)
{
  const char *to = heddle_outline_item_get_to (item);

  heddle_canvas_select (self->canvas, (const char *const[]){ to, NULL });
  heddle_canvas_reveal (self->canvas, to);
  _heddle_outline_update_now (self);
  heddle_outline_focus (self);
}

static void
activate_cb (HeddleOutline *self,
             guint position)
{
  g_autoptr (HeddleOutlineItem) item = dup_item (self, position);

  if (item == NULL)
    return;
  if (heddle_outline_item_get_kind (item) == HEDDLE_OUTLINE_CONNECTION)
    {
      follow (self, item);
      return;
    }
  heddle_canvas_select (self->canvas, (const char *const[]){ heddle_outline_item_get_id (item), NULL });
  gtk_widget_activate_action (GTK_WIDGET (self->canvas), "canvas.open", NULL);
}

static void
search_changed_cb (HeddleOutline *self)
{
  self->rows_are_stale = TRUE;
  queue_update (self);
}

/* To the first match. */
static void
search_activate_cb (HeddleOutline *self)
{
  _heddle_outline_update_now (self);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->rows)) > 0)
    _heddle_outline_focus_row (self, 0);
}

static void
search_stop_cb (HeddleOutline *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  heddle_outline_focus (self);
}

void
heddle_outline_focus (HeddleOutline *self)
{
  g_autoptr (GtkBitset) rows = NULL;

  g_return_if_fail (HEDDLE_IS_OUTLINE (self));

  _heddle_outline_update_now (self);
  rows = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
  if (!gtk_bitset_is_empty (rows))
    _heddle_outline_go_to_row (self, gtk_bitset_get_minimum (rows));
}

void
heddle_outline_flush (HeddleOutline *self)
{
  g_return_if_fail (HEDDLE_IS_OUTLINE (self));

  _heddle_outline_update_now (self);
}

static void
set_canvas (HeddleOutline *self,
            HeddleCanvas *canvas)
{
  self->canvas = canvas;
  self->document = g_object_ref (heddle_canvas_get_document (canvas));
  self->rows_are_stale = TRUE;
  g_signal_connect_object (self->document, "changed", G_CALLBACK (document_changed_cb), self, 0);
  g_signal_connect_object (canvas, "selection-changed", G_CALLBACK (canvas_selection_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
heddle_outline_new (HeddleCanvas *canvas)
{
  HeddleOutline *self = g_object_new (HEDDLE_TYPE_OUTLINE, NULL);

  set_canvas (self, canvas);
  return GTK_WIDGET (self);
}

static void
heddle_outline_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (heddle_outline_parent_class)->map (widget);
  _heddle_outline_update_now (HEDDLE_OUTLINE (widget));
}

static void
heddle_outline_dispose (GObject *object)
{
  HeddleOutline *self = HEDDLE_OUTLINE (object);
  GtkWidget *child;

  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->trace != NULL)
    g_signal_handlers_disconnect_by_data (self->trace, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->selection);
  g_clear_object (&self->document);
  g_clear_object (&self->trace);
  G_OBJECT_CLASS (heddle_outline_parent_class)->dispose (object);
}

static void
heddle_outline_finalize (GObject *object)
{
  HeddleOutline *self = HEDDLE_OUTLINE (object);

  g_hash_table_unref (self->problems);
  heddle_outline_tree_free (self->tree);
  G_OBJECT_CLASS (heddle_outline_parent_class)->finalize (object);
}

static void
heddle_outline_class_init (HeddleOutlineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_outline_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_outline_finalize;
  widget_class->map = heddle_outline_map;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/find/heddle-outline.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleOutline, search);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutline, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutline, scroller);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutline, empty);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutline, list);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stop_cb);
}

static void
heddle_outline_init (HeddleOutline *self)
{
  self->tree = heddle_outline_tree_new ();
  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  _heddle_outline_create_list (self);
  g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (selection_changed_cb), self);
  _heddle_outline_add_keys (self);
}
