/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "graph/heddle-document.h"
#include "heddle-error.h"
#include "store/heddle-store-templates.h"
#include "test-database.h"

/* Nodes saved to use again. */

#define PART "{\"format\":\"" HEDDLE_FORMAT "\",\"version\":1,\"name\":\"Greet\",\"description\":\"says hello\","                    \
             "\"nodes\":[{\"id\":\"a\",\"type\":\"template\",\"params\":{\"template\":\"Hi\"}},{\"id\":\"b\",\"type\":\"output\"}]," \
             "\"edges\":[{\"from\":\"a\",\"to\":\"b\"}],\"layout\":{\"a\":[0,0],\"b\":[300,0]}}"

typedef struct
{
  char *path;
  HeddleStore *store;
} Fixture;

static HeddleStore *
open_store (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  HeddleStore *store = heddle_store_new (f->path, &error);

  g_assert_no_error (error);
  return store;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->path = heddle_test_new_database_path ();
  f->store = open_store (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->store);
  heddle_test_remove_database (f->path);
}

static HeddleTemplateInfo *
new_template (const char *name)
{
  g_autoptr (GError) error = NULL;
  HeddleTemplateInfo *info = heddle_template_info_new (PART, -1, name, NULL, &error);

  g_assert_no_error (error);
  return info;
}

static void
save (HeddleStore *store, const char *name)
{
  g_autoptr (HeddleTemplateInfo) info = new_template (name);
  g_autoptr (GError) error = NULL;

  heddle_store_save_template (store, info, FALSE, &error);
  g_assert_no_error (error);
}

