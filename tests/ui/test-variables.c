/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-variables-window.h"
#include "test-database.h"

/* The page of the variables: it follows the store, finds, checks what is typed, and takes a deletion back. */

typedef struct
{
  char *path;
  HeddleStore *store;
  GtkWidget *window;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->path = heddle_test_new_database_path ();
  f->store = heddle_store_new (f->path, &error);
  g_assert_no_error (error);
  f->window = g_object_ref_sink (heddle_variables_window_new (f->store));
  gtk_window_set_modal (GTK_WINDOW (f->window), FALSE);
  gtk_window_present (GTK_WINDOW (f->window));
}

/* The store's thread is done with all it was asked, and what it says has come. */
static void
settle (Fixture *f)
{
  g_assert_true (heddle_store_flush (f->store));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  settle (f); /* what was changed is told, and listed */
  settle (f); /* the list has come */
  g_assert_true (heddle_store_flush (f->store));
  g_assert_finalize_object (f->window);
  g_assert_finalize_object (f->store);
  heddle_test_remove_database (f->path);
}

static void
write_text (Fixture *f, const char *name, const char *json, const char *run)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = heddle_json_parse (json, -1, &error);
  g_autoptr (JsonNode) now = heddle_store_change_variable (f->store, HEDDLE_VARIABLE_SET, name, value, run, &error);

  g_assert_no_error (error);
  g_assert_nonnull (now);
}

static void
assert_stored (Fixture *f, const char *name, const char *json, const char *run)
{
  g_autoptr (GPtrArray) list = heddle_store_list_variables (f->store, NULL);

  for (guint i = 0; i < list->len; i++)
    {
      const HeddleVariableInfo *info = g_ptr_array_index (list, i);
      g_autofree char *text = heddle_json_to_text (info->value, HEDDLE_JSON_COMPACT);

      if (g_str_equal (info->name, name))
        {
          g_assert_cmpstr (text, ==, json);
          g_assert_cmpstr (info->run, ==, run);
          return;
        }
    }
  g_assert_null (json);
}

static GtkWidget *
find (GtkWidget *widget, GType type, const char *text)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type) &&
      (text == NULL || g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0 ||
       (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0) ||
       (ADW_IS_PREFERENCES_ROW (widget) && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), text) == 0) ||
       (GTK_IS_LABEL (widget) && strstr (gtk_label_get_label (GTK_LABEL (widget)), text) != NULL)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Waits; the test's own time limit ends what never comes. */
static GtkWidget *
await (GtkWidget *root, GType type, const char *text)
{
  GtkWidget *found;

  while ((found = find (root, type, text)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  return found;
}

static void
await_gone (GtkWidget *root, GType type, const char *text)
{
  while (find (root, type, text) != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static AdwActionRow *
await_row (Fixture *f, const char *name)
{
  return ADW_ACTION_ROW (await (f->window, ADW_TYPE_ACTION_ROW, name));
}

static const char *
get_page (Fixture *f)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (find (f->window, GTK_TYPE_STACK, NULL)));
}

static GtkWidget *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (ADW_IS_MESSAGE_DIALOG (l->data))
        return l->data;
    }
  return NULL;
}

static void
set_value (GtkWidget *dialog, const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (find (dialog, GTK_TYPE_TEXT_VIEW, NULL))), text, -1);
}

static gboolean
can_save (GtkWidget *dialog)
{
  return adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "save");
}

static gboolean
shows (GtkWidget *dialog, const char *part)
{
  GtkWidget *label = find (dialog, GTK_TYPE_LABEL, part);

  return label != NULL && gtk_widget_get_visible (label);
}

static void
assert_begins (const char *text, const char *start)
{
  g_autofree char *begin = g_strndup (text, strlen (start));

  g_assert_cmpstr (begin, ==, start);
}

/* What a run changes is there without anybody asking; text is text, not markup. */
static void
test_live (Fixture *f, gconstpointer data)
{
  AdwActionRow *row;

  write_text (f, "greeting", "\"<b>Hello</b> & welcome\"", "run-1");
  row = await_row (f, "greeting");
  g_assert_cmpstr (get_page (f), ==, "list");
  assert_begins (adw_action_row_get_subtitle (row), "\"<b>Hello</b> & welcome\"\nWritten by a run, ");
  g_assert_false (adw_preferences_row_get_use_markup (ADW_PREFERENCES_ROW (row)));
  g_assert_nonnull (find (GTK_WIDGET (row), GTK_TYPE_BUTTON, "Show the run that wrote it"));
  write_text (f, "greeting", "7", NULL);
  await_gone (f->window, GTK_TYPE_BUTTON, "Show the run that wrote it");
  assert_begins (adw_action_row_get_subtitle (await_row (f, "greeting")), "7\nWritten by hand, ");
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) gone = NULL;

  write_text (f, "only", "1", NULL);
  await_row (f, "only");
  gone = heddle_store_change_variable (f->store, HEDDLE_VARIABLE_DELETE, "only", NULL, NULL, NULL);
  await_gone (f->window, ADW_TYPE_ACTION_ROW, "only");
  g_assert_cmpstr (get_page (f), ==, "empty");
}

static void
told_run_cb (GtkWidget *window, const char *run, char **told)
{
  *told = g_strdup (run);
}

static void
test_show_run (Fixture *f, gconstpointer data)
{
  g_autofree char *told = NULL;

  g_signal_connect (f->window, "show-run", G_CALLBACK (told_run_cb), &told);
  write_text (f, "counter", "1", "run-7");
  g_signal_emit_by_name (find (GTK_WIDGET (await_row (f, "counter")), GTK_TYPE_BUTTON, "Show the run that wrote it"), "clicked");
  g_assert_cmpstr (told, ==, "run-7");
}

