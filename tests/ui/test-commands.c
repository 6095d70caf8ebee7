/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include "find/heddle-command-palette.h"
#include "find/heddle-fuzzy.h"
#include "window/heddle-window.h"

static void
assert_better (const char *typed, const char *better, const char *worse)
{
  g_test_message ("%s: %s %d, %s %d", typed, better, heddle_fuzzy_score (typed, better), worse, heddle_fuzzy_score (typed, worse));
  g_assert_cmpint (heddle_fuzzy_score (typed, better), >, heddle_fuzzy_score (typed, worse));
}

static void
test_fuzzy (void)
{
  g_autofree char *long_text = g_strnfill (10000, 'a');

  g_assert_cmpint (heddle_fuzzy_score ("", "anything"), ==, 0);
  g_assert_cmpint (heddle_fuzzy_score ("xyz", "Tidy Up"), <, 0);
  g_assert_cmpint (heddle_fuzzy_score ("ba", "ab"), <, 0);
  g_assert_cmpint (heddle_fuzzy_score ("TUL", "Tidy Up the Layout"), >=, 0);
  g_assert_cmpint (heddle_fuzzy_score ("größe", "GRÖßE ändern"), >, 0);
  g_assert_cmpint (heddle_fuzzy_score (long_text, long_text), >=, 0);
  assert_better ("tidy", "Tidy Up the Layout", "Text in dark yellow");
  assert_better ("run", "Run or Stop", "Prune");
  assert_better ("zi", "Zoom In", "Pizzeria in Zürich");
  assert_better ("undo", "Undo", "Undo Everything That Was Done Since");
  /* A word that begins the same way does not hide the one that goes on. */
  g_assert_cmpint (heddle_fuzzy_score ("abcx", "abc acx x"), >=, 0);
  g_assert_cmpint (heddle_fuzzy_score ("aab", "a ab"), >=, 0);
}

/* Not for people by themselves: parts of gestures, what another thing leads to, or what the command palette itself is. */
static const char *const left_out[] = { "win.run", "win.stop", "win.undo", "win.redo", "win.tidy", "win.offer-answer", "win.answer", "win.commands", "canvas.menu", "canvas.cancel", "canvas.toggle-selected", "canvas.open-offered", "canvas.insert-offered" };

static gboolean
has_title (const char *name)
{
  for (const HeddleCommandAction *action = heddle_command_list_actions (); action->name != NULL; action++)
    if (g_str_equal (action->name, name))
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (left_out); i++)
    if (g_str_equal (left_out[i], name))
      return TRUE;
  return FALSE;
}

static void
check_class (GType type, const char *prefix, GHashTable *known)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  const GVariantType *parameter;
  const char *name, *property;
  GType owner;

  for (guint i = 0; gtk_widget_class_query_action (GTK_WIDGET_CLASS (klass), i, &owner, &name, &parameter, &property); i++)
    {
      g_hash_table_add (known, g_strdup (name));
      if (!g_str_has_prefix (name, prefix) || parameter != NULL)
        continue;
      if (!has_title (name))
        g_test_message ("%s has no title in heddle-command-actions.c", name);
      g_assert_true (has_title (name));
    }
}

/* Every action has a title, and every title an action. */
static void
test_actions (void)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_hash_table_add (known, g_strdup ("app.quit"));
  g_hash_table_add (known, g_strdup ("win.show-help-overlay"));
  check_class (HEDDLE_TYPE_CANVAS, "canvas.", known);
  check_class (HEDDLE_TYPE_WINDOW, "win.", known);
  for (const HeddleCommandAction *action = heddle_command_list_actions (); action->name != NULL; action++)
    {
      if (!g_hash_table_contains (known, action->name))
        g_test_message ("There is no action %s", action->name);
      g_assert_true (g_hash_table_contains (known, action->name));
    }
}

static void
chosen_cb (HeddleCommandPalette *palette, const HeddleCommand *command, GString *log)
{
  g_string_append_printf (log, "%s;", command->target);
}

