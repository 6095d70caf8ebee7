/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#include "common/heddle-widgets.h"
#include "inspector/heddle-expression-field.h"

/*
 * A list of small objects: name and value of pairs and cases; name, type and "required" of input
 * fields; and a list of plain texts. The rows are the truth while they are edited: keys that have no control here (a field's
 * default, say) are kept with their row.
 */

enum
{
  FIELD_TEXT,
  FIELD_MULTILINE,
  FIELD_NUMBER,
  FIELD_BOOLEAN,
  FIELD_CHOICE,
  FIELD_JSON,
  FIELD_IMAGE,
  FIELD_FILE,
};

static const char *const field_types[] = { "text", "multiline", "number", "boolean", "choice", "json", "image", "file", NULL };

static const char *
field_type_title (guint index)
{
  switch (index)
    {
    case FIELD_MULTILINE:
      return _ ("Long text");
    case FIELD_NUMBER:
      return _ ("Number");
    case FIELD_BOOLEAN:
      return _ ("Yes or no");
    case FIELD_CHOICE:
      return _ ("Choice");
    case FIELD_JSON:
      return _ ("JSON");
    case FIELD_IMAGE:
      return _ ("Picture");
    case FIELD_FILE:
      return _ ("File");
    case FIELD_TEXT:
    default:
      return _ ("Text");
    }
}

static gboolean
is_fields (HeddleParamEditor *self)
{
  return self->spec->kind == HEDDLE_PARAM_FIELDS;
}

static gboolean
is_names (HeddleParamEditor *self)
{
  return self->spec->kind == HEDDLE_PARAM_NAMES;
}

static GtkWidget *
row_part (GtkWidget *row,
          const char *part)
{
  return g_object_get_data (G_OBJECT (row), part);
}

static void
set_text_member (JsonObject *object,
                 const char *key,
                 GtkWidget *entry)
{
  json_object_set_string_member (object, key, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

/* A value that is no text, such as a number, stays what it is until somebody writes another. */
static void
set_value_member (JsonObject *object,
                  GtkWidget *field)
{
  JsonNode *value = json_object_get_member (object, "value");
  g_autofree char *shown = value != NULL ? heddle_json_to_display (value) : NULL;
  g_autofree char *text = heddle_expression_field_dup_text (HEDDLE_EXPRESSION_FIELD (field));

  if (g_strcmp0 (shown, text) != 0)
    json_object_set_string_member (object, "value", text);
}

static void
set_default_member (JsonObject *object,
                    guint type,
                    const char *text)
{
  gboolean is_text = type == FIELD_TEXT || type == FIELD_MULTILINE || type == FIELD_CHOICE;
  g_autoptr (JsonNode) parsed = is_text ? NULL : heddle_json_parse (text, -1, NULL);

  if (text[0] == '\0')
    json_object_remove_member (object, "default");
  else
    json_object_set_member (object, "default", parsed != NULL ? json_node_ref (parsed) : heddle_json_string (text));
}

static void
set_choices_member (JsonObject *object,
                    const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  JsonArray *array = json_array_new ();

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (g_strstrip (words[i])[0] != '\0')
        json_array_add_string_element (array, words[i]);
    }
  json_object_set_array_member (object, "choices", array);
}

static void
set_field_members (JsonObject *object,
                   GtkWidget *row)
{
  guint type = gtk_drop_down_get_selected (GTK_DROP_DOWN (row_part (row, "type")));

  json_object_set_string_member (object, "type", field_types[type]);
  if (gtk_check_button_get_active (GTK_CHECK_BUTTON (row_part (row, "required"))))
    json_object_set_boolean_member (object, "required", TRUE);
  else
    json_object_remove_member (object, "required");
  set_default_member (object, type, gtk_editable_get_text (GTK_EDITABLE (row_part (row, "default"))));
  if (type == FIELD_CHOICE)
    set_choices_member (object, gtk_editable_get_text (GTK_EDITABLE (row_part (row, "choices"))));
}

static JsonNode *
row_value (HeddleParamEditor *self,
           GtkWidget *row)
{
  JsonNode *original = g_object_get_data (G_OBJECT (row), "original");
  JsonObject *object;
  JsonObjectIter iter;
  const char *key;
  JsonNode *member;

  if (is_names (self))
    return heddle_json_string (gtk_editable_get_text (GTK_EDITABLE (row_part (row, "name"))));
  object = json_object_new ();
  if (original != NULL && JSON_NODE_HOLDS_OBJECT (original))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (original));
      while (json_object_iter_next_ordered (&iter, &key, &member))
        json_object_set_member (object, key, json_node_ref (member));
    }
  set_text_member (object, "name", row_part (row, "name"));
  if (is_fields (self))
    set_field_members (object, row);
  else
    set_value_member (object, row_part (row, "value"));
  return heddle_json_object (object);
}

