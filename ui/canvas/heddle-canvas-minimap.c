/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-minimap.h"

#define WIDTH 160
#define HEIGHT 100
#define PADDING 8
#define RADIUS 9
#define STEP .25       /* of the view, that a key goes */
#define MAX_ITEMS 2000 /* more would not be told apart at this size */

struct _HeddleCanvasMinimap
{
  GtkWidget parent_instance;
  HeddleCanvas *canvas; /* its parent */
  GskRenderNode *blocks;
};

G_DEFINE_FINAL_TYPE (HeddleCanvasMinimap, heddle_canvas_minimap, GTK_TYPE_WIDGET)

/* How the world is laid into the map. */
typedef struct
{
  double zoom, x, y;
} Fit;

static gboolean
find_fit (HeddleCanvasMinimap *self, Fit *fit)
{
  graphene_rect_t bounds;

  if (!heddle_canvas_scene_get_bounds (self->canvas->scene, FALSE, &bounds))
    return FALSE;
  fit->zoom = MIN ((WIDTH - 2. * PADDING) / bounds.size.width, (HEIGHT - 2. * PADDING) / bounds.size.height);
  fit->x = WIDTH / 2. - (bounds.origin.x + bounds.size.width / 2) * fit->zoom;
  fit->y = HEIGHT / 2. - (bounds.origin.y + bounds.size.height / 2) * fit->zoom;
  return TRUE;
}

static void
append_block (const HeddleCanvasBlock *block, const Fit *fit, GtkSnapshot *snapshot)
{
  const graphene_rect_t *bounds = &block->bounds;

  gtk_snapshot_append_color (snapshot, &block->color, &GRAPHENE_RECT_INIT (fit->x + bounds->origin.x * fit->zoom, fit->y + bounds->origin.y * fit->zoom, MAX (bounds->size.width * fit->zoom, 1.5), MAX (bounds->size.height * fit->zoom, 1.5)));
}

/* What runs and what failed is found at a glance. */
static void
take_state_color (const HeddleCanvasItem *item, const HeddleCanvasPalette *palette, HeddleCanvasBlock blocks[2])
{
  if (heddle_canvas_item_is_running (item))
    blocks[1].color = palette->accent;
  else if (item->in_run && item->state == HEDDLE_SPAN_FAILED)
    blocks[1].color = palette->error;
}

/* A card is one colour, a container a tint with a darker header. */
static void
append_item (const HeddleCanvasItem *item, const HeddleCanvasPalette *palette, const Fit *fit, GtkSnapshot *snapshot)
{
  HeddleCanvasBlock blocks[2];

  heddle_canvas_get_blocks (item, palette, blocks);
  take_state_color (item, palette, blocks);
  if (heddle_canvas_item_is_container (item))
    append_block (&blocks[0], fit, snapshot);
  else
    blocks[1].bounds = blocks[0].bounds;
  append_block (&blocks[1], fit, snapshot);
}

/* What lies below, then what lies on it. */
static void
append_items (HeddleCanvasMinimap *self, gboolean hollow, const Fit *fit, GtkSnapshot *snapshot)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->canvas->scene);
  const HeddleCanvasPalette *palette = heddle_canvas_style_get_palette (self->canvas->style);
  guint step = items->len / MAX_ITEMS + 1;

  for (guint i = 0; i < items->len; i += step)
    if (heddle_canvas_item_is_hollow (items->pdata[i]) == hollow)
      append_item (items->pdata[i], palette, fit, snapshot);
}

static GskRenderNode *
draw_blocks (HeddleCanvasMinimap *self, const Fit *fit)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  append_items (self, TRUE, fit, snapshot);
  append_items (self, FALSE, fit, snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}

