/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-node-neighbours.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

/* A node that is joined to hundreds shows these; the outline has all. */
#define MAX_ROWS 20

static const char *
port_title (const HeddleNode *node,
            const char *port,
            gboolean is_input)
{
  const HeddlePortSpec *spec = node != NULL && node->type != NULL && is_input ? heddle_node_type_find_input (node->type, port) : NULL;

  return spec != NULL ? _ (spec->title) : port;
}

static void
add_row (GtkListBox *list,
         HeddleGraph *graph,
         const HeddleEdge *edge,
         gboolean is_before)
{
  const char *id = is_before ? edge->from : edge->to;
  const HeddleNode *other = heddle_graph_find_node (graph, id);
  const HeddleNode *from = heddle_graph_find_node (graph, edge->from);
  g_autofree char *output = from != NULL && from->type != NULL ? heddle_node_type_dup_output_title (from->type, edge->from_port) : g_strdup (edge->from_port);
  g_autofree char *ports = g_strdup_printf ("%s → %s", output, port_title (heddle_graph_find_node (graph, edge->to), edge->to_port, TRUE));
  GtkWidget *row = heddle_plain_row_new (other != NULL ? heddle_node_get_title (other) : id, ports);
  GtkWidget *icon = gtk_image_new_from_icon_name (is_before ? "go-previous-symbolic" : "go-next-symbolic");

  gtk_widget_add_css_class (icon, "dim-label");
  gtk_widget_set_tooltip_text (row, is_before ? _ ("Comes before this node. Click to go there.") : _ ("Comes after this node. Click to go there."));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), other != NULL);
  g_object_set_data_full (G_OBJECT (row), "heddle-node", g_strdup (id), g_free);
  gtk_list_box_append (list, row);
}

void
heddle_node_neighbours_fill (GtkListBox *list,
                             HeddleGraph *graph,
                             const char *node_id)
{
  GPtrArray *before = heddle_graph_get_in_edges (graph, node_id);
  GPtrArray *after = heddle_graph_get_out_edges (graph, node_id);

  heddle_list_box_clear (list);
  for (guint i = 0; i < MIN (before->len, MAX_ROWS); i++)
    add_row (list, graph, g_ptr_array_index (before, i), TRUE);
  for (guint i = 0; i < MIN (after->len, MAX_ROWS); i++)
    add_row (list, graph, g_ptr_array_index (after, i), FALSE);
}

const char *
heddle_node_neighbours_get_id (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "heddle-node");
}
