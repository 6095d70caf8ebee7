/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "palette/heddle-template-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What a drag from the palette carries, followed by the type's id; a drop on the canvas reads it. */
#define HEDDLE_PALETTE_DRAG_PREFIX "heddle-node:"
/* The same of a template, followed by its JSON. */
#define HEDDLE_PALETTE_DRAG_TEMPLATE_PREFIX "heddle-template:"

/*
 * The list of templates and of node types by category, with search. Rows can be dragged to the canvas; activating
 * one emits "node-chosen" (const char *type_id) or "template-chosen" (const char *id). The menu of a template has
 * the actions "win.rename-template", "win.delete-template" and "win.copy-template", each with its id.
 */
#define HEDDLE_TYPE_PALETTE (heddle_palette_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePalette, heddle_palette, HEDDLE, PALETTE, GtkWidget)

GtkWidget *heddle_palette_new (void);
void heddle_palette_set_templates (HeddlePalette *self, HeddleTemplateList *templates);
void heddle_palette_focus_search (HeddlePalette *self);

/* A coloured square with the type's symbol, as in palette and inspector. type NULL: unknown. */
GtkWidget *heddle_palette_icon_new (const HeddleNodeType *type);

G_END_DECLS