static void
append_view (HeddleCanvasMinimap *self, const Fit *fit, GtkSnapshot *snapshot)
{
  const GdkRGBA *accent = &heddle_canvas_style_get_palette (self->canvas->style)->accent;
  const graphene_rect_t area = GRAPHENE_RECT_INIT (1, 1, WIDTH - 2, HEIGHT - 2);
  graphene_rect_t view;
  GskRoundedRect shape;

  heddle_canvas_get_world_view (self->canvas, 0, &view);
  graphene_rect_init (&view, fit->x + view.origin.x * fit->zoom, fit->y + view.origin.y * fit->zoom, view.size.width * fit->zoom, view.size.height * fit->zoom);
  if (!graphene_rect_intersection (&view, &area, &view))
    return;
  gsk_rounded_rect_init_from_rect (&shape, &view, 2);
  gtk_snapshot_append_border (snapshot, &shape, (const float[]){ 1.5, 1.5, 1.5, 1.5 }, (const GdkRGBA[]){ *accent, *accent, *accent, *accent });
}

static void
heddle_canvas_minimap_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HeddleCanvasMinimap *self = HEDDLE_CANVAS_MINIMAP (widget);
  const HeddleCanvasPalette *palette = heddle_canvas_style_get_palette (self->canvas->style);
  const GdkRGBA *border = &palette->border;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, WIDTH, HEIGHT);
  GskRoundedRect shape;
  Fit fit;

  gsk_rounded_rect_init_from_rect (&shape, &bounds, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &palette->card, &bounds);
  if (find_fit (self, &fit))
    {
      if (self->blocks == NULL)
        self->blocks = draw_blocks (self, &fit);
      if (self->blocks != NULL)
        gtk_snapshot_append_node (snapshot, self->blocks);
      append_view (self, &fit, snapshot);
    }
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &shape, (const float[]){ 1, 1, 1, 1 }, (const GdkRGBA[]){ *border, *border, *border, *border });
}

static void
heddle_canvas_minimap_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
  *minimum_baseline = *natural_baseline = -1;
}

/* Brings a point of the map to the middle of the view. */
static void
go_to (HeddleCanvasMinimap *self, double x, double y)
{
  HeddleCanvas *canvas = self->canvas;
  Fit fit;

  if (!find_fit (self, &fit))
    return;
  heddle_canvas_set_view (canvas, canvas->zoom,
                          gtk_widget_get_width (GTK_WIDGET (canvas)) / 2. - (x - fit.x) / fit.zoom * canvas->zoom,
                          gtk_widget_get_height (GTK_WIDGET (canvas)) / 2. - (y - fit.y) / fit.zoom * canvas->zoom);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, HeddleCanvasMinimap *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  go_to (self, x, y);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, HeddleCanvasMinimap *self)
{
  double x, y;

  if (gtk_gesture_drag_get_start_point (gesture, &x, &y))
    go_to (self, x + dx, y + dy);
}

static gboolean
pan_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  HeddleCanvas *canvas = HEDDLE_CANVAS_MINIMAP (widget)->canvas;
  double dx, dy;

  g_variant_get (args, "(dd)", &dx, &dy);
  heddle_canvas_pan (canvas, -dx * gtk_widget_get_width (GTK_WIDGET (canvas)), -dy * gtk_widget_get_height (GTK_WIDGET (canvas)));
  return GDK_EVENT_STOP;
}

static gboolean
key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  const char *action;

  g_variant_get (args, "(&s)", &action);
  gtk_widget_activate_action (GTK_WIDGET (HEDDLE_CANVAS_MINIMAP (widget)->canvas), action, NULL);
  return GDK_EVENT_STOP;
}

static int
get_part (float part, float whole)
{
  return whole > 0 ? (int) (CLAMP (part / whole, 0, 1) * 100 + .5) : 0;
}

/* Where one is, in words. */
static char *
dup_value (HeddleCanvasMinimap *self)
{
  graphene_rect_t bounds, view;

  if (!heddle_canvas_scene_get_bounds (self->canvas->scene, FALSE, &bounds))
    return g_strdup ("");
  heddle_canvas_get_world_view (self->canvas, 0, &view);
  /* Translators: where the view of the canvas is: the middle of it, from the left and from the top, and the zoom. */
  return g_strdup_printf (_ ("%d %% across, %d %% down, zoom %d %%"), get_part (view.origin.x + view.size.width / 2 - bounds.origin.x, bounds.size.width),
                          get_part (view.origin.y + view.size.height / 2 - bounds.origin.y, bounds.size.height), (int) (self->canvas->zoom * 100 + .5));
}

