/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* The knowledge base that every library starts with: Heddle's own handbook. */
#define HEDDLE_KNOWLEDGE_HELP "Heddle Help"

/*
 * Makes that base once for each handbook; whoever deletes it has it back with the next handbook only. Pages that this one has no more
 * are removed, documents that a person added are not. Returns at once: searches that come later wait until it is there.
 */
void heddle_knowledge_add_help (HeddleKnowledge *self, HeddleStore *store);

G_END_DECLS
