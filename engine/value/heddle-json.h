/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Values are sealed JsonNodes, shared by reference. json-glib's own reader and writer are not
 * used for text from outside: its 1.6 crashes on deep nesting, corrupts large integers and
 * writes 1e21 as "1e+21.0". See ARCHITECTURE.md.
 */

#define HEDDLE_JSON_MAX_DEPTH 512
#define HEDDLE_JSON_MAX_BYTES (64 * 1024 * 1024)

typedef enum
{
  HEDDLE_JSON_COMPACT = 0,
  HEDDLE_JSON_PRETTY = 1 << 0, /* two-space indent */
} HeddleJsonFlags;

/*
 * Reads one JSON text (RFC 8259). length < 0: NUL-terminated. Integers outside gint64 become
 * doubles; lone surrogates become U+FFFD; "\u0000" is kept as U+FFFD as C strings cannot hold it;
 * of duplicate keys the last wins. Invalid UTF-8, depth > HEDDLE_JSON_MAX_DEPTH, length > max
 * (HEDDLE_JSON_MAX_BYTES for the plain call) and trailing text fail with HEDDLE_ERROR_INVALID or
 * HEDDLE_ERROR_LIMIT and a message that names line and column. Returns a sealed node. Any thread.
 */
JsonNode *heddle_json_parse (const char *text, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_json_parse_limited (const char *text, gssize length, gsize max_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Always valid UTF-8 JSON; numbers as ECMAScript writes them; NaN and infinities as null. NULL node: "null". */
char *heddle_json_to_text (JsonNode *node, HeddleJsonFlags flags) G_GNUC_WARN_UNUSED_RESULT;
void heddle_json_append_text (GString *out, JsonNode *node, HeddleJsonFlags flags, guint indent);
/* Appends the JSON string literal for text, quotes included. Invalid UTF-8 becomes U+FFFD. */
void heddle_json_append_string (GString *out, const char *text);
/* Appends a number as ECMAScript's Number::toString would. */
void heddle_json_append_number (GString *out, double number);

/* How a value is inserted into text: strings as they are, null and NULL as nothing, else compact JSON. */
char *heddle_json_to_display (JsonNode *node) G_GNUC_WARN_UNUSED_RESULT;

/* Deep equality; 1 and 1.0 are equal; key order does not matter. */
gboolean heddle_json_equal (JsonNode *a, JsonNode *b);

/* Sealed constructors; each returns a new reference. */
JsonNode *heddle_json_null (void) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_json_string (const char *text) G_GNUC_WARN_UNUSED_RESULT; /* NULL gives null; makes valid UTF-8 */
JsonNode *heddle_json_int (gint64 value) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_json_double (double value) G_GNUC_WARN_UNUSED_RESULT; /* NaN and infinities give null */
JsonNode *heddle_json_boolean (gboolean value) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_json_object (JsonObject *object) G_GNUC_WARN_UNUSED_RESULT; /* takes the reference */
JsonNode *heddle_json_array (JsonArray *array) G_GNUC_WARN_UNUSED_RESULT;    /* takes the reference */
/*
 * Sealed copies that share the members, for values that go to other threads while their maker keeps on: json-glib counts references of
 * nodes atomically, but not those of objects and arrays.
 */
JsonNode *heddle_json_copy_object (JsonObject *object) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_json_copy_array (JsonArray *array) G_GNUC_WARN_UNUSED_RESULT;

/* json_object_set_member() for a value that may be the very one that is there, which json-glib 1.6 leaks. Consumes value. */
void heddle_json_set_member (JsonObject *object, const char *member, JsonNode *value);

/* Readers that never fail: the fallback is returned when member is absent or of another type. Borrowed. */
JsonNode *heddle_json_member (JsonNode *node, const char *member); /* NULL when node is no object or has none */
const char *heddle_json_get_string (JsonNode *node, const char *member, const char *fallback);
gint64 heddle_json_get_int (JsonNode *node, const char *member, gint64 fallback);
double heddle_json_get_double (JsonNode *node, const char *member, double fallback);
gboolean heddle_json_get_boolean (JsonNode *node, const char *member, gboolean fallback);
JsonArray *heddle_json_get_array (JsonNode *node, const char *member);
JsonObject *heddle_json_get_object (JsonNode *node, const char *member);
gboolean heddle_json_is_string (JsonNode *node);
gboolean heddle_json_is_number (JsonNode *node);
gboolean heddle_json_is_null (JsonNode *node);  /* NULL counts */
gboolean heddle_json_is_blank (JsonNode *node); /* null or an empty text */
/* What ECMAScript calls truthy; an evaluated NaN or undefined has become null. */
gboolean heddle_json_is_truthy (JsonNode *node);

G_END_DECLS