/* Nobody hears it who is elsewhere. */
void
heddle_canvas_minimap_update_view (HeddleCanvasMinimap *self)
{
  g_autofree char *value = NULL;

  g_return_if_fail (HEDDLE_IS_CANVAS_MINIMAP (self));

  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!gtk_widget_has_focus (GTK_WIDGET (self)))
    return;
  value = dup_value (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, value, -1);
  heddle_canvas_speak (self->canvas, value);
}

static void
focus_cb (HeddleCanvasMinimap *self)
{
  heddle_canvas_update_map (self->canvas);
}

static const struct
{
  guint key, keypad;
  double dx, dy;
} arrows[] = {
  { GDK_KEY_Left, GDK_KEY_KP_Left, -STEP, 0 },
  { GDK_KEY_Right, GDK_KEY_KP_Right, STEP, 0 },
  { GDK_KEY_Up, GDK_KEY_KP_Up, 0, -STEP },
  { GDK_KEY_Down, GDK_KEY_KP_Down, 0, STEP },
};

static const struct
{
  guint key;
  const char *action;
} keys[] = {
  { GDK_KEY_plus, "canvas.zoom-in" },
  { GDK_KEY_equal, "canvas.zoom-in" },
  { GDK_KEY_KP_Add, "canvas.zoom-in" },
  { GDK_KEY_minus, "canvas.zoom-out" },
  { GDK_KEY_KP_Subtract, "canvas.zoom-out" },
  { GDK_KEY_0, "canvas.zoom-reset" },
  { GDK_KEY_Home, "canvas.fit" },
};

static void
install_keys (GtkWidgetClass *klass)
{
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    {
      gtk_widget_class_add_binding (klass, arrows[i].key, 0, pan_cb, "(dd)", arrows[i].dx, arrows[i].dy);
      gtk_widget_class_add_binding (klass, arrows[i].keypad, 0, pan_cb, "(dd)", arrows[i].dx, arrows[i].dy);
      gtk_widget_class_add_binding (klass, arrows[i].key, GDK_SHIFT_MASK, pan_cb, "(dd)", arrows[i].dx / STEP, arrows[i].dy / STEP);
    }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (klass, keys[i].key, 0, key_cb, "(s)", keys[i].action);
}

static void
heddle_canvas_minimap_dispose (GObject *object)
{
  g_clear_pointer (&HEDDLE_CANVAS_MINIMAP (object)->blocks, gsk_render_node_unref);
  G_OBJECT_CLASS (heddle_canvas_minimap_parent_class)->dispose (object);
}

static void
heddle_canvas_minimap_class_init (HeddleCanvasMinimapClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_canvas_minimap_dispose;
  widget_class->snapshot = heddle_canvas_minimap_snapshot;
  widget_class->measure = heddle_canvas_minimap_measure;
  gtk_widget_class_set_css_name (widget_class, "minimap");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  install_keys (widget_class);
}

static void
heddle_canvas_minimap_init (HeddleCanvasMinimap *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (self, "notify::has-focus", G_CALLBACK (focus_cb), NULL);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _ ("Drag to go elsewhere. By keys: arrows move the view, + and − zoom, Home shows everything."));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Overview of the workflow"), -1);
}

GtkWidget *
heddle_canvas_minimap_new (HeddleCanvas *canvas)
{
  HeddleCanvasMinimap *self = g_object_new (HEDDLE_TYPE_CANVAS_MINIMAP, NULL);

  self->canvas = canvas;
  return GTK_WIDGET (self);
}

void
heddle_canvas_minimap_invalidate (HeddleCanvasMinimap *self)
{
  g_return_if_fail (HEDDLE_IS_CANVAS_MINIMAP (self));

  g_clear_pointer (&self->blocks, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
