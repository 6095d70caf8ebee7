/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "registry/heddle-node-type.h"

G_BEGIN_DECLS

/*
 * What happens when a node fails: the object "policy" beside a node's parameters. Every node may have one, whatever
 * its type. It is a table like that of a node type, so it is checked, shown and documented by the same code.
 */
typedef enum
{
  HEDDLE_ON_ERROR_FAIL,     /* the run fails */
  HEDDLE_ON_ERROR_CONTINUE, /* the default port is live with {"error": record} */
  HEDDLE_ON_ERROR_DEFAULT,  /* the default port is live with a given value */
  HEDDLE_ON_ERROR_ROUTE,    /* the port "error" is live with the record, all others are dead */
} HeddleOnError;

/* The output that HEDDLE_ON_ERROR_ROUTE adds. */
#define HEDDLE_ERROR_PORT "error"

typedef struct
{
  char *on_error;
  JsonNode *fallback;     /* "default": any JSON, its texts are templates */
  gint64 max_attempts;    /* the first included */
  double retry_delay;     /* seconds before the second attempt; -1: as the engine says */
  gboolean retry_unsafe;  /* also where doing it twice may do harm */
  double timeout;         /* seconds, retries and the waits between them included; 0: none */
  double attempt_timeout; /* seconds; 0: none */
  gint64 priority;        /* of what is ready, the highest starts first; 0 by default */
  char *pool;             /* a named pool whose slots it needs; NULL or "": none */
  char *effect;           /* in place of what the type says: "pure", "read", "idempotent", "unsafe"; NULL or "": as the type says */
  char *on_in_doubt;      /* after a crash, when it may have had its effect: "ask", "retry", "skip", "fail" */
  gboolean cache;         /* a result for the same type, parameters and inputs is used again */
  double cache_hours;     /* how old it may be; 0: any age */
  gboolean has_attempts;  /* max_attempts was said, and is not the default */
  gint64 max_rounds;      /* of the loop that an edge back to this node makes */
} HeddlePolicy;

/* Only its params are of use. */
extern const HeddleNodeType heddle_policy_type;

gboolean heddle_effect_from_string (const char *text, HeddleEffect *effect);

/* What an object says, defaults where it says nothing or nonsense; object may be NULL. Free with heddle_policy_free. */
HeddlePolicy *heddle_policy_new (JsonObject *object) G_GNUC_WARN_UNUSED_RESULT;
void heddle_policy_free (HeddlePolicy *policy);
HeddleOnError heddle_policy_get_on_error (JsonObject *object);
/* The outputs of a node with this policy; array of char*. */
GPtrArray *heddle_policy_list_outputs (JsonObject *object, const HeddleNodeType *type, JsonObject *params) G_GNUC_WARN_UNUSED_RESULT;
/* All that is wrong with it by itself. Appends HeddleProblem*, with params "policy.on_error" and so on. */
void heddle_policy_check (JsonObject *object, const HeddleNodeType *type, JsonObject *params, const char *node_id, GPtrArray *problems);
/* One line such as "Errors go their own way · 5 attempts"; NULL when it says nothing. */
char *heddle_policy_describe (JsonObject *object) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddlePolicy, heddle_policy_free)

G_END_DECLS
