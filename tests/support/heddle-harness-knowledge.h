/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* The knowledge base that examples of node types use. */
#define HEDDLE_HARNESS_BASE "Demo"

/* Knowledge in memory with that one, empty base. Both may be NULL. */
HeddleKnowledge *heddle_harness_new_knowledge (HeddleModels *models, const char *embedding_model) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
