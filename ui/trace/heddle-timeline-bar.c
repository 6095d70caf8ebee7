/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-timeline-bar.h"

#include "trace/heddle-timeline-ruler.h"
#include "trace/heddle-span-look.h"

#define BAR_HEIGHT 14
#define MIN_WIDTH 3

struct _HeddleTimelineBar
{
  GtkWidget parent_instance;

  HeddleTimelineScale *scale;
  HeddleSpan *span;
};

G_DEFINE_FINAL_TYPE (HeddleTimelineBar, heddle_timeline_bar, GTK_TYPE_WIDGET)

static graphene_rect_t
bar_rect (HeddleTimelineBar *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  gint64 start = MAX (heddle_span_get_start (self->span), 0);
  gint64 end = heddle_span_get_end (self->span);
  double x1 = heddle_timeline_scale_to_x (self->scale, start, width);
  double x2 = heddle_timeline_scale_to_x (self->scale, end >= 0 ? end : heddle_timeline_scale_get_duration (self->scale), width);

  return GRAPHENE_RECT_INIT (x1, (gtk_widget_get_height (GTK_WIDGET (self)) - BAR_HEIGHT) / 2.0, MAX (x2 - x1, MIN_WIDTH), BAR_HEIGHT);
}

/* Of a container's bar as much is full as of its items is done. */
static void
snapshot_progress (HeddleTimelineBar *self,
                   GtkSnapshot *snapshot,
                   const graphene_rect_t *rect)
{
  HeddleTraceProgress progress;
  graphene_rect_t part = *rect;
  GdkRGBA color;

  if (!heddle_span_get_progress (self->span, &progress) || progress.total <= 0)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  part.size.width *= CLAMP ((double) progress.done / progress.total, 0, 1);
  gtk_snapshot_append_color (snapshot, &color, &part);
}

static void
snapshot_bar (HeddleTimelineBar *self,
              GtkSnapshot *snapshot,
              const graphene_rect_t *rect)
{
  gboolean running = heddle_span_get_state (self->span) == HEDDLE_SPAN_RUNNING;
  GskRoundedRect rounded;
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  if (running)
    color.alpha *= .6;
  gsk_rounded_rect_init_from_rect (&rounded, rect, 3);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &color, rect);
  if (running)
    snapshot_progress (self, snapshot, rect);
  gtk_snapshot_pop (snapshot);
}

/* White or black, whichever is read better on the bar. */
static GdkRGBA
text_on (const GdkRGBA *color)
{
  double luminance = .2126 * color->red + .7152 * color->green + .0722 * color->blue;

  return luminance > .5 ? (GdkRGBA){ 0, 0, 0, .85 } : (GdkRGBA){ 1, 1, 1, 1 };
}

/* Inside when it fits, else behind the bar, else before it. */
static void
snapshot_note (HeddleTimelineBar *self,
               GtkSnapshot *snapshot,
               const graphene_rect_t *rect,
               const char *note)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), note);
  GtkStyleContext *parent_style = gtk_widget_get_style_context (gtk_widget_get_parent (GTK_WIDGET (self)));
  double room = gtk_widget_get_width (GTK_WIDGET (self)) - rect->origin.x - rect->size.width - 8;
  GdkRGBA bar_color, color;
  int width, height;
  double x;

  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &bar_color);
  gtk_style_context_get_color (parent_style, &color);
  color.alpha *= .8;
  x = rect->origin.x + rect->size.width + 6;
  if (width + 12 <= rect->size.width)
    {
      x = rect->origin.x + 6;
      color = text_on (&bar_color);
    }
  else if (width > room && rect->origin.x <= room)
    pango_layout_set_width (layout, MAX (room, 1) * PANGO_SCALE);
  else if (width > room)
    {
      pango_layout_set_width (layout, MAX (rect->origin.x - 8, 1) * PANGO_SCALE);
      pango_layout_get_pixel_size (layout, &width, &height);
      x = rect->origin.x - width - 6;
    }
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, (gtk_widget_get_height (GTK_WIDGET (self)) - height) / 2.0));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
heddle_timeline_bar_snapshot (GtkWidget *widget,
                              GtkSnapshot *snapshot)
{
  HeddleTimelineBar *self = HEDDLE_TIMELINE_BAR (widget);
  g_autofree char *note = NULL;
  graphene_rect_t rect;

  heddle_timeline_snapshot_grid (widget, snapshot, self->scale);
  if (self->span == NULL)
    return;
  note = heddle_format_span_note (self->span);
  rect = bar_rect (self);
  if (heddle_span_get_state (self->span) == HEDDLE_SPAN_SKIPPED || heddle_span_get_state (self->span) == HEDDLE_SPAN_READY)
    rect.size.width = 0;
  else
    snapshot_bar (self, snapshot, &rect);
  if (note != NULL)
    snapshot_note (self, snapshot, &rect, note);
}

static void
update_class (HeddleTimelineBar *self)
{
  g_autofree char *category = heddle_span_dup_category_class (self->span);
  HeddleSpanState state = heddle_span_get_state (self->span);
  const char *classes[] = { "timeline-bar", "caption", category, state == HEDDLE_SPAN_FAILED ? "error" : NULL, NULL };

  gtk_widget_set_css_classes (GTK_WIDGET (self), classes);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
heddle_timeline_bar_set_span (HeddleTimelineBar *self,
                              HeddleSpan *span)
{
  g_return_if_fail (HEDDLE_IS_TIMELINE_BAR (self));

  if (self->span == span)
    return;
  if (self->span != NULL)
    g_signal_handlers_disconnect_by_data (self->span, self);
  g_set_object (&self->span, span);
  if (span == NULL)
    return;
  g_signal_connect_object (span, "notify::state", G_CALLBACK (update_class), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (span, "notify::usage", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  update_class (self);
}

GtkWidget *
heddle_timeline_bar_new (HeddleTimelineScale *scale)
{
  HeddleTimelineBar *self = g_object_new (HEDDLE_TYPE_TIMELINE_BAR, NULL);

  self->scale = g_object_ref (scale);
  g_signal_connect_object (scale, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static void
heddle_timeline_bar_dispose (GObject *object)
{
  HeddleTimelineBar *self = HEDDLE_TIMELINE_BAR (object);

  g_clear_object (&self->span);
  g_clear_object (&self->scale);
  G_OBJECT_CLASS (heddle_timeline_bar_parent_class)->dispose (object);
}

static void
heddle_timeline_bar_class_init (HeddleTimelineBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_timeline_bar_dispose;
  GTK_WIDGET_CLASS (klass)->snapshot = heddle_timeline_bar_snapshot;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
heddle_timeline_bar_init (HeddleTimelineBar *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
}
