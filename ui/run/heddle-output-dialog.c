/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-output-dialog.h"

#include <glib/gi18n-lib.h>
#include <gtksourceview/gtksource.h>

struct _HeddleOutputDialog
{
  AdwWindow parent_instance;

  GtkButton *accept_button;
  GtkLabel *explanation;
  GtkToggleButton *text_button;
  GtkToggleButton *json_button;
  GtkSourceView *view;
  GtkSourceBuffer *buffer;
  GtkLabel *error_label;

  JsonNode *value; /* that stands in the editor; NULL: it is none */
};

enum
{
  ACCEPTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleOutputDialog, heddle_output_dialog, ADW_TYPE_WINDOW)

static JsonNode *
read_value (HeddleOutputDialog *self,
            GError **error)
{
  g_autofree char *text = NULL;

  g_object_get (self->buffer, "text", &text, NULL);
  if (gtk_toggle_button_get_active (self->json_button))
    return heddle_json_parse (text, -1, error);
  return heddle_json_string (text);
}

static void
update (HeddleOutputDialog *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->value, json_node_unref);
  self->value = read_value (self, &error);
  gtk_label_set_label (self->error_label, error != NULL ? error->message : "");
  gtk_widget_set_sensitive (GTK_WIDGET (self->accept_button), self->value != NULL);
}

static void
show_text (HeddleOutputDialog *self,
           JsonNode *value,
           gboolean as_json)
{
  g_autofree char *text = as_json ? heddle_json_to_text (value, HEDDLE_JSON_PRETTY) : heddle_json_to_display (value);
  GtkTextIter start;

  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self->buffer), text, -1);
  gtk_text_buffer_get_start_iter (GTK_TEXT_BUFFER (self->buffer), &start);
  gtk_text_buffer_place_cursor (GTK_TEXT_BUFFER (self->buffer), &start);
}

static void
update_mode (HeddleOutputDialog *self)
{
  gboolean as_json = gtk_toggle_button_get_active (self->json_button);

  gtk_text_view_set_monospace (GTK_TEXT_VIEW (self->view), as_json);
  gtk_source_buffer_set_highlight_syntax (self->buffer, as_json);
}

/* A text stays the same text; other JSON, and what is none, is shown as it stands there. */
static void
mode_changed_cb (HeddleOutputDialog *self)
{
  gboolean as_json = gtk_toggle_button_get_active (self->json_button);
  g_autoptr (JsonNode) value = self->value != NULL ? json_node_ref (self->value) : NULL;

  update_mode (self);
  if (heddle_json_is_string (value))
    show_text (self, value, as_json);
  else
    update (self);
}

static void
accept_cb (HeddleOutputDialog *self)
{
  if (self->value == NULL)
    return;
  g_signal_emit (self, signals[ACCEPTED], 0, self->value);
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
accept_shortcut_cb (GtkWidget *widget,
                    GVariant *arguments,
                    gpointer user_data)
{
  accept_cb (HEDDLE_OUTPUT_DIALOG (widget));
  return GDK_EVENT_STOP;
}

static void
update_scheme (HeddleOutputDialog *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (self->buffer, gtk_source_style_scheme_manager_get_scheme (schemes, dark ? "Adwaita-dark" : "Adwaita"));
}

GtkWidget *
heddle_output_dialog_new (GtkWindow *parent,
                          const char *title,
                          const char *explanation,
                          const char *accept,
                          JsonNode *value)
{
  HeddleOutputDialog *self = g_object_new (HEDDLE_TYPE_OUTPUT_DIALOG, "transient-for", parent, "title", title, NULL);
  gboolean is_text = value != NULL && heddle_json_is_string (value);
  g_autoptr (JsonNode) shown = value != NULL ? json_node_ref (value) : heddle_json_null ();

  gtk_label_set_label (self->explanation, explanation);
  gtk_button_set_label (self->accept_button, accept);
  gtk_toggle_button_set_active (is_text ? self->text_button : self->json_button, TRUE);
  update_mode (self);
  show_text (self, shown, !is_text);
  update (self);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->view));
  return GTK_WIDGET (self);
}

static void
heddle_output_dialog_finalize (GObject *object)
{
  g_clear_pointer (&HEDDLE_OUTPUT_DIALOG (object)->value, json_node_unref);
  G_OBJECT_CLASS (heddle_output_dialog_parent_class)->finalize (object);
}

static void
heddle_output_dialog_class_init (HeddleOutputDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_output_dialog_finalize;
  signals[ACCEPTED] = g_signal_new ("accepted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, JSON_TYPE_NODE);

  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/run/heddle-output-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputDialog, accept_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputDialog, explanation);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputDialog, text_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputDialog, json_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputDialog, view);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputDialog, buffer);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputDialog, error_label);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
  gtk_widget_class_bind_template_callback (widget_class, mode_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

/* Taken before the editor sees it: it would write a line break. */
static void
add_accept_shortcut (HeddleOutputDialog *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>Return|<Control>KP_Enter"),
                                                          gtk_callback_action_new (accept_shortcut_cb, NULL, NULL)));
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
heddle_output_dialog_init (HeddleOutputDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_source_buffer_set_language (self->buffer, gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (), "json"));
  update_scheme (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (update_scheme), self, G_CONNECT_SWAPPED);
  add_accept_shortcut (self);
}
