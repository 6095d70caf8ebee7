/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-card.h"
#include "canvas/heddle-canvas-painter.h"

#include <math.h>

#define TURNS_PER_SECOND .9f

struct _HeddleCanvasCard
{
  GtkWidget parent_instance;
  HeddleCanvas *canvas; /* its parent */
  HeddleCanvasItem *item;
};

G_DEFINE_FINAL_TYPE (HeddleCanvasCard, heddle_canvas_card, GTK_TYPE_WIDGET)

/* Two turning things never need the card drawn anew: the ring is put on top of the kept picture. */
static void
snapshot_spinner (HeddleCanvasCard *self, GtkSnapshot *snapshot)
{
  GdkTexture *ring;
  graphene_rect_t bounds;

  heddle_canvas_get_mark_bounds (self->item, &bounds);
  ring = heddle_canvas_style_get_mark (self->canvas->style, HEDDLE_CANVAS_MARK_RUNNING, 16, self->canvas->scale);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (bounds.origin.x + 8, bounds.origin.y + 8));
  gtk_snapshot_rotate (snapshot, (float) fmod (self->canvas->phase * TURNS_PER_SECOND, 1) * 360);
  gtk_snapshot_append_texture (snapshot, ring, &GRAPHENE_RECT_INIT (-8, -8, 16, 16));
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_ring (HeddleCanvasCard *self, GtkSnapshot *snapshot, float gap, const GdkRGBA *color)
{
  const float widths[] = { 2, 2, 2, 2 };
  const GdkRGBA colors[] = { *color, *color, *color, *color };
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, &GRAPHENE_RECT_INIT (-gap, -gap, self->item->width + 2 * gap, self->item->height + 2 * gap), 12 + gap);
  gtk_snapshot_append_border (snapshot, &shape, widths, colors);
}

/* A halo that breathes; still when the desktop asks for less motion. */
static void
snapshot_pulse (HeddleCanvasCard *self, GtkSnapshot *snapshot)
{
  GdkRGBA color = heddle_canvas_style_get_palette (self->canvas->style)->accent;

  color.alpha = heddle_canvas_may_animate (self->canvas) ? .18f + .14f * (float) sin (self->canvas->phase * 4) : .25f;
  snapshot_ring (self, snapshot, 3, &color);
}

static void
heddle_canvas_card_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HeddleCanvasCard *self = HEDDLE_CANVAS_CARD (widget);
  HeddleCanvas *canvas = self->canvas;
  gboolean faint = heddle_canvas_item_is_faint (self->item);
  GskRenderNode *node = heddle_canvas_draw_item (self->item, canvas->style, canvas->detail, canvas->scale);

  if (faint)
    gtk_snapshot_push_opacity (snapshot, heddle_canvas_style_get_palette (canvas->style)->faint);
  if (heddle_canvas_item_is_running (self->item))
    snapshot_pulse (self, snapshot);
  if (self->item->in_run && self->item->is_next)
    snapshot_ring (self, snapshot, 3, &heddle_canvas_style_get_palette (canvas->style)->warning);
  gtk_snapshot_append_node (snapshot, node);
  if (faint)
    gtk_snapshot_pop (snapshot);
  if (self->item->in_run && self->item->state == HEDDLE_SPAN_RUNNING && canvas->detail == HEDDLE_CANVAS_DETAIL_FULL)
    snapshot_spinner (self, snapshot);
  if (gtk_widget_has_visible_focus (widget))
    snapshot_ring (self, snapshot, 4, &heddle_canvas_style_get_palette (canvas->style)->accent);
}

static void
heddle_canvas_card_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
}

/* What is in a frame is a sibling of it, not a child; only its header is the frame. */
static gboolean
heddle_canvas_card_contains (GtkWidget *widget, double x, double y)
{
  const HeddleCanvasItem *item = HEDDLE_CANVAS_CARD (widget)->item;

  return x >= 0 && y >= 0 && x < item->width && y < heddle_canvas_item_get_solid_height (item);
}

static void
add_line (GString *text, const char *line)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
}

