/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-annotation-page.h"
#include "inspector/heddle-edge-page.h"
#include "inspector/heddle-expression-field.h"
#include "inspector/heddle-inspector.h"
#include "inspector/heddle-param-panel.h"
#include "inspector/heddle-value-expression.h"

#include <string.h>

/* The panel of every node type: it builds, keeps its width, edits the document and follows it, and goes without a trace. */

#define PANEL_WIDTH 280

typedef struct
{
  HeddleServices *services;
  HeddleDocument *document;
  GtkWidget *window;
  HeddleInspector *inspector;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->services = heddle_services_new (HEDDLE_SERVICES_NO_STORE, &error);
  g_assert_no_error (error);
  f->document = heddle_document_new (NULL);
  f->window = g_object_ref_sink (gtk_window_new ());
  f->inspector = HEDDLE_INSPECTOR (g_object_ref_sink (heddle_inspector_new (f->services)));
  heddle_inspector_set_document (f->inspector, f->document);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->inspector));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  g_assert_finalize_object (f->window);
  g_assert_finalize_object (f->inspector);
  g_assert_finalize_object (f->document);
  heddle_services_free (f->services);
}

static char *
select_new (Fixture *f, const char *type)
{
  char *id = g_strdup (heddle_document_add_node (f->document, type, NULL, 0, 0));

  heddle_inspector_set_node (f->inspector, id);
  return id;
}

/* Rows are there once their part has been opened, as going to one of them does. */
static void
open_parts (Fixture *f, const HeddleNodeType *type)
{
  HEDDLE_FOREACH_PARAM (spec, type)
    heddle_inspector_focus_param (f->inspector, spec->name);
}

