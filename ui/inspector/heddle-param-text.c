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

/* What was typed instead of a value. */
typedef struct
{
  char *text;
  JsonNode *value; /* or NULL */
} Draft;

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  g_free (draft->text);
  g_clear_pointer (&draft->value, json_node_unref);
  g_free (draft);
}

GHashTable *
heddle_param_drafts_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, draft_free);
}

static char *
dup_draft_key (HeddleParamEditor *self)
{
  return g_strdup_printf ("%s.%s", self->context->node_id, self->spec->name);
}

static JsonNode *
dup_stored (HeddleParamEditor *self)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (self->context->document), self->context->node_id);

  return node != NULL && node->type != NULL ? heddle_params_dup_value (node->type, node->params, self->spec->name) : NULL;
}

/* text NULL: there is none any more. */
static void
keep_draft (HeddleParamEditor *self,
            const char *text)
{
  g_autofree char *key = NULL;
  Draft *draft;

  if (self->context->drafts == NULL || self->context->document == NULL || self->context->node_id == NULL)
    return;
  key = dup_draft_key (self);
  if (text == NULL)
    {
      g_hash_table_remove (self->context->drafts, key);
      return;
    }
  draft = g_new0 (Draft, 1);
  draft->text = g_strdup (text);
  draft->value = dup_stored (self);
  g_hash_table_replace (self->context->drafts, g_steal_pointer (&key), draft);
}

static gboolean
is_same (JsonNode *a,
         JsonNode *b)
{
  return a == b || (a != NULL && b != NULL && heddle_json_equal (a, b));
}

/* What was typed last, unless the value has become another one since; borrowed or NULL. */
static const char *
find_draft (HeddleParamEditor *self,
            JsonNode *value)
{
  g_autofree char *key = NULL;
  Draft *draft;

  if (self->context->drafts == NULL || self->context->node_id == NULL || self->spec->kind != HEDDLE_PARAM_JSON)
    return NULL;
  key = dup_draft_key (self);
  draft = g_hash_table_lookup (self->context->drafts, key);
  return draft != NULL && is_same (draft->value, value) ? draft->text : NULL;
}

/* JSON is told only when it is JSON; until then the field says so, the last good value stands, and what was typed is kept beside it. */
static void
emit_json (HeddleParamEditor *self,
           const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = NULL;

  if (text[0] != '\0')
    node = heddle_json_parse (text, -1, &error);
  keep_draft (self, error != NULL ? text : NULL);
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
  const char *draft = find_draft (self, value);

  if (draft != NULL)
    return g_strdup (draft);
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

  if (self->spec->kind != HEDDLE_PARAM_JSON || !heddle_expression_field_is_edited (HEDDLE_EXPRESSION_FIELD (self->field)))
    return FALSE;
  node = heddle_json_parse (shown, -1, NULL);
  return node == NULL || is_same (node, value);
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
  if (g_strcmp0 (shown, text) != 0 && !shows (self, value, shown))
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
