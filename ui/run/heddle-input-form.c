/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-input-form.h"

#include "common/heddle-widgets.h"
#include "run/heddle-input-row.h"

#define PAYLOAD "payload"

struct _HeddleInputForm
{
  GtkPopover parent_instance;

  GtkListBox *list;
  GtkLabel *error_label;
  GtkLabel *estimate_label;
  GPtrArray *rows;         /* HeddleInputRow */
  HeddleInputRow *problem; /* the row that the error is about, borrowed from these, or NULL */
  gboolean is_payload;
};

enum
{
  RUN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleInputForm, heddle_input_form, GTK_TYPE_POPOVER)

static void
set_error (HeddleInputForm *self,
           const char *message)
{
  gtk_label_set_label (self->error_label, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), message != NULL);
}

/* What was said about a row goes as soon as it is right, or says what is wrong with it now. */
static void
row_changed_cb (HeddleInputForm *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = NULL;

  if (self->problem == NULL)
    return;
  value = heddle_input_row_dup_value (self->problem, &error);
  set_error (self, error != NULL ? error->message : NULL);
}

static void
run_clicked_cb (HeddleInputForm *self)
{
  g_signal_emit (self, signals[RUN], 0);
}

static gboolean
run_shortcut_cb (GtkWidget *widget,
                 GVariant *arguments,
                 gpointer user_data)
{
  g_signal_emit (widget, signals[RUN], 0);
  return GDK_EVENT_STOP;
}

static void
clear (HeddleInputForm *self)
{
  self->problem = NULL;
  heddle_list_box_clear (self->list);
  g_ptr_array_set_size (self->rows, 0);
}

static void
add_row (HeddleInputForm *self,
         JsonNode *field,
         JsonNode *values)
{
  const char *name = heddle_json_get_string (field, "name", "");
  HeddleInputRow *row = heddle_input_row_new (field, values != NULL ? heddle_json_member (values, name) : NULL);
  GtkWidget *widget = heddle_input_row_get_widget (row);

  g_ptr_array_add (self->rows, row);
  gtk_list_box_append (self->list, widget);
  heddle_input_row_watch (row, G_CALLBACK (row_changed_cb), self);
  if (ADW_IS_ENTRY_ROW (widget))
    g_signal_connect_object (widget, "entry-activated", G_CALLBACK (run_clicked_cb), self, G_CONNECT_SWAPPED);
}

void
heddle_input_form_set_fields (HeddleInputForm *self,
                              JsonNode *fields,
                              JsonNode *values)
{
  JsonArray *array;

  g_return_if_fail (HEDDLE_IS_INPUT_FORM (self));
  g_return_if_fail (fields != NULL && JSON_NODE_HOLDS_ARRAY (fields));

  clear (self);
  set_error (self, NULL);
  self->is_payload = FALSE;
  array = json_node_get_array (fields);
  for (guint i = 0; i < json_array_get_length (array); i++)
    add_row (self, json_array_get_element (array, i), values);
}

void
heddle_input_form_set_payload (HeddleInputForm *self,
                               const char *title,
                               JsonNode *value)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) field = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (HEDDLE_IS_INPUT_FORM (self));
  g_return_if_fail (title != NULL && value != NULL);

  clear (self);
  set_error (self, NULL);
  self->is_payload = TRUE;
  text = heddle_json_to_text (value, HEDDLE_JSON_PRETTY);
  json_object_set_string_member (object, "name", PAYLOAD);
  json_object_set_string_member (object, "title", title);
  json_object_set_string_member (object, "type", "json");
  json_object_set_boolean_member (object, "required", TRUE);
  /* As text, so that a text stays one with its quotes. */
  json_object_set_string_member (object, "default", text);
  field = heddle_json_object (object);
  add_row (self, field, NULL);
}

void
heddle_input_form_set_estimate (HeddleInputForm *self,
                                const char *text)
{
  g_return_if_fail (HEDDLE_IS_INPUT_FORM (self));

  gtk_label_set_label (self->estimate_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->estimate_label), text != NULL);
}

JsonNode *
heddle_input_form_dup_input (HeddleInputForm *self,
                             GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  g_return_val_if_fail (HEDDLE_IS_INPUT_FORM (self), NULL);

  self->problem = NULL;
  for (guint i = 0; i < self->rows->len; i++)
    {
      HeddleInputRow *row = g_ptr_array_index (self->rows, i);
      g_autoptr (GError) row_error = NULL;
      JsonNode *value = heddle_input_row_dup_value (row, &row_error);

      if (row_error != NULL)
        {
          self->problem = row;
          set_error (self, row_error->message);
          heddle_input_row_focus (row);
          g_propagate_error (error, g_steal_pointer (&row_error));
          return NULL;
        }
      if (self->is_payload)
        {
          set_error (self, NULL);
          return value;
        }
      if (value != NULL)
        json_object_set_member (object, heddle_input_row_get_name (row), value);
    }
  set_error (self, NULL);
  return heddle_json_object (g_steal_pointer (&object));
}

GtkWidget *
heddle_input_form_new (void)
{
  return g_object_new (HEDDLE_TYPE_INPUT_FORM, NULL);
}

static void
show_cb (HeddleInputForm *self)
{
  if (self->rows->len > 0)
    heddle_input_row_focus (g_ptr_array_index (self->rows, 0));
}

static void
heddle_input_form_finalize (GObject *object)
{
  g_ptr_array_unref (HEDDLE_INPUT_FORM (object)->rows);
  G_OBJECT_CLASS (heddle_input_form_parent_class)->finalize (object);
}

static void
heddle_input_form_class_init (HeddleInputFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_input_form_finalize;
  signals[RUN] = g_signal_new ("run", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/run/heddle-input-form.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleInputForm, list);
  gtk_widget_class_bind_template_child (widget_class, HeddleInputForm, error_label);
  gtk_widget_class_bind_template_child (widget_class, HeddleInputForm, estimate_label);
  gtk_widget_class_bind_template_callback (widget_class, run_clicked_cb);
}

/* Taken before a text view sees it: it would write a line break. */
static void
add_run_shortcut (HeddleInputForm *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>Return|<Control>KP_Enter"),
                                                          gtk_callback_action_new (run_shortcut_cb, NULL, NULL)));
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
heddle_input_form_init (HeddleInputForm *self)
{
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_input_row_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "show", G_CALLBACK (show_cb), NULL);
  add_run_shortcut (self);
}
