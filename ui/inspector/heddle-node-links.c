/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-node-links.h"

#include "library/heddle-conversations-window.h"

#include <glib/gi18n-lib.h>

struct _HeddleNodeLinks
{
  GtkWidget parent_instance;

  GtkWidget *memory_button;
  GtkWidget *conversations_button;
  GtkWidget *inline_button;
  GtkWidget *save_button;

  const HeddleParamContext *context;
};

G_DEFINE_FINAL_TYPE (HeddleNodeLinks, heddle_node_links, GTK_TYPE_WIDGET)

static const HeddleNode *
get_node (HeddleNodeLinks *self)
{
  const HeddleNode *node = NULL;

  if (self->context->document != NULL && self->context->node_id != NULL)
    node = heddle_graph_find_node (heddle_document_get_graph (self->context->document), self->context->node_id);
  return node != NULL && node->type != NULL ? node : NULL;
}

/* Of the node's own memory, for a node that remembers. */
static gboolean
update_memory (HeddleNodeLinks *self,
               const HeddleNode *node)
{
  HeddleGraph *graph = heddle_document_get_graph (self->context->document);
  const char *name = heddle_graph_get_name (graph);
  g_autoptr (JsonNode) remembers = heddle_params_dup_value (node->type, node->params, "persistent_memory_enabled");
  gboolean is_on = remembers != NULL && json_node_get_value_type (remembers) == G_TYPE_BOOLEAN && json_node_get_boolean (remembers);

  if (is_on)
    {
      /* The same name as recall and learning use. */
      g_autofree char *memory = g_strdup_printf ("%s/%s", name != NULL && *name != '\0' ? name : heddle_graph_get_id (graph), node->id);

      gtk_actionable_set_action_target (GTK_ACTIONABLE (self->memory_button), "s", memory);
    }
  return is_on;
}

static gboolean
has_conversations (HeddleNodeLinks *self,
                   const HeddleNode *node)
{
  g_autoptr (JsonNode) key = heddle_params_dup_value (node->type, node->params, "session_key");
  gboolean has_store = self->context->services != NULL && self->context->services->store != NULL;

  return has_store && !heddle_json_is_blank (key);
}

static gboolean
runs_workflow (const HeddleNode *node)
{
  g_autoptr (JsonNode) workflow = heddle_params_dup_value (node->type, node->params, "workflow");

  return g_str_equal (node->type->id, "sub-workflow") && !heddle_json_is_blank (workflow);
}

void
heddle_node_links_update (HeddleNodeLinks *self)
{
  const HeddleNode *node;

  g_return_if_fail (HEDDLE_IS_NODE_LINKS (self));

  node = get_node (self);
  gtk_widget_set_visible (self->memory_button, node != NULL && update_memory (self, node));
  gtk_widget_set_visible (self->conversations_button, node != NULL && has_conversations (self, node));
  gtk_widget_set_visible (self->inline_button, node != NULL && runs_workflow (node));
  gtk_widget_set_visible (self->save_button, node != NULL && g_str_equal (node->type->id, "subflow"));
}

static void
conversations_cb (HeddleNodeLinks *self)
{
  GtkWidget *window = heddle_conversations_window_new (self->context->services->store, heddle_graph_get_id (heddle_document_get_graph (self->context->document)), self->context->node_id);

  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
}

static GtkWidget *
add_button (HeddleNodeLinks *self,
            const char *label,
            const char *tooltip)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_set_visible (button, FALSE);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
  return button;
}

static void
set_action (GtkWidget *button,
            const char *action)
{
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
}

GtkWidget *
heddle_node_links_new (const HeddleParamContext *context)
{
  HeddleNodeLinks *self = g_object_new (HEDDLE_TYPE_NODE_LINKS, NULL);

  self->context = context;
  return GTK_WIDGET (self);
}

static void
heddle_node_links_dispose (GObject *object)
{
  HeddleNodeLinks *self = HEDDLE_NODE_LINKS (object);

  g_clear_pointer (&self->memory_button, gtk_widget_unparent);
  g_clear_pointer (&self->conversations_button, gtk_widget_unparent);
  g_clear_pointer (&self->inline_button, gtk_widget_unparent);
  g_clear_pointer (&self->save_button, gtk_widget_unparent);
  G_OBJECT_CLASS (heddle_node_links_parent_class)->dispose (object);
}

static void
heddle_node_links_class_init (HeddleNodeLinksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_node_links_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
heddle_node_links_init (HeddleNodeLinks *self)
{
  GtkBoxLayout *layout = GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self)));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (layout, 6);
  self->memory_button = add_button (self, _ ("Show What It _Remembers"), NULL);
  set_action (self->memory_button, "win.memory-of");
  self->conversations_button = add_button (self, _ ("Con_versations…"), _ ("What was said with each session key"));
  g_signal_connect_object (self->conversations_button, "clicked", G_CALLBACK (conversations_cb), self, G_CONNECT_SWAPPED);
  self->inline_button = add_button (self, _ ("_Inline Workflow"), _ ("Put a copy of what it runs in its place, as a frame with the nodes in it"));
  set_action (self->inline_button, "win.inline-workflow");
  self->save_button = add_button (self, _ ("_Save as Workflow…"), _ ("Store what is in the frame as a workflow of its own, which this node then runs"));
  set_action (self->save_button, "win.save-subflow");
}
