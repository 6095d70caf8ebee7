/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* Small tools for building requests and reading answers. */

/* An object of strings: name, value, …, NULL. A NULL value is left out. */
JsonObject *heddle_wire_object (const char *name, ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
/* {"name": {"inner": value}} needs no more than this: adds child to object and returns child, borrowed. */
JsonObject *heddle_wire_add_object (JsonObject *object, const char *member);
JsonArray *heddle_wire_add_array (JsonObject *object, const char *member);
void heddle_wire_add_number (JsonObject *object, const char *member, double number);
/* Adds a reference to node; nothing for NULL. */
void heddle_wire_add_node (JsonObject *object, const char *member, JsonNode *node);
/* A shallow copy of node's object that may be changed; an empty one when node is no object. */
JsonObject *heddle_wire_copy_object (JsonNode *node) G_GNUC_WARN_UNUSED_RESULT;
GBytes *heddle_wire_to_bytes (JsonObject *object) G_GNUC_WARN_UNUSED_RESULT; /* takes the reference */
/* "data:image/png;base64,…" */
char *heddle_wire_data_url (const char *mime, const char *base64) G_GNUC_WARN_UNUSED_RESULT;
/* Elements of an array that may be NULL or something else. */
guint heddle_wire_length (JsonArray *array);

G_END_DECLS