/* The row with that title in the panel, or NULL. */
static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget) && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkTextBuffer *
find_buffer (GtkWidget *widget)
{
  if (GTK_IS_TEXT_VIEW (widget))
    return gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkTextBuffer *found = find_buffer (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
get_row (Fixture *f, const char *title)
{
  GtkWidget *row = find_row (GTK_WIDGET (f->inspector), title);

  g_assert_nonnull (row);
  return row;
}

static void
assert_text (Fixture *f, const char *title, const char *expected)
{
  g_autofree char *text = NULL;

  g_object_get (find_buffer (get_row (f, title)), "text", &text, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_every_type (Fixture *f, gconstpointer data)
{
  const HeddleNodeType *const *types = heddle_registry_list (NULL);

  for (guint i = 0; types[i] != NULL; i++)
    {
      g_autofree char *id = select_new (f, types[i]->id);
      int minimum;

      open_parts (f, types[i]);
      HEDDLE_FOREACH_PARAM (spec, types[i])
        if (find_row (GTK_WIDGET (f->inspector), spec->title) == NULL)
          g_error ("%s has no row for %s", types[i]->id, spec->name);
      gtk_widget_measure (GTK_WIDGET (f->inspector), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      g_test_message ("%s is at least %d px wide", types[i]->id, minimum);
      g_assert_cmpint (minimum, <=, PANEL_WIDTH);
    }
}

static void
test_edit_and_undo (Fixture *f, gconstpointer data)
{
  g_autofree char *id = select_new (f, "llm");
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  g_autoptr (JsonNode) value = NULL;
  const HeddleNode *node;

  gtk_text_buffer_set_text (find_buffer (get_row (f, "Prompt")), "Say it.", -1);
  node = heddle_graph_find_node (graph, id);
  value = heddle_params_dup_value (node->type, node->params, "prompt");
  g_assert_cmpstr (json_node_get_string (value), ==, "Say it.");

  g_assert_true (heddle_document_undo (f->document));
  assert_text (f, "Prompt", "{{ $input }}");
  g_assert_true (heddle_document_redo (f->document));
  assert_text (f, "Prompt", "Say it.");

  gtk_editable_set_text (GTK_EDITABLE (get_row (f, "Title")), "Teller");
  g_assert_cmpstr (heddle_graph_find_node (graph, id)->title, ==, "Teller");
}

static void
test_visible_if (Fixture *f, gconstpointer data)
{
  g_autofree char *id = select_new (f, "llm");
  g_autoptr (JsonNode) format = json_node_init_string (json_node_alloc (), "json_schema");
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (f->document), id);

  open_parts (f, node->type);
  for (guint round = 0; round < 2; round++)
    {
      HEDDLE_FOREACH_PARAM (spec, node->type)
        g_assert_true (gtk_widget_get_visible (get_row (f, spec->title)) == heddle_param_is_visible (node->type, spec, node->params));
      heddle_document_set_param (f->document, id, "response_format", format);
    }
}

static void
test_node_goes (Fixture *f, gconstpointer data)
{
  g_autofree char *id = select_new (f, "template");

  heddle_document_remove (f->document, (const char *const[]){ id, NULL }, FALSE);
  g_assert_null (find_row (GTK_WIDGET (f->inspector), "Text"));
  heddle_document_undo (f->document);
  heddle_inspector_set_node (f->inspector, id);
  g_assert_nonnull (find_row (GTK_WIDGET (f->inspector), "Text"));
}

static gboolean
shows_row (Fixture *f, const char *title)
{
  GtkWidget *row = get_row (f, title);

  /* Hidden as a whole section, or by itself. */
  for (; row != GTK_WIDGET (f->inspector); row = gtk_widget_get_parent (row))
    if (!gtk_widget_get_visible (row))
      return FALSE;
  return TRUE;
}

/* The section is there as soon as the node is wired, and its fields are edits of the workflow. */
static void
test_tool (Fixture *f, gconstpointer data)
{
  g_autofree char *agent = g_strdup (heddle_document_add_node (f->document, "agent", NULL, 0, 0));
  g_autofree char *id = select_new (f, "http");
  HeddleGraph *graph = heddle_document_get_graph (f->document);

  g_assert_false (shows_row (f, "What it does"));
  g_assert_true (heddle_document_connect (f->document, id, "out", agent, "tools", NULL));
  g_assert_true (shows_row (f, "What it does"));
  g_assert_true (shows_row (f, "Name for the model"));
  g_assert_true (shows_row (f, "Ask a person"));
  g_assert_false (shows_row (f, "Takes over"));

  gtk_text_buffer_set_text (find_buffer (get_row (f, "What it does")), "Fetches.", -1);
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (graph, id)->tool, "description"), ==, "Fetches.");
  g_assert_true (heddle_document_undo (f->document));
  assert_text (f, "What it does", "");
  g_assert_null (heddle_graph_find_node (graph, id)->tool);
  g_assert_true (heddle_document_undo (f->document));
  g_assert_false (shows_row (f, "What it does"));
  g_assert_true (heddle_document_redo (f->document) && heddle_document_redo (f->document));
  assert_text (f, "What it does", "Fetches.");
}

static guint
count_steps (Fixture *f)
{
  g_autoptr (GArray) steps = heddle_document_list_steps (f->document);

  return steps->len;
}

/* What two nodes have in common is changed in both by one step, and says where they differ. */
static void
test_several (Fixture *f, gconstpointer data)
{
  g_autofree char *first = g_strdup (heddle_document_add_node (f->document, "template", NULL, 0, 0));
  g_autofree char *second = g_strdup (heddle_document_add_node (f->document, "template", NULL, 200, 0));
  g_autofree char *other = g_strdup (heddle_document_add_node (f->document, "merge", NULL, 400, 0));
  g_autoptr (JsonNode) text = heddle_json_string ("one");
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  guint n_steps;

  heddle_document_set_param (f->document, first, "text", text);
  n_steps = count_steps (f);
  heddle_inspector_set_selection (f->inspector, (const char *const[]){ first, second, NULL });
  assert_text (f, "Text", "");

  gtk_text_buffer_set_text (find_buffer (get_row (f, "Text")), "both", -1);
  g_assert_cmpuint (count_steps (f), ==, n_steps + 1);
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (graph, first)->params, "text"), ==, "both");
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (graph, second)->params, "text"), ==, "both");
  g_assert_true (heddle_document_undo (f->document));
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (graph, first)->params, "text"), ==, "one");
  g_assert_false (json_object_has_member (heddle_graph_find_node (graph, second)->params, "text"));

  heddle_inspector_set_selection (f->inspector, (const char *const[]){ first, other, NULL });
  g_assert_null (find_row (GTK_WIDGET (f->inspector), "Text"));
  /* One of them goes. */
  heddle_inspector_set_selection (f->inspector, (const char *const[]){ first, second, NULL });
  heddle_document_remove (f->document, (const char *const[]){ second, NULL }, FALSE);
  assert_text (f, "Text", "one");
}

