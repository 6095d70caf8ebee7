/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#define PREVIEW_LENGTH 200

static void (*const makers[]) (HeddleParamEditor *) = {
  [HEDDLE_PARAM_STRING] = heddle_param_make_entry,
  [HEDDLE_PARAM_TEXT] = heddle_param_make_text,
  [HEDDLE_PARAM_EXPRESSION] = heddle_param_make_text,
  [HEDDLE_PARAM_MODEL] = heddle_param_make_reference,
  [HEDDLE_PARAM_CREDENTIAL] = heddle_param_make_reference,
  [HEDDLE_PARAM_KNOWLEDGE] = heddle_param_make_reference,
  [HEDDLE_PARAM_CHOICE] = heddle_param_make_choice,
  [HEDDLE_PARAM_INT] = heddle_param_make_number,
  [HEDDLE_PARAM_DOUBLE] = heddle_param_make_number,
  [HEDDLE_PARAM_BOOLEAN] = heddle_param_make_switch,
  [HEDDLE_PARAM_JSON] = heddle_param_make_text,
  [HEDDLE_PARAM_PAIRS] = heddle_param_make_list,
  [HEDDLE_PARAM_FIELDS] = heddle_param_make_list,
  [HEDDLE_PARAM_CASES] = heddle_param_make_list,
};

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
  if (spec->help != NULL)
    gtk_widget_set_tooltip_text (self->row, _ (spec->help));
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

void
heddle_param_editor_set_problem (HeddleParamEditor *self,
                                 const char *message)
{
  const char *help = self->spec->help != NULL ? _ (self->spec->help) : NULL;
  g_autofree char *both = NULL;

  if (message == NULL)
    {
      gtk_widget_remove_css_class (self->row, "problem");
      gtk_widget_set_tooltip_text (self->row, help);
      return;
    }
  both = help != NULL ? g_strdup_printf ("%s\n\n%s", message, help) : g_strdup (message);
  gtk_widget_add_css_class (self->row, "problem");
  gtk_widget_set_tooltip_text (self->row, both);
}
