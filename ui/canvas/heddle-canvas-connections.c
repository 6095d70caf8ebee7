/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/* Connections without a pointer: going from one to the next, and choosing the ports that a new one joins. */

static const char *
get_port_title (const HeddleCanvasItem *item, gboolean output, const char *name)
{
  int port = heddle_canvas_item_find_port (item, output, name);

  return port >= 0 ? heddle_canvas_item_get_port (item, output, (guint) port)->title : name;
}

char *
heddle_canvas_dup_edge_name (const HeddleCanvasEdge *edge)
{
  /* Translators: from a node and its port to another. */
  return g_strdup_printf (_ ("Connection from %s (%s) to %s (%s)"), edge->from->title, get_port_title (edge->from, TRUE, edge->from_port), edge->to->title,
                          get_port_title (edge->to, FALSE, edge->to_port));
}

static guint
find_selected (const HeddleCanvasItem *item)
{
  for (guint i = 0; i < item->edges->len; i++)
    if (((HeddleCanvasEdge *) item->edges->pdata[i])->selected)
      return i;
  return item->edges->len;
}

/* Round and round those of the node that has the focus, which it keeps; what is selected can be deleted. */
void
heddle_canvas_step_edge (HeddleCanvas *self, int step)
{
  HeddleCanvasItem *item = heddle_canvas_get_current (self);
  HeddleCanvasEdge *edge;
  g_autofree char *name = NULL;
  guint n, at;

  if (item == NULL)
    return;
  n = item->edges->len;
  if (n == 0)
    {
      heddle_canvas_emit_message (self, _ ("This node has no connections yet. Press C here and on another node to make one."));
      return;
    }
  at = find_selected (item);
  if (at == n)
    at = step > 0 ? 0 : n - 1;
  else
    at = (at + n + (guint) step) % n;
  edge = item->edges->pdata[at];
  heddle_canvas_freeze_selection (self);
  heddle_canvas_unselect_all (self);
  heddle_canvas_set_edge_selected (self, edge, TRUE);
  heddle_canvas_thaw_selection (self);
  name = heddle_canvas_dup_edge_name (edge);
  heddle_canvas_speak (self, name);
}

/* A pair of ports that the graph would let be joined. */
typedef struct
{
  HeddleCanvas *canvas;
  char *from, *from_port, *to, *to_port;
} Choice;

static void
choice_free (gpointer data, GClosure *closure)
{
  Choice *choice = data;

  g_free (choice->from);
  g_free (choice->from_port);
  g_free (choice->to);
  g_free (choice->to_port);
  g_free (choice);
}

static void
choose_cb (GtkButton *button, Choice *choice)
{
  HeddleCanvas *self = choice->canvas;
  HeddleCanvasItem *item = heddle_canvas_scene_find (self->scene, choice->to);
  g_autoptr (GError) error = NULL;

  if (!heddle_document_connect (self->document, choice->from, choice->from_port, choice->to, choice->to_port, &error))
    heddle_canvas_emit_message (self, error->message);
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_POPOVER)));
  if (item != NULL)
    heddle_canvas_focus_item (self, item);
}

static void
add_choice (HeddleCanvas *self, GtkWidget *box, const HeddleCanvasItem *from, const HeddleCanvasPort *output, const HeddleCanvasItem *to, const HeddleCanvasPort *input)
{
  g_autofree char *label = g_strdup_printf ("%s → %s", output->title, input->title);
  GtkWidget *button;
  Choice *choice;

  if (!heddle_graph_can_connect (heddle_canvas_get_graph (self), from->id, output->name, to->id, input->name, NULL))
    return;
  choice = g_new0 (Choice, 1);
  choice->canvas = self;
  choice->from = g_strdup (from->id);
  choice->from_port = g_strdup (output->name);
  choice->to = g_strdup (to->id);
  choice->to_port = g_strdup (input->name);
  button = gtk_button_new_with_label (label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_halign (gtk_button_get_child (GTK_BUTTON (button)), GTK_ALIGN_START);
  g_signal_connect_data (button, "clicked", G_CALLBACK (choose_cb), choice, choice_free, 0);
  gtk_box_append (GTK_BOX (box), button);
}

static void
add_choices (HeddleCanvas *self, GtkWidget *box, const HeddleCanvasItem *from, const HeddleCanvasItem *to)
{
  for (guint i = 0; i < heddle_canvas_item_get_n_ports (from, TRUE); i++)
    for (guint j = 0; j < heddle_canvas_item_get_n_ports (to, FALSE); j++)
      add_choice (self, box, from, heddle_canvas_item_get_port (from, TRUE, i), to, heddle_canvas_item_get_port (to, FALSE, j));
}

void
heddle_canvas_choose_ports (HeddleCanvas *self, HeddleCanvasItem *from, HeddleCanvasItem *to)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *title = g_strdup_printf (_ ("Connect %s to %s"), from->title, to->title);
  GtkWidget *popover;
  graphene_rect_t at;

  g_object_ref_sink (box);
  add_choices (self, box, from, to);
  if (gtk_widget_get_first_child (box) == NULL)
    {
      heddle_canvas_emit_message (self, _ ("These two nodes have no ports that fit together."));
      g_object_unref (box);
      return;
    }
  popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  heddle_canvas_get_node_bounds (self, to->id, &at);
  heddle_canvas_show_popover (self, popover, &at);
  gtk_widget_grab_focus (gtk_widget_get_first_child (box));
  heddle_canvas_speak (self, title);
  g_object_unref (box);
}