static GtkWidget *
find_of_type (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_of_type (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Of the built-in models one answers and one makes vectors, and only the first can be asked. */
static void
test_models (Fixture *f, gconstpointer data)
{
  g_autofree char *id = select_new (f, "llm");
  GtkWidget *button = find_of_type (get_row (f, "Model"), GTK_TYPE_MENU_BUTTON);
  GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));
  GtkListBox *list = GTK_LIST_BOX (find_of_type (GTK_WIDGET (popover), GTK_TYPE_LIST_BOX));
  gboolean has_small = FALSE;

  gtk_window_present (GTK_WINDOW (f->window));
  gtk_popover_popup (popover);
  for (int i = 0; gtk_list_box_get_row_at_index (list, i) != NULL; i++)
    {
      const char *name = gtk_label_get_label (GTK_LABEL (gtk_list_box_row_get_child (gtk_list_box_get_row_at_index (list, i))));

      g_assert_cmpstr (name, !=, "demo/embedding");
      has_small |= g_str_equal (name, "demo/small");
    }
  g_assert_true (has_small);
  gtk_popover_popdown (popover);
}

static void
search (Fixture *f, const char *words)
{
  HeddleParamPanel *panel = HEDDLE_PARAM_PANEL (find_of_type (GTK_WIDGET (f->inspector), HEDDLE_TYPE_PARAM_PANEL));

  g_assert_true (heddle_param_panel_search (panel, words) == (strcmp (words, "zyx") != 0));
}

/* By title, by help and by value, also in parts that are folded. */
static void
test_search (Fixture *f, gconstpointer data)
{
  g_autofree char *id = select_new (f, "llm");
  g_autoptr (JsonNode) system = heddle_json_string ("Answer like a pirate.");

  heddle_document_set_param (f->document, id, "system", system);
  g_assert_null (find_row (GTK_WIDGET (f->inspector), "Temperature"));
  search (f, "TEMPERAT");
  g_assert_true (shows_row (f, "Temperature"));
  g_assert_false (shows_row (f, "Prompt"));
  search (f, "pirate");
  g_assert_true (shows_row (f, "System message"));
  g_assert_false (shows_row (f, "Temperature"));
  search (f, "zyx");
  g_assert_false (shows_row (f, "System message"));
  search (f, "");
  g_assert_true (shows_row (f, "Prompt"));
}

/* Only where a loop begins. */
static void
test_rounds (Fixture *f, gconstpointer data)
{
  g_autofree char *start = g_strdup (heddle_document_add_node (f->document, "input", NULL, 0, 0));
  g_autofree char *first = g_strdup (heddle_document_add_node (f->document, "template", NULL, 200, 0));
  g_autofree char *branch = g_strdup (heddle_document_add_node (f->document, "if-else", NULL, 400, 0));

  g_assert_true (heddle_document_connect (f->document, start, NULL, first, NULL, NULL));
  g_assert_true (heddle_document_connect (f->document, first, NULL, branch, NULL, NULL));
  heddle_inspector_set_node (f->inspector, first);
  heddle_inspector_focus_param (f->inspector, "policy.max_rounds");
  g_assert_false (shows_row (f, "Rounds"));
  g_assert_true (heddle_document_connect (f->document, branch, "false", first, NULL, NULL));
  g_assert_true (shows_row (f, "Rounds"));
  heddle_inspector_set_node (f->inspector, branch);
  g_assert_false (shows_row (f, "Rounds"));
}

