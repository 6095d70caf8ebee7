/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include "registry/heddle-node-type.h"

/* How large cards are. The canvas draws them so, and layouts leave them room. */

#define FIRST_PORT 36.0
#define SECOND_PORT 56.0

/*
 * The first input and a lone result are on a level with the header, so that edges between neighbours
 * are straight. Several results stand beside and below the last line, further inputs below it, where
 * labels never run into the text.
 */
double
heddle_card_get_port_y (gboolean output, guint index, guint n_ports)
{
  gboolean is_beside_title = output ? n_ports <= 1 : index == 0;

  return is_beside_title ? FIRST_PORT : SECOND_PORT + index * HEDDLE_PORT_STEP;
}

const char *
heddle_node_get_text_param (const HeddleNode *node)
{
  g_return_val_if_fail (node != NULL, NULL);

  if (node->type == NULL || (node->type->category != HEDDLE_CATEGORY_MODELS && !(node->type->flags & HEDDLE_NODE_FINISH)))
    return NULL;
  HEDDLE_FOREACH_PARAM (spec, node->type)
    {
      if (spec->is_main && spec->kind == HEDDLE_PARAM_TEXT)
        return spec->name;
    }
  return NULL;
}

static guint
count_inputs (const HeddleNode *node)
{
  guint n = 0;

  for (const HeddlePortSpec *port = node->type->inputs; port != NULL && port->name != NULL; port++)
    n++;
  return n;
}

static double
get_lowest_port (gboolean output, guint n_ports)
{
  return n_ports > 0 ? heddle_card_get_port_y (output, n_ports - 1, n_ports) : 0;
}

static double
measure_card (const HeddleNode *node)
{
  g_autoptr (GPtrArray) outputs = NULL;
  double lowest;

  if (node->type == NULL)
    return HEDDLE_CARD_HEIGHT;
  outputs = heddle_node_list_outputs (node);
  lowest = MAX (get_lowest_port (FALSE, count_inputs (node)), get_lowest_port (TRUE, outputs->len));
  return MAX (HEDDLE_CARD_HEIGHT, lowest + HEDDLE_PORT_STEP) + (heddle_node_get_text_param (node) != NULL ? HEDDLE_CARD_TEXT_HEIGHT : 0);
}

/* A file may say anything about a frame, or nothing. */
void
heddle_node_get_size (const HeddleNode *node, double *width, double *height)
{
  gboolean is_frame;

  g_return_if_fail (node != NULL);
  g_return_if_fail (width != NULL && height != NULL);

  is_frame = node->type != NULL && heddle_node_is_container (node) && !node->collapsed;
  *width = is_frame ? MAX (node->width, HEDDLE_FRAME_WIDTH) : HEDDLE_CARD_WIDTH;
  *height = is_frame ? MAX (node->height, HEDDLE_FRAME_HEIGHT) : measure_card (node);
}
