/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "registry/heddle-node-type.h"

G_BEGIN_DECLS

/* What all node types that talk to a model have in common; the first member of their params struct. */
typedef struct
{
  char *model;
  char *system;
  char *prompt;
  JsonNode *attachments; /* value of an expression */

  char *response_format; /* "text", "json", "json_schema" */
  JsonNode *schema;

  JsonNode *fallback_models; /* names */
  double temperature;
  double top_p;
  gint64 max_tokens;
  char *reasoning_effort; /* "default" or as in HeddleChatRequest */
  gboolean stream;
  gint64 timeout; /* seconds of one attempt at one answer */

  char *session_key; /* blank: no conversation */
  gint64 history_messages;
  gint64 history_tokens;

  gboolean persistent_memory_enabled;
  char *memory_model;      /* blank: model */
  JsonNode *memory_graphs; /* names of graphs that are read besides the node's own */

  JsonNode *guard_block;  /* pairs: name of the rule, regular expression */
  JsonNode *guard_redact; /* the same */
  char *guard_scope;      /* "both", "input", "output" */
  gint64 guard_max_input; /* characters; 0: any number */
  gint64 guard_max_output;
  JsonNode *guard_categories; /* names of what is not allowed */
  char *guard_model;          /* blank: model */
} HeddleChatParams;

extern const HeddleParamSpec heddle_chat_params[];

/* The last row of a table whose struct S has a HeddleChatParams as its first member f. */
#define HEDDLE_CHAT_PARAMS(S, f) HEDDLE_MORE_PARAMS (S, f, HeddleChatParams, heddle_chat_params)

/* For the check() of such a type: what the table cannot say. */
void heddle_chat_params_check (JsonObject *params, const char *node_id, GPtrArray *problems);
/* For the describe() of such a type: the model and what it is to do. */
char *heddle_chat_params_describe (JsonObject *params);

G_END_DECLS
