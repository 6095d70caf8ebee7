/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-tree.h"

#include "cli/heddle-cli-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

/* How much of an output or a text is shown in its line. */
#define TEXT_CELLS 60
#define REASON_CELLS 120
/* Items of a container that are shown one by one; of more, those that went well are only counted. */
#define MAX_ITEMS 10

struct _HeddleCliTree
{
  HeddleTrace *trace;
  GHashTable *owners; /* title → id of the first node with it */
  GHashTable *shared; /* titles that several nodes have */
  gboolean colour;
  gboolean unicode;
};

typedef struct
{
  const char *symbol;
  const char *ascii;
  const char *colour;
} StateLook;

static const StateLook looks[] = {
  [HEDDLE_SPAN_PENDING] = { "·", ".", "2" },
  [HEDDLE_SPAN_READY] = { "·", ".", "2" },
  [HEDDLE_SPAN_RUNNING] = { "●", "*", "34" },
  [HEDDLE_SPAN_RETRY] = { "↻", "~", "33" },
  [HEDDLE_SPAN_ASKING] = { "?", "?", "33" },
  [HEDDLE_SPAN_OK] = { "✓", "+", "32" },
  [HEDDLE_SPAN_FAILED] = { "✗", "x", "31" },
  [HEDDLE_SPAN_SKIPPED] = { "–", "-", "2" },
  [HEDDLE_SPAN_CANCELLED] = { "◼", "#", "33" },
  [HEDDLE_SPAN_HANDLED] = { "!", "!", "33" },
  [HEDDLE_SPAN_CACHED] = { "↺", "=", "32" },
  [HEDDLE_SPAN_LIMITED] = { "!", "!", "33" },
  [HEDDLE_SPAN_DOUBT] = { "?", "?", "33" },
};

void
heddle_cli_tree_append_coloured (HeddleCliTree *self,
                                 GString *line,
                                 const char *colour,
                                 const char *text)
{
  if (self->colour)
    g_string_append_printf (line, "\033[%sm%s\033[0m", colour, text);
  else
    g_string_append (line, text);
}

static void
append_symbol (HeddleCliTree *self,
               GString *line,
               HeddleSpanState state)
{
  heddle_cli_tree_append_coloured (self, line, looks[state].colour, self->unicode ? looks[state].symbol : looks[state].ascii);
}

static const char *
get_dot (HeddleCliTree *self)
{
  return self->unicode ? " · " : "  ";
}

static const char *
get_arrow (HeddleCliTree *self)
{
  return self->unicode ? " → " : " -> ";
}

/* Several nodes may have one title, as those of one type do at first; their ids tell them apart. */
void
heddle_cli_tree_note_title (HeddleCliTree *self,
                            const char *title,
                            const char *node)
{
  const char *owner = g_hash_table_lookup (self->owners, title);

  if (owner == NULL)
    g_hash_table_insert (self->owners, g_strdup (title), g_strdup (node));
  else if (!g_str_equal (owner, node))
    g_hash_table_add (self->shared, g_strdup (title));
}

char *
heddle_cli_tree_dup_name (HeddleCliTree *self,
                          HeddleSpan *span)
{
  const char *name = heddle_span_get_name (span);
  const char *node = heddle_span_get_node_id (span);
  g_autofree char *full = NULL;

  if (strcmp (heddle_span_get_kind (span), "node") == 0 && node != NULL && g_hash_table_contains (self->shared, name))
    full = g_strdup_printf ("%s (%s)", name, node);
  return heddle_cli_clip (full != NULL ? full : name, 0);
}

static void
append_usage (HeddleCliTree *self,
              GString *line,
              HeddleSpan *span)
{
  g_autofree char *tokens = heddle_format_span_tokens (span);
  g_autofree char *cost = heddle_format_span_cost (span);

  if (tokens != NULL)
    g_string_append_printf (line, "%s%s%s%s", get_dot (self), tokens, get_dot (self), cost);
}

