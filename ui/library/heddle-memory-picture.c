/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-memory-picture.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "library/heddle-memory-layout.h"

/* More cannot be told apart. */
#define MAX_THINGS 120
#define MARGIN 80.f
#define MIN_ZOOM 0.2f
#define MAX_ZOOM 3.f
#define MAX_STRETCH 3.f
#define STEP 40.f
#define LABEL_WIDTH 150
#define MIN_LABELLED 90.f

typedef struct
{
  char *name;
  gboolean is_entity;
  graphene_point_t place;
} Thing;

typedef struct
{
  guint things[2];
  char *label;
} Line;

struct _HeddleMemoryPicture
{
  GtkWidget parent_instance;

  GArray *things; /* Thing */
  GArray *lines;  /* Line */
  graphene_rect_t bounds;
  gboolean is_fitted; /* nobody has moved or zoomed it */
  float zoom;
  float stretch;           /* of x beyond zoom, as there is more room sideways */
  graphene_point_t offset; /* of (0, 0) from the middle, in pixels */
  graphene_point_t dragged_from;
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleMemoryPicture, heddle_memory_picture, GTK_TYPE_WIDGET)

static void
thing_clear (gpointer data)
{
  g_free (((Thing *) data)->name);
}

static void
line_clear (gpointer data)
{
  g_free (((Line *) data)->label);
}

/* G_MAXUINT when there is no room for another. Texts are things of their own, even equal ones. */
static guint
ensure_thing (HeddleMemoryPicture *self,
              GHashTable *by_name,
              const char *name,
              gboolean is_entity)
{
  gpointer known;
  Thing thing = { 0 };

  if (is_entity && g_hash_table_lookup_extended (by_name, name, NULL, &known))
    return GPOINTER_TO_UINT (known);
  if (self->things->len >= MAX_THINGS)
    return G_MAXUINT;
  thing.name = g_strdup (name);
  thing.is_entity = is_entity;
  g_array_append_val (self->things, thing);
  if (is_entity)
    g_hash_table_insert (by_name, g_strdup (name), GUINT_TO_POINTER (self->things->len - 1));
  return self->things->len - 1;
}

static void
add_fact (HeddleMemoryPicture *self,
          GHashTable *by_name,
          const HeddleMemoryFact *fact)
{
  guint subject = ensure_thing (self, by_name, fact->subject, TRUE);
  guint object = subject != G_MAXUINT ? ensure_thing (self, by_name, fact->object, fact->object_kind != NULL) : G_MAXUINT;
  Line line = { { subject, object }, NULL };

  if (object == G_MAXUINT)
    return;
  line.label = g_strdup (fact->predicate);
  g_array_append_val (self->lines, line);
}

static void
place_things (HeddleMemoryPicture *self)
{
  g_autofree guint (*pairs)[2] = g_malloc_n (MAX (self->lines->len, 1), sizeof *pairs);
  g_autofree graphene_point_t *points = NULL;

  for (guint i = 0; i < self->lines->len; i++)
    memcpy (pairs[i], g_array_index (self->lines, Line, i).things, sizeof *pairs);
  points = heddle_memory_layout (self->things->len, pairs, self->lines->len);
  self->bounds = GRAPHENE_RECT_INIT (0, 0, 0, 0);
  for (guint i = 0; i < self->things->len; i++)
    {
      graphene_rect_t spot = GRAPHENE_RECT_INIT (points[i].x, points[i].y, 0, 0);

      g_array_index (self->things, Thing, i).place = points[i];
      if (i == 0)
        self->bounds = spot;
      graphene_rect_union (&self->bounds, &spot, &self->bounds);
    }
}

void
heddle_memory_picture_set_facts (HeddleMemoryPicture *self,
                                 GPtrArray *facts)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_return_if_fail (HEDDLE_IS_MEMORY_PICTURE (self));

  g_array_set_size (self->things, 0);
  g_array_set_size (self->lines, 0);
  for (guint i = 0; facts != NULL && i < facts->len; i++)
    {
      const HeddleMemoryFact *fact = g_ptr_array_index (facts, i);

      if (fact->is_active)
        add_fact (self, by_name, fact);
    }
  place_things (self);
  self->is_fitted = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
