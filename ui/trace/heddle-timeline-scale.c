/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-timeline-scale.h"

struct _HeddleTimelineScale
{
  GObject parent_instance;

  gint64 duration; /* of the run */
  gint64 extent;   /* what the whole width means */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleTimelineScale, heddle_timeline_scale, G_TYPE_OBJECT)

HeddleTimelineScale *
heddle_timeline_scale_new (void)
{
  return g_object_new (HEDDLE_TYPE_TIMELINE_SCALE, NULL);
}

static gint64
grown_extent (gint64 extent,
              gint64 duration)
{
  gint64 grown = MAX (extent, 500 * 1000);

  while (grown < duration)
    grown += grown / 2;
  return grown;
}

void
heddle_timeline_scale_set_duration (HeddleTimelineScale *self,
                                    gint64 duration,
                                    gboolean running)
{
  g_return_if_fail (HEDDLE_IS_TIMELINE_SCALE (self));

  if (duration < self->duration)
    self->extent = 0;
  self->duration = duration;
  /* A finished run leaves a little room at the right for the labels behind short bars. */
  self->extent = running ? grown_extent (self->extent, duration) : MAX (duration + duration / 8, 100);
  g_signal_emit (self, signals[CHANGED], 0);
}

gint64
heddle_timeline_scale_get_duration (HeddleTimelineScale *self)
{
  g_return_val_if_fail (HEDDLE_IS_TIMELINE_SCALE (self), 0);

  return self->duration;
}

double
heddle_timeline_scale_to_x (HeddleTimelineScale *self,
                            gint64 time,
                            double width)
{
  g_return_val_if_fail (HEDDLE_IS_TIMELINE_SCALE (self), 0);

  return width * time / self->extent;
}

gint64
heddle_timeline_scale_get_step (HeddleTimelineScale *self,
                                double width,
                                double min_px)
{
  static const int factors[] = { 1, 2, 5 };

  g_return_val_if_fail (HEDDLE_IS_TIMELINE_SCALE (self), 1);

  for (gint64 power = 1; power < G_MAXINT64 / 100; power *= 10)
    {
      for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
        {
          if (heddle_timeline_scale_to_x (self, power * factors[i], width) >= min_px)
            return power * factors[i];
        }
    }
  return G_MAXINT64;
}

static void
heddle_timeline_scale_class_init (HeddleTimelineScaleClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
heddle_timeline_scale_init (HeddleTimelineScale *self)
{
  self->extent = 500 * 1000;
}
