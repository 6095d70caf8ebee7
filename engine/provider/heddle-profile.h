/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_ECHO_NEVER,
  HEDDLE_ECHO_TOOL_TURNS, /* with messages that call tools */
  HEDDLE_ECHO_ALWAYS,
} HeddleEcho;

/* How the wish for reasoning is said. */
typedef enum
{
  HEDDLE_EFFORT_PLAIN,    /* "reasoning_effort" */
  HEDDLE_EFFORT_OBJECT,   /* "reasoning":{"effort"} */
  HEDDLE_EFFORT_TEMPLATE, /* "chat_template_kwargs", read by the template of the model */
  HEDDLE_EFFORT_NONE,
} HeddleEffort;

/* What servers of the OpenAI family do differently. */
typedef struct
{
  const char *id;
  const char *title;
  const char *host;            /* the host ends with it; NULL: told by its port */
  guint16 port;                /* its usual one; 0: none */
  gboolean is_openai;          /* reasoning models want max_completion_tokens, the role developer and no temperature */
  gboolean short_ids;          /* ids of tool calls have exactly nine letters and digits */
  gboolean no_named_choice;    /* a tool cannot be demanded by name: it is offered alone */
  gboolean no_stream_options;  /* usage comes unasked, and asking is an error */
  gboolean no_json_object;     /* only JSON by a schema */
  gboolean no_json_schema;     /* only any JSON: the schema goes into the prompt */
  gboolean schema_beside;      /* Responses read a schema from "json_schema" only */
  gboolean says_parallel;      /* calls are only parallel when that is asked for */
  gboolean reports_cost;       /* when asked */
  gboolean echo_details;       /* "reasoning_details" go back as they came */
  const char *required_choice; /* the word for "some tool"; NULL: "required" */
  HeddleEcho echo_reasoning;   /* "reasoning_content" goes back */
  HeddleEffort effort;
} HeddleProfile;

/* By id; NULL or unknown: by the address. Never NULL. */
const HeddleProfile *heddle_profile_find (const char *id, const char *base_url);
/* NULL-terminated, the generic one first. */
const HeddleProfile *const *heddle_profile_list (void);

G_END_DECLS
