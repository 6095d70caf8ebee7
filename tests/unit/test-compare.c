/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "graph/heddle-graph-compare.h"
#include "test-document.h"
#include "value/heddle-json.h"

static GPtrArray *
compare (HeddleDocument *before, HeddleDocument *after)
{
  return heddle_graph_compare (heddle_document_get_graph (before), heddle_document_get_graph (after));
}

/* All in words, one line each; details as " label: before > after". */
static char *
dup_words (GPtrArray *differences)
{
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < differences->len; i++)
    {
      const HeddleDifference *difference = g_ptr_array_index (differences, i);
      g_autofree char *text = heddle_difference_to_text (difference);

      g_string_append_printf (words, "%s\n", text);
      for (guint j = 0; j < difference->details->len; j++)
        {
          const HeddleDifferenceDetail *detail = g_ptr_array_index (difference->details, j);

          g_string_append_printf (words, " %s: %s > %s\n", detail->label, detail->before != NULL ? detail->before : "-", detail->after != NULL ? detail->after : "-");
        }
    }
  return g_string_free (words, FALSE);
}

static void
assert_words (HeddleDocument *before, HeddleDocument *after, const char *expected)
{
  g_autoptr (GPtrArray) differences = compare (before, after);
  g_autofree char *words = dup_words (differences);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_same (void)
{
  g_autoptr (HeddleDocument) before = heddle_test_new_branching ();
  g_autoptr (HeddleDocument) after = heddle_test_new_branching ();
  g_autoptr (GPtrArray) differences = compare (before, after);
  g_autofree char *summary = heddle_differences_summarize (differences);

  g_assert_cmpuint (differences->len, ==, 0);
  g_assert_cmpstr (summary, ==, "No differences");
}

static void
test_nodes (void)
{
  static const char *const no[] = { "no", NULL };
  g_autoptr (HeddleDocument) before = heddle_test_new_branching ();
  g_autoptr (HeddleDocument) after = heddle_test_new_branching ();
  g_autoptr (GPtrArray) differences = NULL;
  g_autofree char *summary = NULL;

  heddle_test_set_text (after, "yes", "text", "New");
  heddle_document_set_title (after, "check", "Check %s it");
  heddle_document_set_position (after, "start", 900, 900);
  heddle_document_remove (after, no, FALSE);
  heddle_document_add_node (after, "merge", NULL, 0, 0);
  assert_words (before, after,
                "Node “Input” moved\n"
                "Node “Check %s it” changed\n Title: - > Check %s it\n"
                "Node “Template” changed\n Text: Yes {{ $check.output }} {{ $start.message }} > New\n"
                "Node “Merge” added\n"
                "Node “Template” removed\n"
                "Connection If-Else (false) → Template removed\n"
                "Connection Template → Output removed\n");
  differences = compare (before, after);
  summary = heddle_differences_summarize (differences);
  g_assert_cmpstr (summary, ==, "1 added, 3 removed, 2 changed, 1 moved");
}

static void
test_renamed (void)
{
  g_autoptr (HeddleDocument) before = heddle_test_new_branching ();
  g_autoptr (HeddleDocument) after = heddle_test_new_branching ();
  g_autoptr (GPtrArray) differences = NULL;
  const HeddleDifference *difference;

  heddle_document_rename (after, "finish", "the_end", NULL);
  differences = compare (before, after);
  g_assert_cmpuint (differences->len, ==, 1);
  difference = g_ptr_array_index (differences, 0);
  g_assert_cmpstr (difference->old_id, ==, "finish");
  g_assert_cmpstr (difference->id, ==, "the_end");
  assert_words (before, after, "Node “Output” changed\n Name in expressions: finish > the_end\n");
}

static void
test_rest (void)
{
  g_autoptr (HeddleDocument) before = heddle_test_new_branching ();
  g_autoptr (HeddleDocument) after = heddle_test_new_branching ();
  g_autoptr (JsonNode) budget = heddle_json_parse ("{\"cost\":1}", -1, NULL);
  const HeddleEdge *edge;

  heddle_document_add_annotation (before, HEDDLE_ANNOTATION_NOTE, "First\nSecond", 0, 0, 9, 9);
  heddle_document_add_annotation (after, HEDDLE_ANNOTATION_FRAME, "", 0, 0, 9, 9);
  heddle_document_set_setting (after, "budget", "Budget", budget);
  heddle_document_set_name (after, "Other");
  edge = heddle_graph_get_edge (heddle_document_get_graph (after), 0);
  heddle_document_disconnect (after, edge->from, edge->from_port, edge->to, edge->to_port);
  heddle_document_connect (after, "start", NULL, "finish", NULL, NULL);
  assert_words (before, after,
                "Workflow changed\n Name: n > Other\n Budget: - > {\"cost\":1}\n"
                "Connection Input → Output added\n"
                "Connection Input → If-Else removed\n"
                "Annotation “Group” added\n"
                "Annotation “First” removed\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/compare/same", test_same);
  g_test_add_func ("/compare/nodes", test_nodes);
  g_test_add_func ("/compare/renamed", test_renamed);
  g_test_add_func ("/compare/rest", test_rest);

  return g_test_run ();
}