static char *
say (HeddleParamContext *context, HeddleOriginKind kind, const char *node, const char *port, const char *scope, const char *path)
{
  g_autoptr (HeddleValueOrigin) origin = heddle_value_origin_new (kind, node, port, scope, path);
  g_autoptr (GVariant) variant = g_variant_ref_sink (heddle_value_origin_to_variant (origin));
  g_autoptr (HeddleValueOrigin) same = heddle_value_origin_new_from_variant (variant);
  g_autoptr (GError) error = NULL;
  char *expression = heddle_value_expression_dup (context, same, &error);

  g_assert_true ((expression != NULL) == (error == NULL));
  return expression;
}

static void
assert_said (HeddleParamContext *context, HeddleOriginKind kind, const char *node, const char *port, const char *scope, const char *path, const char *expected)
{
  g_autofree char *expression = say (context, kind, node, port, scope, path);

  g_assert_cmpstr (expression, ==, expected);
}

static void
assert_within (HeddleOriginKind kind, const char *port, const char *path, HeddleOriginKind inner_kind, const char *inner_port, const char *inner_path)
{
  g_autoptr (HeddleValueOrigin) origin = heddle_value_origin_new (kind, "http", port, NULL, "");
  g_autoptr (HeddleValueOrigin) inner = heddle_value_origin_descend (origin, path, NULL);

  g_assert_cmpint (inner->kind, ==, inner_kind);
  g_assert_cmpstr (inner->port, ==, inner_port);
  g_assert_cmpstr (inner->path, ==, inner_path);
}

/* Of what a run noted of a node, results and what arrived can be said. */
static void
test_records (void)
{
  g_autoptr (HeddleValueOrigin) none = heddle_value_origin_new (HEDDLE_ORIGIN_NONE, "", NULL, NULL, ".x");

  assert_within (HEDDLE_ORIGIN_RECORD, NULL, ".result.output.items[2]", HEDDLE_ORIGIN_RESULT, NULL, ".output.items[2]");
  assert_within (HEDDLE_ORIGIN_RECORD, NULL, ".result", HEDDLE_ORIGIN_RESULT, NULL, "");
  assert_within (HEDDLE_ORIGIN_RECORD, NULL, ".result[\"a b\"]", HEDDLE_ORIGIN_RESULT, NULL, "[\"a b\"]");
  assert_within (HEDDLE_ORIGIN_RECORD, NULL, ".results", HEDDLE_ORIGIN_NONE, NULL, ".results");
  assert_within (HEDDLE_ORIGIN_RECORD, NULL, ".inputs.in[\"a.b\"]", HEDDLE_ORIGIN_INPUT, "in", "[\"a.b\"]");
  assert_within (HEDDLE_ORIGIN_RECORD, NULL, ".inputs", HEDDLE_ORIGIN_NONE, NULL, ".inputs");
  assert_within (HEDDLE_ORIGIN_RECORD, NULL, ".parameters.url", HEDDLE_ORIGIN_NONE, NULL, ".parameters.url");
  assert_within (HEDDLE_ORIGIN_INPUT, "in", ".name", HEDDLE_ORIGIN_INPUT, "in", ".name");
  g_assert_null (heddle_value_origin_to_expression (none));
}

