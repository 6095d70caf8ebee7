/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-variables-window.h"

#include "common/heddle-toast.h"
#include "common/heddle-widgets.h"
#include "library/heddle-variable-dialog.h"

#include <glib/gi18n-lib.h>

/* In characters; the rest is seen on editing. */
#define MAX_PREVIEW 200
/* A text view stalls with more than that, mostly as it is one line. */
#define MAX_EDITED_BYTES (256 * 1024)

struct _HeddleVariablesWindow
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  GtkSearchEntry *search;
  GtkListBox *list;

  HeddleStore *store; /* NULL once the window has gone */
  GHashTable *names;  /* of what is listed */
  GCancellable *lookup;
};

enum
{
  SHOW_RUN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleVariablesWindow, heddle_variables_window, ADW_TYPE_WINDOW)

static void
tell (HeddleVariablesWindow *self,
      const char *message)
{
  if (self->store != NULL)
    heddle_toast_show (self->toasts, heddle_toast_new (message));
}

static const HeddleVariableInfo *
get_info (gpointer object)
{
  return g_object_get_data (G_OBJECT (object), "heddle-variable");
}

/* What changed is shown by the signal of the store. */
static void
changed_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (HeddleVariablesWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) now = heddle_store_change_variable_finish (HEDDLE_STORE (object), result, &error);

  if (now == NULL && !heddle_error_is_cancelled (error))
    tell (self, error->message);
}

static void
undo_cb (HeddleVariablesWindow *self,
         AdwToast *toast)
{
  const HeddleVariableInfo *info = get_info (toast);
  g_autofree char *message = NULL;

  if (self->store == NULL)
    return;
  if (!g_hash_table_contains (self->names, info->name))
    {
      heddle_store_change_variable_async (self->store, HEDDLE_VARIABLE_SET, info->name, info->value, info->run, NULL, changed_cb, g_object_ref (self));
      return;
    }
  message = g_strdup_printf (_ ("“%s” was written again meanwhile; what it has now was left."), info->name);
  tell (self, message);
}

static HeddleVariableInfo *
copy_info (const HeddleVariableInfo *info)
{
  HeddleVariableInfo *copy = g_new0 (HeddleVariableInfo, 1);

  copy->name = g_strdup (info->name);
  copy->value = json_node_ref (info->value);
  copy->updated = info->updated;
  copy->run = g_strdup (info->run);
  return copy;
}

/* At once, so that runs do not see it any more; undoing writes it again. */
static void
delete_variable (HeddleVariablesWindow *self,
                 const HeddleVariableInfo *info)
{
  g_autofree char *message = g_strdup_printf (_ ("Variable “%s” deleted"), info->name);
  AdwToast *toast = heddle_toast_new (message);

  adw_toast_set_button_label (toast, _ ("_Undo"));
  g_object_set_data_full (G_OBJECT (toast), "heddle-variable", copy_info (info), (GDestroyNotify) heddle_variable_info_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, G_CONNECT_SWAPPED);
  heddle_store_change_variable_async (self->store, HEDDLE_VARIABLE_DELETE, info->name, NULL, NULL, NULL, changed_cb, g_object_ref (self));
  heddle_toast_show (self->toasts, toast);
}

static void
delete_cb (HeddleVariablesWindow *self,
           GtkButton *button)
{
  delete_variable (self, get_info (gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_ACTION_ROW)));
}

static void
edit_cb (HeddleVariablesWindow *self,
         GtkListBoxRow *row)
{
  const HeddleVariableInfo *info = get_info (row);
  g_autofree char *text = heddle_json_to_text (info->value, HEDDLE_JSON_PRETTY);

  if (strlen (text) <= MAX_EDITED_BYTES)
    heddle_variable_edit (GTK_WINDOW (self), self->store, info, NULL);
  else
    tell (self, _ ("This value is too large to edit here. Use “heddle variables” on the command line, or a Variable node."));
}

static void
add_cb (HeddleVariablesWindow *self)
{
  heddle_variable_edit (GTK_WINDOW (self), self->store, NULL, self->names);
}