static HeddleCommandPalette *
open_palette (GtkWindow *parent, GString *log)
{
  HeddleCommandPalette *palette = HEDDLE_COMMAND_PALETTE (heddle_command_palette_new (parent));

  g_signal_connect (palette, "chosen", G_CALLBACK (chosen_cb), log);
  heddle_command_palette_take (palette, heddle_command_new (HEDDLE_COMMAND_ACTION, "canvas.tidy", "Tidy Up the Layout", "view-grid-symbolic"));
  heddle_command_palette_take (palette, heddle_command_new (HEDDLE_COMMAND_ACTION, "canvas.undo", "Undo", "edit-undo-symbolic"));
  heddle_command_palette_take (palette, heddle_command_new (HEDDLE_COMMAND_NODE, "ask", "Frage <b>", "heddle-llm-symbolic"));
  heddle_command_palette_take (palette, heddle_command_new (HEDDLE_COMMAND_TYPE, "template", "Template", "heddle-template-symbolic"));
  return palette;
}

static void
present (HeddleCommandPalette *palette)
{
  gtk_window_present (GTK_WINDOW (palette));
  for (guint i = 0; i < 60 && !gtk_window_is_active (GTK_WINDOW (palette)); i++)
    canvas_test_settle (50);
  canvas_test_settle (100);
}

static void
test_palette (Fixture *f, gconstpointer data)
{
  HeddleCommandPalette *palette = open_palette (GTK_WINDOW (f->window), f->log);
  g_autoptr (GSettings) settings = g_settings_new ("org.heddle.Heddle");
  g_auto (GStrv) recent = NULL;

  g_settings_reset (settings, "recent-commands");
  present (palette);
  canvas_test_drive ("type frg");
  canvas_test_drive ("key Return");
  canvas_test_settle (150);
  g_assert_nonnull (strstr (f->log->str, "ask;"));
  recent = g_settings_get_strv (settings, "recent-commands");
  g_assert_cmpstr (recent[0], ==, "1:ask");

  /* What was chosen last comes first, then there is more below. */
  palette = open_palette (GTK_WINDOW (f->window), f->log);
  present (palette);
  canvas_test_screenshot (f, "commands");
  canvas_test_drive ("key Down");
  canvas_test_drive ("key Return");
  canvas_test_settle (150);
  g_assert_nonnull (strstr (f->log->str, "ask;canvas.tidy;"));

  palette = open_palette (GTK_WINDOW (f->window), f->log);
  g_object_add_weak_pointer (G_OBJECT (palette), (gpointer *) &palette);
  present (palette);
  canvas_test_drive ("type qqqq");
  canvas_test_drive ("key Return");
  canvas_test_drive ("key Escape");
  canvas_test_drive ("key Escape");
  canvas_test_settle (150);
  g_assert_null (palette);
}

/* A source that answers late finds nobody. */
static void
test_late (Fixture *f, gconstpointer data)
{
  HeddleCommandPalette *palette = g_object_ref (open_palette (GTK_WINDOW (f->window), f->log));

  gtk_window_destroy (GTK_WINDOW (palette));
  heddle_command_palette_take (palette, heddle_command_new (HEDDLE_COMMAND_RUN, "late", "Late", "heddle-llm-symbolic"));
  canvas_test_settle (30);
  g_assert_finalize_object (palette);
}

static void
test_large (Fixture *f, gconstpointer data)
{
  HeddleCommandPalette *palette = open_palette (GTK_WINDOW (f->window), f->log);
  GtkWidget *search;
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *id = g_strdup_printf ("node%u", i);

      heddle_command_palette_take (palette, heddle_command_new (HEDDLE_COMMAND_NODE, id, "Anfrage freundlich beantworten", "heddle-llm-symbolic"));
    }
  g_test_message ("10 000 nodes offered: %.1f ms", (g_get_monotonic_time () - begin) / 1000.);
  present (palette);
  search = gtk_root_get_focus (GTK_ROOT (palette));
  g_assert_true (GTK_IS_EDITABLE (search));
  begin = g_get_monotonic_time ();
  gtk_editable_set_text (GTK_EDITABLE (search), "bea");
  g_test_message ("a key among them: %.1f ms", (g_get_monotonic_time () - begin) / 1000.);
  gtk_window_destroy (GTK_WINDOW (palette));
}

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  g_test_add_func ("/commands/fuzzy", test_fuzzy);
  g_test_add_func ("/commands/actions", test_actions);
  g_test_add ("/commands/palette", Fixture, NULL, canvas_test_set_up, test_palette, canvas_test_tear_down);
  g_test_add ("/commands/late", Fixture, NULL, canvas_test_set_up, test_late, canvas_test_tear_down);
  g_test_add ("/commands/large", Fixture, NULL, canvas_test_set_up, test_large, canvas_test_tear_down);
  return g_test_run ();
}