/* A value of a trace is said as the node can say it, or not at all. */
static void
test_values (Fixture *f, gconstpointer data)
{
  g_autofree char *start = g_strdup (heddle_document_add_node (f->document, "input", NULL, 0, 0));
  g_autofree char *map = g_strdup (heddle_document_add_node (f->document, "map", NULL, 300, 0));
  g_autofree char *inner = g_strdup (heddle_document_add_node (f->document, "template", NULL, 500, 100));
  g_autofree char *after = g_strdup (heddle_document_add_node (f->document, "template", NULL, 1200, 0));
  HeddleParamContext context = { .document = f->document, .node_id = after };

  g_assert_true (heddle_document_set_parent (f->document, (const char *const[]){ inner, NULL }, map, NULL));
  g_assert_true (heddle_document_connect (f->document, start, NULL, map, NULL, NULL));
  g_assert_true (heddle_document_connect (f->document, map, "item", inner, NULL, NULL));
  g_assert_true (heddle_document_connect (f->document, inner, NULL, map, "result", NULL));
  assert_said (&context, HEDDLE_ORIGIN_RESULT, map, NULL, NULL, ".output[2].name", NULL);
  g_assert_true (heddle_document_connect (f->document, map, "out", after, NULL, NULL));
  assert_said (&context, HEDDLE_ORIGIN_RESULT, map, NULL, NULL, ".output[2][\"unit price\"]", "$map1.output[2][\"unit price\"]");
  assert_said (&context, HEDDLE_ORIGIN_INPUT, after, "in", NULL, ".x", "$input.x");
  assert_said (&context, HEDDLE_ORIGIN_INPUT, map, "in", NULL, ".x", "$start.output.x");
  assert_said (&context, HEDDLE_ORIGIN_RESULT, after, NULL, NULL, ".output", NULL);
  assert_said (&context, HEDDLE_ORIGIN_RESULT, "gone", NULL, NULL, ".output", NULL);
  assert_said (&context, HEDDLE_ORIGIN_ITEM, map, NULL, "map1#1", ".x", NULL);
  /* No run says that the list has one element for each item. */
  assert_said (&context, HEDDLE_ORIGIN_RESULT, inner, NULL, "map1#1", ".output.x", NULL);
  assert_said (&context, HEDDLE_ORIGIN_NONE, "", NULL, NULL, ".x", NULL);
  assert_said (&context, HEDDLE_ORIGIN_RECORD, map, NULL, NULL, "", NULL);
  context.node_id = inner;
  assert_said (&context, HEDDLE_ORIGIN_ITEM, map, NULL, "map1#1", ".x", "$map1.item.x");
  assert_said (&context, HEDDLE_ORIGIN_RESULT, map, NULL, NULL, ".output", NULL);
  assert_said (&context, HEDDLE_ORIGIN_RESULT, start, NULL, NULL, ".output.x", "$start.output.x");
}

static GtkWidget *
get_spin (Fixture *f, const char *title)
{
  GtkWidget *panel = find_of_type (GTK_WIDGET (f->inspector), HEDDLE_TYPE_PARAM_PANEL);

  return find_of_type (find_row (panel, title), GTK_TYPE_SPIN_BUTTON);
}

static void
assert_number (Fixture *f, const char *id, const char *param, double expected)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (f->document), id);
  g_autoptr (JsonNode) value = heddle_params_dup_value (node->type, node->params, param);

  g_assert_cmpfloat (json_node_get_double (value), ==, expected);
}

/* Numbers are shown as they are; where nodes differ there is none, until one is typed for all. */
static void
test_numbers (Fixture *f, gconstpointer data)
{
  g_autofree char *first = select_new (f, "wait");
  g_autofree char *second = g_strdup (heddle_document_add_node (f->document, "wait", NULL, 200, 0));
  g_autoptr (JsonNode) small = heddle_json_double (0.125);
  g_autoptr (JsonNode) zero = heddle_json_double (0);
  const HeddleNodeType *type = heddle_graph_find_node (heddle_document_get_graph (f->document), first)->type;
  g_autofree char *range = heddle_param_dup_range (heddle_node_type_find_param (type, "seconds"));
  GtkWidget *spin;

  g_assert_cmpstr (range, ==, "0 to 86400");
  heddle_document_set_param (f->document, first, "seconds", small);
  spin = get_spin (f, "Seconds");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "0.125");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  assert_number (f, first, "seconds", 0.125);

  heddle_document_set_param (f->document, second, "seconds", zero);
  heddle_inspector_set_selection (f->inspector, (const char *const[]){ first, second, NULL });
  spin = get_spin (f, "Seconds");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  assert_number (f, first, "seconds", 0.125);
  assert_number (f, second, "seconds", 0);
  gtk_editable_set_text (GTK_EDITABLE (spin), "0");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  assert_number (f, first, "seconds", 0);
  g_assert_true (heddle_document_undo (f->document));
  assert_number (f, first, "seconds", 0.125);
}