static void
test_search (Fixture *f, gconstpointer data)
{
  GtkWidget *search = find (f->window, GTK_TYPE_SEARCH_ENTRY, NULL);
  GtkWidget *by_name, *by_value;

  write_text (f, "apple", "1", NULL);
  write_text (f, "other", "\"Äpfel\"", NULL);
  await_row (f, "other");
  gtk_editable_set_text (GTK_EDITABLE (search), "äPF");
  g_signal_emit_by_name (search, "search-changed");
  by_name = GTK_WIDGET (await_row (f, "apple"));
  by_value = GTK_WIDGET (await_row (f, "other"));
  g_assert_false (gtk_widget_get_child_visible (by_name));
  g_assert_true (gtk_widget_get_child_visible (by_value));
}

static void
test_edit (Fixture *f, gconstpointer data)
{
  GtkWidget *dialog;

  write_text (f, "settings", "{\"a\":1}", "run-1");
  g_signal_emit_by_name (find (f->window, GTK_TYPE_LIST_BOX, NULL), "row-activated", await_row (f, "settings"));
  dialog = find_dialog ();
  g_assert_true (can_save (dialog));
  set_value (dialog, "{\"a\": 2,\n \"b\": tru}");
  g_assert_false (can_save (dialog));
  g_assert_true (shows (dialog, "line 2, column "));
  assert_stored (f, "settings", "{\"a\":1}", "run-1");
  set_value (dialog, "{\"a\": 2, \"b\": true}");
  g_assert_true (can_save (dialog));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "save");
  assert_stored (f, "settings", "{\"a\":2,\"b\":true}", NULL);
}

static void
test_add (Fixture *f, gconstpointer data)
{
  GtkWidget *dialog, *name;

  write_text (f, "taken", "1", NULL);
  await_row (f, "taken");
  gtk_widget_activate_action (f->window, "variables.add", NULL);
  dialog = find_dialog ();
  name = find (dialog, ADW_TYPE_ENTRY_ROW, NULL);
  g_assert_false (can_save (dialog));
  set_value (dialog, "\"sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD\"");
  gtk_editable_set_text (GTK_EDITABLE (name), "taken");
  g_assert_false (can_save (dialog));
  g_assert_true (shows (dialog, "There is a variable “taken” already"));
  gtk_editable_set_text (GTK_EDITABLE (name), "2nd try");
  g_assert_false (can_save (dialog));
  g_assert_true (shows (dialog, "“2nd try” cannot be the name"));
  gtk_editable_set_text (GTK_EDITABLE (name), "fresh");
  g_assert_true (can_save (dialog));
  g_assert_true (shows (dialog, "This looks like a key"));
  set_value (dialog, "[1, 2]");
  g_assert_false (shows (dialog, "This looks like a key"));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "save");
  await_row (f, "fresh");
  assert_stored (f, "fresh", "[1,2]", NULL);
}

static void
delete_row (Fixture *f, const char *name)
{
  g_signal_emit_by_name (find (GTK_WIDGET (await_row (f, name)), GTK_TYPE_BUTTON, "Delete this variable"), "clicked");
  await_gone (f->window, ADW_TYPE_ACTION_ROW, name);
  assert_stored (f, name, NULL, NULL);
}

/* Who wrote it is brought back as well. */
static void
test_undo (Fixture *f, gconstpointer data)
{
  write_text (f, "kept", "[1]", "run-3");
  delete_row (f, "kept");
  g_signal_emit_by_name (await (f->window, GTK_TYPE_BUTTON, "_Undo"), "clicked");
  await_row (f, "kept");
  assert_stored (f, "kept", "[1]", "run-3");
}

/* What a run wrote after the deletion is newer. */
static void
test_undo_late (Fixture *f, gconstpointer data)
{
  write_text (f, "kept", "1", NULL);
  delete_row (f, "kept");
  write_text (f, "kept", "2", "run-4");
  await_row (f, "kept");
  g_signal_emit_by_name (await (f->window, GTK_TYPE_BUTTON, "_Undo"), "clicked");
  assert_stored (f, "kept", "2", "run-4");
}

/* The keyboard stays where it was while a run counts. */
static void
test_focus (Fixture *f, gconstpointer data)
{
  GtkWidget *row;

  write_text (f, "a", "1", NULL);
  write_text (f, "b", "1", "run-1");
  await (GTK_WIDGET (await_row (f, "b")), GTK_TYPE_BUTTON, "Show the run that wrote it");
  gtk_widget_grab_focus (GTK_WIDGET (await_row (f, "b")));
  write_text (f, "b", "2", NULL);
  await_gone (f->window, GTK_TYPE_BUTTON, "Show the run that wrote it");
  row = GTK_WIDGET (await_row (f, "b"));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (f->window)) == row);
  gtk_widget_activate_action (f->window, "variables.delete", NULL);
  await_gone (f->window, ADW_TYPE_ACTION_ROW, "b");
  assert_stored (f, "a", "1", NULL);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (f->window)) == GTK_WIDGET (await_row (f, "a")));
}

/* A window that is closed while its list is on its way. */
static void
test_closed_early (Fixture *f, gconstpointer data)
{
  write_text (f, "late", "1", NULL);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "/variables/live", test_live },
    { "/variables/empty", test_empty },
    { "/variables/show-run", test_show_run },
    { "/variables/search", test_search },
    { "/variables/edit", test_edit },
    { "/variables/add", test_add },
    { "/variables/undo", test_undo },
    { "/variables/undo-late", test_undo_late },
    { "/variables/focus", test_focus },
    { "/variables/closed-early", test_closed_early },
  };

  gtk_init ();
  adw_init ();
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
