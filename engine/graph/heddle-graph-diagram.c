/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-node-type.h"

/*
 * A graph as text that other programs draw. It has titles and names of ports and nothing else, so no secret.
 * Nodes are called by their numbers, since a language may have a word of its own for any id. A container is a box
 * around what is in it, with a node for where it begins and one for where it ends.
 */

typedef struct
{
  HeddleGraph *graph;
  gboolean is_dot;
  GString *text;
} Diagram;

static void
append_char (const Diagram *self, gunichar c)
{
  if (g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029)
    g_string_append_c (self->text, ' ');
  else if (self->is_dot && (c == '"' || c == '\\'))
    g_string_append_printf (self->text, "\\%c", (char) c);
  else if (!self->is_dot && c < 0x80 && strchr ("\"#<>&`\\|;{}[]()%*_~", (int) c) != NULL)
    g_string_append_printf (self->text, "#%u;", c);
  else
    g_string_append_unichar (self->text, c);
}

static void
append_quoted (const Diagram *self, const char *label)
{
  g_autofree char *valid = g_utf8_make_valid (label, -1);

  g_string_append_c (self->text, '"');
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    append_char (self, g_utf8_get_char (p));
  g_string_append_c (self->text, '"');
}

/* part: "" of the node itself, "b" and "e" of where a container begins and ends. */
static void
append_box (const Diagram *self, const HeddleNode *node, const char *part, const char *label)
{
  g_string_append_printf (self->text, "  n%u%s%s", node->index, part, self->is_dot ? " [label=" : *part != '\0' ? "(["
                                                                                                                : "[");
  append_quoted (self, label);
  if (self->is_dot)
    g_string_append (self->text, *part != '\0' ? " shape=oval]\n" : "]\n");
  else
    g_string_append (self->text, *part != '\0' ? "])\n" : "]\n");
}

static gboolean
is_box (const HeddleNode *node)
{
  return node->type != NULL && heddle_node_is_container (node);
}

static char *
dup_label (const HeddleNode *node)
{
  const char *title = heddle_node_get_title (node);

  switch (node->mode)
    {
    case HEDDLE_NODE_OFF:
      return g_strdup_printf (_ ("%s (off)"), title);
    case HEDDLE_NODE_BYPASS:
      return g_strdup_printf (_ ("%s (bypassed)"), title);
    case HEDDLE_NODE_ON:
    default:
      return g_strdup (title);
    }
}

static void append_level (const Diagram *self, const char *container, guint depth);

static void
append_container (const Diagram *self, const HeddleNode *node, const char *label, guint depth)
{
  if (self->is_dot)
    g_string_append_printf (self->text, "  subgraph cluster_n%u {\n  label=", node->index);
  else
    g_string_append_printf (self->text, "  subgraph n%u[", node->index);
  append_quoted (self, label);
  g_string_append (self->text, self->is_dot ? "\n" : "]\n");
  if (self->is_dot && node->mode != HEDDLE_NODE_ON)
    g_string_append (self->text, "  style=dashed\n");
  append_box (self, node, "b", _ ("Start"));
  append_level (self, node->id, depth + 1);
  append_box (self, node, "e", _ ("End"));
  g_string_append (self->text, self->is_dot ? "  }\n" : "  end\n");
}

static void
append_node (const Diagram *self, const HeddleNode *node, guint depth)
{
  g_autofree char *label = dup_label (node);

  if (is_box (node))
    append_container (self, node, label, depth);
  else
    append_box (self, node, "", label);
  if (node->mode == HEDDLE_NODE_ON)
    return;
  if (!self->is_dot)
    g_string_append_printf (self->text, "  style n%u stroke-dasharray:5 5\n", node->index);
  else if (!is_box (node))
    g_string_append_printf (self->text, "  n%u [style=\"rounded,dashed\"]\n", node->index);
}

