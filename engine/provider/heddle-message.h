/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* Reading the messages of a request, in the form of heddle-models.h. What is borrowed belongs to the message. */
typedef enum
{
  HEDDLE_ROLE_SYSTEM,
  HEDDLE_ROLE_USER,
  HEDDLE_ROLE_ASSISTANT,
  HEDDLE_ROLE_TOOL,
} HeddleRole;

HeddleRole heddle_message_get_role (JsonNode *message);
/* The texts of its content. */
char *heddle_message_dup_content (JsonNode *message) G_GNUC_WARN_UNUSED_RESULT;
/* All system messages, with an empty line between them; NULL when there is none. */
char *heddle_messages_dup_system (JsonNode *messages) G_GNUC_WARN_UNUSED_RESULT;
JsonArray *heddle_messages_get_array (JsonNode *messages); /* NULL when it is none */
JsonArray *heddle_message_get_calls (JsonNode *message);   /* NULL when there are none */
/* The arguments of a call as an object; text that is no JSON stands in it as it is. */
JsonNode *heddle_message_dup_arguments (JsonNode *call) G_GNUC_WARN_UNUSED_RESULT;
/* Blocks that a provider of this kind wants back, without calls that the message has no more. NULL: there are none. */
JsonArray *heddle_message_dup_blocks (JsonNode *message, const char *kind) G_GNUC_WARN_UNUSED_RESULT;

/* One part of a user's content. */
typedef struct
{
  char *text; /* NULL: an image or file; a file that is text is given as one */
  const char *mime;
  const char *name; /* or NULL */
  const char *data; /* base64 */
  gboolean is_image;
} HeddlePart;
/* Array of HeddlePart*; a plain text is one part. */
GPtrArray *heddle_message_list_parts (JsonNode *message) G_GNUC_WARN_UNUSED_RESULT;

/* INVALID: the provider takes no files of this type. */
GError *heddle_part_error_new (const HeddlePart *part, const char *provider) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
