/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "heddle-error.h"
#include "registry/heddle-problem.h"
#include "test-document.h"
#include "value/heddle-json.h"

/* start → map1 { first → second } → finish; loop1 is empty. */
static const char WORKFLOW[] =
  "{\n"
  "  \"format\": \"heddle-workflow\",\n"
  "  \"version\": 1,\n"
  "  \"id\": \"w\",\n"
  "  \"name\": \"n\",\n"
  "  \"nodes\": [\n"
  "    {\n"
  "      \"id\": \"start\",\n"
  "      \"type\": \"input\"\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"map1\",\n"
  "      \"type\": \"map\"\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"first\",\n"
  "      \"type\": \"template\",\n"
  "      \"parent\": \"map1\",\n"
  "      \"title\": \"First\",\n"
  "      \"params\": {\n"
  "        \"text\": \"{{ $start.message }} {{ $map1.item }}\"\n"
  "      }\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"second\",\n"
  "      \"type\": \"template\",\n"
  "      \"parent\": \"map1\",\n"
  "      \"params\": {\n"
  "        \"text\": \"{{ $first.output }}\"\n"
  "      },\n"
  "      \"pin\": {\n"
  "        \"output\": \"done\"\n"
  "      }\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"finish\",\n"
  "      \"type\": \"output\"\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"loop1\",\n"
  "      \"type\": \"loop\"\n"
  "    }\n"
  "  ],\n"
  "  \"edges\": [\n"
  "    { \"from\": \"start\", \"to\": \"map1\" },\n"
  "    { \"from\": \"map1\", \"to\": \"first\" },\n"
  "    { \"from\": \"first\", \"to\": \"second\" },\n"
  "    { \"from\": \"second\", \"to\": \"map1\" },\n"
  "    { \"from\": \"map1\", \"to\": \"finish\" }\n"
  "  ],\n"
  "  \"layout\": {\n"
  "    \"start\": [0, 0],\n"
  "    \"map1\": [304, 0, 816, 240],\n"
  "    \"first\": [448, 96],\n"
  "    \"second\": [752, 96],\n"
  "    \"finish\": [1216, 0],\n"
  "    \"loop1\": [304, 320, 576, 240]\n"
  "  }\n"
  "}\n";

static HeddleDocument *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, -1, &error);

  g_assert_no_error (error);
  return heddle_document_new (graph);
}

static const HeddleNode *
find (HeddleDocument *document, const char *id)
{
  return heddle_graph_find_node (heddle_document_get_graph (document), id);
}

static gboolean
has_edge (HeddleDocument *document, const char *from, const char *from_port, const char *to, const char *to_port)
{
  return heddle_graph_find_edge (heddle_document_get_graph (document), from, from_port, to, to_port) != NULL;
}

/* Undo leads back to the text, redo to what it was. */
static void
assert_one_step (HeddleDocument *document, const char *before)
{
  g_autofree char *after = heddle_test_save (document);
  g_autofree char *undone = NULL;
  g_autofree char *redone = NULL;

  g_assert_cmpstr (before, !=, after);
  g_assert_true (heddle_document_undo (document));
  undone = heddle_test_save (document);
  g_assert_cmpstr (undone, ==, before);
  g_assert_true (heddle_document_redo (document));
  redone = heddle_test_save (document);
  g_assert_cmpstr (redone, ==, after);
}

