/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-inspector-private.h"

#include "common/heddle-widgets.h"
#include "inspector/heddle-data-scope.h"
#include "inspector/heddle-node-neighbours.h"
#include "inspector/heddle-template-view.h"

#include <glib/gi18n-lib.h>

/* After the first frame, which comes first. */
#define WARM_UP_DELAY 400

enum
{
  PROBLEM_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleInspector, heddle_inspector, GTK_TYPE_WIDGET)

const HeddleNode *
_heddle_inspector_get_node (HeddleInspector *self)
{
  if (self->document == NULL || self->ids == NULL)
    return NULL;
  return heddle_graph_find_node (heddle_document_get_graph (self->document), self->ids[0]);
}

gboolean
_heddle_inspector_is_several (HeddleInspector *self)
{
  return self->ids != NULL && self->ids[1] != NULL;
}

static void
update_problems (HeddleInspector *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GPtrArray *problems = self->ids != NULL && !_heddle_inspector_is_several (self) ? self->problems : NULL;

  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);

      if (g_strcmp0 (problem->node, self->ids[0]) == 0 && problem->param == NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", problem->message);
    }
  gtk_label_set_label (self->problems_label, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->problems_label), text->len > 0);
  heddle_param_panel_set_problems (self->params, problems);
  heddle_policy_section_set_problems (self->policy, problems);
}

static void
update_values (HeddleInspector *self)
{
  heddle_node_header_update (self->header);
  heddle_param_panel_update (self->params);
  if (_heddle_inspector_is_several (self))
    return;
  heddle_node_links_update (self->links);
  heddle_policy_section_update (self->policy);
  heddle_tool_section_update (self->tool_section);
}

/* The values of the run may be others now. */
static void
update_previews (HeddleInspector *self)
{
  heddle_node_header_update (self->header);
  heddle_edge_page_update (self->edge_page);
  heddle_output_section_update (self->output);
  heddle_param_panel_refresh (self->params);
}

static void
fill_neighbours (HeddleInspector *self)
{
  GtkListBox *list = heddle_inspector_section_get_list (self->neighbours);

  if (self->ids == NULL || _heddle_inspector_is_several (self) || !heddle_inspector_section_get_expanded (self->neighbours))
    return;
  heddle_node_neighbours_fill (list, heddle_document_get_graph (self->document), self->ids[0]);
}

static void
update_edges (HeddleInspector *self)
{
  HeddleGraph *graph = heddle_document_get_graph (self->document);
  guint n_before = heddle_graph_get_in_edges (graph, self->ids[0])->len;
  guint n_after = heddle_graph_get_out_edges (graph, self->ids[0])->len;
  g_autofree char *text = g_strdup_printf (_ ("%u before, %u after"), n_before, n_after);

  heddle_policy_section_check_loops (self->policy);
  heddle_inspector_section_set_subtitle (self->neighbours, text);
  gtk_widget_set_visible (GTK_WIDGET (self->neighbours), n_before + n_after > 0);
  fill_neighbours (self);
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

static const char *
page_name (HeddleInspector *self)
{
  if (self->ids != NULL)
    return "node";
  if (heddle_edge_page_has_edge (self->edge_page))
    return "edge";
  if (heddle_annotation_page_has_any (self->annotation_page))
    return "annotation";
  return self->n_selected > 1 ? "several" : "workflow";
}

static void
build (HeddleInspector *self)
{
  const HeddleNode *node = _heddle_inspector_get_node (self);

  self->context.document = self->document;
  self->context.node_id = self->ids != NULL ? self->ids[0] : NULL;
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page_name (self));
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)), 0);
  heddle_param_panel_set_nodes (self->params, (const char *const *) self->ids);
  if (node == NULL)
    {
      heddle_output_section_update (self->output);
      return;
    }
  if (self->context.services != NULL && self->context.services->store != NULL)
    heddle_data_scope_read_globals (self->context.services->store, self->context.globals);
  heddle_node_header_set_nodes (self->header, &self->context, (const char *const *) self->ids);
  gtk_widget_set_visible (self->rest, !_heddle_inspector_is_several (self));
  describe_results (self, node);
  update_edges (self);
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
neighbour_activated_cb (HeddleInspector *self,
                        GtkListBoxRow *row)
{
  g_signal_emit (self, signals[PROBLEM_ACTIVATED], 0, heddle_node_neighbours_get_id (row), NULL);
}

static void
end_activated_cb (HeddleInspector *self,
                  const char *node)
{
  g_signal_emit (self, signals[PROBLEM_ACTIVATED], 0, node, NULL);
}

static void
renamed_cb (HeddleInspector *self,
            const char *id)
{
  heddle_inspector_set_node (self, id);
}

static void
failed_cb (HeddleInspector *self,
           const char *message)
{
  gtk_label_set_label (self->problems_label, message);
  gtk_widget_set_visible (GTK_WIDGET (self->problems_label), TRUE);
}