/* A file may have frames in each other, which no drawing can show. */
static void
append_level (const Diagram *self, const char *container, guint depth)
{
  g_autoptr (GPtrArray) children = heddle_graph_list_children (self->graph, container);

  for (guint i = 0; depth <= HEDDLE_MAX_NESTING && i < children->len; i++)
    append_node (self, heddle_graph_find_node (self->graph, g_ptr_array_index (children, i)), depth);
}

static const char *
get_source_part (const HeddleLink *link)
{
  if (!is_box (link->from->node))
    return "";
  return heddle_node_has_inner_output (link->from->node, link->edge.from_port) ? "b" : "e";
}

static const char *
get_target_part (const HeddleLink *link)
{
  if (!is_box (link->to->node))
    return "";
  return heddle_node_has_inner_input (link->to->node, link->edge.to_port) ? "e" : "b";
}

/* The names of the ports that are not meant when none is named. */
static char *
dup_edge_label (const HeddleLink *link)
{
  const HeddleNode *from = link->from->node;
  const HeddleNode *to = link->to->node;
  gboolean names_from = strcmp (link->edge.from_port, heddle_node_get_default_output_to (from, to)) != 0;
  gboolean names_to = strcmp (link->edge.to_port, heddle_node_get_default_input_from (to, from)) != 0;
  g_autoptr (GPtrArray) outputs = heddle_node_list_outputs (from);

  /* Of several ways the first one has to be named as well. */
  names_from = names_from || (outputs->len > 1 && !heddle_link_is_inner (link));
  if (names_from && names_to)
    return g_strdup_printf ("%s → %s", link->edge.from_port, link->edge.to_port);
  return names_from ? g_strdup (link->edge.from_port) : names_to ? g_strdup (link->edge.to_port)
                                                                 : NULL;
}

static void
append_dot_edge (const Diagram *self, const HeddleLink *link, const char *label)
{
  g_string_append_printf (self->text, "  n%u%s -> n%u%s", link->from->node->index, get_source_part (link), link->to->node->index, get_target_part (link));
  if (label != NULL || heddle_link_is_tool (link))
    {
      g_string_append (self->text, heddle_link_is_tool (link) ? " [style=dashed label=" : " [label=");
      append_quoted (self, label != NULL ? label : "");
      g_string_append_c (self->text, ']');
    }
  g_string_append_c (self->text, '\n');
}

static void
append_mermaid_edge (const Diagram *self, const HeddleLink *link, const char *label)
{
  g_string_append_printf (self->text, "  n%u%s %s", link->from->node->index, get_source_part (link), heddle_link_is_tool (link) ? "-.->" : "-->");
  if (label != NULL)
    {
      g_string_append_c (self->text, '|');
      append_quoted (self, label);
      g_string_append_c (self->text, '|');
    }
  g_string_append_printf (self->text, " n%u%s\n", link->to->node->index, get_target_part (link));
}

static void
append_edges (const Diagram *self)
{
  for (guint i = 0; i < self->graph->links->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (self->graph->links, i);
      g_autofree char *label = NULL;

      if (link->from->node == NULL || link->to->node == NULL)
        continue;
      label = dup_edge_label (link);
      if (self->is_dot)
        append_dot_edge (self, link, label);
      else
        append_mermaid_edge (self, link, label);
    }
}

static char *
make_diagram (HeddleGraph *graph, gboolean is_dot)
{
  Diagram self = { graph, is_dot, g_string_new (is_dot ? "digraph {\n  rankdir=LR\n  node [shape=box style=rounded]\n" : "flowchart LR\n") };

  append_level (&self, NULL, 0);
  append_edges (&self);
  if (is_dot)
    g_string_append (self.text, "}\n");
  return g_string_free (self.text, FALSE);
}

char *
heddle_graph_to_mermaid (HeddleGraph *self)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);

  return make_diagram (self, FALSE);
}

char *
heddle_graph_to_dot (HeddleGraph *self)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);

  return make_diagram (self, TRUE);
}
