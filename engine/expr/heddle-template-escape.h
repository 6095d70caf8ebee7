/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Where a byte of a JSON text stands, as far as escaping needs it. */
typedef struct
{
  gboolean in_string;
  gboolean escaped; /* behind a backslash */
} HeddleJsonPlace;

void heddle_json_place_advance (HeddleJsonPlace *place, char byte);

/* Each appends the value as it may stand at that place, so that data stays data. */
void heddle_escape_none (GString *out, JsonNode *value);
void heddle_escape_url (GString *out, JsonNode *value, gboolean verbatim);
void heddle_escape_json (GString *out, JsonNode *value, gboolean in_string);
/*
 * Whether a value may stand in a URL behind what came before it (rendered) and before what follows (of the template): it must not
 * become a part of the server's name, unless that is left to values there.
 */
gboolean heddle_escape_check_host (const char *before, JsonNode *value, const char *after, const char *source, guint offset, GError **error);
/* shape is the URL with a letter for each value: a "." or ".." in the path has to come from the template. */
gboolean heddle_escape_check_path (const char *url, const char *shape, GError **error);
gboolean heddle_escape_header (GString *out, JsonNode *value, const char *source, guint offset, GError **error);

G_END_DECLS
