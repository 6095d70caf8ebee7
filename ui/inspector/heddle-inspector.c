/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-inspector.h"

#include "common/heddle-widgets.h"
#include "inspector/heddle-param-sections.h"
#include "inspector/heddle-data-scope.h"
#include "inspector/heddle-expression-field.h"
#include "inspector/heddle-field-chooser.h"
#include "inspector/heddle-node-links.h"
#include "inspector/heddle-output-section.h"
#include "inspector/heddle-param-editor.h"
#include "inspector/heddle-policy-section.h"
#include "inspector/heddle-tool-section.h"
#include "inspector/heddle-value-expression.h"
#include "inspector/heddle-workflow-page.h"
#include "palette/heddle-palette.h"

#include <glib/gi18n-lib.h>

struct _HeddleInspector
{
  GtkWidget parent_instance;

  GtkWidget *stack;
  GtkWidget *scroller;
  HeddleWorkflowPage *workflow_page;
  GtkLabel *several_label;
  AdwBin *icon_bin;
  GtkLabel *type_title;
  GtkLabel *type_summary;
  GtkLabel *problems_label;
  GtkListBox *params;
  GtkWidget *advanced_expander;
  GtkWidget *tool_section; /* owned by its parent */
  HeddleOutputSection *output;
  AdwBin *output_bin;
  GtkListBox *advanced;
  GtkListBox *sections; /* an expander row for each */
  HeddlePolicySection *policy;
  AdwEntryRow *title_row;
  AdwEntryRow *id_row;
  HeddleNodeLinks *links;
  AdwBin *links_bin;
  GtkLabel *results;

  HeddleDocument *document;
  GPtrArray *problems;
  char *node_id;
  guint n_selected; /* with node_id: 1 */
  HeddleParamContext context;
  GSignalGroup *trace_signals;
  GPtrArray *editors; /* HeddleParamEditor, each owned by its row */
  gboolean updating;  /* rows are being filled, not edited */
};

enum
{
  PROBLEM_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleInspector, heddle_inspector, GTK_TYPE_WIDGET)

static const HeddleNode *
get_node (HeddleInspector *self)
{
  if (self->document == NULL || self->node_id == NULL)
    return NULL;
  return heddle_graph_find_node (heddle_document_get_graph (self->document), self->node_id);
}

/* One problem at most stands beside a parameter. */
static const char *
find_problem (HeddleInspector *self,
              const char *param)
{
  for (guint i = 0; self->problems != NULL && i < self->problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (self->problems, i);

      if (g_strcmp0 (problem->node, self->node_id) == 0 && g_strcmp0 (problem->param, param) == 0)
        return problem->message;
    }
  return NULL;
}

static void
update_problems (HeddleInspector *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; self->node_id != NULL && self->problems != NULL && i < self->problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (self->problems, i);

      if (g_strcmp0 (problem->node, self->node_id) == 0 && problem->param == NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", problem->message);
    }
  gtk_label_set_label (self->problems_label, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->problems_label), text->len > 0);
  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);

      heddle_param_editor_set_problem (editor, find_problem (self, editor->spec->name));
    }
  heddle_policy_section_set_problems (self->policy, self->node_id != NULL ? self->problems : NULL);
}

/* A parameter that does not apply now is not shown. */
static void
update_values (HeddleInspector *self)
{
  const HeddleNode *node = get_node (self);

  heddle_node_links_update (self->links);
  heddle_policy_section_update (self->policy);
  if (self->tool_section != NULL)
    heddle_tool_section_update (HEDDLE_TOOL_SECTION (self->tool_section));
  if (node == NULL || node->type == NULL)
    return;
  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);
      g_autoptr (JsonNode) value = heddle_params_dup_value (node->type, node->params, editor->spec->name);

      heddle_param_editor_set_value (editor, value);
      heddle_param_editor_set_changed (editor, json_object_has_member (node->params, editor->spec->name));
      gtk_widget_set_visible (editor->row, heddle_param_is_visible (node->type, editor->spec, node->params));
    }
  heddle_param_sections_update (self->sections, node);
}

/* The values of the run may be others now. */
static void
update_previews (HeddleInspector *self)
{
  heddle_output_section_update (self->output);
  for (guint i = 0; i < self->editors->len; i++)
    heddle_param_editor_refresh (g_ptr_array_index (self->editors, i));
}