/* Within a frame the default ports are those of its inside. */
static void
test_format (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *saved = heddle_test_save (document);
  g_autoptr (GPtrArray) children = heddle_graph_list_children (graph, "map1");
  g_autoptr (GPtrArray) outermost = heddle_graph_list_children (graph, NULL);

  g_assert_cmpstr (saved, ==, WORKFLOW);
  g_assert_true (has_edge (document, "start", "out", "map1", "in"));
  g_assert_true (has_edge (document, "map1", "item", "first", "in"));
  g_assert_true (has_edge (document, "second", "out", "map1", "result"));
  g_assert_true (has_edge (document, "map1", "out", "finish", "in"));
  g_assert_true (heddle_graph_is_inner_edge (graph, heddle_graph_get_edge (graph, 1)));
  g_assert_false (heddle_graph_is_inner_edge (graph, heddle_graph_get_edge (graph, 2)));
  g_assert_true (heddle_graph_is_inner_edge (graph, heddle_graph_get_edge (graph, 3)));
  g_assert_false (heddle_graph_is_inner_edge (graph, heddle_graph_get_edge (graph, 4)));
  g_assert_cmpuint (children->len, ==, 2);
  g_assert_cmpstr (children->pdata[1], ==, "second");
  g_assert_cmpuint (outermost->len, ==, 4);
  g_assert_true (heddle_graph_is_within (graph, "first", "map1"));
  g_assert_false (heddle_graph_is_within (graph, "map1", "map1"));
  g_assert_cmpfloat (find (document, "map1")->width, ==, 816);
  g_assert_cmpfloat (find (document, "first")->width, ==, 0);
  g_assert_true (heddle_json_equal (heddle_json_member (find (document, "second")->pin, "output"), heddle_json_member (find (document, "second")->pin, "output")));
}

static void
test_bad_members (void)
{
  static const char *const nodes[] = {
    "{\"id\":\"a\",\"type\":\"template\",\"parent\":5}",
    "{\"id\":\"a\",\"type\":\"template\",\"parent\":\"no id\"}",
    "{\"id\":\"a\",\"type\":\"template\",\"pin\":\"text\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":[%s]}", nodes[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (heddle_graph_new_from_json (text, -1, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

/* What is in each other, or in nothing, or without a size is loaded; a second load finds nothing to change. */
static void
test_odd_frames (void)
{
  static const char text[] =
    "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"nodes\":["
    "{\"id\":\"a\",\"type\":\"map\",\"parent\":\"b\"},{\"id\":\"b\",\"type\":\"map\",\"parent\":\"a\"},"
    "{\"id\":\"c\",\"type\":\"loop\",\"parent\":\"c\"},{\"id\":\"d\",\"type\":\"template\",\"parent\":\"nobody\"},"
    "{\"id\":\"e\",\"type\":\"loop\",\"parent\":\"d\"},{\"id\":\"f\",\"type\":\"frame-of-the-future\"},{\"id\":\"g\",\"type\":\"loop\"},"
    "{\"id\":\"h\",\"type\":\"template\",\"parent\":\"g\"}],"
    "\"layout\":{\"f\":[0,0,900,900],\"d\":[0,0,5,5],\"g\":[0,0,-5,1e8],\"h\":[-99999999.25,1e8]}}";
  g_autoptr (HeddleDocument) document = load (text);
  g_autofree char *saved = heddle_test_save (document);
  g_autoptr (HeddleDocument) again = load (saved);
  g_autofree char *saved_again = heddle_test_save (again);
  const char *const ids[] = { "a", "c", NULL };

  g_assert_cmpstr (saved, ==, saved_again);
  g_assert_cmpfloat (find (document, "f")->width, ==, 900);
  g_assert_cmpfloat (find (document, "d")->width, ==, 0);
  g_assert_cmpfloat (find (document, "a")->width, >=, HEDDLE_FRAME_WIDTH);
  g_assert_true (heddle_graph_is_within (heddle_document_get_graph (document), "a", "a"));
  heddle_document_move (document, ids, 16, 16);
  assert_one_step (document, saved);
  g_assert_true (heddle_document_rename (document, "c", "z", NULL));
  g_assert_cmpstr (find (document, "z")->parent, ==, "z");
  g_assert_true (heddle_document_set_parent (document, ids, NULL, NULL));
  g_assert_null (find (document, "a")->parent);
  heddle_document_remove (document, ids, FALSE);
  while (heddle_document_undo (document))
    ;
  g_free (saved_again);
  saved_again = heddle_test_save (document);
  g_assert_cmpstr (saved, ==, saved_again);
}

static void
test_connect (void)
{
  static const struct
  {
    const char *from, *from_port, *to, *to_port, *part;
  } cases[] = {
    { "start", "out", "first", "in", "without a connection" },
    { "first", "out", "finish", "in", "inside of the frame" },
    { "map1", "item", "finish", "in", "is not in the frame" },
    { "start", "out", "map1", "result", "is not in the frame" },
    { "first", "out", "map1", "in", "inside of the frame" },
    { "map1", "out", "first", "in", "inside of the frame" },
    { "map1", "item", "map1", "result", "itself" },
    { "map1", "item", "loop1", "next", "is not in the frame" },
    { "map1", "nothing", "first", "in", "no output" },
    { "map1", "item", "second", "in", NULL },
    { "first", "out", "map1", "result", NULL },
    { "map1", "out", "loop1", "in", NULL },
  };
  g_autoptr (HeddleDocument) document = load (WORKFLOW);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *reason = NULL;
      gboolean allowed = heddle_graph_can_connect (heddle_document_get_graph (document), cases[i].from, cases[i].from_port, cases[i].to,
                                                   cases[i].to_port, &reason);

      g_assert_cmpint (allowed, ==, cases[i].part == NULL);
      if (!allowed && strstr (reason, cases[i].part) == NULL)
        g_error ("Case %u says: %s", i, reason);
    }
  g_assert_true (heddle_document_connect (document, "map1", NULL, "second", NULL, NULL));
  g_assert_true (has_edge (document, "map1", "item", "second", "in"));
}

