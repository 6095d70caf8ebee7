/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-scene.h"

G_BEGIN_DECLS

struct _HeddleCanvasScene
{
  HeddleCanvasSceneHooks hooks;
  GPtrArray *items;
  GHashTable *by_id; /* borrowed id → item */
  GPtrArray *edges;
  GHashTable *by_ends; /* owned key → edge */
  HeddleCanvasGrid *item_grid;
  HeddleCanvasGrid *edge_grid;
  guint stamp;
};

G_END_DECLS
