/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/heddle-version-window.h"

#include "canvas/heddle-canvas-picture.h"
#include "common/heddle-widgets.h"
#include "history/heddle-comparison.h"
#include "history/heddle-difference-rows.h"
#include "history/heddle-history-item.h"
#include "history/heddle-version-name.h"

#include <glib/gi18n-lib.h>

#define PICTURE_WIDTH 300
#define PICTURE_HEIGHT 220

struct _HeddleVersionWindow
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkWidget *stack;
  AdwStatusPage *failure;
  GtkWidget *pictures;
  AdwComboRow *other_row;
  AdwPreferencesGroup *differences;
  GtkListBox *list;

  HeddleStore *store;
  HeddleDocument *document;
  HeddleHistoryItem *version;
  GPtrArray *others; /* HeddleHistoryItem*, those that can be compared with */
  char *json;        /* of the version; NULL until it is read */
  HeddleComparison *comparison;
  GCancellable *cancellable; /* of what is read or compared now */
};

enum
{
  CHANGED,
  MESSAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleVersionWindow, heddle_version_window, ADW_TYPE_WINDOW)

static char *
dup_when (HeddleHistoryItem *item)
{
  return heddle_history_format_time (heddle_history_item_get_time (item), TRUE);
}

/* A name, else when it was saved. */
static char *
dup_version_title (HeddleHistoryItem *item)
{
  g_autofree char *when = dup_when (item);

  if (heddle_history_item_get_subtitle (item) != NULL)
    return g_strdup (heddle_history_item_get_title (item));
  return g_strdup_printf (_ ("Version of %s"), when);
}

static void
fail (HeddleVersionWindow *self,
      const GError *error)
{
  g_autofree char *text = g_markup_escape_text (error->message, -1);

  if (heddle_error_is_cancelled (error))
    return;
  adw_status_page_set_description (self->failure, text);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "failed");
}

static void
add_picture (HeddleVersionWindow *self,
             HeddleGraph *graph,
             gboolean after,
             const char *caption)
{
  g_autoptr (GHashTable) marks = heddle_comparison_list_marks (self->comparison, after);
  g_autoptr (GdkPaintable) paintable = heddle_canvas_picture_new_marked (graph, marks);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *picture = gtk_picture_new_for_paintable (paintable);

  gtk_widget_set_size_request (picture, PICTURE_WIDTH, PICTURE_HEIGHT);
  gtk_widget_set_hexpand (picture, TRUE);
  gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (picture, "workflow-picture");
  gtk_picture_set_alternative_text (GTK_PICTURE (picture), caption);
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), heddle_label_new (caption, "caption"));
  gtk_flow_box_append (GTK_FLOW_BOX (self->pictures), box);
}

/* The item that is compared with; NULL: the workflow as it is now. */
static HeddleHistoryItem *
get_other (HeddleVersionWindow *self)
{
  guint selected = adw_combo_row_get_selected (self->other_row);

  return selected == 0 || selected > self->others->len ? NULL : g_ptr_array_index (self->others, selected - 1);
}

static gboolean
is_older (HeddleVersionWindow *self)
{
  HeddleHistoryItem *other = get_other (self);

  return other == NULL || heddle_history_item_get_id (other) > heddle_history_item_get_id (self->version);
}

static void
show_comparison (HeddleVersionWindow *self)
{
  HeddleHistoryItem *other = get_other (self);
  g_autofree char *own = dup_version_title (self->version);
  g_autofree char *theirs = other != NULL ? dup_version_title (other) : g_strdup (_ ("Now"));
  g_autofree char *summary = heddle_differences_summarize (self->comparison->differences);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->pictures)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->pictures), child);
  add_picture (self, self->comparison->before, FALSE, is_older (self) ? own : theirs);
  add_picture (self, self->comparison->after, TRUE, is_older (self) ? theirs : own);
  adw_preferences_group_set_description (self->differences, summary);
  heddle_difference_rows_fill (self->list, self->comparison->differences);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "comparison");
}

static void
compared_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (HeddleVersionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  HeddleComparison *comparison = heddle_comparison_new_finish (result, &error);

  if (comparison == NULL)
    {
      fail (self, error);
      return;
    }
  g_clear_pointer (&self->comparison, heddle_comparison_free);
  self->comparison = comparison;
  if (self->document != NULL)
    show_comparison (self);
}

static void
compare (HeddleVersionWindow *self,
         const char *other)
{
  heddle_comparison_new_async (is_older (self) ? self->json : other, is_older (self) ? other : self->json, self->cancellable, compared_cb, g_object_ref (self));
}

static void
other_loaded_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (HeddleVersionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleVersionInfo) info = heddle_store_load_version_finish (HEDDLE_STORE (object), result, &error);

  if (info == NULL)
    fail (self, error);
  else if (self->document != NULL)
    compare (self, info->json);
}

static void
load (HeddleVersionWindow *self,
      HeddleHistoryItem *version,
      GAsyncReadyCallback callback)
{
  heddle_store_load_version_async (self->store, heddle_graph_get_id (heddle_document_get_graph (self->document)), heddle_history_item_get_id (version),
                                   self->cancellable, callback, g_object_ref (self));
}