static void
append_attempt (HeddleCliTree *self,
                GString *line,
                HeddleSpan *span)
{
  if (heddle_span_get_attempt (span) <= 1)
    return;
  g_string_append (line, get_dot (self));
  g_string_append_printf (line, _ ("attempt %u"), heddle_span_get_attempt (span));
}

/* What came out: the way taken, else the beginning of the output. */
static void
append_output (HeddleCliTree *self,
               GString *line,
               HeddleSpan *span)
{
  JsonNode *output = heddle_json_member (heddle_span_get_attribute (span, "result"), "output");
  g_autofree char *text = heddle_span_dup_way (span);
  g_autofree char *clipped = NULL;

  if (text == NULL && output != NULL)
    text = heddle_json_to_display (output);
  if (text == NULL || *text == '\0')
    return;
  clipped = heddle_cli_clip (text, TEXT_CELLS);
  g_string_append_printf (line, "%s%s", get_arrow (self), clipped);
}

gboolean
heddle_cli_tree_is_subflow (HeddleSpan *span)
{
  return g_strcmp0 (heddle_span_get_type_id (span), "subflow") == 0;
}

/* Where the result is from, or that a limit ended it. */
static void
append_remark (HeddleCliTree *self,
               GString *line,
               HeddleSpan *span)
{
  HeddleSpanState state = heddle_span_get_state (span);
  g_autofree char *source = heddle_format_span_source (span);
  const char *text = source != NULL ? source : heddle_span_state_get_title (state);

  if (state == HEDDLE_SPAN_OK)
    return;
  g_string_append (line, "  ");
  heddle_cli_tree_append_coloured (self, line, state == HEDDLE_SPAN_LIMITED ? "33" : "2", text);
}

static void
append_progress (HeddleCliTree *self,
                 GString *line,
                 HeddleSpan *span)
{
  g_autofree char *progress = heddle_format_span_progress (span);

  if (progress != NULL && !heddle_cli_tree_is_subflow (span))
    g_string_append_printf (line, "%s%s", get_dot (self), progress);
}

static void
append_ending (HeddleCliTree *self,
               GString *line,
               HeddleSpan *span)
{
  const GError *error = heddle_span_get_error (span);
  HeddleSpanState state = heddle_span_get_state (span);
  const char *text = error != NULL ? error->message : heddle_span_get_text (span);
  g_autofree char *clipped = NULL;

  if (state == HEDDLE_SPAN_OK || state == HEDDLE_SPAN_CACHED || state == HEDDLE_SPAN_LIMITED)
    {
      append_remark (self, line, span);
      append_output (self, line, span);
      return;
    }
  if (*text == '\0')
    return;
  clipped = heddle_cli_clip (text, error != NULL ? 0 : REASON_CELLS);
  g_string_append (line, "  ");
  heddle_cli_tree_append_coloured (self, line, error != NULL ? "31" : "2", clipped);
}

static void
append_times (GString *line,
              HeddleSpan *span,
              gint64 now)
{
  g_autofree char *duration = heddle_format_span_duration (span, now);

  if (duration != NULL)
    g_string_append_printf (line, "  %s", duration);
}

static void
append_query (GString *line,
              HeddleSpan *span)
{
  JsonNode *query = heddle_span_get_attribute (span, "query");
  g_autofree char *text = query != NULL ? heddle_json_to_display (query) : NULL;
  g_autofree char *clipped = text != NULL ? heddle_cli_clip (text, TEXT_CELLS) : NULL;

  if (clipped != NULL)
    g_string_append_printf (line, _ ("  “%s”"), clipped);
}

/* "[1] 7.93  Title > Heading (page 3)" */
static void
append_passage (GString *out,
                JsonNode *passage,
                guint indent)
{
  const char *heading = heddle_json_get_string (passage, "heading", "");
  gint64 page = heddle_json_get_int (passage, "page", 0);
  const char *title = heddle_json_get_string (passage, "title", "");
  g_autoptr (GString) where = g_string_new (heading);
  g_autofree char *clipped = NULL;

  /* The first heading of a document is often its title. */
  if (!g_str_has_prefix (heading, title))
    g_string_printf (where, *heading != '\0' ? "%s > %s" : "%s%s", title, heading);
  if (page > 0)
    g_string_append_printf (where, _ (" (page %d)"), (int) page);
  clipped = heddle_cli_clip (where->str, REASON_CELLS);
  g_string_append_printf (out, "%*s[%d] %.3f  %s\n", (int) indent, "", (int) heddle_json_get_int (passage, "n", 0),
                          heddle_json_get_double (passage, "score", 0), clipped);
}

