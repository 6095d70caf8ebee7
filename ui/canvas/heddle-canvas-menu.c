/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

static const char *
get_menu_id (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) items = heddle_canvas_list_selected (self, FALSE);
  g_autoptr (GPtrArray) edges = NULL;

  if (items->len > 0)
    return "node_menu";
  edges = heddle_canvas_list_selected_edges (self);
  return edges->len > 0 ? "edge_menu" : "canvas_menu";
}

/* For what is selected, or for the canvas when nothing is. */
void
heddle_canvas_show_menu (HeddleCanvas *self, double x, double y)
{
  g_autoptr (GtkBuilder) builder = NULL;
  GtkWidget *popover;

  if (self->document == NULL)
    return;
  builder = gtk_builder_new_from_resource ("/org/heddle/Heddle/canvas/heddle-canvas-menus.ui");
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (gtk_builder_get_object (builder, get_menu_id (self))));
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  heddle_canvas_show_popover (self, popover, &GRAPHENE_RECT_INIT (x, y, 1, 1));
}
