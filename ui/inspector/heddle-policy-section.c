/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-policy-section.h"

#include "inspector/heddle-inspector-section.h"

#include <glib/gi18n-lib.h>

#define PREFIX "policy."

struct _HeddlePolicySection
{
  AdwBin parent_instance;

  GtkBox *box;
  HeddleInspectorSection *errors; /* owned by the widget tree, as are the rows */
  HeddleInspectorSection *running;
  GtkLabel *summary;

  const HeddleParamContext *context;
  GPtrArray *editors; /* HeddleParamEditor, each owned by its row; made when their part is unfolded */
  GPtrArray *problems;
  gboolean is_entry; /* of a loop that is made by an edge back to it */
};

G_DEFINE_FINAL_TYPE (HeddlePolicySection, heddle_policy_section, ADW_TYPE_BIN)

static const HeddleNode *
get_node (HeddlePolicySection *self)
{
  if (self->context == NULL || self->context->document == NULL || self->context->node_id == NULL)
    return NULL;
  return heddle_graph_find_node (heddle_document_get_graph (self->context->document), self->context->node_id);
}

static void
changed_cb (HeddleParamEditor *editor,
            JsonNode *value,
            gpointer user_data)
{
  HeddlePolicySection *self = user_data;
  const HeddleNode *node = get_node (self);
  g_autoptr (JsonObject) policy = NULL;

  if (node == NULL)
    return;
  policy = heddle_param_object_with (node->policy, editor->spec, value);
  heddle_document_set_node_object (self->context->document, self->context->node_id, "policy", policy);
}

static HeddleEffect
get_effect (const HeddleNode *node,
            JsonObject *policy)
{
  HeddleEffect effect = node->type->effect;

  heddle_effect_from_string (heddle_params_get_string (policy, "effect", ""), &effect);
  return effect;
}

/* Repeating what changes nothing needs no leave, and only what changes nothing can be remembered in place of doing it. */
static gboolean
is_shown (HeddlePolicySection *self,
          const HeddleNode *node,
          const HeddleParamSpec *spec,
          JsonObject *policy)
{
  HeddleEffect effect = get_effect (node, policy);

  if (g_str_equal (spec->name, "max_rounds") && !self->is_entry && !json_object_has_member (policy, spec->name))
    return FALSE;
  if (g_str_equal (spec->name, "retry_unsafe") && effect != HEDDLE_EFFECT_UNSAFE)
    return FALSE;
  if (g_str_equal (spec->name, "cache") && effect != HEDDLE_EFFECT_PURE && effect != HEDDLE_EFFECT_READ)
    return FALSE;
  return heddle_param_is_visible (&heddle_policy_type, spec, policy);
}

static void
update_summary (HeddlePolicySection *self,
                JsonObject *policy)
{
  g_autofree char *text = heddle_policy_describe (policy);

  gtk_label_set_label (self->summary, text != NULL ? text : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->summary), text);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), text != NULL);
}

static void
update_editor (HeddlePolicySection *self,
               HeddleParamEditor *editor,
               const HeddleNode *node,
               JsonObject *policy)
{
  g_autoptr (JsonNode) value = heddle_params_dup_value (&heddle_policy_type, policy, editor->spec->name);

  heddle_param_editor_set_value (editor, value);
  heddle_param_editor_set_changed (editor, json_object_has_member (policy, editor->spec->name));
  gtk_widget_set_visible (editor->row, is_shown (self, node, editor->spec, policy));
}

void
heddle_policy_section_update (HeddlePolicySection *self)
{
  const HeddleNode *node;
  g_autoptr (JsonObject) policy = NULL;

  g_return_if_fail (HEDDLE_IS_POLICY_SECTION (self));

  node = get_node (self);
  gtk_widget_set_visible (GTK_WIDGET (self), node != NULL && node->type != NULL);
  if (node == NULL || node->type == NULL)
    return;
  policy = node->policy != NULL ? json_object_ref (node->policy) : json_object_new ();
  update_summary (self, policy);
  for (guint i = 0; i < self->editors->len; i++)
    update_editor (self, g_ptr_array_index (self->editors, i), node, policy);
}

/* Whether a way leads from the node back to it, which is quicker to find out than all loops. */
static gboolean
leads_back (HeddleGraph *graph,
            const char *id)
{
  g_autoptr (GPtrArray) queue = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_ptr_array_add (queue, (gpointer) id);
  for (guint next = 0; next < queue->len; next++)
    {
      GPtrArray *edges = heddle_graph_get_out_edges (graph, g_ptr_array_index (queue, next));

      for (guint i = 0; i < edges->len; i++)
        {
          const HeddleEdge *edge = g_ptr_array_index (edges, i);

          if (g_str_equal (edge->to, id))
            return TRUE;
          if (g_hash_table_add (seen, edge->to))
            g_ptr_array_add (queue, edge->to);
        }
    }
  return FALSE;
}