/* What a retrieval found; NULL for other spans. */
static JsonArray *
get_passages (HeddleSpan *span)
{
  JsonNode *results = heddle_span_get_attribute (span, "results");

  if (results == NULL || !JSON_NODE_HOLDS_ARRAY (results) || strcmp (heddle_span_get_kind (span), "retrieval") != 0)
    return NULL;
  return json_node_get_array (results);
}

static void
append_found (HeddleCliTree *self,
              GString *line,
              HeddleSpan *span)
{
  JsonArray *passages = get_passages (span);
  guint n = passages != NULL ? json_array_get_length (passages) : 0;

  if (passages == NULL)
    return;
  g_string_append (line, get_arrow (self));
  g_string_append_printf (line, g_dngettext (GETTEXT_PACKAGE, "%u passage", "%u passages", n), n);
}

static void
append_passages (GString *out,
                 HeddleSpan *span)
{
  JsonArray *passages = get_passages (span);
  guint n = passages != NULL ? json_array_get_length (passages) : 0;

  for (guint i = 0; i < n; i++)
    append_passage (out, json_array_get_element (passages, i), 2 * heddle_span_get_depth (span) + 2);
}

gboolean
heddle_cli_tree_folds (HeddleSpan *span)
{
  HeddleTraceProgress progress;

  if (!heddle_span_get_progress (span, &progress))
    return FALSE;
  return MAX (progress.total, (gint64) progress.done + progress.running) > MAX_ITEMS;
}

static void append_span (HeddleCliTree *self, GString *out, HeddleSpan *span, gboolean failures);

/* An item that is over and did not fail. */
static gboolean
went_well (HeddleSpan *span)
{
  return heddle_span_get_item (span) >= 0 && heddle_span_get_end (span) >= 0 && heddle_span_get_state (span) != HEDDLE_SPAN_FAILED;
}

static void
append_count (GString *out,
              guint count,
              guint indent)
{
  if (count == 0)
    return;
  g_string_append_printf (out, "%*s", (int) indent, "");
  g_string_append_printf (out, g_dngettext (GETTEXT_PACKAGE, "%u item is not shown\n", "%u items are not shown\n", count), count);
}

static void
append_inside (HeddleCliTree *self,
               GString *out,
               HeddleSpan *span,
               gboolean failures)
{
  GPtrArray *children = heddle_span_get_children (span);
  gboolean folds = heddle_cli_tree_folds (span);
  guint n_hidden = heddle_span_get_n_folded (span, NULL);

  for (guint i = 0; i < children->len; i++)
    {
      HeddleSpan *child = g_ptr_array_index (children, i);

      if (!folds || (failures && !went_well (child)) || heddle_span_get_item (child) < 0)
        append_span (self, out, child, failures);
      else
        n_hidden += went_well (child);
    }
  append_count (out, n_hidden, 2 * heddle_span_get_depth (span) + 2);
}

/* A line for the span and, below it, what happened inside: that says where the time went. */
static void
append_span (HeddleCliTree *self,
             GString *out,
             HeddleSpan *span,
             gboolean failures)
{
  g_autofree char *name = heddle_cli_tree_dup_name (self, span);

  g_string_append_printf (out, "%*s", (int) (2 * heddle_span_get_depth (span)), "");
  append_symbol (self, out, heddle_span_get_state (span));
  g_string_append_printf (out, " %s", name);
  append_times (out, span, heddle_trace_get_duration (self->trace));
  append_attempt (self, out, span);
  append_progress (self, out, span);
  append_usage (self, out, span);
  append_query (out, span);
  append_found (self, out, span);
  append_ending (self, out, span);
  g_string_append_c (out, '\n');
  append_passages (out, span);
  append_inside (self, out, span, failures);
}