fit (HeddleMemoryPicture *self)
{
  float width = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * MARGIN;
  float height = gtk_widget_get_height (GTK_WIDGET (self)) - MARGIN / 2;

  self->zoom = CLAMP (height / MAX (self->bounds.size.height, 1.f), MIN_ZOOM, 1.f);
  self->stretch = CLAMP (width / MAX (self->bounds.size.width * self->zoom, 1.f), 0.5f, MAX_STRETCH);
  self->offset.x = -(self->bounds.origin.x + self->bounds.size.width / 2) * self->zoom * self->stretch;
  self->offset.y = -(self->bounds.origin.y + self->bounds.size.height / 2) * self->zoom;
}

/* In the widget's coordinates. */
static graphene_point_t
project (HeddleMemoryPicture *self,
         const graphene_point_t *place)
{
  return GRAPHENE_POINT_INIT (gtk_widget_get_width (GTK_WIDGET (self)) / 2.f + self->offset.x + place->x * self->zoom * self->stretch,
                              gtk_widget_get_height (GTK_WIDGET (self)) / 2.f + self->offset.y + place->y * self->zoom);
}

static void
zoom_by (HeddleMemoryPicture *self,
         float factor)
{
  float zoom = CLAMP (self->zoom * factor, MIN_ZOOM, MAX_ZOOM);

  self->offset.x *= zoom / self->zoom;
  self->offset.y *= zoom / self->zoom;
  self->zoom = zoom;
  self->is_fitted = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
move_by (HeddleMemoryPicture *self,
         float x,
         float y)
{
  self->offset.x += x;
  self->offset.y += y;
  self->is_fitted = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static PangoLayout *
label_new (HeddleMemoryPicture *self,
           const char *text,
           double scale)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_width (layout, LABEL_WIDTH * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  return layout;
}

/* Centred on point, on a ground that keeps it apart from lines. */
static void
draw_label (HeddleMemoryPicture *self,
            GtkSnapshot *snapshot,
            graphene_point_t point,
            const char *text,
            double scale,
            const GdkRGBA *color,
            const GdkRGBA *ground)
{
  g_autoptr (PangoLayout) layout = label_new (self, text, scale);
  PangoRectangle ink;
  GskRoundedRect frame;
  float padding = ground->alpha > 0 ? 6 : 0;

  pango_layout_get_pixel_extents (layout, NULL, &ink);
  gsk_rounded_rect_init_from_rect (&frame,
                                   &GRAPHENE_RECT_INIT (point.x - ink.width / 2.f - padding, point.y - ink.height / 2.f - padding / 2,
                                                        ink.width + 2 * padding, ink.height + padding),
                                   8);
  gtk_snapshot_push_rounded_clip (snapshot, &frame);
  gtk_snapshot_append_color (snapshot, ground, &frame.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (point.x - LABEL_WIDTH / 2.f, point.y - ink.height / 2.f));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/* What the theme calls by that name. */
static GdkRGBA
look_up (HeddleMemoryPicture *self,
         const char *name)
{
  GdkRGBA color = { 0 };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), name, &color);
  return color;
}

static void
draw_lines (HeddleMemoryPicture *self,
            GtkSnapshot *snapshot,
            const GdkRGBA *color)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self))));

  cairo_set_source_rgba (cr, color->red, color->green, color->blue, 0.3);
  cairo_set_line_width (cr, 1.5);
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = &g_array_index (self->lines, Line, i);
      graphene_point_t from = project (self, &g_array_index (self->things, Thing, line->things[0]).place);
      graphene_point_t to = project (self, &g_array_index (self->things, Thing, line->things[1]).place);

      cairo_move_to (cr, from.x, from.y);
      cairo_line_to (cr, to.x, to.y);
      cairo_stroke (cr);
    }
  cairo_destroy (cr);
}

