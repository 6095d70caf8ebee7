/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/* What kind of value it is and how large, such as "List, 3 elements"; NULL counts as null. Transfer full. */
char *heddle_value_describe (JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;
/* Its beginning on one line, at most max characters; the time it takes does not depend on how large the value is. Transfer full. */
char *heddle_value_dup_line (JsonNode *value, guint max) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The way from one value to one in it, as expressions have it: ".name", "[\"odd name\"]" where the name is no identifier.
 */
void heddle_path_append_member (GString *path, const char *name);
/* Whether a name may stand behind a point. */
gboolean heddle_path_is_identifier (const char *name);

G_END_DECLS