/* A connection shows its ends, follows the workflow and goes with what it joins. */
static void
test_edge (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  g_autofree char *first = g_strdup (heddle_document_add_node (f->document, "input", NULL, 0, 0));
  g_autofree char *second = g_strdup (heddle_document_add_node (f->document, "template", NULL, 200, 0));
  HeddleEdgePage *page = HEDDLE_EDGE_PAGE (find_of_type (GTK_WIDGET (f->inspector), HEDDLE_TYPE_EDGE_PAGE));

  g_assert_true (heddle_document_connect (f->document, first, NULL, second, NULL, NULL));
  heddle_inspector_set_selection (f->inspector, NULL);
  heddle_inspector_set_edge (f->inspector, heddle_graph_get_edge (graph, 0));
  g_assert_true (heddle_edge_page_has_edge (page));
  g_assert_nonnull (find_row (GTK_WIDGET (page), "Template"));
  heddle_document_set_title (f->document, second, "Greeting");
  g_assert_nonnull (find_row (GTK_WIDGET (page), "Greeting"));
  g_assert_true (heddle_document_rename (f->document, second, "greeting", NULL));
  g_assert_false (heddle_edge_page_has_edge (page));
  heddle_inspector_set_edge (f->inspector, heddle_graph_get_edge (graph, 0));
  heddle_document_remove (f->document, (const char *const[]){ first, NULL }, FALSE);
  g_assert_false (heddle_edge_page_has_edge (page));
}

static void
assert_note (Fixture *f, const char *id, const char *text, const char *color)
{
  const HeddleAnnotation *note = heddle_graph_find_annotation (heddle_document_get_graph (f->document), id);

  g_assert_cmpstr (note->text, ==, text);
  g_assert_cmpstr (note->color, ==, color);
}

/* A note by itself has a text and a colour; several have a colour, which is changed in one step. */
static void
test_notes (Fixture *f, gconstpointer data)
{
  g_autofree char *first = g_strdup (heddle_document_add_annotation (f->document, HEDDLE_ANNOTATION_NOTE, "Read *this*", 0, 0, 100, 100));
  g_autofree char *second = g_strdup (heddle_document_add_annotation (f->document, HEDDLE_ANNOTATION_FRAME, "Part", 200, 0, 100, 100));
  g_autofree char *node = g_strdup (heddle_document_add_node (f->document, "template", NULL, 0, 0));
  GtkWidget *page = find_of_type (GTK_WIDGET (f->inspector), HEDDLE_TYPE_ANNOTATION_PAGE);
  AdwComboRow *color = ADW_COMBO_ROW (find_of_type (page, ADW_TYPE_COMBO_ROW));

  heddle_inspector_set_selection (f->inspector, (const char *const[]){ first, NULL });
  g_assert_true (gtk_widget_get_child_visible (page));
  gtk_text_buffer_set_text (find_buffer (page), "Read that", -1);
  assert_note (f, first, "Read that", NULL);
  adw_combo_row_set_selected (color, 1);
  assert_note (f, first, "Read that", "blue");
  g_assert_true (heddle_document_undo (f->document));
  assert_note (f, first, "Read that", NULL);
  g_assert_cmpuint (adw_combo_row_get_selected (color), ==, 0);

  heddle_inspector_set_selection (f->inspector, (const char *const[]){ first, second, NULL });
  adw_combo_row_set_selected (color, 5);
  assert_note (f, first, "Read that", "red");
  assert_note (f, second, "Part", "red");
  g_assert_true (heddle_document_undo (f->document));
  assert_note (f, second, "Part", NULL);
  heddle_document_remove (f->document, (const char *const[]){ first, NULL }, FALSE);
  g_assert_false (heddle_annotation_page_has_any (HEDDLE_ANNOTATION_PAGE (page)));
  heddle_inspector_set_selection (f->inspector, (const char *const[]){ second, node, NULL });
  g_assert_false (heddle_annotation_page_has_any (HEDDLE_ANNOTATION_PAGE (page)));
}

static void
append (Fixture *f, const char *expression, gboolean works)
{
  g_autofree char *reason = heddle_inspector_append_expression (f->inspector, expression);

  g_assert_true ((reason == NULL) == works);
}