static JsonNode *
list_value (HeddleParamEditor *self)
{
  JsonArray *array = json_array_new ();

  for (GtkWidget *row = gtk_widget_get_first_child (row_part (self->row, "rows")); row != NULL; row = gtk_widget_get_next_sibling (row))
    json_array_add_element (array, row_value (self, row));
  return heddle_json_array (array);
}

static void
emit (HeddleParamEditor *self)
{
  if (!self->updating)
    heddle_param_editor_emit (self, list_value (self));
}

static void
edited_cb (HeddleParamEditor *self)
{
  emit (self);
}

static void
update_field_row (GtkWidget *row)
{
  guint type = gtk_drop_down_get_selected (GTK_DROP_DOWN (row_part (row, "type")));

  gtk_widget_set_visible (row_part (row, "choices"), type == FIELD_CHOICE);
  gtk_widget_set_visible (row_part (row, "default"), type != FIELD_IMAGE && type != FIELD_FILE);
}

static void
type_changed_cb (GtkDropDown *drop_down,
                 GParamSpec *pspec,
                 GtkWidget *row)
{
  update_field_row (row);
  emit (g_object_get_data (G_OBJECT (row), "editor"));
}

static void
remove_cb (GtkButton *button,
           GtkWidget *row)
{
  HeddleParamEditor *self = g_object_get_data (G_OBJECT (row), "editor");

  gtk_widget_grab_focus (self->focus);
  gtk_box_remove (GTK_BOX (row_part (self->row, "rows")), row);
  emit (self);
}

static GtkWidget *
entry_new (HeddleParamEditor *self,
           GtkWidget *row,
           const char *part,
           const char *placeholder,
           const char *text)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 4);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, placeholder, -1);
  g_object_set_data (G_OBJECT (row), part, entry);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (edited_cb), self);
  return entry;
}

static GtkWidget *
value_field_new (HeddleParamEditor *self,
                 GtkWidget *row,
                 const char *text)
{
  GtkWidget *field = heddle_expression_field_new (HEDDLE_TEMPLATE_VIEW_TEXT, self->context, _ ("Value"), 0, 0);

  heddle_expression_field_set_placeholder (HEDDLE_EXPRESSION_FIELD (field), _ ("Value"));
  heddle_expression_field_set_text (HEDDLE_EXPRESSION_FIELD (field), text);
  g_object_set_data (G_OBJECT (row), "value", field);
  g_signal_connect_swapped (field, "changed", G_CALLBACK (edited_cb), self);
  return field;
}

static GtkWidget *
remove_button_new (GtkWidget *row)
{
  GtkWidget *button = heddle_flat_button_new ("list-remove-symbolic", _ ("Remove"));

  g_signal_connect (button, "clicked", G_CALLBACK (remove_cb), row);
  return button;
}

static char *
dup_choices (JsonNode *item)
{
  JsonArray *array = heddle_json_get_array (item, "choices");
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *choice = heddle_json_to_display (json_array_get_element (array, i));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", choice);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GtkWidget *
type_drop_down_new (JsonNode *item)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  const char *type = heddle_json_get_string (item, "type", "text");
  GtkWidget *drop_down;
  guint selected = 0;

  for (guint i = 0; field_types[i] != NULL; i++)
    {
      gtk_string_list_append (titles, field_type_title (i));
      if (g_str_equal (field_types[i], type))
        selected = i;
    }
  drop_down = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&titles)), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), selected);
  return drop_down;
}