static void
search_changed_cb (HeddleInspector *self)
{
  gboolean found = heddle_param_panel_search (self->params, gtk_editable_get_text (self->search_entry));

  gtk_widget_set_visible (self->not_found, !found && *gtk_editable_get_text (self->search_entry) != '\0');
  gtk_widget_set_visible (self->rest, !_heddle_inspector_is_several (self) && *gtk_editable_get_text (self->search_entry) == '\0');
}

void
heddle_inspector_search (HeddleInspector *self)
{
  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  if (self->ids == NULL)
    return;
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* What the parameter with the focus is for; without one, the handbook is asked for. */
static void
explain_action (GtkWidget *widget,
                const char *action,
                GVariant *parameter)
{
  HeddleParamEditor *editor = heddle_param_panel_find_focused (HEDDLE_INSPECTOR (widget)->params);

  if (editor != NULL)
    heddle_param_editor_explain (editor);
  else
    gtk_widget_activate_action (widget, "win.help", NULL);
}

static gboolean
touches (HeddleChange *change,
         const char *node_id)
{
  return change->nodes == NULL || g_ptr_array_find_with_equal_func (change->nodes, node_id, g_str_equal, NULL);
}

static gboolean
touches_any (HeddleInspector *self,
             HeddleChange *change)
{
  for (guint i = 0; self->ids[i] != NULL; i++)
    {
      if (touches (change, self->ids[i]))
        return TRUE;
    }
  return FALSE;
}

/* Those of the nodes that are still there; NULL: none. */
static char **
list_left (HeddleInspector *self)
{
  g_autoptr (GStrvBuilder) left = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;

  for (guint i = 0; self->ids[i] != NULL; i++)
    {
      if (heddle_graph_find_node (heddle_document_get_graph (self->document), self->ids[i]) != NULL)
        g_strv_builder_add (left, self->ids[i]);
    }
  ids = g_strv_builder_end (left);
  return ids[0] != NULL ? g_steal_pointer (&ids) : NULL;
}

/* Takes ids. */
static void
edit_nodes (HeddleInspector *self,
            char **ids)
{
  char **previous = self->ids;

  self->ids = ids;
  build (self);
  g_strfreev (previous);
}

static void
document_changed_cb (HeddleInspector *self,
                     HeddleChange *change)
{
  g_auto (GStrv) left = NULL;

  heddle_edge_page_update (self->edge_page);
  heddle_annotation_page_update (self->annotation_page);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page_name (self));
  if (self->ids == NULL || change->flags == HEDDLE_CHANGE_LAYOUT || !touches_any (self, change))
    return;
  left = list_left (self);
  if (left == NULL || g_strv_length (left) != g_strv_length (self->ids))
    {
      self->n_selected = left != NULL ? g_strv_length (left) : 0;
      edit_nodes (self, g_steal_pointer (&left));
      return;
    }
  if ((change->flags & HEDDLE_CHANGE_EDGES) != 0)
    update_edges (self);
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
  heddle_inspector_set_node (self, NULL);
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

static gboolean
are_same (char **a,
          char **b)
{
  return a == b || (a != NULL && b != NULL && g_strv_equal ((const char *const *) a, (const char *const *) b));
}

void
heddle_inspector_set_selection (HeddleInspector *self,
                                const char *const *ids)
{
  g_autoptr (GStrvBuilder) nodes = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;
  g_autofree char *text = NULL;
  guint n = ids != NULL ? g_strv_length ((char **) ids) : 0;

  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  for (guint i = 0; i < n; i++)
    {
      if (self->document != NULL && heddle_graph_find_node (heddle_document_get_graph (self->document), ids[i]) != NULL)
        g_strv_builder_add (nodes, ids[i]);
    }
  list = g_strv_builder_end (nodes);
  /* A node among notes is not meant alone. */
  if (list[0] == NULL || (list[1] == NULL && n > 1))
    g_clear_pointer (&list, g_strfreev);
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u item is selected. Select one to edit it.",
                                       "%u items are selected. Select one to edit it.", n),
                          n);
  gtk_label_set_label (self->several_label, text);
  heddle_annotation_page_set_ids (self->annotation_page, self->document, ids);
  if (list != NULL && n == self->n_selected && are_same (self->ids, list))
    return;
  if (self->ids != NULL)
    finish_edit (self);
  self->n_selected = n;
  edit_nodes (self, g_steal_pointer (&list));
}

void
heddle_inspector_set_edge (HeddleInspector *self,
                           const HeddleEdge *edge)
{
  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  heddle_edge_page_set_edge (self->edge_page, edge);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page_name (self));
}

