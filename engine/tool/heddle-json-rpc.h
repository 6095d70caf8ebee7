/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* JSON-RPC 2.0 as the Model Context Protocol uses it: https://www.jsonrpc.org/specification */

#define HEDDLE_JSON_RPC_MAX_BYTES (16 * 1024 * 1024)

#define HEDDLE_JSON_RPC_METHOD_NOT_FOUND (-32601)
#define HEDDLE_JSON_RPC_INVALID_PARAMS (-32602)

typedef enum
{
  HEDDLE_JSON_RPC_INVALID,
  HEDDLE_JSON_RPC_REQUEST,
  HEDDLE_JSON_RPC_NOTIFICATION,
  HEDDLE_JSON_RPC_RESULT,
  HEDDLE_JSON_RPC_ERROR,
} HeddleJsonRpcKind;

HeddleJsonRpcKind heddle_json_rpc_get_kind (JsonNode *message);
/* The id of an answer to a request of ours, which are positive integers; 0 for any other. */
gint64 heddle_json_rpc_get_id (JsonNode *message);

/* Sealed messages. params may be NULL and is consumed, like result; id is not. */
JsonNode *heddle_json_rpc_request (gint64 id, const char *method, JsonNode *params) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_json_rpc_notification (const char *method, JsonNode *params) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_json_rpc_reply (JsonNode *id, JsonNode *result) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_json_rpc_refusal (JsonNode *id, gint64 code, const char *message) G_GNUC_WARN_UNUSED_RESULT;

/* What came in: whole messages, and what is none, with a translated sentence that says why. */
typedef struct
{
  void (*message) (JsonNode *message, gpointer user_data);
  void (*noise) (const char *text, const char *why, gpointer user_data); /* text: valid UTF-8, shortened */
} HeddleJsonRpcFuncs;

/* Reads one text: a message or an array of them. */
void heddle_json_rpc_read (const char *text, gsize length, const HeddleJsonRpcFuncs *funcs, gpointer user_data);

/* Messages one per line: any split of the bytes gives the same. A line of more than HEDDLE_JSON_RPC_MAX_BYTES is passed over. One thread. */
typedef struct _HeddleJsonRpcReader HeddleJsonRpcReader;

HeddleJsonRpcReader *heddle_json_rpc_reader_new (const HeddleJsonRpcFuncs *funcs, gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void heddle_json_rpc_reader_feed (HeddleJsonRpcReader *self, const char *bytes, gsize length);
/* End of the bytes: reads a last line that lacks its end. */
void heddle_json_rpc_reader_end (HeddleJsonRpcReader *self);
void heddle_json_rpc_reader_free (HeddleJsonRpcReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleJsonRpcReader, heddle_json_rpc_reader_free)

G_END_DECLS
