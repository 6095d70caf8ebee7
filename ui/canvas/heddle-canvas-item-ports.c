/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-item-private.h"

#define FIRST_PORT 36
#define INNER_STEP 32

static void
clear_port (gpointer data)
{
  HeddleCanvasPort *port = data;

  g_free (port->name);
  g_free (port->title);
}

GArray *
heddle_canvas_port_array_new (void)
{
  GArray *ports = g_array_new (FALSE, TRUE, sizeof (HeddleCanvasPort));

  g_array_set_clear_func (ports, clear_port);
  return ports;
}

static HeddleCanvasPort *
add_port (GArray *ports, const char *name, char *title)
{
  HeddleCanvasPort port = { .name = g_strdup (name), .title = title, .y = FIRST_PORT };

  g_array_append_val (ports, port);
  return &g_array_index (ports, HeddleCanvasPort, ports->len - 1);
}

static void
add_specs (GArray *ports, const HeddlePortSpec *specs, gboolean inner)
{
  for (const HeddlePortSpec *spec = specs; spec != NULL && spec->name != NULL; spec++)
    {
      HeddleCanvasPort *port = add_port (ports, spec->name, g_strdup (spec->title != NULL ? _ (spec->title) : spec->name));

      port->takes_tools = heddle_port_takes_tools (spec);
      port->inner = inner;
    }
}

static void
add_outputs (HeddleCanvasItem *self, const HeddleNode *node)
{
  g_autoptr (GPtrArray) names = heddle_node_list_outputs (node);

  for (guint i = 0; i < names->len; i++)
    add_port (self->outputs, names->pdata[i], heddle_node_type_dup_output_title (self->type, names->pdata[i]));
}

/* Outer ones first, so that an edge that is dropped on the card itself finds these. */
void
heddle_canvas_item_load_ports (HeddleCanvasItem *self, const HeddleNode *node)
{
  g_array_set_size (self->inputs, 0);
  g_array_set_size (self->outputs, 0);
  if (self->type == NULL)
    {
      /* A node of a type this version does not know keeps one port on each side, so that its edges show. */
      add_port (self->inputs, "in", g_strdup (_ ("Input")));
      add_port (self->outputs, "out", g_strdup (_ ("Output")));
      return;
    }
  add_specs (self->inputs, self->type->inputs, FALSE);
  add_outputs (self, node);
  if (heddle_canvas_item_is_container (self))
    {
      add_specs (self->inputs, self->type->inner_inputs, TRUE);
      add_specs (self->outputs, self->type->inner_outputs, TRUE);
    }
}

static guint
count_outer (GArray *ports)
{
  guint n = 0;

  for (guint i = 0; i < ports->len; i++)
    n += !g_array_index (ports, HeddleCanvasPort, i).inner;
  return n;
}

static void
place_on_card (GArray *ports, gboolean output)
{
  for (guint i = 0; i < ports->len; i++)
    g_array_index (ports, HeddleCanvasPort, i).y = heddle_card_get_port_y (output, i, ports->len);
}

/* Outer ports beside the header; inner ones below it, on a level with cards in the uppermost row. */
static void
place_on_frame (GArray *ports)
{
  guint n_outer = count_outer (ports);

  for (guint i = 0; i < ports->len; i++)
    {
      HeddleCanvasPort *port = &g_array_index (ports, HeddleCanvasPort, i);

      port->y = port->inner ? HEDDLE_FRAME_TOP + FIRST_PORT + (i - n_outer) * INNER_STEP : FIRST_PORT + i * HEDDLE_CANVAS_PORT_STEP;
    }
}

void
heddle_canvas_item_place_ports (HeddleCanvasItem *self)
{
  if (heddle_canvas_item_is_container (self))
    {
      place_on_frame (self->inputs);
      place_on_frame (self->outputs);
      return;
    }
  place_on_card (self->inputs, FALSE);
  place_on_card (self->outputs, TRUE);
}

static GArray *
get_ports (const HeddleCanvasItem *self, gboolean output)
{
  return output ? self->outputs : self->inputs;
}

int
heddle_canvas_item_find_port (const HeddleCanvasItem *self, gboolean output, const char *name)
{
  GArray *ports = get_ports (self, output);

  for (guint i = 0; i < ports->len; i++)
    if (g_strcmp0 (g_array_index (ports, HeddleCanvasPort, i).name, name) == 0)
      return i;
  return -1;
}

guint
heddle_canvas_item_get_n_ports (const HeddleCanvasItem *self, gboolean output)
{
  return get_ports (self, output)->len;
}

guint
heddle_canvas_item_get_n_outer_ports (const HeddleCanvasItem *self, gboolean output)
{
  return count_outer (get_ports (self, output));
}

const HeddleCanvasPort *
heddle_canvas_item_get_port (const HeddleCanvasItem *self, gboolean output, guint port)
{
  g_assert (port < get_ports (self, output)->len);

  return &g_array_index (get_ports (self, output), HeddleCanvasPort, port);
}

void
heddle_canvas_item_get_port_position (const HeddleCanvasItem *self, gboolean output, int port, double *x, double *y)
{
  GArray *ports = get_ports (self, output);
  const HeddleCanvasPort *known = port >= 0 && (guint) port < ports->len ? &g_array_index (ports, HeddleCanvasPort, port) : NULL;

  if (known != NULL && known->inner)
    *x = output ? self->x + HEDDLE_CANVAS_TAB_WIDTH : self->x + self->width - HEDDLE_CANVAS_TAB_WIDTH;
  else
    *x = output ? self->x + self->width : self->x;
  *y = self->y + (known != NULL ? known->y : FIRST_PORT);
}
