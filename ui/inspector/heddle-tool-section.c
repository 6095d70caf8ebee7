/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-tool-section.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _HeddleToolSection
{
  AdwBin parent_instance;

  GtkListBox *list; /* owned by the widget tree, as are the rows */
  const HeddleParamContext *context;
  GPtrArray *editors; /* HeddleParamEditor, each owned by its row */
};

G_DEFINE_FINAL_TYPE (HeddleToolSection, heddle_tool_section, ADW_TYPE_BIN)

static const HeddleNode *
get_node (HeddleToolSection *self)
{
  if (self->context->document == NULL || self->context->node_id == NULL)
    return NULL;
  return heddle_graph_find_node (heddle_document_get_graph (self->context->document), self->context->node_id);
}

static void
changed_cb (HeddleParamEditor *editor,
            JsonNode *value,
            gpointer user_data)
{
  HeddleToolSection *self = user_data;
  const HeddleNode *node = get_node (self);
  g_autoptr (JsonObject) tool = NULL;

  if (node == NULL)
    return;
  tool = heddle_param_object_with (node->tool, editor->spec, heddle_json_is_blank (value) ? NULL : value);
  heddle_document_set_node_object (self->context->document, self->context->node_id, "tool", tool);
}

/* Only an agent can take over. */
static gboolean
is_shown (const HeddleNode *node,
          const HeddleParamSpec *spec)
{
  return strcmp (spec->name, "hand_off") != 0 || (node->type->flags & HEDDLE_NODE_AGENT) != 0;
}

void
heddle_tool_section_update (HeddleToolSection *self)
{
  const HeddleNode *node;
  g_autoptr (JsonObject) tool = NULL;
  gboolean is_tool;

  g_return_if_fail (HEDDLE_IS_TOOL_SECTION (self));

  node = get_node (self);
  is_tool = node != NULL && node->type != NULL && heddle_graph_is_tool (heddle_document_get_graph (self->context->document), node->id);
  gtk_widget_set_visible (GTK_WIDGET (self), is_tool);
  if (!is_tool)
    return;
  tool = node->tool != NULL ? json_object_ref (node->tool) : json_object_new ();
  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);
      g_autoptr (JsonNode) value = heddle_params_dup_value (&heddle_tool_spec_type, tool, editor->spec->name);

      heddle_param_editor_set_value (editor, value);
      heddle_param_editor_set_changed (editor, json_object_has_member (tool, editor->spec->name));
      gtk_widget_set_visible (editor->row, is_shown (node, editor->spec));
    }
}

static void
heddle_tool_section_finalize (GObject *object)
{
  g_ptr_array_unref (HEDDLE_TOOL_SECTION (object)->editors);
  G_OBJECT_CLASS (heddle_tool_section_parent_class)->finalize (object);
}

static void
heddle_tool_section_class_init (HeddleToolSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_tool_section_finalize;
}

static void
heddle_tool_section_init (HeddleToolSection *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *heading = gtk_label_new (_ ("As a tool"));

  self->editors = g_ptr_array_new ();
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
heddle_tool_section_new (const HeddleParamContext *context)
{
  HeddleToolSection *self = g_object_new (HEDDLE_TYPE_TOOL_SECTION, NULL);

  self->context = context;
  HEDDLE_FOREACH_PARAM (spec, &heddle_tool_spec_type)
    {
      HeddleParamEditor *editor = heddle_param_editor_new (spec, context);

      editor->changed = changed_cb;
      editor->user_data = self;
      g_ptr_array_add (self->editors, editor);
      gtk_list_box_append (self->list, editor->row);
    }
  return GTK_WIDGET (self);
}
