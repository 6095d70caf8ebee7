/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-policy-section.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

#define PREFIX "policy."

struct _HeddlePolicySection
{
  AdwBin parent_instance;

  GtkExpander *errors_expander; /* owned by the widget tree, as are the rows */
  GtkListBox *errors_list;
  GtkExpander *running_expander;
  GtkListBox *running_list;
  GtkLabel *summary;

  const HeddleParamContext *context;
  GPtrArray *editors; /* HeddleParamEditor, each owned by its row */
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

static void
add_editor (HeddlePolicySection *self,
            const HeddleParamSpec *spec)
{
  HeddleParamEditor *editor = heddle_param_editor_new (spec, self->context);

  editor->changed = changed_cb;
  editor->user_data = self;
  g_ptr_array_add (self->editors, editor);
  gtk_list_box_append (spec->section != NULL ? self->running_list : self->errors_list, editor->row);
}

void
heddle_policy_section_set_context (HeddlePolicySection *self,
                                   const HeddleParamContext *context)
{
  g_return_if_fail (HEDDLE_IS_POLICY_SECTION (self));

  self->context = context;
  g_ptr_array_set_size (self->editors, 0);
  heddle_list_box_clear (self->errors_list);
  heddle_list_box_clear (self->running_list);
  HEDDLE_FOREACH_PARAM (spec, &heddle_policy_type)
    add_editor (self, spec);
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
is_shown (const HeddleNode *node,
          const HeddleParamSpec *spec,
          JsonObject *policy)
{
  HeddleEffect effect = get_effect (node, policy);

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
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);
      g_autoptr (JsonNode) value = heddle_params_dup_value (&heddle_policy_type, policy, editor->spec->name);

      heddle_param_editor_set_value (editor, value);
      heddle_param_editor_set_changed (editor, json_object_has_member (policy, editor->spec->name));
      gtk_widget_set_visible (editor->row, is_shown (node, editor->spec, policy));
    }
}

static GtkExpander *
find_expander (HeddlePolicySection *self,
               const HeddleParamSpec *spec)
{
  return spec->section != NULL ? self->running_expander : self->errors_expander;
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

  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);
      const char *message = find_problem (self, problems, editor->spec);

      heddle_param_editor_set_problem (editor, message);
      /* A problem is not hidden. */
      if (message != NULL)
        gtk_expander_set_expanded (find_expander (self, editor->spec), TRUE);
    }
}

gboolean
heddle_policy_section_focus (HeddlePolicySection *self,
                             const char *param)
{
  g_return_val_if_fail (HEDDLE_IS_POLICY_SECTION (self), FALSE);

  if (param == NULL || !g_str_has_prefix (param, PREFIX))
    return FALSE;
  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);

      if (!g_str_equal (editor->spec->name, param + strlen (PREFIX)))
        continue;
      gtk_expander_set_expanded (find_expander (self, editor->spec), TRUE);
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
  G_OBJECT_CLASS (heddle_policy_section_parent_class)->finalize (object);
}

static void
heddle_policy_section_class_init (HeddlePolicySectionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_policy_section_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/inspector/heddle-policy-section.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddlePolicySection, errors_expander);
  gtk_widget_class_bind_template_child (widget_class, HeddlePolicySection, errors_list);
  gtk_widget_class_bind_template_child (widget_class, HeddlePolicySection, running_expander);
  gtk_widget_class_bind_template_child (widget_class, HeddlePolicySection, running_list);
  gtk_widget_class_bind_template_child (widget_class, HeddlePolicySection, summary);
}

static void
heddle_policy_section_init (HeddlePolicySection *self)
{
  self->editors = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
