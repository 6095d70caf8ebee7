/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "fuzz-driver.h"
#include "graph/heddle-document.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

static void
check_problems (HeddleGraph *graph)
{
  g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);
  g_autoptr (GPtrArray) suspects = heddle_graph_list_secret_suspects (graph);

  for (guint i = 0; i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);

      g_assert_true (*problem->message != '\0' && g_utf8_validate (problem->message, -1, NULL));
    }
}

/* What was read is written, and that is read and written the same. */
static void
check_canonical (const char *saved)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) again = heddle_graph_new_from_json (saved, -1, &error);
  g_autofree char *twice = NULL;

  g_assert_no_error (error);
  twice = heddle_graph_to_json (again);
  g_assert_cmpstr (twice, ==, saved);
}

/* What frames can be asked to do, on whatever is there. */
static void
edit_frames (HeddleDocument *document, const char *id)
{
  HeddleGraph *graph = heddle_document_get_graph (document);
  const char *const ids[] = { id, NULL };
  const char *subflow;

  for (guint i = 0; i < MIN (heddle_graph_get_n_nodes (graph), 8); i++)
    heddle_document_set_parent (document, ids, heddle_graph_get_node (graph, i)->id, NULL);
  subflow = heddle_document_extract (document, ids, NULL);
  if (subflow != NULL)
    {
      g_autofree char *frame = g_strdup (subflow);

      g_free (heddle_document_dup_subflow_json (document, frame, NULL));
      heddle_document_set_frame (document, frame, -5, -5, 0, 0);
      heddle_document_inline (document, frame, NULL);
    }
  heddle_document_move (document, ids, 1e9, -3);
  heddle_document_set_parent (document, ids, NULL, NULL);
}

/* Edits of anything can be taken back. */
static void
check_edits (HeddleGraph *graph, const char *saved)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);
  g_autofree char *undone = NULL;

  heddle_document_tidy (document, NULL);
  g_strfreev (heddle_document_paste (document, saved, 10, 10, NULL));
  if (heddle_graph_get_n_nodes (graph) > 0)
    {
      g_autofree char *id = g_strdup (heddle_graph_get_node (graph, 0)->id);
      const char *const ids[] = { id, NULL };

      heddle_document_rename (document, id, "other", NULL);
      heddle_document_undo (document);
      edit_frames (document, id);
      heddle_document_remove (document, ids, TRUE);
    }
  while (heddle_document_undo (document))
    ;
  undone = heddle_graph_to_json (graph);
  g_assert_cmpstr (undone, ==, saved);
}

static void
check_workflow (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, (gssize) size, &error);
  g_autofree char *saved = NULL;

  g_assert_true ((graph == NULL) == (error != NULL));
  if (graph == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }
  saved = heddle_graph_to_json (graph);
  check_canonical (saved);
  check_problems (graph);
  check_edits (graph, saved);
}

/* The input as a journal: what it could not apply is not half applied. */
static void
check_journal (const char *text, gsize size)
{
  g_autoptr (JsonNode) entries = heddle_json_parse (text, (gssize) size, NULL);
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  g_autofree char *start = heddle_graph_to_json (heddle_document_get_graph (document));
  g_autofree char *undone = NULL;

  if (entries == NULL)
    return;
  heddle_document_replay (document, entries, NULL);
  while (heddle_document_undo (document))
    ;
  undone = heddle_graph_to_json (heddle_document_get_graph (document));
  g_assert_cmpstr (undone, ==, start);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  check_workflow ((const char *) bytes, size);
  check_journal ((const char *) bytes, size);
  return 0;
}