static void
test_add (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  g_autofree char *first = g_strdup (heddle_document_add_node (document, "map", NULL, 16, 16));
  g_autofree char *second = g_strdup (heddle_document_add_node (document, "map", NULL, 16, 16));

  g_assert_cmpstr (first, ==, "map1");
  g_assert_cmpstr (second, ==, "map2");
  g_assert_cmpfloat (find (document, "map1")->height, ==, HEDDLE_FRAME_HEIGHT);
}

static void
test_move (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  const char *const both[] = { "first", "map1", NULL };
  const char *const first[] = { "first", NULL };

  heddle_document_move (document, both, 16, 32);
  assert_one_step (document, WORKFLOW);
  g_assert_cmpfloat (find (document, "first")->x, ==, 464);
  g_assert_cmpfloat (find (document, "second")->y, ==, 128);
  heddle_document_set_position (document, "map1", 304, 0);
  g_assert_cmpfloat (find (document, "second")->y, ==, 96);

  /* A node does not leave its frame by moving: the frame grows. */
  heddle_document_move (document, first, -1000, 0);
  g_assert_cmpfloat (find (document, "map1")->x, ==, 448 - 1000 - HEDDLE_FRAME_SIDE);
  g_assert_cmpfloat (find (document, "map1")->x + find (document, "map1")->width, ==, 304 + 816);
  heddle_document_set_frame (document, "map1", 0, 0, 10, 10);
  g_assert_cmpfloat (find (document, "map1")->x, ==, 448 - 1000 - HEDDLE_FRAME_SIDE);
  g_assert_cmpfloat (find (document, "map1")->height, ==, HEDDLE_FRAME_HEIGHT);
}

static void
test_remove (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  const char *const map[] = { "map1", NULL };
  const char *const first[] = { "first", NULL };

  heddle_document_remove (document, map, TRUE);
  assert_one_step (document, WORKFLOW);
  g_assert_null (find (document, "first"));
  g_assert_cmpuint (heddle_graph_get_n_edges (heddle_document_get_graph (document)), ==, 1);
  g_assert_true (has_edge (document, "start", "out", "finish", "in"));
  heddle_document_undo (document);

  heddle_document_remove (document, first, TRUE);
  assert_one_step (document, WORKFLOW);
  g_assert_true (has_edge (document, "map1", "item", "second", "in"));
}

static void
test_rename (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);

  g_assert_true (heddle_document_rename (document, "map1", "each", NULL));
  assert_one_step (document, WORKFLOW);
  g_assert_cmpstr (find (document, "first")->parent, ==, "each");
  g_assert_cmpstr (json_object_get_string_member (find (document, "first")->params, "text"), ==, "{{ $start.message }} {{ $each.item }}");
}