static void
show_run_cb (HeddleVariablesWindow *self,
             GtkButton *button)
{
  const HeddleVariableInfo *info = get_info (gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_ACTION_ROW));

  g_signal_emit (self, signals[SHOW_RUN], 0, info->run);
}

/* One line of what it is. */
static char *
preview (JsonNode *value)
{
  g_autofree char *text = heddle_json_to_text (value, HEDDLE_JSON_COMPACT);
  const char *end;

  if (g_utf8_strlen (text, -1) <= MAX_PREVIEW)
    return g_steal_pointer (&text);
  end = g_utf8_offset_to_pointer (text, MAX_PREVIEW);
  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}

static char *
describe_origin (const HeddleVariableInfo *info)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (info->updated / G_USEC_PER_SEC);
  g_autofree char *time = date != NULL ? g_date_time_format (date, "%x %H:%M") : g_strdup ("");

  /* Translators: %s is a date and time. */
  return g_strdup_printf (info->run != NULL ? _ ("Written by a run, %s") : _ ("Written by hand, %s"), time);
}

static void
add_warning (AdwActionRow *row)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  const char *text = _ ("This looks like a key or a password. Keep it as a credential in the preferences: variables are stored as they are, and traces show them.");

  gtk_widget_add_css_class (icon, "warning");
  gtk_widget_set_tooltip_text (icon, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  adw_action_row_add_suffix (row, icon);
}

static void
add_button (HeddleVariablesWindow *self,
            AdwActionRow *row,
            const char *icon_name,
            const char *tooltip,
            void (*clicked) (HeddleVariablesWindow *self, GtkButton *button))
{
  GtkWidget *button = heddle_flat_button_new (icon_name, tooltip);

  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (row, button);
}

/* Takes the info. */
static GtkWidget *
row_new (HeddleVariablesWindow *self,
         HeddleVariableInfo *info)
{
  g_autofree char *value = preview (info->value);
  g_autofree char *origin = describe_origin (info);
  g_autofree char *subtitle = g_strdup_printf ("%s\n%s", value, origin);
  GtkWidget *row = heddle_plain_row_new (info->name, subtitle);

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (row, _ ("Enter to edit, Delete to delete"));
  g_object_set_data_full (G_OBJECT (row), "heddle-variable", info, (GDestroyNotify) heddle_variable_info_free);
  if (heddle_value_looks_secret (info->name, info->value))
    add_warning (ADW_ACTION_ROW (row));
  if (info->run != NULL)
    add_button (self, ADW_ACTION_ROW (row), "document-open-recent-symbolic", _ ("Show the run that wrote it"), show_run_cb);
  add_button (self, ADW_ACTION_ROW (row), "user-trash-symbolic", _ ("Delete this variable"), delete_cb);
  return row;
}

/* The row at or below the focus, or NULL. */
static GtkWidget *
get_focused_row (HeddleVariablesWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)) ? GTK_IS_LIST_BOX_ROW (focus) ? focus : gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_BOX_ROW) : NULL;
}

/* Where the focus was, or where what had it would be. */
static void
restore_focus (HeddleVariablesWindow *self,
               const char *name)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, 0);

  for (int i = 1; row != NULL; i++)
    {
      GtkListBoxRow *next = gtk_list_box_get_row_at_index (self->list, i);

      if (next == NULL || strcmp (get_info (row)->name, name) >= 0)
        break;
      row = next;
    }
  gtk_widget_grab_focus (row != NULL ? GTK_WIDGET (row) : GTK_WIDGET (self->search));
}