static void
update_names (HeddleInspector *self)
{
  const HeddleNode *node = get_node (self);

  self->updating = TRUE;
  heddle_editable_set_text (GTK_EDITABLE (self->title_row), node->title);
  heddle_editable_set_text (GTK_EDITABLE (self->id_row), node->id);
  self->updating = FALSE;
}

static void
param_changed_cb (HeddleParamEditor *editor,
                  JsonNode *value,
                  gpointer user_data)
{
  HeddleInspector *self = user_data;

  if (self->node_id != NULL)
    heddle_document_set_param (self->document, self->node_id, editor->spec->name, value);
}

static void
place_row (HeddleInspector *self,
           const HeddleParamSpec *spec,
           GtkWidget *row)
{
  if (spec->section != NULL)
    heddle_param_sections_add (self->sections, spec->section, row);
  else
    gtk_list_box_append (spec->advanced ? self->advanced : self->params, row);
}

static void
add_editor (HeddleInspector *self,
            const HeddleParamSpec *spec)
{
  HeddleParamEditor *editor = heddle_param_editor_new (spec, &self->context);

  editor->changed = param_changed_cb;
  editor->user_data = self;
  g_ptr_array_add (self->editors, editor);
  place_row (self, spec, editor->row);
}

static void
describe_results (HeddleInspector *self,
                  const HeddleNode *node)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (node->type != NULL)
    g_string_append_printf (text, _ ("Result: $%s.output"), node->id);
  for (const HeddleResultKey *key = node->type != NULL ? node->type->results : NULL; key != NULL && key->name != NULL; key++)
    g_string_append_printf (text, ", $%s.%s", node->id, key->name);
  gtk_label_set_label (self->results, text->str);
}

static gboolean
has_rows (GtkListBox *list)
{
  return gtk_list_box_get_row_at_index (list, 0) != NULL;
}

static const char *
page_name (HeddleInspector *self,
           const HeddleNode *node)
{
  if (node != NULL)
    return "node";
  return self->n_selected > 1 ? "several" : "workflow";
}

static void
build (HeddleInspector *self)
{
  const HeddleNode *node = get_node (self);

  self->context.document = self->document;
  self->context.node_id = self->node_id;
  g_ptr_array_set_size (self->editors, 0);
  heddle_list_box_clear (self->params);
  heddle_list_box_clear (self->advanced);
  heddle_list_box_clear (self->sections);
  heddle_policy_section_set_context (self->policy, &self->context);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page_name (self, node));
  if (node == NULL)
    {
      heddle_output_section_update (self->output);
      return;
    }
  if (self->context.services != NULL && self->context.services->store != NULL)
    heddle_data_scope_read_globals (self->context.services->store, self->context.globals);
  adw_bin_set_child (self->icon_bin, heddle_palette_icon_new (node->type));
  gtk_label_set_label (self->type_title, node->type != NULL ? _ (node->type->title) : node->type_id);
  gtk_label_set_label (self->type_summary, node->type != NULL ? _ (node->type->summary)
                                                              : _ ("This version of Heddle does not know this type. The node is kept as it is."));
  if (node->type != NULL)
    {
      HEDDLE_FOREACH_PARAM (spec, node->type)
        add_editor (self, spec);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->params), has_rows (self->params));
  gtk_widget_set_visible (self->advanced_expander, has_rows (self->advanced));
  gtk_widget_set_visible (GTK_WIDGET (self->sections), has_rows (self->sections));
  describe_results (self, node);
  update_names (self);
  update_values (self);
  update_previews (self);
  update_problems (self);
}

static void
problem_activated_cb (HeddleInspector *self,
                      const char *node,
                      const char *param)
{
  g_signal_emit (self, signals[PROBLEM_ACTIVATED], 0, node, param);
}

static void
title_changed_cb (HeddleInspector *self)
{
  const char *title = gtk_editable_get_text (GTK_EDITABLE (self->title_row));

  if (!self->updating && self->node_id != NULL)
    heddle_document_set_title (self->document, self->node_id, title[0] != '\0' ? title : NULL);
}