static void
draw_line_labels (HeddleMemoryPicture *self,
                  GtkSnapshot *snapshot,
                  const GdkRGBA *color,
                  const GdkRGBA *ground)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = &g_array_index (self->lines, Line, i);
      graphene_point_t from = project (self, &g_array_index (self->things, Thing, line->things[0]).place);
      graphene_point_t to = project (self, &g_array_index (self->things, Thing, line->things[1]).place);

      /* Between things that are near each other there is no room for words. */
      if (hypotf (to.x - from.x, to.y - from.y) > MIN_LABELLED)
        draw_label (self, snapshot, GRAPHENE_POINT_INIT ((from.x + to.x) / 2, (from.y + to.y) / 2), line->label, 0.8, color, ground);
    }
}

static void
heddle_memory_picture_snapshot (GtkWidget *widget,
                                GtkSnapshot *snapshot)
{
  HeddleMemoryPicture *self = HEDDLE_MEMORY_PICTURE (widget);
  GdkRGBA accent = look_up (self, "accent_bg_color");
  GdkRGBA accent_text = look_up (self, "accent_fg_color");
  GdkRGBA ground = look_up (self, "view_bg_color");
  GdkRGBA color, dim;

  if (self->is_fitted)
    fit (self);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  dim = color;
  dim.alpha *= 0.7f;
  draw_lines (self, snapshot, &color);
  draw_line_labels (self, snapshot, &dim, &ground);
  for (guint i = 0; i < self->things->len; i++)
    {
      const Thing *thing = &g_array_index (self->things, Thing, i);

      draw_label (self, snapshot, project (self, &thing->place), thing->name, thing->is_entity ? 1 : 0.9,
                  thing->is_entity ? &accent_text : &color, thing->is_entity ? &accent : &ground);
    }
}

static void
clicked_cb (HeddleMemoryPicture *self,
            int n_press,
            double x,
            double y)
{
  for (guint i = 0; i < self->things->len; i++)
    {
      const Thing *thing = &g_array_index (self->things, Thing, i);
      graphene_point_t point = project (self, &thing->place);

      if (thing->is_entity && ABS (point.x - x) < LABEL_WIDTH / 2.f && ABS (point.y - y) < 16)
        {
          g_signal_emit (self, signals[CHOSEN], 0, thing->name);
          return;
        }
    }
}

static void
drag_begin_cb (HeddleMemoryPicture *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->dragged_from = self->offset;
}

static void
drag_update_cb (HeddleMemoryPicture *self,
                double x,
                double y)
{
  self->offset = GRAPHENE_POINT_INIT (self->dragged_from.x + (float) x, self->dragged_from.y + (float) y);
  self->is_fitted = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
scroll_cb (HeddleMemoryPicture *self,
           double x,
           double y)
{
  zoom_by (self, y < 0 ? 1.2f : 1 / 1.2f);
  return TRUE;
}

static gboolean
key_cb (HeddleMemoryPicture *self,
        guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      zoom_by (self, 1.2f);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom_by (self, 1 / 1.2f);
      return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      self->is_fitted = TRUE;
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return TRUE;
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      move_by (self, keyval == GDK_KEY_Left ? STEP : -STEP, 0);
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_Down:
      move_by (self, 0, keyval == GDK_KEY_Up ? STEP : -STEP);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
heddle_memory_picture_finalize (GObject *object)
{
  HeddleMemoryPicture *self = HEDDLE_MEMORY_PICTURE (object);

  g_array_unref (self->things);
  g_array_unref (self->lines);
  G_OBJECT_CLASS (heddle_memory_picture_parent_class)->finalize (object);
}

static void
heddle_memory_picture_class_init (HeddleMemoryPictureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_memory_picture_finalize;
  GTK_WIDGET_CLASS (klass)->snapshot = heddle_memory_picture_snapshot;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "memory-picture");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);

  signals[CHOSEN] = g_signal_new ("chosen", HEDDLE_TYPE_MEMORY_PICTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
add_controllers (HeddleMemoryPicture *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_swapped (click, "released", G_CALLBACK (clicked_cb), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, keys);
}

static void
heddle_memory_picture_init (HeddleMemoryPicture *self)
{
  self->things = g_array_new (FALSE, FALSE, sizeof (Thing));
  self->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_array_set_clear_func (self->things, thing_clear);
  g_array_set_clear_func (self->lines, line_clear);
  self->zoom = 1;
  self->stretch = 1;
  self->is_fitted = TRUE;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Picture of what is remembered; the list below has the same facts"), -1);
  add_controllers (self);
}
