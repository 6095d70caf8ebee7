/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Names of tools as every provider takes them, [A-Za-z_][A-Za-z0-9_-]{0,63}, and back. Two tools never get the same.
 * Also knows the ids of calls that a conversation has used.
 */
typedef struct _HeddleToolNames HeddleToolNames;

/* Both may be NULL. */
HeddleToolNames *heddle_tool_names_new (JsonNode *tools, JsonNode *messages) G_GNUC_WARN_UNUSED_RESULT;
void heddle_tool_names_free (HeddleToolNames *self);

/* The provider's name for one of ours. Borrowed. */
const char *heddle_tool_names_to_wire (HeddleToolNames *self, const char *name);
/* Our name for a provider's: what the model wrote when it is none of them. Borrowed. */
const char *heddle_tool_names_from_wire (HeddleToolNames *self, const char *wire);
/* id, or one of our own making when it is NULL, empty or taken. It is taken then. */
char *heddle_tool_names_take_id (HeddleToolNames *self, const char *id) G_GNUC_WARN_UNUSED_RESULT;
/* Whether an id is of our own making, so that the provider does not know it. */
gboolean heddle_tool_names_is_own_id (const char *id);
/* What stands for id where it is not fit: up to forty of [A-Za-z0-9_-], or nine letters and digits. The same for the same id. */
char *heddle_tool_names_fit_id (const char *id, gboolean is_short) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleToolNames, heddle_tool_names_free)

G_END_DECLS