static char *
list_names (HeddleStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = heddle_store_list_templates (store, &error);
  g_autoptr (GString) names = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (names, "%s;", ((HeddleTemplateInfo *) list->pdata[i])->name);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
assert_names (HeddleStore *store, const char *expected)
{
  g_autofree char *names = list_names (store);

  g_assert_cmpstr (names, ==, expected);
}

static void
assert_refused (const char *json, const char *name, gint code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (heddle_template_info_new (json, -1, name, NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, code);
}

static void
test_make (void)
{
  g_autoptr (HeddleTemplateInfo) info = new_template (NULL);
  g_autoptr (HeddleTemplateInfo) named = new_template ("  Two\nlines ");
  g_autoptr (HeddleTemplateInfo) again = NULL;
  g_autofree char *file = heddle_template_info_to_json (named);
  g_autofree char *long_name = g_strnfill (201, 'x');

  g_assert_cmpstr (info->name, ==, "Greet");
  g_assert_cmpstr (info->description, ==, "says hello");
  g_assert_cmpstr (info->type, ==, "template");
  g_assert_null (strstr (info->json, "Greet"));
  g_assert_cmpstr (named->name, ==, "Two lines");
  g_assert_cmpstr (named->id, !=, info->id);

  /* What is exported is the same when it is imported. */
  again = heddle_template_info_new (file, -1, NULL, NULL, NULL);
  g_assert_cmpstr (again->name, ==, "Two lines");
  g_assert_cmpstr (again->description, ==, "says hello");
  g_assert_cmpstr (again->json, ==, info->json);

  assert_refused ("no JSON", "n", HEDDLE_ERROR_INVALID);
  assert_refused ("[]", "n", HEDDLE_ERROR_INVALID);
  assert_refused ("{\"format\":\"" HEDDLE_FORMAT "\",\"version\":1}", "n", HEDDLE_ERROR_INVALID);
  assert_refused (PART, " \n ", HEDDLE_ERROR_INVALID);
  assert_refused (PART, long_name, HEDDLE_ERROR_INVALID);
}

/* Lengths are kept to: a file may go on behind what is read. */
static void
test_length (void)
{
  g_autoptr (HeddleTemplateInfo) info = heddle_template_info_new (PART "rest", strlen (PART), NULL, NULL, NULL);

  g_assert_nonnull (info);
}

static void
test_paste (void)
{
  g_autoptr (HeddleTemplateInfo) info = new_template ("n");
  g_autoptr (HeddleGraph) graph = heddle_graph_new ();
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) first = heddle_document_paste (document, info->json, 0, 0, &error);
  g_auto (GStrv) second = heddle_document_paste (document, info->json, 0, 500, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (first), ==, 2);
  g_assert_cmpuint (heddle_graph_get_n_nodes (graph), ==, 4);
  g_assert_cmpuint (heddle_graph_get_n_edges (graph), ==, 2);
  g_assert_false (g_strv_contains ((const char *const *) first, second[0]));
}

static void
test_save (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleTemplateInfo) same = new_template ("beta");
  g_autoptr (HeddleTemplateInfo) found = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  assert_names (f->store, "");
  save (f->store, "Gamma");
  save (f->store, "beta");
  save (f->store, "Ünsinn '; DROP TABLE templates;");
  assert_names (f->store, "beta;Gamma;Ünsinn '; DROP TABLE templates;;");

  found = heddle_store_load_template (f->store, "beta", &error);
  g_assert_no_error (error);
  id = g_strdup (found->id);
  g_free (same->description);
  same->description = g_strdup ("new");
  g_assert_false (heddle_store_save_template (f->store, same, FALSE, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (heddle_store_save_template (f->store, same, TRUE, &error));

  /* What is replaced stays the one it was. */
  g_clear_pointer (&found, heddle_template_info_free);
  found = heddle_store_load_template (f->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->name, ==, "beta");
  g_assert_cmpstr (found->description, ==, "new");
  g_assert_cmpstr (found->json, ==, same->json);
  g_assert_cmpstr (found->type, ==, "template");

  g_assert_null (heddle_store_load_template (f->store, "nothing", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

static void
test_rename (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleTemplateInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  save (f->store, "a");
  save (f->store, "b");
  info = heddle_store_load_template (f->store, "a", &error);
  g_assert_false (heddle_store_rename_template (f->store, info->id, "b", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (heddle_store_rename_template (f->store, info->id, "  ", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (heddle_store_rename_template (f->store, "gone", "z", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (heddle_store_rename_template (f->store, info->id, " c ", &error));
  g_assert_true (heddle_store_rename_template (f->store, info->id, "c", &error));
  assert_names (f->store, "b;c;");
}

/* Undo of a delete is a save of what was there. */
static void
test_delete (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleTemplateInfo) info = NULL;
  g_autoptr (HeddleTemplateInfo) back = NULL;
  g_autoptr (GError) error = NULL;

  save (f->store, "a");
  info = heddle_store_load_template (f->store, "a", &error);
  g_assert_true (heddle_store_delete_template (f->store, info->id, &error));
  assert_names (f->store, "");
  g_assert_false (heddle_store_delete_template (f->store, info->id, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (heddle_store_save_template (f->store, info, FALSE, &error));
  back = heddle_store_load_template (f->store, info->id, &error);
  g_assert_cmpint (back->created, ==, info->created);

  /* And it is there for whoever opens the file next. */
  g_assert_finalize_object (f->store);
  f->store = open_store (f);
  assert_names (f->store, "a;");
}

typedef struct
{
  GMainLoop *loop;
  GAsyncResult *result;
} Wait;

static void
ready_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->result = g_object_ref (result);
  g_main_loop_quit (wait->loop);
}

static GAsyncResult *
wait_for (Wait *wait)
{
  g_main_loop_run (wait->loop);
  return g_steal_pointer (&wait->result);
}

static void
test_async (Fixture *f, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (HeddleTemplateInfo) info = new_template ("a");
  g_autoptr (GAsyncResult) saved = NULL, renamed = NULL, listed = NULL, deleted = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  Wait wait = { .loop = loop };

  heddle_store_save_template_async (f->store, info, FALSE, NULL, ready_cb, &wait);
  saved = wait_for (&wait);
  g_assert_true (heddle_store_save_template_finish (f->store, saved, &error));
  heddle_store_rename_template_async (f->store, info->id, "b", NULL, ready_cb, &wait);
  renamed = wait_for (&wait);
  g_assert_true (heddle_store_rename_template_finish (f->store, renamed, &error));
  heddle_store_list_templates_async (f->store, NULL, ready_cb, &wait);
  listed = wait_for (&wait);
  list = heddle_store_list_templates_finish (f->store, listed, &error);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((HeddleTemplateInfo *) list->pdata[0])->name, ==, "b");
  heddle_store_delete_template_async (f->store, info->id, NULL, ready_cb, &wait);
  deleted = wait_for (&wait);
  g_assert_true (heddle_store_delete_template_finish (f->store, deleted, &error));
  g_assert_no_error (error);
  /* By then the thread has let go of the tasks. */
  assert_names (f->store, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/templates/make", test_make);
  g_test_add_func ("/store/templates/length", test_length);
  g_test_add_func ("/store/templates/paste", test_paste);
  g_test_add ("/store/templates/save", Fixture, NULL, set_up, test_save, tear_down);
  g_test_add ("/store/templates/rename", Fixture, NULL, set_up, test_rename, tear_down);
  g_test_add ("/store/templates/delete", Fixture, NULL, set_up, test_delete, tear_down);
  g_test_add ("/store/templates/async", Fixture, NULL, set_up, test_async, tear_down);
  return g_test_run ();
}
