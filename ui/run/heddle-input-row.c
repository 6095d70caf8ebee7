/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-input-row.h"

#include "common/heddle-combo-row.h"
#include "common/heddle-widgets.h"
#include "run/heddle-file-row.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef enum
{
  FIELD_TEXT,
  FIELD_MULTILINE,
  FIELD_NUMBER,
  FIELD_BOOLEAN,
  FIELD_CHOICE,
  FIELD_JSON,
  FIELD_IMAGE,
  FIELD_FILE,
} FieldType;

struct _HeddleInputRow
{
  FieldType type;
  char *name;
  char *title;
  gboolean required;
  GtkWidget *widget;
  GtkWidget *control; /* what holds the value and takes the focus */
};

static FieldType
field_type (JsonNode *field)
{
  static const char *const names[] = { "text", "multiline", "number", "boolean", "choice", "json", "image", "file" };
  const char *name = heddle_json_get_string (field, "type", "text");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (strcmp (names[i], name) == 0)
        return i;
    }
  return FIELD_TEXT;
}

static char *
text_of (JsonNode *value)
{
  return value != NULL ? heddle_json_to_display (value) : g_strdup ("");
}

static void
make_entry (HeddleInputRow *self,
            JsonNode *value)
{
  g_autofree char *text = text_of (value);

  self->widget = self->control = adw_entry_row_new ();
  gtk_editable_set_text (GTK_EDITABLE (self->control), text);
  if (self->type == FIELD_NUMBER)
    gtk_text_set_input_purpose (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (self->control))), GTK_INPUT_PURPOSE_NUMBER);
}

static void
make_text (HeddleInputRow *self,
           JsonNode *value)
{
  g_autofree char *text = text_of (value);

  self->control = heddle_text_view_new ();
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (self->control), self->type == FIELD_JSON);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->control)), text, -1);
  self->widget = heddle_text_row_new (self->title, self->control, self->type == FIELD_JSON ? 176 : 72, 240);
}

static void
make_switch (HeddleInputRow *self,
             JsonNode *value)
{
  self->widget = adw_action_row_new ();
  self->control = gtk_switch_new ();
  gtk_widget_set_valign (self->control, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (self->control), value != NULL && JSON_NODE_HOLDS_VALUE (value) && json_node_get_boolean (value));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->widget), self->control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self->widget), self->control);
}

static void
make_choice (HeddleInputRow *self,
             JsonNode *field,
             JsonNode *value)
{
  g_autoptr (GtkStringList) choices = gtk_string_list_new (NULL);
  JsonArray *array = heddle_json_get_array (field, "choices");
  g_autofree char *chosen = text_of (value);
  guint selected = 0;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *choice = heddle_json_to_display (json_array_get_element (array, i));

      if (strcmp (choice, chosen) == 0)
        selected = i;
      gtk_string_list_append (choices, choice);
    }
  self->widget = self->control = heddle_combo_row_new (choices);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->control), selected);
}

static gboolean
is_file (HeddleInputRow *self)
{
  return self->type == FIELD_IMAGE || self->type == FIELD_FILE;
}

static void
make_file (HeddleInputRow *self,
           JsonNode *value)
{
  self->widget = heddle_file_row_new (self->type == FIELD_IMAGE);
  self->control = heddle_file_row_get_button (HEDDLE_FILE_ROW (self->widget));
  if (value != NULL && heddle_file_value_is (value))
    heddle_file_row_set_file (HEDDLE_FILE_ROW (self->widget), value);
}

