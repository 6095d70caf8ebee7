/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/heddle-version-list.h"

#include "history/heddle-history-row.h"
#include "history/heddle-version-name.h"
#include "history/heddle-version-window.h"

#include <glib/gi18n-lib.h>

struct _HeddleVersionList
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *name_button;
  GtkWidget *stack;
  GtkWidget *scroller;
  GtkWidget *empty;
  HeddleStore *store;
  HeddleDocument *document;
  GListStore *items;
  GCancellable *cancellable; /* of the reading that is under way */
};

enum
{
  MESSAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleVersionList, heddle_version_list, GTK_TYPE_WIDGET)

static void
tell (HeddleVersionList *self,
      const char *message)
{
  g_signal_emit (self, signals[MESSAGE], 0, message);
}

/* A name first; else what was done last before it was saved. */
static HeddleHistoryItem *
item_new (const HeddleVersionInfo *info)
{
  const char *label = info->label != NULL && *info->label != '\0' ? info->label : _ ("Imported or first saved");

  return heddle_history_item_new (info->id, info->name != NULL ? info->name : label, info->name != NULL ? label : NULL, info->saved);
}

static void
show (HeddleVersionList *self,
      GPtrArray *versions)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_full (versions->len, g_object_unref);

  for (guint i = 0; i < versions->len; i++)
    {
      HeddleHistoryItem *item = item_new (g_ptr_array_index (versions, i));

      heddle_history_item_set_state (item, i == 0 ? HEDDLE_HISTORY_CURRENT : HEDDLE_HISTORY_DONE);
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)), items->pdata, items->len);
  heddle_history_items_group (G_LIST_MODEL (self->items));
  gtk_widget_set_sensitive (self->name_button, items->len > 0);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), items->len > 0 ? self->scroller : self->empty);
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (HeddleVersionList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) versions = heddle_store_list_versions_finish (HEDDLE_STORE (object), result, &error);

  if (versions != NULL && self->document != NULL)
    show (self, versions);
  else if (error != NULL && !heddle_error_is_cancelled (error))
    tell (self, error->message);
}

static void
read_again (HeddleVersionList *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  heddle_store_list_versions_async (self->store, heddle_graph_get_id (heddle_document_get_graph (self->document)),
                                    self->cancellable, listed_cb, g_object_ref (self));
}

void
heddle_version_list_refresh (HeddleVersionList *self)
{
  g_return_if_fail (HEDDLE_IS_VERSION_LIST (self));

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    read_again (self);
}

static void
activate_cb (HeddleVersionList *self,
             guint position)
{
  g_autoptr (HeddleHistoryItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);
  GtkWidget *window;

  if (item == NULL)
    return;
  window = heddle_version_window_new (self->store, self->document, G_LIST_MODEL (self->items), heddle_history_item_get_id (item));
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  g_signal_connect_object (window, "message", G_CALLBACK (tell), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "changed", G_CALLBACK (read_again), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

/* The workflow as it is now is the newest version once it is saved. */
static void
name_clicked_cb (HeddleVersionList *self)
{
  g_autoptr (HeddleHistoryItem) newest = g_list_model_get_item (G_LIST_MODEL (self->items), 0);
  GtkWidget *dialog;

  if (newest == NULL)
    return;
  dialog = heddle_version_name_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->store, self->document, 0, NULL);
  g_signal_connect_object (dialog, "message", G_CALLBACK (tell), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "changed", G_CALLBACK (read_again), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
heddle_version_list_map (GtkWidget *widget)
{
  read_again (HEDDLE_VERSION_LIST (widget));
  GTK_WIDGET_CLASS (heddle_version_list_parent_class)->map (widget);
}

static void
heddle_version_list_dispose (GObject *object)
{
  HeddleVersionList *self = HEDDLE_VERSION_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->items);
  g_clear_object (&self->document);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (heddle_version_list_parent_class)->dispose (object);
}

static void
heddle_version_list_class_init (HeddleVersionListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_version_list_dispose;
  widget_class->map = heddle_version_list_map;
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
scroller_new (HeddleVersionList *self)
{
  GtkWidget *list = heddle_history_list_new (G_LIST_MODEL (self->items), _ ("Versions"));
  GtkWidget *scroller = gtk_scrolled_window_new ();

  g_signal_connect_object (list, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  return scroller;
}

static void
heddle_version_list_init (HeddleVersionList *self)
{
  self->items = g_list_store_new (HEDDLE_TYPE_HISTORY_ITEM);
  self->scroller = scroller_new (self);
  self->empty = heddle_history_empty_new (_ ("Each time the workflow is saved, a version of it is kept. Here it can be looked at, compared and restored."));
  self->stack = gtk_stack_new ();
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_stack_add_child (GTK_STACK (self->stack), self->empty);
  gtk_stack_add_child (GTK_STACK (self->stack), self->scroller);

  self->name_button = gtk_button_new_with_mnemonic (_ ("_Name This Version…"));
  gtk_widget_set_tooltip_text (self->name_button, _ ("A version with a name is kept until the name is taken away"));
  gtk_widget_set_sensitive (self->name_button, FALSE);
  gtk_widget_set_margin_start (self->name_button, 12);
  gtk_widget_set_margin_end (self->name_button, 12);
  gtk_widget_set_margin_bottom (self->name_button, 6);
  g_signal_connect_object (self->name_button, "clicked", G_CALLBACK (name_clicked_cb), self, G_CONNECT_SWAPPED);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), self->name_button);
  gtk_box_append (GTK_BOX (self->box), self->stack);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
heddle_version_list_new (HeddleStore *store, HeddleDocument *document)
{
  HeddleVersionList *self;

  g_return_val_if_fail (HEDDLE_IS_STORE (store), NULL);
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (HEDDLE_TYPE_VERSION_LIST, NULL);
  self->store = g_object_ref (store);
  self->document = g_object_ref (document);
  return GTK_WIDGET (self);
}
