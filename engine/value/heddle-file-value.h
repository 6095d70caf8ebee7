/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Files in values: {"name","mime","size","data":base64}. Whoever makes one has read the file because a person
 * named it; nothing in a value makes anybody read one.
 */
#define HEDDLE_FILE_MAX_BYTES (20 * 1024 * 1024)

/* The type is told from the content, and from the name where that says more. HEDDLE_ERROR_LIMIT when it is too large. */
JsonNode *heddle_file_value_new (const char *name, gconstpointer data, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads a file that a person named. */
JsonNode *heddle_file_value_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * A file as above from a value of outside: "name" and "mime" may be missing, or it may be a "data:" URI. Checked, with size and type
 * as they are. HEDDLE_ERROR_INVALID, HEDDLE_ERROR_LIMIT.
 */
JsonNode *heddle_file_value_read (JsonNode *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it has the form of one. */
gboolean heddle_file_value_is (JsonNode *value);
gboolean heddle_file_value_is_image (JsonNode *file);

G_END_DECLS