/* As when a value is dropped on the card: the default gives way, what a person wrote does not. */
static void
test_append (Fixture *f, gconstpointer data)
{
  g_autofree char *template_ = select_new (f, "template");
  g_autofree char *branch = NULL;
  g_autofree char *merge = NULL;

  /* GTK forgets a window badly that has the focus and was never shown. */
  gtk_window_present (GTK_WINDOW (f->window));
  append (f, "$a.output[\"b c\"]", TRUE);
  assert_text (f, "Text", "{{ $a.output[\"b c\"] }}");
  append (f, "$b.output", TRUE);
  assert_text (f, "Text", "{{ $a.output[\"b c\"] }}{{ $b.output }}");
  g_assert_true (heddle_document_undo (f->document));
  branch = select_new (f, "if-else");
  append (f, "$a.output", TRUE);
  assert_text (f, "Condition", "$a.output");
  append (f, "$b", TRUE);
  assert_text (f, "Condition", "$a.output $b");
  merge = select_new (f, "merge");
  append (f, "$a.output", FALSE);
}

static void
assert_inserted (HeddleTemplateViewMode mode, const char *before, const char *after, const char *expected)
{
  HeddleParamContext context = { 0 };
  GtkWidget *field = g_object_ref_sink (heddle_expression_field_new (mode, &context, "Field", 0, 100));
  GtkTextView *view = GTK_TEXT_VIEW (heddle_expression_field_get_view (HEDDLE_EXPRESSION_FIELD (field)));
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  g_autofree char *both = g_strconcat (before, after, NULL);
  g_autofree char *text = NULL;
  GtkTextIter at;

  gtk_text_buffer_set_text (buffer, both, -1);
  gtk_text_buffer_get_iter_at_offset (buffer, &at, (int) g_utf8_strlen (before, -1));
  gtk_text_buffer_place_cursor (buffer, &at);
  heddle_expression_insert (view, mode, "$a[\"b c\"]");
  text = heddle_expression_field_dup_text (HEDDLE_EXPRESSION_FIELD (field));
  g_assert_cmpstr (text, ==, expected);
  g_assert_finalize_object (field);
}

/* In braces, in quotes, escaped: as the place needs it. */
static void
test_insert (void)
{
  assert_inserted (HEDDLE_TEMPLATE_VIEW_TEXT, "Dear ", "!", "Dear {{ $a[\"b c\"] }}!");
  assert_inserted (HEDDLE_TEMPLATE_VIEW_TEXT, "{{ x + ", " }}", "{{ x + $a[\"b c\"] }}");
  assert_inserted (HEDDLE_TEMPLATE_VIEW_EXPRESSION, "x + ", "", "x + $a[\"b c\"]");
  assert_inserted (HEDDLE_TEMPLATE_VIEW_JSON, "{\"a\": ", "}", "{\"a\": \"{{ $a[\\\"b c\\\"] }}\"}");
  assert_inserted (HEDDLE_TEMPLATE_VIEW_JSON, "{\"a\": \"x \\\" ", "\"}", "{\"a\": \"x \\\" {{ $a[\\\"b c\\\"] }}\"}");
  assert_inserted (HEDDLE_TEMPLATE_VIEW_JSON, "[\"{{ ", " }}\"]", "[\"{{ $a[\\\"b c\\\"] }}\"]");
}

#define PRESSES 70

static void
note_focus_cb (GtkWindow *window, GParamSpec *pspec, GPtrArray *stops)
{
  GtkWidget *focus = gtk_window_get_focus (window);

  if (focus != NULL)
    g_ptr_array_add (stops, focus);
}

static void
done_cb (GObject *process, GAsyncResult *result, gpointer is_done)
{
  g_assert_true (g_subprocess_wait_check_finish (G_SUBPROCESS (process), result, NULL));
  *(gboolean *) is_done = TRUE;
}

/* Real keys, as it is an editor of text that may take them for itself. The last one is let go before others are pressed. */
static GPtrArray *
press (Fixture *f, const char *key)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) command = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *stops = g_ptr_array_new ();
  gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
  gulong handler = g_signal_connect (f->window, "notify::focus-widget", G_CALLBACK (note_focus_cb), stops);
  gboolean is_done = FALSE;

  g_strv_builder_add_many (builder, "xdotool", "key", "--delay", "4", NULL);
  for (guint i = 0; i < PRESSES; i++)
    g_strv_builder_add (builder, key);
  command = g_strv_builder_end (builder);
  process = g_subprocess_newv ((const char *const *) command, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_async (process, NULL, done_cb, &is_done);
  while (!is_done || (stops->len < PRESSES && g_get_monotonic_time () < end))
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
  g_signal_handler_disconnect (f->window, handler);
  return stops;
}