/* A name that a node names as its frame is taken, as otherwise an undo could not tell them apart. */
static void
test_dangling_parent (void)
{
  g_autoptr (HeddleDocument) document = load ("{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
                                              "{\"id\":\"a\",\"type\":\"map\"},{\"id\":\"b\",\"type\":\"template\",\"parent\":\"gone\"}]}");
  g_autoptr (GError) error = NULL;

  g_assert_false (heddle_document_rename (document, "a", "gone", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
}

/* Whoever is in a frame that is not there, or in itself, may name and join what it likes: the frame is what is wrong. */
static void
test_read_from_odd_frame (void)
{
  static const char *const parents[] = { "gone", "note", "reader" };

  for (guint i = 0; i < G_N_ELEMENTS (parents); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":[{\"id\":\"start\",\"type\":\"input\"},"
                                               "{\"id\":\"note\",\"type\":\"template\"},{\"id\":\"reader\",\"type\":\"template\",\"parent\":\"%s\","
                                               "\"params\":{\"text\":\"{{ $start.message }}\"}}],\"edges\":[{\"from\":\"start\",\"to\":\"reader\"}]}",
                                               parents[i]);
      g_autoptr (HeddleDocument) document = load (text);
      g_autoptr (GPtrArray) problems = heddle_graph_validate (heddle_document_get_graph (document));
      gboolean told = FALSE;

      for (guint j = 0; j < problems->len; j++)
        {
          const HeddleProblem *problem = g_ptr_array_index (problems, j);

          g_assert_null (strstr (problem->message, "(null)"));
          told = told || g_str_has_prefix (problem->message, "It is to be in ");
        }
      g_assert_true (told);
    }
}

static void
test_paste (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  const char *const map[] = { "map1", NULL };
  const char *const inner[] = { "first", "second", NULL };
  g_autofree char *whole = heddle_graph_selection_to_json (heddle_document_get_graph (document), map);
  g_autofree char *part = heddle_graph_selection_to_json (heddle_document_get_graph (document), inner);
  g_auto (GStrv) ids = heddle_document_paste (document, whole, 0, 1000, NULL);

  assert_one_step (document, WORKFLOW);
  g_assert_cmpuint (g_strv_length (ids), ==, 3);
  g_assert_cmpstr (find (document, "first2")->parent, ==, "map2");
  g_assert_cmpstr (json_object_get_string_member (find (document, "first2")->params, "text"), ==, "{{ $start.message }} {{ $map2.item }}");
  g_assert_true (has_edge (document, "map2", "item", "first2", "in"));
  g_assert_true (has_edge (document, "second2", "out", "map2", "result"));
  g_assert_cmpfloat (find (document, "map2")->y, ==, 1000);
  g_assert_cmpfloat (find (document, "map2")->width, ==, 816);

  /* Without its frame a node is in none. */
  g_assert_null (strstr (part, "parent"));
  g_strfreev (heddle_document_paste (document, part, 0, 2000, NULL));
  g_assert_null (find (document, "first3")->parent);
}

static void
test_set_parent (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  const char *const first[] = { "first", NULL };
  const char *const map[] = { "map1", "first", NULL };
  const char *const start[] = { "start", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (heddle_document_set_parent (document, first, NULL, &error));
  assert_one_step (document, WORKFLOW);
  g_assert_null (find (document, "first")->parent);
  g_assert_cmpuint (heddle_graph_get_in_edges (heddle_document_get_graph (document), "first")->len, ==, 0);
  g_assert_cmpuint (heddle_graph_get_out_edges (heddle_document_get_graph (document), "first")->len, ==, 0);
  heddle_document_undo (document);

  /* What is in a frame goes with it, and stays in it. */
  g_assert_true (heddle_document_set_parent (document, map, "loop1", &error));
  assert_one_step (document, WORKFLOW);
  g_assert_cmpstr (find (document, "first")->parent, ==, "map1");
  g_assert_true (heddle_graph_is_within (heddle_document_get_graph (document), "first", "loop1"));
  g_assert_true (has_edge (document, "first", "out", "second", "in"));
  g_assert_false (has_edge (document, "start", "out", "map1", "in"));
  g_assert_cmpfloat (find (document, "loop1")->y, ==, -HEDDLE_FRAME_TOP);
  g_assert_cmpfloat (find (document, "loop1")->width, ==, 816 + 2 * HEDDLE_FRAME_SIDE);

  g_assert_false (heddle_document_set_parent (document, map + 1, "finish", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (heddle_document_set_parent (document, start, "map1", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  {
    const char *const loop[] = { "loop1", NULL };

    g_assert_false (heddle_document_set_parent (document, loop, "map1", &error));
    g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  }
}

static double
get_width (const HeddleNode *node)
{
  double width, height;

  heddle_node_get_size (node, &width, &height);
  return width;
}

static double
get_height (const HeddleNode *node)
{
  double width, height;

  heddle_node_get_size (node, &width, &height);
  return height;
}

/* As a person drags: the frame grows to where the node comes to lie, not to where it was. */
static void
test_drag_in (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  const char *const finish[] = { "finish", NULL };

  heddle_document_begin (document, "Drag");
  g_assert_true (heddle_document_set_parent (document, finish, "map1", NULL));
  heddle_document_set_position (document, "finish", 600, 300);
  heddle_document_end (document);
  assert_one_step (document, WORKFLOW);
  g_assert_cmpfloat (find (document, "map1")->width, ==, 816);
  g_assert_cmpfloat (find (document, "map1")->height, ==, 300 + get_height (find (document, "finish")) + HEDDLE_FRAME_BOTTOM);
}

/* What a frame that grows would cover makes way, with what is behind it, in the same step; what is not in the way stays. */
static void
test_grow_pushes (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  const char *const second[] = { "second", NULL };
  const HeddleNode *map1;

  heddle_document_move (document, second, 400, 0);
  assert_one_step (document, WORKFLOW);
  map1 = find (document, "map1");
  g_assert_cmpfloat (map1->width, >, 816);
  g_assert_cmpfloat (find (document, "finish")->x, >, map1->x + map1->width);
  g_assert_cmpfloat (find (document, "finish")->y, ==, 0);
  g_assert_cmpfloat (find (document, "loop1")->y, ==, 320);

  heddle_document_move (document, second, 0, 300);
  map1 = find (document, "map1");
  g_assert_cmpfloat (find (document, "loop1")->y, >, map1->y + map1->height);
  g_assert_cmpfloat (find (document, "loop1")->x, ==, 304);
  g_assert_cmpfloat (find (document, "start")->x, ==, 0);

  heddle_document_move (document, second, -900, 0);
  map1 = find (document, "map1");
  g_assert_cmpfloat (find (document, "start")->x + get_width (find (document, "start")), <, map1->x);
}

/* A frame in a frame pushes what is beside it in there, and that may push what is outside. */
static void
test_grow_in_frame (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  const char *const loop[] = { "loop1", NULL };
  const char *const first[] = { "first", NULL };
  const HeddleNode *loop1;

  heddle_document_begin (document, "Nest");
  g_assert_true (heddle_document_set_parent (document, loop, "map1", NULL));
  g_assert_true (heddle_document_set_parent (document, first, "loop1", NULL));
  heddle_document_set_position (document, "loop1", 448, 80);
  heddle_document_set_position (document, "first", 600, 160);
  heddle_document_set_position (document, "second", 1100, 160);
  heddle_document_end (document);
  heddle_document_move (document, first, 400, 0);
  loop1 = find (document, "loop1");
  g_assert_cmpfloat (find (document, "second")->x, >, loop1->x + loop1->width);
  g_assert_cmpfloat (find (document, "finish")->x, >, find (document, "map1")->x + find (document, "map1")->width);
}

static void
test_pin (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  g_autoptr (JsonNode) pin = heddle_json_parse ("{\"output\":[1,{\"a\":null}],\"usage\":{}}", -1, NULL);
  g_autoptr (HeddleDocument) again = NULL;
  g_autofree char *saved = NULL;

  heddle_document_set_pin (document, "first", pin);
  assert_one_step (document, WORKFLOW);
  saved = heddle_test_save (document);
  again = load (saved);
  g_assert_true (heddle_json_equal (find (again, "first")->pin, pin));
  heddle_document_set_pin (document, "first", NULL);
  g_assert_null (find (document, "first")->pin);
  g_free (saved);
  saved = heddle_test_save (document);
  g_assert_cmpstr (saved, ==, WORKFLOW);
}

/* Beside each other nothing overlaps, and everything is in its frame. */
static void
assert_tidy (HeddleGraph *graph)
{
  guint n = heddle_graph_get_n_nodes (graph);

  for (guint i = 0; i < n; i++)
    {
      const HeddleNode *a = heddle_graph_get_node (graph, i);
      const HeddleNode *parent = a->parent != NULL ? heddle_graph_find_node (graph, a->parent) : NULL;

      if (parent != NULL)
        {
          g_assert_cmpfloat (a->x, >=, parent->x + HEDDLE_FRAME_SIDE);
          g_assert_cmpfloat (a->y, >=, parent->y + HEDDLE_FRAME_TOP);
          g_assert_cmpfloat (a->x + get_width (a), <=, parent->x + parent->width - HEDDLE_FRAME_SIDE);
          g_assert_cmpfloat (a->y + get_height (a), <=, parent->y + parent->height - HEDDLE_FRAME_BOTTOM);
        }
      for (guint j = 0; j < i; j++)
        {
          const HeddleNode *b = heddle_graph_get_node (graph, j);

          g_assert_true (g_strcmp0 (a->parent, b->parent) != 0 || a->x + get_width (a) <= b->x || b->x + get_width (b) <= a->x ||
                         a->y + get_height (a) <= b->y || b->y + get_height (b) <= a->y);
        }
    }
}

/* A map with a branch and a loop in it, a subflow behind it, and a node beside; with or without places. */
static char *
build_nested (gboolean with_places)
{
  return g_strconcat ("{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"nodes\":["
                      "{\"id\":\"start\",\"type\":\"input\"},{\"id\":\"m\",\"type\":\"map\"},{\"id\":\"a\",\"type\":\"if-else\",\"parent\":\"m\"},"
                      "{\"id\":\"b\",\"type\":\"merge\",\"parent\":\"m\"},{\"id\":\"l\",\"type\":\"loop\",\"parent\":\"m\"},"
                      "{\"id\":\"c\",\"type\":\"merge\",\"parent\":\"l\"},{\"id\":\"d\",\"type\":\"merge\",\"parent\":\"l\"},"
                      "{\"id\":\"s\",\"type\":\"subflow\"},{\"id\":\"e\",\"type\":\"merge\",\"parent\":\"s\"},"
                      "{\"id\":\"beside\",\"type\":\"merge\"},{\"id\":\"finish\",\"type\":\"output\"}],\"edges\":["
                      "{\"from\":\"start\",\"to\":\"m\"},{\"from\":\"m\",\"to\":\"a\"},{\"from\":\"a.true\",\"to\":\"b\"},{\"from\":\"a.false\",\"to\":\"l\"},"
                      "{\"from\":\"l\",\"to\":\"c\"},{\"from\":\"c\",\"to\":\"d\"},{\"from\":\"d\",\"to\":\"c\"},{\"from\":\"d\",\"to\":\"l\"},{\"from\":\"b\",\"to\":\"m\"},"
                      "{\"from\":\"l\",\"to\":\"m\"},{\"from\":\"m\",\"to\":\"s\"},{\"from\":\"s\",\"to\":\"e\"},{\"from\":\"e\",\"to\":\"s\"},"
                      "{\"from\":\"s\",\"to\":\"finish\"},{\"from\":\"start\",\"to\":\"beside\"},{\"from\":\"beside\",\"to\":\"finish\"}]",
                      with_places ? ",\"layout\":{\"start\":[16,16],\"m\":[16,16,10,10],\"a\":[999,999],\"b\":[0,0],\"l\":[5,5],\"c\":[-70,0],\"d\":[1,1],"
                                    "\"s\":[0,0],\"e\":[0,0],\"beside\":[0,0],\"finish\":[7,7]}}"
                                  : "}",
                      NULL);
}

static void
test_tidy (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = build_nested (i == 0);
      g_autoptr (HeddleDocument) document = load (text);
      g_autofree char *before = heddle_test_save (document);
      g_autofree char *once = NULL;
      g_autofree char *twice = NULL;

      if (i == 1)
        assert_tidy (heddle_document_get_graph (document));
      heddle_document_tidy (document, NULL);
      assert_tidy (heddle_document_get_graph (document));
      if (i == 0)
        assert_one_step (document, before);
      once = heddle_test_save (document);
      heddle_document_tidy (document, NULL);
      twice = heddle_test_save (document);
      g_assert_cmpstr (once, ==, twice);
      /* A loop is entered on the left. */
      g_assert_cmpfloat (find (document, "c")->x, <, find (document, "d")->x);
    }
}

/* What is chosen in a frame stays in it; a chosen frame takes along what is in it. */
static void
test_tidy_some (void)
{
  g_autofree char *text = build_nested (FALSE);
  g_autoptr (HeddleDocument) document = load (text);
  const char *const loop[] = { "l", NULL };
  const char *const inner[] = { "c", "d", NULL };
  double x;

  heddle_document_set_position (document, "d", 5000, 300);
  x = find (document, "finish")->x;
  heddle_document_tidy (document, loop);
  g_assert_cmpfloat (find (document, "l")->width, <, 1000);
  heddle_document_set_position (document, "d", find (document, "c")->x, find (document, "c")->y);
  heddle_document_tidy (document, inner);
  g_assert_cmpfloat (find (document, "d")->x, ==, find (document, "c")->x + HEDDLE_CARD_WIDTH + 6 * HEDDLE_GRID);
  g_assert_cmpfloat (find (document, "finish")->x, ==, x);
}

/* A node without a place comes below the others in its frame. */
static void
test_missing_place (void)
{
  g_autoptr (HeddleDocument) document = load ("{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
                                              "{\"id\":\"m\",\"type\":\"map\"},{\"id\":\"a\",\"type\":\"merge\",\"parent\":\"m\"},"
                                              "{\"id\":\"b\",\"type\":\"merge\",\"parent\":\"m\"}],\"layout\":{\"m\":[100,100,600,300],\"a\":[300,200]}}");

  g_assert_cmpfloat (find (document, "b")->x, ==, 300);
  g_assert_cmpfloat (find (document, "b")->y, ==, 200 + HEDDLE_CARD_HEIGHT + 4 * HEDDLE_GRID);
  assert_tidy (heddle_document_get_graph (document));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/containers/format", test_format);
  g_test_add_func ("/containers/bad-members", test_bad_members);
  g_test_add_func ("/containers/odd-frames", test_odd_frames);
  g_test_add_func ("/containers/connect", test_connect);
  g_test_add_func ("/containers/add", test_add);
  g_test_add_func ("/containers/move", test_move);
  g_test_add_func ("/containers/remove", test_remove);
  g_test_add_func ("/containers/rename", test_rename);
  g_test_add_func ("/containers/dangling-parent", test_dangling_parent);
  g_test_add_func ("/containers/read-from-odd-frame", test_read_from_odd_frame);
  g_test_add_func ("/containers/paste", test_paste);
  g_test_add_func ("/containers/set-parent", test_set_parent);
  g_test_add_func ("/containers/drag-in", test_drag_in);
  g_test_add_func ("/containers/grow-pushes", test_grow_pushes);
  g_test_add_func ("/containers/grow-in-frame", test_grow_in_frame);
  g_test_add_func ("/containers/pin", test_pin);
  g_test_add_func ("/containers/tidy", test_tidy);
  g_test_add_func ("/containers/tidy-some", test_tidy_some);
  g_test_add_func ("/containers/missing-place", test_missing_place);

  return g_test_run ();
}
