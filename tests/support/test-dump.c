/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-dump.h"

#include "value/heddle-json.h"

static void
append_span (GString *out, HeddleSpan *span)
{
  g_autoptr (JsonNode) attributes = heddle_span_dup_attributes (span);
  g_autofree char *text = heddle_json_to_text (attributes, HEDDLE_JSON_COMPACT);
  const GError *error = heddle_span_get_error (span);
  HeddleSpanUsage usage = { -1, -1, FALSE };
  gboolean has_usage = heddle_span_get_usage (span, &usage);

  g_string_append_printf (out, "%u %s %s %s #%" G_GUINT64_FORMAT " %s %" G_GINT64_FORMAT "..%" G_GINT64_FORMAT " attempt %u",
                          heddle_span_get_depth (span), heddle_span_get_kind (span), heddle_span_get_name (span),
                          heddle_span_get_type_id (span), heddle_span_get_id (span),
                          heddle_span_state_to_string (heddle_span_get_state (span)), heddle_span_get_start (span),
                          heddle_span_get_end (span), heddle_span_get_attempt (span));
  g_string_append_printf (out, " in %s folded %u", heddle_span_get_scope (span), heddle_span_get_n_folded (span, NULL));
  g_string_append_printf (out, " text <%s> usage %d %d %d %d error %s attributes %s\n", heddle_span_get_text (span), has_usage,
                          (int) usage.input_tokens, (int) usage.output_tokens, usage.estimated,
                          error == NULL ? "none" : error->message, text);
}

char *
test_dump_trace (HeddleTrace *trace)
{
  GString *out = g_string_new (NULL);
  g_autofree char *output = heddle_json_to_text (heddle_trace_get_output (trace), HEDDLE_JSON_COMPACT);

  g_string_append_printf (out, "%d %s %s\n", heddle_trace_get_state (trace), heddle_trace_get_note (trace), output);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (trace)); i++)
    {
      g_autoptr (HeddleSpan) span = g_list_model_get_item (G_LIST_MODEL (trace), i);

      append_span (out, span);
    }
  return g_string_free (out, FALSE);
}
