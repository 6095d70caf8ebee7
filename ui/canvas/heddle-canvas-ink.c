/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#define PIECE_LENGTH 128 /* pixels of a line whose place is noted as a whole */
#define MARGIN 4         /* units: how far signs on a line are beyond its pieces */

gboolean
heddle_canvas_draws_with_cairo (HeddleCanvas *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GskRenderer *renderer = native != NULL ? gtk_native_get_renderer (native) : NULL;

  return renderer != NULL && g_str_equal (G_OBJECT_TYPE_NAME (renderer), "GskCairoRenderer");
}

/*
 * Always in view space, never under a GSK scale: replay of a cairo node rounds a scale to 1/256 and draws far things
 * pixels away from where they belong.
 */
void
heddle_canvas_ink_begin (HeddleCanvasInk *ink, HeddleCanvas *self, GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
  *ink = (HeddleCanvasInk){ .canvas = self, .snapshot = snapshot };
  if (heddle_canvas_draws_with_cairo (self))
    {
      ink->cr = gtk_snapshot_append_cairo (snapshot, bounds);
    }
  else
    {
      ink->strips = heddle_canvas_strips_new (bounds, gtk_widget_get_scale_factor (GTK_WIDGET (self)));
      ink->cr = cairo_reference (heddle_canvas_strips_get_cairo (ink->strips));
    }
  heddle_canvas_get_render_offset (self, &ink->x, &ink->y);
  cairo_translate (ink->cr, ink->x, ink->y);
  cairo_scale (ink->cr, self->zoom, self->zoom);
  cairo_set_antialias (ink->cr, CAIRO_ANTIALIAS_FAST);
}

void
heddle_canvas_ink_mark (HeddleCanvasInk *ink, const HeddleCanvasCurve *curve, gboolean coarsely)
{
  double zoom = ink->canvas->zoom;
  guint n_pieces;
  graphene_rect_t piece;

  if (ink->strips == NULL)
    return;
  n_pieces = coarsely ? HEDDLE_CANVAS_CURVE_N_COARSE * curve->n_beziers : heddle_canvas_curve_get_n_long_pieces (curve, PIECE_LENGTH / zoom);
  for (guint i = 0; i < n_pieces; i++)
    {
      heddle_canvas_curve_get_piece (curve, i, n_pieces, &piece);
      graphene_rect_init (&piece, ink->x + piece.origin.x * zoom, ink->y + piece.origin.y * zoom, piece.size.width * zoom, piece.size.height * zoom);
      graphene_rect_inset (&piece, -MARGIN * zoom - 2, -MARGIN * zoom - 2);
      heddle_canvas_strips_mark (ink->strips, &piece);
    }
}

void
heddle_canvas_ink_end (HeddleCanvasInk *ink)
{
  g_clear_pointer (&ink->cr, cairo_destroy);
  if (ink->strips != NULL)
    heddle_canvas_strips_free_to_snapshot (g_steal_pointer (&ink->strips), ink->snapshot);
}
