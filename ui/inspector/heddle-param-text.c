/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#include "common/heddle-widgets.h"
#include "inspector/heddle-expression-field.h"

/* Several lines: text with templates, an expression, or JSON, in a highlighted editor. */

static HeddleTemplateViewMode
mode_of (const HeddleParamSpec *spec)
{
  if (spec->language != NULL)
    return HEDDLE_TEMPLATE_VIEW_CODE;
  if (spec->kind == HEDDLE_PARAM_EXPRESSION)
    return HEDDLE_TEMPLATE_VIEW_EXPRESSION;
  return spec->kind == HEDDLE_PARAM_JSON ? HEDDLE_TEMPLATE_VIEW_JSON : HEDDLE_TEMPLATE_VIEW_TEXT;
}

static char *
dup_text (HeddleParamEditor *self)
{
  return heddle_expression_field_dup_text (HEDDLE_EXPRESSION_FIELD (self->field));
}

/* JSON is told only when it is JSON; until then the field says so and the last good value stands. */
static void
emit_json (HeddleParamEditor *self,
           const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = NULL;

  if (text[0] != '\0')
    node = heddle_json_parse (text, -1, &error);
  if (error == NULL)
    heddle_param_editor_emit (self, node);
}

static void
changed_cb (HeddleExpressionField *field,
            HeddleParamEditor *self)
{
  g_autofree char *text = NULL;

  if (self->updating)
    return;
  text = dup_text (self);
  if (self->spec->kind == HEDDLE_PARAM_JSON)
    emit_json (self, text);
  else
    heddle_param_editor_emit (self, heddle_json_string (text));
}

static char *
text_of (HeddleParamEditor *self,
         JsonNode *value)
{
  if (value == NULL)
    return g_strdup ("");
  if (self->spec->kind == HEDDLE_PARAM_JSON)
    return heddle_json_to_text (value, HEDDLE_JSON_PRETTY);
  return heddle_json_to_display (value);
}

/* What a person is typing is not replaced by the same value in another layout. */
static gboolean
shows (HeddleParamEditor *self,
       JsonNode *value,
       const char *shown)
{
  g_autoptr (JsonNode) node = NULL;

  if (self->spec->kind != HEDDLE_PARAM_JSON)
    return FALSE;
  node = heddle_json_parse (shown, -1, NULL);
  return node == NULL || (value != NULL && heddle_json_equal (node, value));
}

static void
update_language (HeddleParamEditor *self)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (self->context->document), self->context->node_id);
  g_autoptr (JsonNode) language = NULL;

  if (node != NULL && node->type != NULL)
    language = heddle_params_dup_value (node->type, node->params, self->spec->language);
  heddle_template_view_set_language (self->focus, heddle_json_is_string (language) ? json_node_get_string (language) : NULL);
}

static void
set_value (HeddleParamEditor *self,
           JsonNode *value)
{
  g_autofree char *text = text_of (self, value);
  g_autofree char *shown = dup_text (self);

  if (self->spec->language != NULL)
    update_language (self);
  if (g_strcmp0 (shown, text) != 0 && !(gtk_widget_has_focus (self->focus) && shows (self, value, shown)))
    heddle_expression_field_set_text (HEDDLE_EXPRESSION_FIELD (self->field), text);
}

static void
pop_out_cb (HeddleParamEditor *self)
{
  heddle_expression_field_pop_out (HEDDLE_EXPRESSION_FIELD (self->field));
}

static void
add_pop_out (HeddleParamEditor *self)
{
  GtkWidget *button = heddle_flat_button_new ("view-fullscreen-symbolic", _ ("Edit in a Window (Ctrl+E)"));

  gtk_widget_set_focusable (button, FALSE);
  gtk_widget_add_css_class (button, "row-button");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (pop_out_cb), self);
  gtk_box_append (GTK_BOX (self->head), button);
}

void
heddle_param_make_text (HeddleParamEditor *self)
{
  gboolean is_line = self->spec->kind == HEDDLE_PARAM_STRING;
  gboolean is_short = is_line || self->spec->kind == HEDDLE_PARAM_EXPRESSION;

  self->field = heddle_expression_field_new (mode_of (self->spec), self->context, _ (self->spec->title), is_short ? 0 : 84, is_line ? 0 : 260);
  self->focus = heddle_expression_field_get_view (HEDDLE_EXPRESSION_FIELD (self->field));
  heddle_expression_field_set_placeholder (HEDDLE_EXPRESSION_FIELD (self->field), self->spec->placeholder != NULL ? _ (self->spec->placeholder) : NULL);
  heddle_param_make_row (self, self->field);
  add_pop_out (self);
  self->set_value = set_value;
  g_signal_connect (self->field, "changed", G_CALLBACK (changed_cb), self);
}
