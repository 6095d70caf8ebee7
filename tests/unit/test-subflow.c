/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "heddle-error.h"
#include "registry/heddle-problem.h"
#include "test-document.h"
#include "value/heddle-json.h"

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"n\",\"nodes\":["

/* Nodes as "a:merge b:template@m", edges as "a b, b.out c.in", texts as "b={{ $a.output }}|…" of templates; "start" and "finish" are there. */
static HeddleDocument *
build (const char *nodes, const char *edges, const char *texts)
{
  g_autoptr (GString) text = g_string_new (HEAD "{\"id\":\"start\",\"type\":\"input\"},{\"id\":\"finish\",\"type\":\"output\"}");
  g_auto (GStrv) node_words = g_strsplit (nodes, " ", -1);
  g_auto (GStrv) edge_words = g_strsplit (edges, ", ", -1);
  g_auto (GStrv) text_words = g_strsplit (texts != NULL ? texts : "", "|", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = NULL;
  HeddleDocument *document;

  for (guint i = 0; node_words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit_set (node_words[i], ":@", -1);

      g_string_append_printf (text, ",{\"id\":\"%s\",\"type\":\"%s\"", parts[0], parts[1]);
      if (parts[2] != NULL)
        g_string_append_printf (text, ",\"parent\":\"%s\"", parts[2]);
      g_string_append (text, "}");
    }
  g_string_append (text, "],\"edges\":[");
  for (guint i = 0; edge_words[i] != NULL && *edge_words[i] != '\0'; i++)
    {
      g_auto (GStrv) ends = g_strsplit (edge_words[i], " ", 2);

      g_string_append_printf (text, "%s{\"from\":\"%s\",\"to\":\"%s\",\"x-number\":%u}", i > 0 ? "," : "", ends[0], ends[1], i);
    }
  g_string_append (text, "]}");
  graph = heddle_graph_new_from_json (text->str, -1, &error);
  g_assert_no_error (error);
  document = heddle_document_new (graph);
  for (guint i = 0; text_words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (text_words[i], "=", 2);

      if (parts[0] != NULL && parts[1] != NULL)
        heddle_test_set_text (document, parts[0], strcmp (parts[0], "finish") == 0 ? "value" : "text", parts[1]);
    }
  return document;
}

static void
assert_no_errors (HeddleDocument *document)
{
  g_autoptr (GPtrArray) problems = heddle_graph_validate (heddle_document_get_graph (document));

  for (guint i = 0; i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);

      /* Parameters are not what this is about. */
      if (problem->severity == HEDDLE_SEVERITY_ERROR && strstr (problem->message, "is empty. Fill it in.") == NULL)
        g_error ("%s: %s", problem->node, problem->message);
    }
}

/* Undo leads back, redo there again; what was extracted is inlined to the same bytes. */
static void
assert_there_and_back (HeddleDocument *document, const char *const *ids)
{
  g_autofree char *before = heddle_test_save (document);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = g_strdup (heddle_document_extract (document, ids, &error));
  g_autofree char *after = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  after = heddle_test_save (document);
  assert_no_errors (document);
  g_assert_true (heddle_document_undo (document));
  text = heddle_test_save (document);
  g_assert_cmpstr (text, ==, before);
  g_assert_true (heddle_document_redo (document));
  g_free (text);
  text = heddle_test_save (document);
  g_assert_cmpstr (text, ==, after);

  g_assert_true (heddle_document_inline (document, id, &error));
  g_assert_no_error (error);
  g_free (text);
  text = heddle_test_save (document);
  g_assert_cmpstr (text, ==, before);
  g_assert_true (heddle_document_undo (document));
  g_free (text);
  text = heddle_test_save (document);
  g_assert_cmpstr (text, ==, after);
}

