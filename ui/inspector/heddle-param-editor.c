/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#include "common/heddle-widgets.h"

#define PREVIEW_LENGTH 200

static void (*const makers[]) (HeddleParamEditor *) = {
  [HEDDLE_PARAM_STRING] = heddle_param_make_entry,
  [HEDDLE_PARAM_TEXT] = heddle_param_make_text,
  [HEDDLE_PARAM_EXPRESSION] = heddle_param_make_text,
  [HEDDLE_PARAM_MODEL] = heddle_param_make_reference,
  [HEDDLE_PARAM_CREDENTIAL] = heddle_param_make_reference,
  [HEDDLE_PARAM_KNOWLEDGE] = heddle_param_make_reference,
  [HEDDLE_PARAM_WORKFLOW] = heddle_param_make_reference,
  [HEDDLE_PARAM_MCP_SERVER] = heddle_param_make_reference,
  [HEDDLE_PARAM_CHOICE] = heddle_param_make_choice,
  [HEDDLE_PARAM_INT] = heddle_param_make_number,
  [HEDDLE_PARAM_DOUBLE] = heddle_param_make_number,
  [HEDDLE_PARAM_BOOLEAN] = heddle_param_make_switch,
  [HEDDLE_PARAM_JSON] = heddle_param_make_text,
  [HEDDLE_PARAM_PAIRS] = heddle_param_make_list,
  [HEDDLE_PARAM_FIELDS] = heddle_param_make_list,
  [HEDDLE_PARAM_CASES] = heddle_param_make_list,
  [HEDDLE_PARAM_NAMES] = heddle_param_make_list,
};

static GtkWidget *
problem_label_new (void)
{
  GtkWidget *label = heddle_label_new ("", "caption");

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "problem-text");
  return label;
}

static GtkWidget *
problem_sign_new (void)
{
  GtkWidget *sign = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  gtk_widget_add_css_class (sign, "problem-text");
  gtk_accessible_update_property (GTK_ACCESSIBLE (sign), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Problem"), -1);
  return sign;
}

/* Rows with an editor of several lines explain themselves at their title: a tooltip over the text would cover it. */
static void
add_help_and_problem (HeddleParamEditor *self)
{
  const char *help = self->spec->help != NULL ? _ (self->spec->help) : NULL;
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (self->row));

  if (ADW_IS_ENTRY_ROW (self->row) || ADW_IS_ACTION_ROW (self->row))
    {
      self->problem = problem_sign_new ();
      if (ADW_IS_ENTRY_ROW (self->row))
        adw_entry_row_add_suffix (ADW_ENTRY_ROW (self->row), self->problem);
      else
        adw_action_row_add_suffix (ADW_ACTION_ROW (self->row), self->problem);
      gtk_widget_set_tooltip_text (self->row, help);
    }
  else
    {
      self->problem = problem_label_new ();
      gtk_box_append (GTK_BOX (box), self->problem);
      gtk_widget_set_tooltip_text (gtk_widget_get_first_child (box), help);
    }
  gtk_widget_set_visible (self->problem, FALSE);
}

HeddleParamEditor *
heddle_param_editor_new (const HeddleParamSpec *spec,
                         const HeddleParamContext *context)
{
  HeddleParamEditor *self = g_new0 (HeddleParamEditor, 1);

  self->spec = spec;
  self->context = context;
  makers[spec->kind](self);
  g_object_set_data_full (G_OBJECT (self->row), "heddle-editor", self, g_free);
  if (ADW_IS_PREFERENCES_ROW (self->row))
    {
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), _ (spec->title));
    }
  add_help_and_problem (self);
  return self;
}

void
heddle_param_editor_set_value (HeddleParamEditor *self,
                               JsonNode *value)
{
  self->updating = TRUE;
  self->set_value (self, value);
  self->updating = FALSE;
}

void
heddle_param_editor_emit (HeddleParamEditor *self,
                          JsonNode *value)
{
  if (!self->updating && self->changed != NULL)
    self->changed (self, value, self->user_data);
  g_clear_pointer (&value, json_node_unref);
}

/* Only what differs from the default is kept. */
JsonObject *
heddle_param_object_with (JsonObject *object,
                          const HeddleParamSpec *spec,
                          JsonNode *value)
{
  g_autoptr (JsonNode) standard = heddle_param_dup_default (spec);
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (object != NULL)
    {
      json_object_iter_init_ordered (&iter, object);
      while (json_object_iter_next_ordered (&iter, &name, &member))
        json_object_set_member (copy, name, json_node_ref (member));
    }
  if (json_object_has_member (copy, spec->name))
    json_object_remove_member (copy, spec->name);
  if (value != NULL && (standard == NULL || !heddle_json_equal (standard, value)))
    json_object_set_member (copy, spec->name, json_node_ref (value));
  return copy;
}

/* One line of it; the beginning tells enough. */
static char *
dup_preview (JsonNode *value)
{
  g_autofree char *display = heddle_json_to_display (value);
  g_autofree char *line = heddle_format_line (display, PREVIEW_LENGTH);

  return g_strdup_printf ("= %s", line);
}

void
heddle_param_editor_set_preview (HeddleParamEditor *self,
                                 JsonNode *value)
{
  g_autofree char *text = NULL;

  if (self->preview == NULL)
    return;
  if (value != NULL)
    text = dup_preview (value);
  gtk_label_set_label (self->preview, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->preview), text != NULL);
}

/* Below what is being typed, so that nothing moves under the cursor. */
void
heddle_param_editor_set_problem (HeddleParamEditor *self,
                                 const char *message)
{
  if (GTK_IS_LABEL (self->problem))
    gtk_label_set_label (GTK_LABEL (self->problem), message != NULL ? message : "");
  else
    gtk_widget_set_tooltip_text (self->problem, message);
  gtk_widget_set_visible (self->problem, message != NULL);
}