static gboolean
heddle_canvas_card_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  HeddleCanvasCard *self = HEDDLE_CANVAS_CARD (widget);
  const HeddleCanvasItem *item = self->item;
  g_autoptr (GString) text = g_string_new (item->problem);
  g_autofree char *link = keyboard ? NULL : heddle_canvas_dup_link (self->canvas, item, self->canvas->pointer_x, self->canvas->pointer_y);
  g_autofree char *link_text = link != NULL ? g_strdup_printf (_ ("%s\nCtrl+click opens it."), link) : NULL;

  if (item->is_pinned)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", _ ("Its output is pinned: runs use that instead of running it."));
  if (item->has_breakpoint)
    add_line (text, _ ("Breakpoint: runs in the window pause before it. F9 removes it."));
  if (item->policy != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", item->policy);
  if (item->mode == HEDDLE_NODE_OFF)
    add_line (text, _ ("It is turned off: runs skip it, and what only it leads to."));
  if (item->mode == HEDDLE_NODE_BYPASS)
    add_line (text, _ ("It is bypassed: what comes in goes out as it is."));
  if (link != NULL)
    add_line (text, link_text);
  if (text->len == 0 || self->canvas->mode != HEDDLE_CANVAS_MODE_NONE)
    return FALSE;
  gtk_tooltip_set_text (tooltip, text->str);
  return TRUE;
}

static void
focus_changed_cb (GtkEventControllerFocus *controller, HeddleCanvasCard *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  heddle_canvas_update_actions (self->canvas);
}

static void
focus_card (HeddleCanvasCard *self)
{
  heddle_canvas_scroll_to (self->canvas, self->item);
  heddle_canvas_focus_item (self->canvas, self->item);
}

/* What a person without a pointer does on one node; assistive technology lists these as its actions. */
static const struct
{
  const char *name;
  const char *canvas_action; /* done on the node alone */
  const char *window_action; /* with the node's id */
} actions[] = {
  { "node.focus" },
  { "node.select" },
  { "node.open", "canvas.open" },
  { "node.connect", "canvas.connect" },
  { "node.connect-ports", "canvas.connect-ports" },
  { "node.next-connection", "canvas.next-edge" },
  { "node.rename", "canvas.rename" },
  { "node.delete", "canvas.delete" },
  { "node.menu", "canvas.menu" },
  { "node.run-only", .window_action = "win.run-only" },
  { "node.run-from", .window_action = "win.run-from" },
  { "node.run-to", .window_action = "win.run-to" },
  { "node.pin", .window_action = "win.pin" },
};

/* Going on through the connections of a node keeps the one that is selected. */
static gboolean
keeps_selection (HeddleCanvas *canvas, const char *name)
{
  return canvas->mode == HEDDLE_CANVAS_MODE_WIRE || g_str_equal (name, "node.focus") || g_str_equal (name, "node.next-connection");
}

static void
activate (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HeddleCanvasCard *self = HEDDLE_CANVAS_CARD (widget);
  HeddleCanvas *canvas = self->canvas;
  g_autofree char *id = g_strdup (self->item->id);

  focus_card (self);
  if (!keeps_selection (canvas, name))
    heddle_canvas_select_only (canvas, self->item);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (!g_str_equal (actions[i].name, name))
        continue;
      if (actions[i].canvas_action != NULL)
        gtk_widget_activate_action (GTK_WIDGET (canvas), actions[i].canvas_action, NULL);
      else if (actions[i].window_action != NULL)
        gtk_widget_activate_action (GTK_WIDGET (canvas), actions[i].window_action, "s", id);
      return;
    }
}

static void
toggle_mode (HeddleCanvasCard *self, HeddleNodeMode mode)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_canvas_get_graph (self->canvas), self->item->id);
  const char *ids[] = { self->item->id, NULL };

  if (node != NULL)
    heddle_document_set_mode (self->canvas->document, ids, node->mode == mode ? HEDDLE_NODE_ON : mode);
}

static void
disable (GtkWidget *widget, const char *name, GVariant *parameter)
{
  toggle_mode (HEDDLE_CANVAS_CARD (widget), HEDDLE_NODE_OFF);
}

static void
bypass (GtkWidget *widget, const char *name, GVariant *parameter)
{
  toggle_mode (HEDDLE_CANVAS_CARD (widget), HEDDLE_NODE_BYPASS);
}

static void
heddle_canvas_card_class_init (HeddleCanvasCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = heddle_canvas_card_snapshot;
  widget_class->measure = heddle_canvas_card_measure;
  widget_class->contains = heddle_canvas_card_contains;
  widget_class->query_tooltip = heddle_canvas_card_query_tooltip;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, activate);
  gtk_widget_class_install_action (widget_class, "node.disable", NULL, disable);
  gtk_widget_class_install_action (widget_class, "node.bypass", NULL, bypass);
  gtk_widget_class_set_css_name (widget_class, "canvascard");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