static void
test_there_and_back (void)
{
  static const struct
  {
    const char *nodes, *edges, *texts, *chosen;
  } cases[] = {
    { "a:template b:template c:template", "start a, a b, b c, c finish", NULL, "a b" },
    { "a:template b:template c:template", "start a, a b, b c, c finish", "a={{ $start.message }}|b={{ $a.output }}|c={{ $b.output }} {{ $b.output.x }}", "a b" },
    /* One source for several nodes, one end for several that follow. */
    { "a:merge b:merge c:merge d:merge e:merge", "start a, start b, a c, b c, c d, c e, d finish", NULL, "a b c" },
    /* All ways that a branch decides between, up to where they meet. */
    { "i:if-else a:template b:template m:merge", "start i, i.true a, i.false b, a m, b m, m finish", "finish={{ $m.output }}", "i a b m" },
    /* One of two branches, whose ends exclude each other at what follows. */
    { "i:if-else a:template b:template", "start i, i.true a, i.false b, a finish, b finish", NULL, "a" },
    { "i:if-else a:template", "start i, i.true a, i.false finish, a finish", NULL, "a" },
    /* A whole circle, and a part of one. */
    { "a:merge i:if-else c:template", "start a, a i, i.false a, i.true c, c finish", NULL, "c" },
    { "a:merge b:template i:if-else", "start a, a b, b i, i.false a, i.true finish", NULL, "b" },
    /* Nothing behind it, with an Output elsewhere. */
    { "a:template b:template", "start a, start finish, a b", NULL, "a b" },
    /* With a frame, with an agent and its tool, and an Output. */
    { "m:map a:template@m b:template", "start m, m a, a m, m b, b finish", NULL, "m b" },
    { "g:agent t:http", "start g, t g.tools, g finish", NULL, "g t" },
    { "a:template", "start a, a finish", NULL, "a finish" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleDocument) document = build (cases[i].nodes, cases[i].edges, cases[i].texts);
      g_auto (GStrv) ids = g_strsplit (cases[i].chosen, " ", -1);

      assert_there_and_back (document, (const char *const *) ids);
    }
}

/* How the new frame is wired, and that what follows reads its output. */
static void
test_wiring (void)
{
  g_autoptr (HeddleDocument) document = build ("a:template b:template c:template", "start a, a b, b c, b finish", "c={{ $b.output }} {{ $start.message }}");
  HeddleGraph *graph = heddle_document_get_graph (document);
  const char *const ids[] = { "a", "b", NULL };
  const HeddleNode *subflow;

  g_assert_cmpstr (heddle_document_extract (document, ids, NULL), ==, "subflow");
  subflow = heddle_graph_find_node (graph, "subflow");
  g_assert_cmpstr (subflow->type_id, ==, "subflow");
  g_assert_cmpstr (heddle_graph_find_node (graph, "a")->parent, ==, "subflow");
  g_assert_nonnull (heddle_graph_find_edge (graph, "start", "out", "subflow", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "subflow", "start", "a", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "b", "out", "subflow", "end"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "subflow", "out", "c", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "subflow", "out", "finish", "in"));
  g_assert_cmpuint (heddle_graph_get_n_edges (graph), ==, 6);
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (graph, "c")->params, "text"), ==, "{{ $subflow.output }} {{ $start.message }}");
  g_assert_cmpfloat (subflow->x, <=, heddle_graph_find_node (graph, "a")->x - HEDDLE_FRAME_SIDE);
}

/* In a frame, and again in the subflow. */
static void
test_nested (void)
{
  g_autoptr (HeddleDocument) document = build ("m:map a:template@m b:template@m", "start m, m a, a b, b m, m finish", "b={{ $a.output }}");
  HeddleGraph *graph = heddle_document_get_graph (document);
  const char *const ids[] = { "a", "b", NULL };
  const char *const one[] = { "a", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (heddle_document_extract (document, ids, &error));
  g_assert_no_error (error);
  assert_no_errors (document);
  g_assert_cmpstr (heddle_graph_find_node (graph, "subflow")->parent, ==, "m");
  g_assert_nonnull (heddle_graph_find_edge (graph, "m", "item", "subflow", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "subflow", "out", "m", "result"));
  g_assert_cmpstr (heddle_document_extract (document, one, &error), ==, "subflow2");
  assert_no_errors (document);
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (graph, "b")->params, "text"), ==, "{{ $subflow2.output }}");
  g_assert_true (heddle_document_inline (document, "subflow2", &error));
  g_assert_true (heddle_document_inline (document, "subflow", &error));
  g_assert_no_error (error);
  assert_no_errors (document);
  g_assert_nonnull (heddle_graph_find_edge (graph, "m", "item", "a", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "b", "out", "m", "result"));
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (graph, "b")->params, "text"), ==, "{{ $a.output }}");
}

