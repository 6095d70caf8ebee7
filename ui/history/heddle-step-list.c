/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/heddle-step-list.h"

#include "common/heddle-widgets.h"
#include "history/heddle-history-row.h"

#include <glib/gi18n-lib.h>

struct _HeddleStepList
{
  GtkWidget parent_instance;

  GtkWidget *stack;
  GtkWidget *scroller;
  GtkWidget *empty;
  HeddleDocument *document;
  GListStore *items;
  guint update_source;
};

G_DEFINE_FINAL_TYPE (HeddleStepList, heddle_step_list, GTK_TYPE_WIDGET)

/* All rows as they should be, the newest first. */
static GPtrArray *
make_items (HeddleStepList *self)
{
  g_autoptr (GArray) steps = heddle_document_list_steps (self->document);
  GPtrArray *items = g_ptr_array_new_full (steps->len + 1, g_object_unref);

  for (guint i = steps->len; i > 0; i--)
    {
      const HeddleStepInfo *step = &g_array_index (steps, HeddleStepInfo, i - 1);

      g_ptr_array_add (items, heddle_history_item_new (i, *step->label != '\0' ? step->label : _ ("Change"), NULL, step->time));
    }
  if (steps->len > 0)
    g_ptr_array_add (items, heddle_history_item_new (0, _ ("Before these steps"), NULL,
                                                     g_array_index (steps, HeddleStepInfo, 0).time));
  return items;
}

/* How many of the oldest rows are as they were. */
static guint
count_same (HeddleStepList *self,
            GPtrArray *items)
{
  guint n_old = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  guint n_same = 0;

  while (n_same < MIN (n_old, items->len))
    {
      g_autoptr (HeddleHistoryItem) old = g_list_model_get_item (G_LIST_MODEL (self->items), n_old - 1 - n_same);

      if (!heddle_history_item_equal (old, g_ptr_array_index (items, items->len - 1 - n_same)))
        break;
      n_same++;
    }
  return n_same;
}

static void
mark (HeddleStepList *self)
{
  gint64 n_done = heddle_document_get_n_done (self->document);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr (HeddleHistoryItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);
      gint64 id = heddle_history_item_get_id (item);

      heddle_history_item_set_state (item, id == n_done ? HEDDLE_HISTORY_CURRENT : id > n_done ? HEDDLE_HISTORY_UNDONE
                                                                                               : HEDDLE_HISTORY_DONE);
    }
}

static void
update (HeddleStepList *self)
{
  g_autoptr (GPtrArray) items = make_items (self);
  guint n_same = count_same (self, items);

  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)) - n_same, items->pdata, items->len - n_same);
  mark (self);
  heddle_history_items_group (G_LIST_MODEL (self->items));
  gtk_stack_set_visible_child (GTK_STACK (self->stack), items->len > 0 ? self->scroller : self->empty);
}

static gboolean
update_cb (gpointer user_data)
{
  HeddleStepList *self = user_data;

  self->update_source = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* Once for however many steps, and only while somebody looks. */
static void
changed_cb (HeddleStepList *self)
{
  if (self->update_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_source = g_idle_add (update_cb, self);
}

static void
activate_cb (HeddleStepList *self,
             guint position)
{
  g_autoptr (HeddleHistoryItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  if (item != NULL)
    heddle_document_go_to_step (self->document, (guint) heddle_history_item_get_id (item));
}

static void
heddle_step_list_map (GtkWidget *widget)
{
  update (HEDDLE_STEP_LIST (widget));
  GTK_WIDGET_CLASS (heddle_step_list_parent_class)->map (widget);
}

static void
heddle_step_list_dispose (GObject *object)
{
  HeddleStepList *self = HEDDLE_STEP_LIST (object);

  g_clear_handle_id (&self->update_source, g_source_remove);
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  g_clear_object (&self->items);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (heddle_step_list_parent_class)->dispose (object);
}

static void
heddle_step_list_class_init (HeddleStepListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_step_list_dispose;
  widget_class->map = heddle_step_list_map;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
heddle_step_list_init (HeddleStepList *self)
{
  GtkWidget *list;

  self->items = g_list_store_new (HEDDLE_TYPE_HISTORY_ITEM);
  list = heddle_history_list_new (G_LIST_MODEL (self->items), _ ("Steps"));
  g_signal_connect_object (list, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), list);
  self->empty = heddle_history_empty_new (_ ("What you change is listed here, step by step. A click on a step takes the workflow back to it, "
                                             "also after a restart."));
  self->stack = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->stack), self->empty);
  gtk_stack_add_child (GTK_STACK (self->stack), self->scroller);
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
}

GtkWidget *
heddle_step_list_new (HeddleDocument *document)
{
  HeddleStepList *self;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (HEDDLE_TYPE_STEP_LIST, NULL);
  self->document = g_object_ref (document);
  g_signal_connect_object (document, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