/* Takes the infos. */
static void
show_variables (HeddleVariablesWindow *self,
                GPtrArray *variables)
{
  GtkWidget *focused = get_focused_row (self);
  g_autofree char *name = focused != NULL ? g_strdup (get_info (focused)->name) : NULL;

  heddle_list_box_clear (self->list);
  g_hash_table_remove_all (self->names);
  g_ptr_array_set_free_func (variables, NULL);
  for (guint i = 0; i < variables->len; i++)
    {
      HeddleVariableInfo *info = g_ptr_array_index (variables, i);

      g_hash_table_add (self->names, g_strdup (info->name));
      gtk_list_box_append (self->list, row_new (self, info));
    }
  gtk_stack_set_visible_child_name (self->stack, variables->len > 0 ? "list" : "empty");
  if (name != NULL)
    restore_focus (self, name);
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (HeddleVariablesWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) variables = heddle_store_list_variables_finish (HEDDLE_STORE (object), result, &error);

  if (self->store == NULL)
    return;
  if (variables != NULL)
    show_variables (self, variables);
  else if (!heddle_error_is_cancelled (error))
    tell (self, error->message);
}

static void
reload (HeddleVariablesWindow *self)
{
  if (self->store == NULL)
    return;
  g_cancellable_cancel (self->lookup);
  g_clear_object (&self->lookup);
  self->lookup = g_cancellable_new ();
  heddle_store_list_variables_async (self->store, self->lookup, listed_cb, g_object_ref (self));
}

/* Other programs, such as the command line, change variables unheard. */
static void
active_cb (HeddleVariablesWindow *self)
{
  if (gtk_window_is_active (GTK_WINDOW (self)))
    reload (self);
}

static gboolean
matches (GtkListBoxRow *row,
         gpointer user_data)
{
  HeddleVariablesWindow *self = user_data;
  const HeddleVariableInfo *info = get_info (row);
  g_autofree char *searched = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *name = g_utf8_casefold (info->name, -1);
  g_autofree char *text = NULL;
  g_autofree char *value = NULL;

  if (strstr (name, searched) != NULL)
    return TRUE;
  text = heddle_json_to_text (info->value, HEDDLE_JSON_COMPACT);
  value = g_utf8_casefold (text, -1);
  return strstr (value, searched) != NULL;
}

static void
delete_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleVariablesWindow *self = HEDDLE_VARIABLES_WINDOW (widget);
  GtkWidget *row = get_focused_row (self);

  if (row != NULL)
    delete_variable (self, get_info (row));
}

static void
add_action (GtkWidget *widget,
            const char *action,
            GVariant *parameter)
{
  add_cb (HEDDLE_VARIABLES_WINDOW (widget));
}

static void
search_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (HEDDLE_VARIABLES_WINDOW (widget)->search));
}

GtkWidget *
heddle_variables_window_new (HeddleStore *store)
{
  HeddleVariablesWindow *self = g_object_new (HEDDLE_TYPE_VARIABLES_WINDOW, NULL);

  self->store = g_object_ref (store);
  g_signal_connect_object (store, "variable-changed", G_CALLBACK (reload), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}

static void
heddle_variables_window_dispose (GObject *object)
{
  HeddleVariablesWindow *self = HEDDLE_VARIABLES_WINDOW (object);

  g_cancellable_cancel (self->lookup);
  g_clear_object (&self->lookup);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (heddle_variables_window_parent_class)->dispose (object);
}

static void
heddle_variables_window_finalize (GObject *object)
{
  g_hash_table_unref (HEDDLE_VARIABLES_WINDOW (object)->names);
  G_OBJECT_CLASS (heddle_variables_window_parent_class)->finalize (object);
}

static void
heddle_variables_window_class_init (HeddleVariablesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_variables_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_variables_window_finalize;
  signals[SHOW_RUN] = g_signal_new ("show-run", HEDDLE_TYPE_VARIABLES_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/library/heddle-variables-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleVariablesWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, HeddleVariablesWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleVariablesWindow, search);
  gtk_widget_class_bind_template_child (widget_class, HeddleVariablesWindow, list);
  gtk_widget_class_bind_template_callback (widget_class, edit_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "search_changed_cb", G_CALLBACK (gtk_list_box_invalidate_filter));
  gtk_widget_class_install_action (widget_class, "variables.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "variables.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "variables.search", NULL, search_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "variables.add", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "variables.search", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "variables.delete", NULL);
  gtk_widget_class_bind_template_callback (widget_class, heddle_search_stop);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
heddle_variables_window_init (HeddleVariablesWindow *self)
{
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, matches, self, NULL);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_cb), NULL);
}
