/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <graphene.h>
#include <glib.h>

G_BEGIN_DECLS

/*
 * A uniform grid over the plane: which things are near here? Things are opaque pointers; one may be
 * put into several rectangles (a long curve is put in piece by piece). Not thread-safe.
 */
typedef struct _HeddleCanvasGrid HeddleCanvasGrid;

HeddleCanvasGrid *heddle_canvas_grid_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_canvas_grid_free (HeddleCanvasGrid *self);

void heddle_canvas_grid_insert (HeddleCanvasGrid *self, gpointer thing, const graphene_rect_t *bounds);
/* With the same bounds as it was put in. */
void heddle_canvas_grid_remove (HeddleCanvasGrid *self, gpointer thing, const graphene_rect_t *bounds);

/* Calls func for everything in the cells that area touches; the same thing may come several times. */
typedef void (*HeddleCanvasGridFunc) (gpointer thing, gpointer user_data);
void heddle_canvas_grid_query (HeddleCanvasGrid *self, const graphene_rect_t *area, HeddleCanvasGridFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCanvasGrid, heddle_canvas_grid_free)

G_END_DECLS