void
heddle_inspector_set_node (HeddleInspector *self,
                           const char *node_id)
{
  const char *const ids[] = { node_id, NULL };

  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  heddle_inspector_set_selection (self, node_id != NULL ? ids : NULL);
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

void
heddle_inspector_focus_param (HeddleInspector *self,
                              const char *param)
{
  HeddleParamEditor *editor;

  g_return_if_fail (HEDDLE_IS_INSPECTOR (self));

  if (self->ids == NULL || heddle_policy_section_focus (self->policy, param))
    return;
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  editor = heddle_param_panel_reveal (self->params, param);
  if (editor != NULL)
    gtk_widget_grab_focus (editor->focus);
}

/* The first editor of all takes a tenth of a second, for reading languages and colours; nobody should wait for it. */
static gboolean
warm_up_cb (gpointer user_data)
{
  HeddleInspector *self = user_data;
  GtkWidget *view = g_object_ref_sink (heddle_template_view_new (HEDDLE_TEMPLATE_VIEW_CODE, &self->context));

  heddle_template_view_set_language (view, "javascript");
  g_object_unref (view);
  self->warm_up = 0;
  return G_SOURCE_REMOVE;
}

static void
mapped_cb (HeddleInspector *self)
{
  g_signal_handlers_disconnect_by_func (self, mapped_cb, NULL);
  self->warm_up = g_timeout_add_full (G_PRIORITY_LOW, WARM_UP_DELAY, warm_up_cb, self, NULL);
}

static void
add_neighbours (HeddleInspector *self)
{
  self->neighbours = HEDDLE_INSPECTOR_SECTION (heddle_inspector_section_new (_ ("Connections"), "connections", FALSE));
  adw_bin_set_child (self->neighbours_bin, GTK_WIDGET (self->neighbours));
  g_signal_connect_object (self->neighbours, "opened", G_CALLBACK (fill_neighbours), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (heddle_inspector_section_get_list (self->neighbours), "row-activated", G_CALLBACK (neighbour_activated_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
heddle_inspector_new (const HeddleServices *services)
{
  HeddleInspector *self = g_object_new (HEDDLE_TYPE_INSPECTOR, NULL);

  self->context.services = services;
  self->params = HEDDLE_PARAM_PANEL (heddle_param_panel_new (&self->context));
  adw_bin_set_child (self->params_bin, GTK_WIDGET (self->params));
  heddle_policy_section_set_context (self->policy, &self->context);
  self->output = HEDDLE_OUTPUT_SECTION (heddle_output_section_new (&self->context));
  adw_bin_set_child (self->output_bin, GTK_WIDGET (self->output));
  self->links = HEDDLE_NODE_LINKS (heddle_node_links_new (&self->context));
  adw_bin_set_child (self->links_bin, GTK_WIDGET (self->links));
  self->tool_section = HEDDLE_TOOL_SECTION (heddle_tool_section_new (&self->context));
  adw_bin_set_child (self->tool_bin, GTK_WIDGET (self->tool_section));
  self->edge_page = HEDDLE_EDGE_PAGE (heddle_edge_page_new (&self->context));
  adw_bin_set_child (self->edge_bin, GTK_WIDGET (self->edge_page));
  g_signal_connect_object (self->edge_page, "node-activated", G_CALLBACK (end_activated_cb), self, G_CONNECT_SWAPPED);
  add_neighbours (self);
  heddle_workflow_page_set_models (self->workflow_page, services != NULL ? services->models : NULL);
  return GTK_WIDGET (self);
}

static void
heddle_inspector_dispose (GObject *object)
{
  HeddleInspector *self = HEDDLE_INSPECTOR (object);
  GtkWidget *child;

  g_clear_handle_id (&self->warm_up, g_source_remove);
  g_clear_object (&self->trace_signals);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->ids, g_strfreev);
  g_clear_object (&self->context.trace);
  g_clear_pointer (&self->context.globals, g_hash_table_unref);
  g_clear_pointer (&self->context.drafts, g_hash_table_unref);
  g_clear_object (&self->document);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  G_OBJECT_CLASS (heddle_inspector_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, scroller);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, workflow_page);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, annotation_page);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, edge_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, several_label);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, search_bar);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, search_entry);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, search_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, header);
  gtk_widget_class_bind_template_child_full (widget_class, "problems", FALSE, G_STRUCT_OFFSET (HeddleInspector, problems_label));
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, not_found);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, params_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, rest);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, tool_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, policy);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, output_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, neighbours_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, links_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleInspector, results);
}

static void
heddle_inspector_class_init (HeddleInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_inspector_dispose;
  signals[PROBLEM_ACTIVATED] = g_signal_new ("problem-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                             NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  g_type_ensure (HEDDLE_TYPE_ANNOTATION_PAGE);
  g_type_ensure (HEDDLE_TYPE_NODE_HEADER);
  g_type_ensure (HEDDLE_TYPE_POLICY_SECTION);
  g_type_ensure (HEDDLE_TYPE_WORKFLOW_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/inspector/heddle-inspector.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, problem_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, renamed_cb);
  gtk_widget_class_bind_template_callback (widget_class, failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_install_action (widget_class, "inspector.explain", NULL, explain_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F1, 0, "inspector.explain", NULL);
}

static void
heddle_inspector_init (HeddleInspector *self)
{
  self->context.drafts = heddle_param_drafts_new ();
  self->context.globals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  g_signal_connect_after (self, "map", G_CALLBACK (mapped_cb), NULL);
  self->trace_signals = g_signal_group_new (HEDDLE_TYPE_TRACE);
  g_signal_group_connect_swapped (self->trace_signals, "updated", G_CALLBACK (update_previews), self);
}