static void
id_applied_cb (HeddleInspector *self)
{
  g_autofree char *old_id = g_strdup (self->node_id);
  g_autofree char *new_id = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->id_row)));
  g_autoptr (GError) error = NULL;

  if (get_node (self) == NULL || g_strcmp0 (new_id, old_id) == 0)
    return;
  if (heddle_document_rename (self->document, old_id, new_id, &error))
    {
      heddle_inspector_set_node (self, new_id);
      return;
    }
  gtk_label_set_label (self->problems_label, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problems_label), TRUE);
  heddle_editable_set_text (GTK_EDITABLE (self->id_row), self->node_id);
}

static gboolean
touches (HeddleChange *change,
         const char *node_id)
{
  return change->nodes == NULL || g_ptr_array_find_with_equal_func (change->nodes, node_id, g_str_equal, NULL);
}

static void
document_changed_cb (HeddleInspector *self,
                     HeddleChange *change)
{
  if (self->node_id == NULL || change->flags == HEDDLE_CHANGE_LAYOUT || !touches (change, self->node_id))
    return;
  if (get_node (self) == NULL)
    {
      heddle_inspector_set_node (self, NULL);
      return;
    }
  update_names (self);
  update_values (self);
  heddle_output_section_update (self->output);
}

void
heddle_inspector_set_document (HeddleInspector *self,
                               HeddleDocument *document)
{
  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  heddle_workflow_page_set_document (self->workflow_page, document);
  if (document != NULL)
    g_signal_connect_object (document, "changed", G_CALLBACK (document_changed_cb), self, G_CONNECT_SWAPPED);
  heddle_inspector_set_node (self, NULL);
}

/* A number that was typed counts when its row loses the focus, and must find the node it was typed for. */
static void
finish_edit (HeddleInspector *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && gtk_widget_is_ancestor (focus, self->stack))
    gtk_root_set_focus (root, NULL);
}

void
heddle_inspector_set_node (HeddleInspector *self,
                           const char *node_id)
{
  char *previous;

  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  self->n_selected = node_id != NULL ? 1 : 0;
  if (node_id != NULL && g_strcmp0 (self->node_id, node_id) == 0)
    return;
  if (self->node_id != NULL)
    finish_edit (self);
  previous = self->node_id;
  self->node_id = g_strdup (node_id);
  build (self);
  g_free (previous);
}

void
heddle_inspector_set_selection (HeddleInspector *self,
                                const char *const *ids)
{
  guint n = ids != NULL ? g_strv_length ((char **) ids) : 0;
  g_autofree char *text = NULL;

  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  heddle_inspector_set_node (self, n == 1 ? ids[0] : NULL);
  self->n_selected = n;
  if (n < 2)
    return;
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u item is selected. Select one to edit it.",
                                       "%u items are selected. Select one to edit it.", n),
                          n);
  gtk_label_set_label (self->several_label, text);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page_name (self, NULL));
}

void
heddle_inspector_set_problems (HeddleInspector *self,
                               GPtrArray *problems)
{
  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  if (problems != NULL)
    g_ptr_array_ref (problems);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  self->problems = problems;
  heddle_workflow_page_set_problems (self->workflow_page, problems);
  update_problems (self);
}

void
heddle_inspector_set_trace (HeddleInspector *self,
                            HeddleTrace *trace)
{
  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  if (!g_set_object (&self->context.trace, trace))
    return;
  g_signal_group_set_target (self->trace_signals, trace);
  update_previews (self);
}

/* The named parameter, else the main one, else the first that is shown. */
static HeddleParamEditor *
find_editor (HeddleInspector *self,
             const char *param)
{
  HeddleParamEditor *found = NULL;

  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);

      if (param != NULL ? g_str_equal (editor->spec->name, param) : editor->spec->is_main)
        return editor;
      if (found == NULL && gtk_widget_get_visible (editor->row))
        found = editor;
    }
  return found;
}

void
heddle_inspector_focus_param (HeddleInspector *self,
                              const char *param)
{
  HeddleParamEditor *editor;

  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  if (heddle_policy_section_focus (self->policy, param))
    return;
  editor = find_editor (self, param);
  if (editor == NULL)
    return;
  if (editor->spec->section != NULL)
    heddle_param_sections_open (self->sections, editor->spec->section);
  else if (editor->spec->advanced)
    gtk_expander_set_expanded (GTK_EXPANDER (self->advanced_expander), TRUE);
  gtk_widget_grab_focus (editor->focus);
}