/* Begins anew with what is chosen now. */
static void
update (HeddleVersionWindow *self)
{
  HeddleHistoryItem *other = get_other (self);
  g_autofree char *now = NULL;

  if (self->json == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (other != NULL)
    {
      load (self, other, other_loaded_cb);
      return;
    }
  now = heddle_graph_to_json (heddle_document_get_graph (self->document));
  compare (self, now);
}

static void
other_changed_cb (HeddleVersionWindow *self)
{
  if (self->document != NULL)
    update (self);
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (HeddleVersionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleVersionInfo) info = heddle_store_load_version_finish (HEDDLE_STORE (object), result, &error);

  if (info == NULL)
    {
      fail (self, error);
      return;
    }
  if (self->document == NULL)
    return;
  self->json = g_steal_pointer (&info->json);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "version.restore", TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "version.copy", TRUE);
  update (self);
}

static void
restore_action (GtkWidget *widget,
                const char *action,
                GVariant *parameter)
{
  HeddleVersionWindow *self = HEDDLE_VERSION_WINDOW (widget);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (self->json, -1, &error);
  g_autofree char *title = dup_version_title (self->version);
  /* Translators: an undo step; %s is a name, or such as "Version of 14:32". */
  g_autofree char *label = g_strdup_printf (_ ("Restore “%s”"), title);
  g_autofree char *message = g_strdup_printf (_ ("“%s” restored. Undo takes that back."), title);

  if (graph == NULL)
    {
      fail (self, error);
      return;
    }
  heddle_document_restore (self->document, graph, label);
  g_signal_emit (self, signals[MESSAGE], 0, message);
  gtk_window_close (GTK_WINDOW (self));
}

static void
copy_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleVersionWindow *self = HEDDLE_VERSION_WINDOW (widget);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.open-text", "s", self->json);
  gtk_window_close (GTK_WINDOW (self));
}

static void
named_cb (HeddleVersionWindow *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
  gtk_window_close (GTK_WINDOW (self));
}

static void
forward_message (HeddleVersionWindow *self,
                 const char *message)
{
  g_signal_emit (self, signals[MESSAGE], 0, message);
}

static void
name_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleVersionWindow *self = HEDDLE_VERSION_WINDOW (widget);
  gboolean has_name = heddle_history_item_get_subtitle (self->version) != NULL;
  GtkWidget *dialog = heddle_version_name_new (GTK_WINDOW (self), self->store, self->document, heddle_history_item_get_id (self->version),
                                               has_name ? heddle_history_item_get_title (self->version) : NULL);

  g_signal_connect_object (dialog, "changed", G_CALLBACK (named_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "message", G_CALLBACK (forward_message), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
heddle_version_window_dispose (GObject *object)
{
  HeddleVersionWindow *self = HEDDLE_VERSION_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->version);
  g_clear_object (&self->document);
  g_clear_object (&self->store);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  g_clear_pointer (&self->comparison, heddle_comparison_free);
  g_clear_pointer (&self->json, g_free);
  G_OBJECT_CLASS (heddle_version_window_parent_class)->dispose (object);
}

static void
heddle_version_window_class_init (HeddleVersionWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_version_window_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/history/heddle-version-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleVersionWindow, title);
  gtk_widget_class_bind_template_child (widget_class, HeddleVersionWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleVersionWindow, failure);
  gtk_widget_class_bind_template_child (widget_class, HeddleVersionWindow, pictures);
  gtk_widget_class_bind_template_child (widget_class, HeddleVersionWindow, other_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleVersionWindow, differences);
  gtk_widget_class_bind_template_child (widget_class, HeddleVersionWindow, list);
  gtk_widget_class_bind_template_callback (widget_class, other_changed_cb);
  gtk_widget_class_install_action (widget_class, "version.restore", NULL, restore_action);
  gtk_widget_class_install_action (widget_class, "version.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "version.name", NULL, name_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
heddle_version_window_init (HeddleVersionWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->others = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "version.restore", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "version.copy", FALSE);
}

/* The version itself and what it can be compared with. */
static void
fill_others (HeddleVersionWindow *self,
             GListModel *versions,
             gint64 version)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _ ("The workflow as it is now"));
  for (guint i = 0; i < g_list_model_get_n_items (versions); i++)
    {
      g_autoptr (HeddleHistoryItem) item = g_list_model_get_item (versions, i);
      g_autofree char *title = dup_version_title (item);

      if (heddle_history_item_get_id (item) == version)
        {
          g_set_object (&self->version, item);
          continue;
        }
      gtk_string_list_append (names, title);
      g_ptr_array_add (self->others, g_steal_pointer (&item));
    }
  adw_combo_row_set_model (self->other_row, G_LIST_MODEL (names));
}

GtkWidget *
heddle_version_window_new (HeddleStore *store, HeddleDocument *document, GListModel *versions, gint64 version)
{
  HeddleVersionWindow *self;
  g_autofree char *title = NULL;
  g_autofree char *when = NULL;

  g_return_val_if_fail (HEDDLE_IS_STORE (store), NULL);
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (HEDDLE_TYPE_VERSION_WINDOW, NULL);
  fill_others (self, versions, version);
  g_assert (self->version != NULL);
  self->store = g_object_ref (store);
  self->document = g_object_ref (document);
  title = dup_version_title (self->version);
  when = dup_when (self->version);
  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, when);
  gtk_window_set_title (GTK_WINDOW (self), title);
  load (self, self->version, loaded_cb);
  return GTK_WIDGET (self);
}
