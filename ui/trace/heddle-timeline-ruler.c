/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-timeline-ruler.h"

#include <glib/gi18n-lib.h>

#define MARK_DISTANCE 84

struct _HeddleTimelineRuler
{
  GtkWidget parent_instance;

  HeddleTimelineScale *scale;
};

G_DEFINE_FINAL_TYPE (HeddleTimelineRuler, heddle_timeline_ruler, GTK_TYPE_WIDGET)

static GdkRGBA
faded_color (GtkWidget *widget,
             double alpha)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= alpha;
  return color;
}

void
heddle_timeline_snapshot_grid (GtkWidget *widget,
                               GtkSnapshot *snapshot,
                               HeddleTimelineScale *scale)
{
  double width = gtk_widget_get_width (widget);
  gint64 step = heddle_timeline_scale_get_step (scale, width, MARK_DISTANCE);
  GdkRGBA color = faded_color (widget, .08);

  for (gint64 time = 0; heddle_timeline_scale_to_x (scale, time, width) < width; time += step)
    {
      double x = heddle_timeline_scale_to_x (scale, time, width);

      gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x, 0, 1, gtk_widget_get_height (widget)));
    }
}

/* All marks of one ruler in one unit. */
static char *
format_mark (gint64 time,
             gint64 step)
{
  if (step >= 1000 * 1000)
    return g_strdup_printf (_ ("%.0f s"), time / 1e6);
  if (step >= 100 * 1000)
    return g_strdup_printf (_ ("%.1f s"), time / 1e6);
  if (step >= 1000)
    return g_strdup_printf (_ ("%.0f ms"), time / 1e3);
  return g_strdup_printf (step >= 100 ? _ ("%.1f ms") : _ ("%.2f ms"), time / 1e3);
}

static void
heddle_timeline_ruler_snapshot (GtkWidget *widget,
                                GtkSnapshot *snapshot)
{
  HeddleTimelineRuler *self = HEDDLE_TIMELINE_RULER (widget);
  double width = gtk_widget_get_width (widget);
  gint64 step = heddle_timeline_scale_get_step (self->scale, width, MARK_DISTANCE);
  GdkRGBA color = faded_color (widget, .7);

  heddle_timeline_snapshot_grid (widget, snapshot, self->scale);
  for (gint64 time = 0; heddle_timeline_scale_to_x (self->scale, time, width) < width; time += step)
    {
      g_autofree char *text = format_mark (time, step);
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
      double x = heddle_timeline_scale_to_x (self->scale, time, width) + 4;
      int text_width;

      pango_layout_get_pixel_size (layout, &text_width, NULL);
      if (x + text_width > width)
        break;
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, 3));
      gtk_snapshot_append_layout (snapshot, layout, &color);
      gtk_snapshot_restore (snapshot);
    }
}

GtkWidget *
heddle_timeline_ruler_new (HeddleTimelineScale *scale)
{
  HeddleTimelineRuler *self = g_object_new (HEDDLE_TYPE_TIMELINE_RULER, NULL);

  self->scale = g_object_ref (scale);
  g_signal_connect_object (scale, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static void
heddle_timeline_ruler_finalize (GObject *object)
{
  g_clear_object (&HEDDLE_TIMELINE_RULER (object)->scale);
  G_OBJECT_CLASS (heddle_timeline_ruler_parent_class)->finalize (object);
}

static void
heddle_timeline_ruler_class_init (HeddleTimelineRulerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_timeline_ruler_finalize;
  GTK_WIDGET_CLASS (klass)->snapshot = heddle_timeline_ruler_snapshot;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
heddle_timeline_ruler_init (HeddleTimelineRuler *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
  gtk_widget_set_size_request (GTK_WIDGET (self), -1, 24);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}
