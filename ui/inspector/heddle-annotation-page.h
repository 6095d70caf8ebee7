/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* A note or group of the canvas, with its text and colour; or several, whose colour is changed together. */
#define HEDDLE_TYPE_ANNOTATION_PAGE (heddle_annotation_page_get_type ())
G_DECLARE_FINAL_TYPE (HeddleAnnotationPage, heddle_annotation_page, HEDDLE, ANNOTATION_PAGE, AdwBin)

GtkWidget *heddle_annotation_page_new (void);
/* Nothing is shown unless all of ids, which are copied, are notes and groups of the document; NULL: none. document is borrowed. */
void heddle_annotation_page_set_ids (HeddleAnnotationPage *self, HeddleDocument *document, const char *const *ids);
/* Whether there is something to show, and the workflow still has it. */
gboolean heddle_annotation_page_has_any (HeddleAnnotationPage *self);
/* Shows it as it is now. */
void heddle_annotation_page_update (HeddleAnnotationPage *self);

G_END_DECLS
