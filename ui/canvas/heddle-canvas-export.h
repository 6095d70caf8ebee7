/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_CANVAS_PNG,
  HEDDLE_CANVAS_SVG,
  HEDDLE_CANVAS_PDF,
  HEDDLE_CANVAS_N_FORMATS
} HeddleCanvasFormat;

/* fraction: 0 to 1. */
typedef void (*HeddleCanvasExportProgress) (double fraction, gpointer user_data);

typedef struct
{
  HeddleCanvasFormat format;
  guint scale;            /* of a PNG: pixels a unit; 1 to 4 */
  gboolean dark;          /* the colours of the dark canvas */
  const char *const *ids; /* only these nodes and annotations, and what joins them; NULL: all */
  HeddleTrace *trace;     /* whose states are on the cards; NULL: none */
  HeddleCanvasExportProgress progress;
  gpointer progress_data;
} HeddleCanvasExport;

/*
 * The canvas as a file: lines and letters as such in SVG and PDF. It is drawn a slice at a time, from a copy of the graph as it is now. Fails with
 * HEDDLE_ERROR_INVALID when there is nothing to draw, or a PNG would have too many pixels, with what to do instead. Main thread only.
 */
void heddle_canvas_export_async (HeddleGraph *graph, const HeddleCanvasExport *options, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes *heddle_canvas_export_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "png"; and the name for people. */
const char *heddle_canvas_format_get_suffix (HeddleCanvasFormat format);

G_END_DECLS
