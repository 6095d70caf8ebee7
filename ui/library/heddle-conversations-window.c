/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-conversations-window.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

struct _HeddleConversationsWindow
{
  AdwWindow parent_instance;

  GtkStack *stack;
  AdwStatusPage *empty;
  GtkListBox *list;

  HeddleStore *store;
  char *workflow;
  char *node;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (HeddleConversationsWindow, heddle_conversations_window, ADW_TYPE_WINDOW)

static void reload (HeddleConversationsWindow *self);

static void
show_error (HeddleConversationsWindow *self,
            const GError *error)
{
  adw_status_page_set_title (self->empty, _ ("Conversations Cannot Be Read"));
  adw_status_page_set_description (self->empty, error->message);
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
deleted_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (HeddleConversationsWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (heddle_store_delete_conversation_finish (HEDDLE_STORE (object), result, &error) || g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND))
    reload (self);
  else if (!heddle_error_is_cancelled (error))
    show_error (self, error);
}

static gint64
get_id (GtkWidget *row)
{
  return *(gint64 *) g_object_get_data (G_OBJECT (row), "heddle-id");
}

static void
delete_cb (GtkButton *button,
           GtkWidget *row)
{
  HeddleConversationsWindow *self = HEDDLE_CONVERSATIONS_WINDOW (gtk_widget_get_root (row));

  heddle_store_delete_conversation_async (self->store, get_id (row), self->cancellable, deleted_cb, g_object_ref (self));
}

static const char *
role_title (const char *role)
{
  if (g_str_equal (role, "user"))
    return _ ("User");
  if (g_str_equal (role, "assistant"))
    return _ ("Assistant");
  return g_str_equal (role, "tool") ? _ ("Tool") : role;
}

static void
add_message (AdwExpanderRow *row,
             JsonNode *message)
{
  GtkWidget *line = adw_action_row_new ();
  g_autofree char *text = heddle_json_to_display (heddle_json_member (message, "content"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (line), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line), role_title (heddle_json_get_string (message, "role", "")));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (line), text);
  adw_expander_row_add_row (row, line);
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (AdwExpanderRow) row = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) messages = heddle_store_load_conversation_finish (HEDDLE_STORE (object), result, &error);
  JsonArray *array = messages != NULL ? json_node_get_array (messages) : NULL;

  if (array == NULL && !heddle_error_is_cancelled (error))
    adw_expander_row_set_subtitle (row, error->message);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    add_message (row, json_array_get_element (array, i));
}

/* Read when it is opened for the first time. */
static void
expanded_cb (GtkWidget *row,
             GParamSpec *pspec,
             HeddleConversationsWindow *self)
{
  if (!adw_expander_row_get_expanded (ADW_EXPANDER_ROW (row)) || g_object_get_data (G_OBJECT (row), "heddle-loaded") != NULL)
    return;
  g_object_set_data (G_OBJECT (row), "heddle-loaded", row);
  heddle_store_load_conversation_async (self->store, get_id (row), self->cancellable, loaded_cb, g_object_ref (row));
}

static void
add_row (HeddleConversationsWindow *self,
         const HeddleConversationInfo *info)
{
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *button = heddle_flat_button_new ("user-trash-symbolic", _ ("Delete this conversation"));
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (info->updated / G_USEC_PER_SEC);
  g_autofree char *when = g_date_time_format (time, "%x %X");
  g_autofree char *subtitle = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u message, %s", "%u messages, %s", info->n_messages), info->n_messages, when);

  g_object_set_data_full (G_OBJECT (row), "heddle-id", g_memdup2 (&info->id, sizeof info->id), g_free);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), info->session);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (row), button);
  g_signal_connect (button, "clicked", G_CALLBACK (delete_cb), row);
  g_signal_connect (row, "notify::expanded", G_CALLBACK (expanded_cb), self);
  gtk_list_box_append (self->list, row);
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (HeddleConversationsWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = heddle_store_list_conversations_finish (HEDDLE_STORE (object), result, &error);

  if (heddle_error_is_cancelled (error))
    return;
  if (infos == NULL)
    {
      show_error (self, error);
      return;
    }
  heddle_list_box_clear (self->list);
  for (guint i = 0; i < infos->len; i++)
    add_row (self, g_ptr_array_index (infos, i));
  gtk_stack_set_visible_child_name (self->stack, infos->len > 0 ? "list" : "empty");
}

static void
reload (HeddleConversationsWindow *self)
{
  heddle_store_list_conversations_async (self->store, self->workflow, self->node, self->cancellable, listed_cb, g_object_ref (self));
}

GtkWidget *
heddle_conversations_window_new (HeddleStore *store,
                                 const char *workflow,
                                 const char *node)
{
  HeddleConversationsWindow *self;

  g_return_val_if_fail (HEDDLE_IS_STORE (store), NULL);

  self = g_object_new (HEDDLE_TYPE_CONVERSATIONS_WINDOW, NULL);
  self->store = g_object_ref (store);
  self->workflow = g_strdup (workflow);
  self->node = g_strdup (node);
  reload (self);
  return GTK_WIDGET (self);
}

static void
heddle_conversations_window_dispose (GObject *object)
{
  HeddleConversationsWindow *self = HEDDLE_CONVERSATIONS_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (heddle_conversations_window_parent_class)->dispose (object);
}

static void
heddle_conversations_window_finalize (GObject *object)
{
  HeddleConversationsWindow *self = HEDDLE_CONVERSATIONS_WINDOW (object);

  g_object_unref (self->cancellable);
  g_free (self->workflow);
  g_free (self->node);
  G_OBJECT_CLASS (heddle_conversations_window_parent_class)->finalize (object);
}

static void
heddle_conversations_window_class_init (HeddleConversationsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_conversations_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_conversations_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/library/heddle-conversations-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleConversationsWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleConversationsWindow, empty);
  gtk_widget_class_bind_template_child (widget_class, HeddleConversationsWindow, list);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
heddle_conversations_window_init (HeddleConversationsWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