static void
count_cb (guint *n_frames)
{
  ++*n_frames;
}

/* Tab goes by where things are, which is known when they have been laid out and drawn. */
static void
wait_for_frames (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  guint n_frames = 0;
  gulong handler = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (count_cb), &n_frames);

  while (n_frames < 2)
    {
      gtk_widget_queue_draw (widget);
      g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (clock, handler);
}

/* Tab and Shift+Tab leave every field, the one back over what the other came along. */
static void
test_tab (Fixture *f, gconstpointer type)
{
  g_autoptr (GPtrArray) forth = NULL, back = NULL;
  g_autofree char *id = NULL;

  gtk_window_present (GTK_WINDOW (f->window));
  id = select_new (f, type);
  open_parts (f, heddle_registry_lookup (type));
  while (!gtk_window_is_active (GTK_WINDOW (f->window)))
    g_main_context_iteration (NULL, TRUE);
  wait_for_frames (f->window);
  forth = press (f, "Tab");
  back = press (f, "shift+Tab");
  g_assert_cmpuint (forth->len, ==, PRESSES);
  g_assert_cmpuint (back->len, ==, PRESSES);
  for (guint i = 0; i + 1 < PRESSES; i++)
    g_assert_true (back->pdata[i] == forth->pdata[PRESSES - 2 - i]);
}

/* How long it takes to show another node once all has been warmed up; told, not judged. */
static void
test_speed (Fixture *f, gconstpointer data)
{
  static const char *const types[] = { "llm", "http", "agent", "template" };
  char *ids[G_N_ELEMENTS (types)];

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    ids[i] = select_new (f, types[i]);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      gint64 start = g_get_monotonic_time ();

      heddle_inspector_set_node (f->inspector, ids[i]);
      g_test_message ("%s is shown in %.1f ms", types[i], (g_get_monotonic_time () - start) / 1e3);
    }
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_free (ids[i]);
}

int
main (int argc, char *argv[])
{
  gtk_init ();
  adw_init ();
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/inspector/every-type", Fixture, NULL, set_up, test_every_type, tear_down);
  g_test_add ("/inspector/edit-and-undo", Fixture, NULL, set_up, test_edit_and_undo, tear_down);
  g_test_add ("/inspector/visible-if", Fixture, NULL, set_up, test_visible_if, tear_down);
  g_test_add ("/inspector/models", Fixture, NULL, set_up, test_models, tear_down);
  g_test_add ("/inspector/tool", Fixture, NULL, set_up, test_tool, tear_down);
  g_test_add ("/inspector/several", Fixture, NULL, set_up, test_several, tear_down);
  g_test_add ("/inspector/search", Fixture, NULL, set_up, test_search, tear_down);
  g_test_add ("/inspector/rounds", Fixture, NULL, set_up, test_rounds, tear_down);
  g_test_add ("/inspector/values", Fixture, NULL, set_up, test_values, tear_down);
  g_test_add ("/inspector/numbers", Fixture, NULL, set_up, test_numbers, tear_down);
  g_test_add ("/inspector/edge", Fixture, NULL, set_up, test_edge, tear_down);
  g_test_add ("/inspector/notes", Fixture, NULL, set_up, test_notes, tear_down);
  g_test_add ("/inspector/append", Fixture, NULL, set_up, test_append, tear_down);
  g_test_add_func ("/inspector/insert", test_insert);
  g_test_add_func ("/inspector/records", test_records);
  g_test_add ("/inspector/tab/llm", Fixture, "llm", set_up, test_tab, tear_down);
  g_test_add ("/inspector/tab/code", Fixture, "code", set_up, test_tab, tear_down);
  g_test_add ("/inspector/tab/http", Fixture, "http", set_up, test_tab, tear_down);
  g_test_add ("/inspector/speed", Fixture, NULL, set_up, test_speed, tear_down);
  g_test_add ("/inspector/node-goes", Fixture, NULL, set_up, test_node_goes, tear_down);

  return g_test_run ();
}
