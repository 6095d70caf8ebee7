/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/* Whether every word of the search is in the type's title, summary, keywords or id. */
gboolean heddle_node_match (const HeddleNodeType *type, const char *search);
/* How near a type that matches is to the search: 0 when its title begins with it, more for what is further. */
guint heddle_node_match_rank (const HeddleNodeType *type, const char *search);

/* Whether every word of the search is in the template's name or description. */
gboolean heddle_template_match (const HeddleTemplateInfo *info, const char *search);
/* Comparable to the rank of a type. */
guint heddle_template_match_rank (const HeddleTemplateInfo *info, const char *search);

G_END_DECLS
