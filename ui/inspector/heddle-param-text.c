/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#include "common/heddle-widgets.h"
#include "inspector/heddle-template-view.h"

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
  char *text = NULL;

  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->focus)), "text", &text, NULL);
  return text;
}

/* JSON is told only when it is JSON; until then the editor says so and the last good value stands. */
static void
emit_json (HeddleParamEditor *self,
           const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = NULL;

  if (text[0] != '\0')
    node = heddle_json_parse (text, -1, &error);
  heddle_param_editor_set_problem (self, error != NULL ? error->message : NULL);
  if (error == NULL)
    heddle_param_editor_emit (self, node);
}

static void
changed_cb (GtkTextBuffer *buffer,
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
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->focus)), text, -1);
}

static GtkLabel *
preview_new (GtkWidget *row)
{
  GtkWidget *label = heddle_label_new (NULL, "caption");

  gtk_widget_add_css_class (label, "dim-label");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_set_tooltip_text (label, _ ("The value in the run that is shown"));
  gtk_widget_set_visible (label, FALSE);
  gtk_box_append (GTK_BOX (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row))), label);
  return GTK_LABEL (label);
}

void
heddle_param_make_text (HeddleParamEditor *self)
{
  gboolean is_expression = self->spec->kind == HEDDLE_PARAM_EXPRESSION;

  self->focus = heddle_template_view_new (mode_of (self->spec), self->context);
  self->row = heddle_text_row_new (_ (self->spec->title), self->focus, is_expression ? 48 : 84, 260);
  self->preview = self->spec->kind != HEDDLE_PARAM_JSON && self->spec->language == NULL ? preview_new (self->row) : NULL;
  self->set_value = set_value;
  g_signal_connect (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->focus)), "changed", G_CALLBACK (changed_cb), self);
}
