/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-curve.h"

G_BEGIN_DECLS

/*
 * How the line of an edge goes around cards. Pure geometry in world units: it depends on nothing but where the ends and the cards
 * are, so that a workflow looks the same however it came to be. cards: of graphene_rect_t, those at both ends included.
 */

#define HEDDLE_CANVAS_ROUTE_MAX_MOVE 24 /* of a lane, for other lines */

/* Where cards may be in the way; FALSE: the line is too long, or its ends are nowhere, and nothing is to be looked for. */
gboolean heddle_canvas_route_get_area (const HeddlePoint *start, const HeddlePoint *end, graphene_rect_t *area);
/* Whether any card is; then area is where cards must be known to find a way around. */
gboolean heddle_canvas_route_is_blocked (const HeddlePoint *start, const HeddlePoint *end, GArray *cards, graphene_rect_t *area);
/* A lane that leads around all cards, or at least around more of them than the line without one. FALSE: no lane helps, or none is needed. */
gboolean heddle_canvas_route_find (const HeddlePoint *start, const HeddlePoint *end, GArray *cards, HeddleCanvasLane *lane);

G_END_DECLS