void
heddle_cli_tree_append_span (HeddleCliTree *self,
                             GString *out,
                             HeddleSpan *span)
{
  append_span (self, out, span, TRUE);
}

void
heddle_cli_tree_append_ended (HeddleCliTree *self,
                              GString *out,
                              HeddleSpan *span)
{
  append_span (self, out, span, FALSE);
}

/* "  ✗ Each customer › Item 4 › Look up  The server answered 500." */
void
heddle_cli_tree_append_failure (HeddleCliTree *self,
                                GString *out,
                                HeddleSpan *span)
{
  g_autoptr (GString) path = g_string_new (NULL);

  for (HeddleSpan *above = span; heddle_span_get_depth (above) > 0; above = heddle_span_get_parent (above))
    {
      g_autofree char *name = heddle_cli_tree_dup_name (self, above);

      if (path->len > 0)
        g_string_prepend (path, self->unicode ? " › " : " > ");
      g_string_prepend (path, name);
    }
  g_string_append (out, "  ");
  append_symbol (self, out, heddle_span_get_state (span));
  g_string_append_printf (out, " %s", path->str);
  append_ending (self, out, span);
  g_string_append_c (out, '\n');
}

void
heddle_cli_tree_append_title (HeddleCliTree *self,
                              GString *out,
                              const char *name)
{
  g_autofree char *clipped = heddle_cli_clip (name, 0);

  heddle_cli_tree_append_coloured (self, out, "1", clipped);
  g_string_append_printf (out, "  %s\n", heddle_trace_get_run_id (self->trace));
}

/* "Finished · 1.20 s · 64 tokens · $0.0042" */
void
heddle_cli_tree_append_summary (HeddleCliTree *self,
                                GString *out)
{
  HeddleRunState state = heddle_trace_get_state (self->trace);
  const char *note = heddle_trace_get_note (self->trace);
  g_autofree char *duration = heddle_format_duration (heddle_trace_get_duration (self->trace));

  heddle_cli_tree_append_coloured (self, out, state == HEDDLE_RUN_OK ? "32" : "31", heddle_run_state_get_title (state));
  g_string_append_printf (out, "%s%s", get_dot (self), duration);
  append_usage (self, out, heddle_trace_get_root (self->trace));
  if (note != NULL && *note != '\0')
    g_string_append_printf (out, "%s%s", get_dot (self), note);
  g_string_append_c (out, '\n');
}

HeddleCliTree *
heddle_cli_tree_new (HeddleTrace *trace,
                     gboolean colour)
{
  HeddleCliTree *self = g_new0 (HeddleCliTree, 1);

  self->trace = g_object_ref (trace);
  self->owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->shared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->colour = colour && (g_getenv ("NO_COLOR") == NULL || *g_getenv ("NO_COLOR") == '\0');
  self->unicode = g_get_charset (NULL);
  return self;
}

void
heddle_cli_tree_free (HeddleCliTree *self)
{
  g_hash_table_unref (self->owners);
  g_hash_table_unref (self->shared);
  g_object_unref (self->trace);
  g_free (self);
}

void
heddle_cli_tree_print (HeddleTrace *trace,
                       const char *name)
{
  g_autoptr (HeddleCliTree) self = heddle_cli_tree_new (trace, heddle_cli_text_is_terminal (STDOUT_FILENO));
  GPtrArray *nodes = heddle_span_get_children (heddle_trace_get_root (trace));
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *encoded = NULL;

  for (guint i = 0; i < nodes->len; i++)
    heddle_cli_tree_note_title (self, heddle_span_get_name (nodes->pdata[i]), heddle_span_get_node_id (nodes->pdata[i]));
  heddle_cli_tree_append_title (self, out, name);
  for (guint i = 0; i < nodes->len; i++)
    heddle_cli_tree_append_span (self, out, nodes->pdata[i]);
  heddle_cli_tree_append_summary (self, out);
  encoded = heddle_cli_encode (out->str);
  g_print ("%s", encoded);
}
