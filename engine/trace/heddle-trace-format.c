/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-format.h"

#include "value/heddle-money.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

char *
heddle_format_duration (gint64 microseconds)
{
  double seconds = MAX (microseconds, 0) / 1e6;

  if (seconds < 0.001)
    return g_strdup_printf (_ ("%.1f ms"), seconds * 1e3);
  if (seconds < 1)
    return g_strdup_printf (_ ("%.0f ms"), seconds * 1e3);
  if (seconds < 60)
    return g_strdup_printf (_ ("%.2f s"), seconds);
  return g_strdup_printf (_ ("%d:%02d min"), (int) seconds / 60, (int) seconds % 60);
}

char *
heddle_format_line (const char *text,
                    guint width)
{
  g_autoptr (GString) out = g_string_new (NULL);
  guint n = 0;

  for (const char *p = text; *p != '\0' && n <= width; p = g_utf8_next_char (p), n++)
    {
      gunichar c = g_utf8_get_char (p);

      if (n == width)
        g_string_append (out, "…");
      else
        g_string_append_unichar (out, g_unichar_iscntrl (c) ? ' ' : c);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
heddle_format_tokens (gint64 tokens,
                      gboolean estimated)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%" PRId64 " token", "%" PRId64 " tokens", tokens), tokens);
  return estimated ? g_strconcat ("≈ ", text, NULL) : g_steal_pointer (&text);
}

char *
heddle_format_span_tokens (HeddleSpan *span)
{
  HeddleSpanUsage usage;

  if (!heddle_span_get_usage (span, &usage))
    return NULL;
  return heddle_format_tokens (MAX (usage.input_tokens, 0) + MAX (usage.output_tokens, 0), usage.estimated);
}

char *
heddle_format_span_cost (HeddleSpan *span)
{
  HeddleSpanUsage usage;

  if (!heddle_span_get_usage (span, &usage))
    return NULL;
  return heddle_money_format (usage.cost, usage.cost_partly_unknown, usage.estimated);
}

char *
heddle_format_span_usage (HeddleSpan *span)
{
  g_autofree char *tokens = heddle_format_span_tokens (span);
  g_autofree char *cost = heddle_format_span_cost (span);

  return tokens != NULL ? g_strdup_printf ("%s · %s", tokens, cost) : NULL;
}

char *
heddle_format_span_duration (HeddleSpan *span,
                             gint64 now)
{
  gint64 start = heddle_span_get_start (span);
  gint64 end = heddle_span_get_end (span);

  if (start < 0 || heddle_span_get_state (span) == HEDDLE_SPAN_SKIPPED)
    return NULL;
  return heddle_format_duration ((end >= 0 ? end : now) - start);
}

const char *
heddle_format_span_waiting (HeddleSpan *span)
{
  JsonNode *limited = heddle_span_get_attribute (span, "rate_limited");
  gboolean waits = heddle_span_get_state (span) == HEDDLE_SPAN_RUNNING && *heddle_span_get_text (span) == '\0';

  if (limited == NULL)
    return NULL;
  return waits ? _ ("waiting for the rate limit") : _ ("waited for the rate limit");
}

char *
heddle_format_span_note (HeddleSpan *span)
{
  JsonNode *results = heddle_span_get_attribute (span, "results");
  g_autofree char *way = heddle_span_dup_way (span);

  if (heddle_span_get_error (span) != NULL)
    return g_strdup (heddle_span_get_error (span)->message);
  if (way != NULL)
    return g_strdup_printf ("→ %s", way);
  if (results != NULL && JSON_NODE_HOLDS_ARRAY (results))
    {
      guint n = json_array_get_length (json_node_get_array (results));

      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u passage", "%u passages", n), n);
    }
  if (heddle_span_get_state (span) == HEDDLE_SPAN_SKIPPED)
    return g_strdup (heddle_span_get_text (span));
  if (heddle_format_span_waiting (span) != NULL)
    return g_strdup (heddle_format_span_waiting (span));
  return heddle_format_span_tokens (span);
}