heddle_canvas_card_init (HeddleCanvasCard *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect (focus, "enter", G_CALLBACK (focus_changed_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_changed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
heddle_canvas_card_new (HeddleCanvas *canvas, HeddleCanvasItem *item)
{
  HeddleCanvasCard *self = g_object_new (HEDDLE_TYPE_CANVAS_CARD, NULL);

  self->canvas = canvas;
  self->item = item;
  return GTK_WIDGET (self);
}

HeddleCanvasItem *
heddle_canvas_card_get_item (HeddleCanvasCard *self)
{
  g_return_val_if_fail (HEDDLE_IS_CANVAS_CARD (self), NULL);

  return self->item;
}

static char *
dup_name (const HeddleCanvasItem *item)
{
  if (item->kind == HEDDLE_CANVAS_ITEM_NOTE)
    return g_strdup_printf (_ ("Note: %s"), item->title);
  if (item->kind == HEDDLE_CANVAS_ITEM_FRAME)
    return g_strdup_printf (_ ("Group: %s"), item->title);
  if (item->type == NULL)
    return g_strdup_printf (_ ("Node %s, unknown type"), item->title);
  return g_strdup_printf (_ ("Node %s, %s"), item->title, _ (item->type->title));
}

static void
take_sentence (GString *text, char *sentence)
{
  if (sentence != NULL && *sentence != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? ". " : "", sentence);
  g_free (sentence);
}

static char *
dup_run (const HeddleCanvasItem *item)
{
  const char *state = heddle_span_state_get_title (item->state);

  if (!item->in_run)
    return NULL;
  if (item->status == NULL || *item->status == '\0')
    return g_strdup (state);
  /* The line on the card begins with the state, except when it is an ordinary one. */
  return strstr (item->status, state) != NULL ? g_strdup (item->status) : g_strdup_printf ("%s, %s", state, item->status);
}

static void
take_place (GString *text, const HeddleCanvasItem *item)
{
  if (heddle_canvas_item_is_container (item))
    take_sentence (text, item->n_children > 0 ? g_strdup_printf (ngettext ("%u node in it", "%u nodes in it", item->n_children), item->n_children)
                                              : g_strdup (_ ("Nothing in it")));
  if (item->parent != NULL)
    take_sentence (text, g_strdup_printf (_ ("In %s"), item->parent->title));
}

/* What small signs on the card say. */
static void
take_signs (GString *text, const HeddleCanvasItem *item)
{
  if (item->mode == HEDDLE_NODE_OFF)
    take_sentence (text, g_strdup (_ ("Turned off")));
  if (item->mode == HEDDLE_NODE_BYPASS)
    take_sentence (text, g_strdup (_ ("Bypassed")));
  if (item->collapsed)
    take_sentence (text, g_strdup (_ ("Collapsed")));
  if (item->is_pinned)
    take_sentence (text, g_strdup (_ ("Output pinned")));
  if (item->has_breakpoint)
    take_sentence (text, g_strdup (_ ("Breakpoint")));
  take_sentence (text, g_strdup (item->policy));
}

static char *
dup_description (const HeddleCanvasItem *item)
{
  g_autoptr (GString) text = g_string_new (item->detail);

  take_sentence (text, g_strdup (item->role));
  take_place (text, item);
  take_sentence (text, dup_run (item));
  if (heddle_canvas_item_has_picker (item))
    take_sentence (text, g_strdup_printf (_ ("Item %d is shown"), item->shown_item + 1));
  take_signs (text, item);
  take_sentence (text, g_strdup (item->problem));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
update_flows (HeddleCanvasCard *self)
{
  GtkAccessibleRelation relation = GTK_ACCESSIBLE_RELATION_FLOW_TO;
  GValue value = G_VALUE_INIT;
  GList *targets = NULL;

  for (guint i = 0; i < self->item->edges->len; i++)
    {
      HeddleCanvasEdge *edge = self->item->edges->pdata[i];

      if (edge->from == self->item && edge->to->widget != NULL && g_list_find (targets, edge->to->widget) == NULL)
        targets = g_list_prepend (targets, edge->to->widget);
    }
  if (targets == NULL)
    {
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), relation);
      return;
    }
  /* The accessible value takes the list over. */
  gtk_accessible_relation_init_value (relation, &value);
  g_value_set_pointer (&value, g_list_reverse (targets));
  gtk_accessible_update_relation_value (GTK_ACCESSIBLE (self), 1, &relation, &value);
  g_value_unset (&value);
}

void
heddle_canvas_card_update_accessible (HeddleCanvasCard *self)
{
  g_autofree char *name = dup_name (self->item);
  g_autofree char *description = dup_description (self->item);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  update_flows (self);
}
