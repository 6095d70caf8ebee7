/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/* What the window does with one node, which is the parameter of the action. Where there is no such action there is no such entry. */
static void
append_window_item (GMenu *menu, const char *label, const char *action, const char *id, const char *accel)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_item_set_attribute (item, "hidden-when", "s", "action-missing");
  if (accel != NULL)
    g_menu_item_set_attribute (item, "accel", "s", accel);
  g_menu_append_item (menu, item);
}

static void
append_item (GMenu *menu, const char *label, const char *action, const char *accel)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, action);

  g_menu_item_set_attribute (item, "accel", "s", accel);
  g_menu_append_item (menu, item);
}

/* Of a node that ran for each item of a list; others have no such entries. */
static void
append_item_choice (GMenu *menu, const char *label, const char *action, const char *accel)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, action);

  g_menu_item_set_attribute (item, "hidden-when", "s", "action-disabled");
  g_menu_item_set_attribute (item, "accel", "s", accel);
  g_menu_append_item (menu, item);
}

static GMenuModel *
run_menu_new (const HeddleCanvasItem *item)
{
  GMenu *run = g_menu_new ();

  append_window_item (run, _ ("Run _from Here"), "win.run-from", item->id, "<Shift>F5");
  append_window_item (run, _ ("Run _up to Here"), "win.run-to", item->id, "<Control>F5");
  append_window_item (run, _ ("Run _Only This Node"), "win.run-only", item->id, "<Control><Shift>F5");
  append_window_item (run, item->is_pinned ? _ ("Un_pin Output") : _ ("_Pin Output"), "win.pin", item->id, "p");
  append_item_choice (run, _ ("Pre_vious Item"), "canvas.previous-item", "<Alt>Page_Up");
  append_item_choice (run, _ ("Ne_xt Item"), "canvas.next-item", "<Alt>Page_Down");
  return G_MENU_MODEL (run);
}

static void
fill_run_section (GMenu *menu, const HeddleCanvasItem *item)
{
  g_autoptr (GMenuModel) run = run_menu_new (item);

  g_menu_append_submenu (menu, _ ("R_un"), run);
}

static void
fill_frame_section (GMenu *menu, const HeddleCanvasItem *item)
{
  if (item->type != NULL && g_str_equal (item->type->id, "sub-workflow"))
    append_window_item (menu, _ ("Inline Wor_kflow"), "win.inline-workflow", item->id, NULL);
}

/* Of all that is selected. */
static void
append_breakpoint_item (HeddleCanvas *self, GMenu *menu)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (heddle_canvas_has_breakpoints (self) ? _ ("Remove Brea_kpoint") : _ ("Set Brea_kpoint"), "win.toggle-breakpoint");

  g_menu_item_set_attribute (item, "hidden-when", "s", "action-missing");
  g_menu_item_set_attribute (item, "accel", "s", "F9");
  g_menu_append_item (menu, item);
}

/* Says what choosing it does now. */
static void
fill_mode_section (HeddleCanvas *self, GMenu *menu)
{
  append_item (menu, heddle_canvas_has_mode (self, HEDDLE_NODE_OFF) ? _ ("Turn _On") : _ ("Turn _Off"), "canvas.toggle-off", "d");
  append_breakpoint_item (self, menu);
  append_item (menu, heddle_canvas_has_mode (self, HEDDLE_NODE_BYPASS) ? _ ("No Longer _Bypass") : _ ("_Bypass"), "canvas.toggle-bypass", "b");
}

static void
fill_fold_section (GMenu *menu, const HeddleCanvasItem *item)
{
  if (heddle_canvas_item_is_hollow (item))
    append_item (menu, item->collapsed ? _ ("Ex_pand") : _ ("Colla_pse"), "canvas.collapse", "<Alt>c");
}

static gboolean
has_nodes (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    if (((HeddleCanvasItem *) items->pdata[i])->kind == HEDDLE_CANVAS_ITEM_NODE)
      return TRUE;
  return FALSE;
}

static const char *
get_menu_id (GPtrArray *items, GPtrArray *edges)
{
  if (items->len > 0)
    return has_nodes (items) ? "node_menu" : "annotation_menu";
  return edges->len > 0 ? "edge_menu" : "canvas_menu";
}

static GMenuModel *
create_menu (HeddleCanvas *self)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/heddle/Heddle/canvas/heddle-canvas-menus.ui");
  g_autoptr (GPtrArray) items = heddle_canvas_list_selected (self, FALSE);
  g_autoptr (GPtrArray) edges = heddle_canvas_list_selected_edges (self);
  const HeddleCanvasItem *single = items->len == 1 ? items->pdata[0] : NULL;

  if (single != NULL && single->kind == HEDDLE_CANVAS_ITEM_NODE)
    {
      fill_run_section (G_MENU (gtk_builder_get_object (builder, "run_section")), single);
      fill_frame_section (G_MENU (gtk_builder_get_object (builder, "frame_section")), single);
      fill_fold_section (G_MENU (gtk_builder_get_object (builder, "frame_section")), single);
    }
  else if (single != NULL)
    fill_fold_section (G_MENU (gtk_builder_get_object (builder, "fold_section")), single);
  heddle_canvas_fill_nest_menu (self, G_MENU (gtk_builder_get_object (builder, "frame_section")));
  if (has_nodes (items))
    fill_mode_section (self, G_MENU (gtk_builder_get_object (builder, "run_section")));
  if (items->len < 2)
    g_menu_remove_all (G_MENU (gtk_builder_get_object (builder, "align_section")));
  return g_object_ref (G_MENU_MODEL (gtk_builder_get_object (builder, get_menu_id (items, edges))));
}

static void
show_menu_at (HeddleCanvas *self, const graphene_rect_t *at)
{
  g_autoptr (GMenuModel) menu = NULL;
  GtkWidget *popover;

  if (self->document == NULL)
    return;
  heddle_canvas_update_actions (self);
  menu = create_menu (self);
  popover = gtk_popover_menu_new_from_model (menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  heddle_canvas_show_popover (self, popover, at);
}

/* For what is selected, or for the canvas when nothing is. */
void
heddle_canvas_show_menu (HeddleCanvas *self, double x, double y)
{
  show_menu_at (self, &GRAPHENE_RECT_INIT (x, y, 1, 1));
}

void
heddle_canvas_show_menu_beside (HeddleCanvas *self, GtkWidget *widget)
{
  graphene_rect_t bounds;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (gtk_widget_compute_bounds (widget, GTK_WIDGET (self), &bounds))
    show_menu_at (self, &bounds);
}
