/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "fuzz-driver.h"
#include "tool/heddle-json-rpc.h"
#include "tool/heddle-mcp-result.h"
#include "value/heddle-json.h"

static void
message_cb (JsonNode *message, gpointer user_data)
{
  g_autofree char *text = heddle_json_to_text (message, HEDDLE_JSON_COMPACT);
  JsonNode *result = heddle_json_member (message, "result");
  g_autoptr (HeddleMcpResult) value = result == NULL ? NULL : heddle_mcp_result_new (result, "fuzzed", NULL);
  g_autofree char *shown = value == NULL ? NULL : heddle_mcp_result_to_text (value);

  g_assert_cmpint (heddle_json_rpc_get_kind (message), !=, HEDDLE_JSON_RPC_INVALID);
  g_assert_cmpint (heddle_json_rpc_get_id (message), >=, 0);
  g_string_append_printf (user_data, "%s\x1e%s\x1e", text, shown == NULL ? "" : shown);
}

static void
noise_cb (const char *text, const char *why, gpointer user_data)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_string_append_printf (user_data, "%s\x1f%s\x1e", text, why);
}

static char *
read_all (const char *bytes, gsize length, gsize piece)
{
  static const HeddleJsonRpcFuncs funcs = { message_cb, noise_cb };
  GString *seen = g_string_new (NULL);
  g_autoptr (HeddleJsonRpcReader) reader = heddle_json_rpc_reader_new (&funcs, seen);

  for (gsize i = 0; i < length; i += piece)
    heddle_json_rpc_reader_feed (reader, bytes + i, MIN (piece, length - i));
  heddle_json_rpc_reader_end (reader);
  return g_string_free (seen, FALSE);
}

/* Any split of the bytes gives the same messages, and what is none is told and passed over. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *whole = read_all ((const char *) data, size, MAX (size, 1));
  g_autofree char *single = read_all ((const char *) data, size, 1);

  g_assert_cmpstr (single, ==, whole);
  return 0;
}