/* A second line below the name: type, default, required; and the choices of a choice. */
static void
add_field_controls (HeddleParamEditor *self,
                    GtkWidget *row,
                    JsonNode *item)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *type = type_drop_down_new (item);
  GtkWidget *required = gtk_check_button_new_with_label (_ ("Required"));
  JsonNode *value = heddle_json_member (item, "default");
  g_autofree char *text = value != NULL ? heddle_json_to_display (value) : g_strdup ("");
  g_autofree char *choices = dup_choices (item);

  g_object_set_data (G_OBJECT (row), "type", type);
  g_object_set_data (G_OBJECT (row), "required", required);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (required), heddle_json_get_boolean (item, "required", FALSE));
  gtk_box_append (GTK_BOX (line), type);
  gtk_box_append (GTK_BOX (line), required);
  gtk_box_append (GTK_BOX (row), line);
  gtk_box_append (GTK_BOX (row), entry_new (self, row, "choices", _ ("Choices, separated by commas"), choices));
  gtk_box_append (GTK_BOX (row), entry_new (self, row, "default", _ ("Default value"), text));
  g_signal_connect (type, "notify::selected", G_CALLBACK (type_changed_cb), row);
  g_signal_connect_swapped (required, "toggled", G_CALLBACK (edited_cb), self);
  update_field_row (row);
}

static const char *
item_title (HeddleParamEditor *self)
{
  return is_names (self) && self->spec->item_kind == HEDDLE_PARAM_MODEL ? _ ("Provider/model") : _ ("Name");
}

static const char *
item_name (JsonNode *item)
{
  return heddle_json_is_string (item) ? json_node_get_string (item) : heddle_json_get_string (item, "name", "");
}

static GtkWidget *
add_row (HeddleParamEditor *self,
         JsonNode *item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = entry_new (self, row, "name", item_title (self), item_name (item));
  JsonNode *value = heddle_json_member (item, "value");
  g_autofree char *text = value != NULL ? heddle_json_to_display (value) : g_strdup ("");

  g_object_set_data (G_OBJECT (row), "editor", self);
  if (item != NULL)
    g_object_set_data_full (G_OBJECT (row), "original", json_node_ref (item), (GDestroyNotify) json_node_unref);
  gtk_box_append (GTK_BOX (line), name);
  if (is_names (self) && self->spec->item_kind != 0)
    gtk_box_append (GTK_BOX (line), heddle_param_choose_button_new (self->context, self->spec->item_kind, GTK_EDITABLE (name)));
  gtk_box_append (GTK_BOX (line), remove_button_new (row));
  gtk_box_append (GTK_BOX (row), line);
  if (is_fields (self))
    add_field_controls (self, row, item);
  else if (!is_names (self))
    gtk_box_append (GTK_BOX (row), value_field_new (self, row, text));
  gtk_widget_add_css_class (row, "list-item");
  gtk_box_append (GTK_BOX (row_part (self->row, "rows")), row);
  return name;
}

static void
add_clicked_cb (HeddleParamEditor *self)
{
  gtk_widget_grab_focus (add_row (self, NULL));
  emit (self);
}

static void
set_value (HeddleParamEditor *self,
           JsonNode *value)
{
  GtkWidget *rows = row_part (self->row, "rows");
  g_autoptr (JsonNode) shown = list_value (self);
  GtkWidget *row;

  if (value != NULL && heddle_json_equal (shown, value))
    return;
  while ((row = gtk_widget_get_first_child (rows)) != NULL)
    gtk_box_remove (GTK_BOX (rows), row);
  if (value == NULL || !JSON_NODE_HOLDS_ARRAY (value))
    return;
  for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
    add_row (self, json_array_get_element (json_node_get_array (value), i));
}

void
heddle_param_make_list (HeddleParamEditor *self)
{
  GtkWidget *add = heddle_flat_button_new ("list-add-symbolic", _ ("Add"));
  GtkWidget *rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  g_signal_connect_swapped (add, "clicked", G_CALLBACK (add_clicked_cb), self);
  self->focus = add;
  heddle_param_make_row (self, rows);
  gtk_box_append (GTK_BOX (self->head), add);
  self->set_value = set_value;
  g_object_set_data (G_OBJECT (self->row), "rows", rows);
}