void
heddle_policy_section_check_loops (HeddlePolicySection *self)
{
  const HeddleNode *node = get_node (self);
  HeddleGraph *graph = node != NULL ? heddle_document_get_graph (self->context->document) : NULL;
  g_autoptr (GPtrArray) loops = NULL;

  g_return_if_fail (HEDDLE_IS_POLICY_SECTION (self));

  self->is_entry = FALSE;
  if (node == NULL || !leads_back (graph, node->id))
    return;
  loops = heddle_graph_list_loops (graph);
  for (guint i = 0; i < loops->len; i++)
    self->is_entry = self->is_entry || g_str_equal (((const HeddleGraphLoop *) g_ptr_array_index (loops, i))->entry, node->id);
}

static HeddleInspectorSection *
find_section (HeddlePolicySection *self,
              const HeddleParamSpec *spec)
{
  return spec->section != NULL ? self->running : self->errors;
}

static const char *
find_problem (HeddlePolicySection *self,
              GPtrArray *problems,
              const HeddleParamSpec *spec)
{
  g_autofree char *param = g_strconcat (PREFIX, spec->name, NULL);

  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);

      if (g_strcmp0 (problem->node, self->context->node_id) == 0 && g_strcmp0 (problem->param, param) == 0)
        return problem->message;
    }
  return NULL;
}

void
heddle_policy_section_set_problems (HeddlePolicySection *self,
                                    GPtrArray *problems)
{
  g_return_if_fail (HEDDLE_IS_POLICY_SECTION (self));

  if (problems != NULL)
    g_ptr_array_ref (problems);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  self->problems = problems;
  /* A problem is not hidden. */
  HEDDLE_FOREACH_PARAM (spec, &heddle_policy_type)
    {
      if (find_problem (self, problems, spec) != NULL)
        heddle_inspector_section_reveal (find_section (self, spec), TRUE);
    }
  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);

      heddle_param_editor_set_problem (editor, find_problem (self, problems, editor->spec));
    }
}

static void
build (HeddlePolicySection *self,
       HeddleInspectorSection *section)
{
  HEDDLE_FOREACH_PARAM (spec, &heddle_policy_type)
    {
      HeddleParamEditor *editor;

      if (find_section (self, spec) != section)
        continue;
      editor = heddle_param_editor_new (spec, self->context);
      editor->changed = changed_cb;
      editor->user_data = self;
      g_ptr_array_add (self->editors, editor);
      gtk_list_box_append (heddle_inspector_section_get_list (section), editor->row);
      heddle_param_editor_set_problem (editor, find_problem (self, self->problems, spec));
    }
  heddle_policy_section_update (self);
}

static HeddleInspectorSection *
add_section (HeddlePolicySection *self,
             const char *title,
             const char *key)
{
  GtkWidget *section = heddle_inspector_section_new (title, key, FALSE);

  gtk_box_insert_child_after (self->box, section, GTK_WIDGET (self->errors));
  return HEDDLE_INSPECTOR_SECTION (section);
}

void
heddle_policy_section_set_context (HeddlePolicySection *self,
                                   const HeddleParamContext *context)
{
  g_return_if_fail (HEDDLE_IS_POLICY_SECTION (self) && self->context == NULL);

  self->context = context;
  self->errors = add_section (self, _ ("Error handling"), "policy/errors");
  self->running = add_section (self, _ ("Execution"), "policy/running");
  g_signal_connect_object (self->errors, "opened", G_CALLBACK (build), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->running, "opened", G_CALLBACK (build), self, G_CONNECT_SWAPPED);
  if (heddle_inspector_section_get_expanded (self->errors))
    build (self, self->errors);
  if (heddle_inspector_section_get_expanded (self->running))
    build (self, self->running);
}

gboolean
heddle_policy_section_focus (HeddlePolicySection *self,
                             const char *param)
{
  const HeddleParamSpec *spec;

  g_return_val_if_fail (HEDDLE_IS_POLICY_SECTION (self), FALSE);

  if (param == NULL || !g_str_has_prefix (param, PREFIX))
    return FALSE;
  spec = heddle_node_type_find_param (&heddle_policy_type, param + strlen (PREFIX));
  if (spec != NULL)
    heddle_inspector_section_reveal (find_section (self, spec), TRUE);
  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);

      if (!g_str_equal (editor->spec->name, param + strlen (PREFIX)))
        continue;
      gtk_widget_grab_focus (editor->focus);
      return TRUE;
    }
  return FALSE;
}

static void
heddle_policy_section_finalize (GObject *object)
{
  HeddlePolicySection *self = HEDDLE_POLICY_SECTION (object);

  g_ptr_array_unref (self->editors);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  G_OBJECT_CLASS (heddle_policy_section_parent_class)->finalize (object);
}

static void
heddle_policy_section_class_init (HeddlePolicySectionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_policy_section_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/inspector/heddle-policy-section.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddlePolicySection, box);
  gtk_widget_class_bind_template_child (widget_class, HeddlePolicySection, summary);
}

static void
heddle_policy_section_init (HeddlePolicySection *self)
{
  self->editors = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
