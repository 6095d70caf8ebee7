/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-format.h"

#include "value/heddle-json.h"
#include "value/heddle-money.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

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
heddle_format_span_progress (HeddleSpan *span)
{
  g_autofree char *done = NULL;
  HeddleTraceProgress progress;

  if (!heddle_span_get_progress (span, &progress) || (progress.total < 0 && progress.done + progress.running == 0))
    return NULL;
  if (progress.total >= 0)
    /* Translators: how many items are done, and how many there are. */
    done = g_strdup_printf (_ ("%u of %" PRId64), progress.done, progress.total);
  else
    done = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u done", "%u done", progress.done), progress.done);
  if (progress.failed == 0)
    return g_steal_pointer (&done);
  /* Translators: "12 of 50 · 1 failed" */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s · %u failed", "%s · %u failed", progress.failed), done, progress.failed);
}

char *
heddle_format_span_folded (HeddleSpan *span)
{
  guint n_failed;
  guint n_folded = heddle_span_get_n_folded (span, &n_failed);
  g_autofree char *went_well = NULL;

  if (n_folded == 0)
    return NULL;
  went_well = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                            "%u item that is over is not listed; choose it by its number.",
                                            "%u items that are over are not listed; choose them by their number.", n_folded),
                               n_folded);
  if (n_failed == 0)
    return g_steal_pointer (&went_well);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s %u of them failed.", "%s %u of them failed.", n_failed), went_well, n_failed);
}

char *
heddle_format_span_source (HeddleSpan *span)
{
  JsonNode *source = heddle_span_get_attribute (span, "source");
  const char *kind = source != NULL ? heddle_json_get_string (source, "kind", "") : NULL;

  if (kind == NULL || heddle_span_get_state (span) != HEDDLE_SPAN_CACHED)
    return NULL;
  if (strcmp (kind, "pin") == 0)
    return g_strdup (_ ("the pinned output"));
  if (strcmp (kind, "bypass") == 0)
    return g_strdup (_ ("bypassed: what came in"));
  if (strcmp (kind, "cache") == 0)
    return g_strdup (_ ("from an earlier run with the same inputs"));
  return g_strdup (_ ("from the run before"));
}

/* Why an item failed. */
static char *
dup_item_error (HeddleSpan *item)
{
  GPtrArray *nodes = heddle_span_get_children (item);

  for (guint i = 0; i < nodes->len; i++)
    {
      HeddleSpan *node = g_ptr_array_index (nodes, i);

      if (heddle_span_get_state (node) == HEDDLE_SPAN_FAILED && heddle_span_get_error (node) != NULL)
        return g_strdup_printf ("%s: %s", heddle_span_get_name (node), heddle_span_get_error (node)->message);
    }
  return NULL;
}

char *
heddle_format_span_note (HeddleSpan *span)
{
  JsonNode *results = heddle_span_get_attribute (span, "results");
  g_autofree char *way = heddle_span_dup_way (span);
  g_autofree char *note = NULL;

  if (heddle_span_get_error (span) != NULL)
    return g_strdup (heddle_span_get_error (span)->message);
  if ((note = heddle_format_span_progress (span)) != NULL || (note = heddle_format_span_source (span)) != NULL)
    return g_steal_pointer (&note);
  if (heddle_span_get_item (span) >= 0 && (note = dup_item_error (span)) != NULL)
    return g_steal_pointer (&note);
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