static void
test_refuse_extract (void)
{
  static const struct
  {
    const char *nodes, *edges, *texts, *chosen, *says;
  } cases[] = {
    { "a:merge", "start a, a finish", NULL, "start a", "begins a run" },
    { "a:merge b:merge", "start a, a b, b finish", NULL, "nobody", "Choose the nodes" },
    { "m:map a:merge@m b:merge", "start m, m a, a m, m b, b finish", NULL, "a b", "different frames" },
    { "a:merge b:merge c:merge", "start a, start b, a c, b c, c finish", NULL, "c", "leads into these nodes comes from several places" },
    { "a:merge b:merge", "start a, a b, a finish, b finish", NULL, "a b", "leads out of these nodes comes from several places" },
    { "i:if-else a:merge", "start i, i.true a, a finish", NULL, "i a", "would run even so, with null" },
    { "a:merge b:merge", "start a, a finish", NULL, "a b", "Nothing leads to" },
    { "h:error-handler a:merge", "start finish, h a", NULL, "h a", "failures of all nodes around it" },
    { "g:agent t:http", "start g, t g.tools, g finish", NULL, "t", "Choose both or neither" },
    /* The names of joined values would change. */
    { "a:merge b:merge c:merge", "start a, start b, a c, b c, c finish", NULL, "a", "called after the node" },
    { "a:template b:template", "start a, a b, b finish", "finish={{ $a.output }}", "a b", "reads “$a.output”" },
    { "a:template b:template", "start a, a b, b finish", "finish={{ $b.text }}", "a b", "reads “$b.text”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleDocument) document = build (cases[i].nodes, cases[i].edges, cases[i].texts);
      g_auto (GStrv) ids = g_strsplit (cases[i].chosen, " ", -1);
      g_autofree char *before = heddle_test_save (document);
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_null (heddle_document_extract (document, (const char *const *) ids, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
      if (strstr (error->message, cases[i].says) == NULL)
        g_error ("Case %u: %s", i, error->message);
      after = heddle_test_save (document);
      g_assert_cmpstr (before, ==, after);
    }
}

static void
test_refuse_inline (void)
{
  static const struct
  {
    const char *nodes, *edges, *texts, *says;
  } cases[] = {
    { "s:map a:merge@s", "start s, s a, a s, s finish", NULL, "is no subflow" },
    { "s:subflow", "start s, s finish", NULL, "is empty" },
    { "s:subflow a:merge@s", "start s, s a, s finish", NULL, "Nothing leads to the end" },
    { "s:subflow a:merge@s b:merge@s", "start s, s a, a s, s finish", NULL, "Nothing leads to “Merge”" },
    { "s:subflow i:if-else@s a:merge@s", "start s, s i, i.true a, a s, s finish", NULL, "would run even so" },
    { "s:subflow a:template@s", "start s, s a, a s, s finish", "a={{ $s.item }}", "reads “$s.item”" },
    { "s:subflow a:template@s", "start s, s a, a s, s finish", "finish={{ $s }}", "reads “$s”" },
    { "s:subflow a:merge@s h:error-handler@s", "start s, s a, a s, s finish", NULL, "failures of all nodes around it" },
    { "s:subflow a:merge@s b:merge@s c:merge", "start s, s a, s b, a b, b s, s c, c s, c finish", NULL, "several values" },
    /* Nobody knows how that one joins. */
    { "s:subflow a:merge@s b:merge@s c:nobody-knows", "start s, s a, s b, a s, b s, s c", NULL, "several values" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleDocument) document = build (cases[i].nodes, cases[i].edges, cases[i].texts);
      g_autofree char *before = heddle_test_save (document);
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;

      if (heddle_document_inline (document, "s", &error))
        g_error ("Case %u is inlined", i);
      if (strstr (error->message, cases[i].says) == NULL)
        g_error ("Case %u: %s", i, error->message);
      after = heddle_test_save (document);
      g_assert_cmpstr (before, ==, after);
    }
}

/* A drawn one: several sources and several ends, joined as the frame joined them. */
static void
test_inline_joins (void)
{
  g_autoptr (HeddleDocument) document = build ("a:merge b:merge s:subflow c:merge@s d:merge@s e:merge@s f:merge",
                                               "start a, start b, a s, b s, s c, c d, c e, d s, e s, s f, f finish", NULL);
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autoptr (GError) error = NULL;

  g_assert_true (heddle_document_inline (document, "s", &error));
  g_assert_no_error (error);
  assert_no_errors (document);
  g_assert_null (heddle_graph_find_node (graph, "s"));
  g_assert_cmpstr (((const HeddleEdge *) g_ptr_array_index (heddle_graph_get_in_edges (graph, "c"), 0))->from, ==, "a");
  g_assert_cmpstr (((const HeddleEdge *) g_ptr_array_index (heddle_graph_get_in_edges (graph, "c"), 1))->from, ==, "b");
  g_assert_cmpstr (((const HeddleEdge *) g_ptr_array_index (heddle_graph_get_in_edges (graph, "f"), 0))->from, ==, "d");
  g_assert_cmpstr (((const HeddleEdge *) g_ptr_array_index (heddle_graph_get_in_edges (graph, "f"), 1))->from, ==, "e");
  g_assert_cmpuint (heddle_graph_get_n_edges (graph), ==, 9);
}

/* Connections that name nodes which are not there, as a file that was edited by hand has them. */
static void
test_absent_ends (void)
{
  static const struct
  {
    const char *nodes, *edges, *chosen;
  } cases[] = {
    { "a:merge b:merge", "absent a, absent b, a b, b finish", "a b" },
    { "a:merge b:merge", "start a, start b, a absent, b absent", "a" },
    { "a:merge b:merge", "start a, start b, a absent, b absent", "a b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleDocument) document = build (cases[i].nodes, cases[i].edges, NULL);
      g_auto (GStrv) ids = g_strsplit (cases[i].chosen, " ", -1);
      g_autofree char *before = heddle_test_save (document);
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;

      if (heddle_document_extract (document, (const char *const *) ids, &error) == NULL)
        g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
      else
        g_assert_true (heddle_document_undo (document));
      after = heddle_test_save (document);
      g_assert_cmpstr (before, ==, after);
    }
}

/* Several ends of a subflow lead to what is not there. */
static void
test_inline_before_absent (void)
{
  g_autoptr (HeddleDocument) document = build ("s:subflow a:merge@s b:merge@s", "start s, s a, s b, a s, b s, s absent", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (heddle_document_inline (document, "s", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (heddle_graph_get_n_edges (heddle_document_get_graph (document)), ==, 4);
}

static const char typed[] = "[{\"name\":\"message\",\"type\":\"text\",\"required\":true}]";

static void
set_json (HeddleDocument *document, const char *id, const char *param, const char *json)
{
  g_autoptr (JsonNode) value = heddle_json_parse (json, -1, NULL);

  heddle_document_set_param (document, id, param, value);
}

/* A subflow with fields becomes a workflow, and that takes the place of a node that runs it. */
static void
test_workflow (void)
{
  g_autoptr (HeddleDocument) document = build ("s:subflow a:template@s b:template@s", "start s, s a, a b, b s, s finish", "a={{ $s.message }}|b={{ $a.output }} {{ $s.output }}");
  g_autoptr (HeddleDocument) caller = build ("a:template call:sub-workflow", "start a, a call, call finish", "finish={{ $call.output }}");
  HeddleGraph *graph = heddle_document_get_graph (caller);
  g_autofree char *before = heddle_test_save (caller);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  g_autoptr (HeddleGraph) workflow = NULL;
  g_autoptr (GPtrArray) problems = NULL;

  set_json (document, "s", "inputs", typed);
  json = heddle_document_dup_subflow_json (document, "s", &error);
  g_assert_no_error (error);
  workflow = heddle_graph_new_from_json (json, -1, &error);
  g_assert_no_error (error);
  problems = heddle_graph_validate (workflow);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpstr (heddle_graph_get_name (workflow), ==, "Subflow");
  g_assert_nonnull (heddle_graph_find_edge (workflow, "start", "out", "a", "in"));
  g_assert_nonnull (heddle_graph_find_edge (workflow, "b", "out", "output", "in"));
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (workflow, "a")->params, "text"), ==, "{{ $start.message }}");

  g_assert_cmpstr (heddle_document_inline_workflow (caller, "call", json, &error), ==, "call");
  g_assert_no_error (error);
  assert_no_errors (caller);
  g_assert_cmpstr (heddle_graph_find_node (graph, "call")->type_id, ==, "subflow");
  g_assert_cmpstr (heddle_graph_find_node (graph, "a2")->parent, ==, "call");
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (graph, "a2")->params, "text"), ==, "{{ $call.message }}");
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (graph, "b")->params, "text"), ==, "{{ $a2.output }} {{ $call.output }}");
  g_assert_nonnull (heddle_graph_find_edge (graph, "call", "start", "a2", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "b", "out", "call", "end"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "a", "out", "call", "in"));
  g_assert_true (heddle_document_undo (caller));
  after = heddle_test_save (caller);
  g_assert_cmpstr (after, ==, before);
}

static void
test_refuse_workflow (void)
{
  static const struct
  {
    const char *nodes, *edges, *texts, *says;
  } cases[] = {
    { "a:template", "start a", NULL, "Output of that workflow makes its value" },
    { "a:template w:webhook", "start a, a finish", "finish=", "begin in several ways" },
    { "a:template o:output", "start a, a finish, a o", "finish=", "several Outputs" },
    { "a:template", "start a, a finish", "finish=|a={{ $vars.x }}", "reads “$vars”" },
    { "a:template v:variable", "start a, a v, v finish", "finish=", "sets variables" },
    { "a:merge b:merge", "start a, start b, a b, b finish", "finish=", "called after the node" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleDocument) called = build (cases[i].nodes, cases[i].edges, cases[i].texts != NULL ? cases[i].texts : "finish=x");
      g_autoptr (HeddleDocument) caller = build ("call:sub-workflow", "start call, call finish", NULL);
      g_autofree char *json = heddle_test_save (called);
      g_autofree char *before = heddle_test_save (caller);
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;

      if (heddle_document_inline_workflow (caller, "call", json, &error) != NULL)
        g_error ("Case %u is inlined", i);
      if (strstr (error->message, cases[i].says) == NULL)
        g_error ("Case %u: %s", i, error->message);
      after = heddle_test_save (caller);
      g_assert_cmpstr (after, ==, before);
    }
}

static void
test_refuse_saving (void)
{
  g_autoptr (HeddleDocument) document = build ("r:merge s:subflow a:template@s", "start r, r s, s a, a s, s finish", "a={{ $r.output }}");
  g_autoptr (GError) error = NULL;

  g_assert_null (heddle_document_dup_subflow_json (document, "s", &error));
  g_assert_nonnull (strstr (error->message, "Give it input fields first"));
  g_clear_error (&error);
  set_json (document, "s", "inputs", typed);
  g_assert_null (heddle_document_dup_subflow_json (document, "s", &error));
  g_assert_nonnull (strstr (error->message, "reads “$r.output”"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/subflow/there-and-back", test_there_and_back);
  g_test_add_func ("/subflow/wiring", test_wiring);
  g_test_add_func ("/subflow/nested", test_nested);
  g_test_add_func ("/subflow/refuse-extract", test_refuse_extract);
  g_test_add_func ("/subflow/refuse-inline", test_refuse_inline);
  g_test_add_func ("/subflow/inline-joins", test_inline_joins);
  g_test_add_func ("/subflow/absent-ends", test_absent_ends);
  g_test_add_func ("/subflow/inline-before-absent", test_inline_before_absent);

  g_test_add_func ("/subflow/workflow", test_workflow);
  g_test_add_func ("/subflow/refuse-workflow", test_refuse_workflow);
  g_test_add_func ("/subflow/refuse-saving", test_refuse_saving);

  return g_test_run ();
}