HeddleInputRow *
heddle_input_row_new (JsonNode *field,
                      JsonNode *value)
{
  HeddleInputRow *self = g_new0 (HeddleInputRow, 1);

  self->type = field_type (field);
  self->name = g_strdup (heddle_json_get_string (field, "name", ""));
  self->title = g_strdup (heddle_json_get_string (field, "title", self->name));
  self->required = heddle_json_get_boolean (field, "required", FALSE);
  if (value == NULL)
    value = heddle_json_member (field, "default");
  if (self->type == FIELD_MULTILINE || self->type == FIELD_JSON)
    make_text (self, value);
  else if (self->type == FIELD_BOOLEAN)
    make_switch (self, value);
  else if (self->type == FIELD_CHOICE)
    make_choice (self, field, value);
  else if (is_file (self))
    make_file (self, value);
  else
    make_entry (self, value);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->widget), self->title);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->widget), FALSE);
  return self;
}

void
heddle_input_row_free (HeddleInputRow *self)
{
  g_free (self->name);
  g_free (self->title);
  g_free (self);
}

const char *
heddle_input_row_get_name (HeddleInputRow *self)
{
  return self->name;
}

GtkWidget *
heddle_input_row_get_widget (HeddleInputRow *self)
{
  return self->widget;
}

void
heddle_input_row_watch (HeddleInputRow *self,
                        GCallback func,
                        gpointer object)
{
  GConnectFlags flags = G_CONNECT_SWAPPED;

  if (self->type == FIELD_BOOLEAN)
    g_signal_connect_object (self->control, "notify::active", func, object, flags);
  else if (self->type == FIELD_CHOICE)
    g_signal_connect_object (self->control, "notify::selected", func, object, flags);
  else if (is_file (self))
    g_signal_connect_object (self->widget, "notify::subtitle", func, object, flags);
  else if (GTK_IS_TEXT_VIEW (self->control))
    g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->control)), "changed", func, object, flags);
  else
    g_signal_connect_object (self->control, "changed", func, object, flags);
}

void
heddle_input_row_focus (HeddleInputRow *self)
{
  gtk_widget_grab_focus (self->control);
}

static char *
dup_text (HeddleInputRow *self)
{
  GtkTextBuffer *buffer;
  char *text = NULL;

  if (!GTK_IS_TEXT_VIEW (self->control))
    return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->control)));
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->control));
  g_object_get (buffer, "text", &text, NULL);
  return text;
}

/* As JSON writes numbers, else as the user's language does: 12.5 or 12,5. */
static JsonNode *
parse_number (HeddleInputRow *self,
              const char *text,
              GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autoptr (JsonNode) node = heddle_json_parse (trimmed, -1, NULL);
  char *end;
  double number = g_strtod (trimmed, &end);

  if (heddle_json_is_number (node))
    return g_steal_pointer (&node);
  if (*trimmed != '\0' && *end == '\0' && isfinite (number))
    return heddle_json_double (number);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” takes a number, such as 12.5."), self->title);
  return NULL;
}

static JsonNode *
parse_text (HeddleInputRow *self,
            const char *text,
            GError **error)
{
  JsonNode *node;

  if (self->type == FIELD_NUMBER)
    return parse_number (self, text, error);
  if (self->type != FIELD_JSON)
    return heddle_json_string (text);
  node = heddle_json_parse (text, -1, error);
  if (node == NULL)
    g_prefix_error (error, "%s: ", self->title);
  return node;
}

JsonNode *
heddle_input_row_dup_value (HeddleInputRow *self,
                            GError **error)
{
  g_autofree char *text = NULL;

  if (self->type == FIELD_BOOLEAN)
    return heddle_json_boolean (gtk_switch_get_active (GTK_SWITCH (self->control)));
  if (self->type == FIELD_CHOICE)
    {
      GtkStringObject *item = adw_combo_row_get_selected_item (ADW_COMBO_ROW (self->control));

      return item != NULL ? heddle_json_string (gtk_string_object_get_string (item)) : NULL;
    }
  if (is_file (self))
    {
      JsonNode *file = heddle_file_row_get_file (HEDDLE_FILE_ROW (self->widget));

      if (file != NULL)
        return json_node_ref (file);
    }
  else
    {
      text = dup_text (self);
      if (text[0] != '\0')
        return parse_text (self, text, error);
    }
  if (self->required)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("Fill in “%s” first."), self->title);
  return NULL;
}