/* Of the node's fields, those that take expressions and are shown. */
static GPtrArray *
list_fields (HeddleInspector *self)
{
  GPtrArray *fields = g_ptr_array_new ();

  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);

      if (editor->field != NULL && gtk_widget_get_visible (editor->row) && heddle_expression_field_get_mode (HEDDLE_EXPRESSION_FIELD (editor->field)) != HEDDLE_TEMPLATE_VIEW_CODE)
        g_ptr_array_add (fields, editor);
    }
  return fields;
}

static void
field_chosen_cb (HeddleParamEditor *editor,
                 const char *expression,
                 gpointer user_data)
{
  HeddleInspector *self = user_data;

  heddle_expression_insert (GTK_TEXT_VIEW (editor->focus), heddle_expression_field_get_mode (HEDDLE_EXPRESSION_FIELD (editor->field)), expression);
  heddle_inspector_focus_param (self, editor->spec->name);
}

char *
heddle_inspector_insert_value (HeddleInspector *self,
                               const HeddleValueOrigin *origin)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fields = NULL;
  g_autofree char *expression = NULL;

  g_return_val_if_fail (HEDDLE_IS_INSPECTOR (self) && origin != NULL, NULL);

  if (get_node (self) == NULL)
    return g_strdup (_ ("Select the node on the canvas that is to read this value."));
  expression = heddle_value_expression_dup (&self->context, origin, &error);
  if (expression == NULL)
    return g_strdup (error->message);
  fields = list_fields (self);
  if (fields->len == 0)
    return g_strdup (_ ("This node has no field that takes an expression."));
  if (fields->len == 1)
    field_chosen_cb (g_ptr_array_index (fields, 0), expression, self);
  else
    heddle_field_chooser_popup (GTK_WIDGET (self), fields, expression, field_chosen_cb, self);
  return NULL;
}

GtkWidget *
heddle_inspector_new (const HeddleServices *services)
{
  HeddleInspector *self = g_object_new (HEDDLE_TYPE_INSPECTOR, NULL);

  self->context.services = services;
  self->output = HEDDLE_OUTPUT_SECTION (heddle_output_section_new (&self->context));
  adw_bin_set_child (self->output_bin, GTK_WIDGET (self->output));
  self->links = HEDDLE_NODE_LINKS (heddle_node_links_new (&self->context));
  adw_bin_set_child (self->links_bin, GTK_WIDGET (self->links));
  if (self->tool_section == NULL)
    {
      self->tool_section = heddle_tool_section_new (&self->context);
      gtk_box_insert_child_after (GTK_BOX (gtk_widget_get_parent (self->advanced_expander)), self->tool_section, self->advanced_expander);
    }
  heddle_workflow_page_set_models (self->workflow_page, services != NULL ? services->models : NULL);
  return GTK_WIDGET (self);
}

static void
heddle_inspector_dispose (GObject *object)
{
  HeddleInspector *self = HEDDLE_INSPECTOR (object);
  GtkWidget *child;

  g_clear_object (&self->trace_signals);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->editors, g_ptr_array_unref);
  g_clear_pointer (&self->node_id, g_free);
  g_clear_object (&self->context.trace);
  g_clear_pointer (&self->context.globals, g_hash_table_unref);
  g_clear_object (&self->document);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  G_OBJECT_CLASS (heddle_inspector_parent_class)->dispose (object);
}

static void
heddle_inspector_class_init (HeddleInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_inspector_dispose;
  signals[PROBLEM_ACTIVATED] = g_signal_new ("problem-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                             NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  g_type_ensure (HEDDLE_TYPE_POLICY_SECTION);
  g_type_ensure (HEDDLE_TYPE_WORKFLOW_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/inspector/heddle-inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, scroller);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, workflow_page);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, several_label);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, icon_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, type_title);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, type_summary);
  gtk_widget_class_bind_template_child_full (widget_class, "problems", FALSE, G_STRUCT_OFFSET (HeddleInspector, problems_label));
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, params);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, advanced_expander);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, links_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, advanced);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, sections);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, policy);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, output_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, title_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, id_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, results);
  gtk_widget_class_bind_template_callback (widget_class, problem_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, title_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, id_applied_cb);
}

static void
heddle_inspector_init (HeddleInspector *self)
{
  self->editors = g_ptr_array_new ();
  self->context.globals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->trace_signals = g_signal_group_new (HEDDLE_TYPE_TRACE);
  g_signal_group_connect_swapped (self->trace_signals, "updated", G_CALLBACK (update_previews), self);
}
