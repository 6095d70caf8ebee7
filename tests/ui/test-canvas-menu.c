/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include "canvas/heddle-canvas-private.h"

/* The menu of what is selected, with all that the window adds to it, in a window of 600 pixels. */

#define MAX_HEIGHT 600

/* Entries of the window are hidden where there is no such action. */
static void
add_window_actions (Fixture *f)
{
  const char *const with_node[] = { "run-from", "run-to", "run-only", "pin", "inline-workflow" };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) plain = g_simple_action_new ("toggle-breakpoint", NULL);

  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (plain));
  for (guint i = 0; i < G_N_ELEMENTS (with_node); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (with_node[i], G_VARIANT_TYPE_STRING);

      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  gtk_widget_insert_action_group (f->window, "win", G_ACTION_GROUP (group));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  canvas_test_set_up (f, data);
  add_window_actions (f);
  canvas_test_add_node (f, "map", "each", "Anfragen beantworten", 0, 272);
  canvas_test_add_node (f, "template", "answer", "Antwort", 32, 352);
  canvas_test_add_node (f, "loop", "again", NULL, 544, 272);
  canvas_test_add_node (f, "sub-workflow", "other", NULL, 0, 592);
  g_assert_true (heddle_document_set_parent (f->document, (const char *const[]){ "answer", NULL }, "each", &error));
  g_assert_no_error (error);
  canvas_test_settle (50);
}

/* How high the menu of these is. */
static int
measure (Fixture *f, const char *const *ids)
{
  int height;

  heddle_canvas_select (f->canvas, ids);
  heddle_canvas_show_menu (f->canvas, 100, 100);
  canvas_test_settle (50);
  g_assert_true (GTK_IS_POPOVER_MENU (f->canvas->popover));
  gtk_widget_measure (f->canvas->popover, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  gtk_popover_popdown (GTK_POPOVER (f->canvas->popover));
  canvas_test_settle (50);
  return height;
}

static void
test_height (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *what;
    const char *const ids[4];
  } cases[] = {
    { "a node", { "ask", NULL } },
    { "a node in a frame", { "answer", NULL } },
    { "a frame", { "each", NULL } },
    { "a loop", { "again", NULL } },
    { "a node of another workflow", { "other", NULL } },
    { "several nodes", { "begin", "ask", "check", NULL } },
    { "the canvas", { NULL } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int height = measure (f, cases[i].ids);

      g_test_message ("%s: %d px", cases[i].what, height);
      g_assert_cmpint (height, >, 100);
      g_assert_cmpint (height, <=, MAX_HEIGHT);
    }
}

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  g_test_add ("/canvas-menu/height", Fixture, NULL, set_up, test_height, canvas_test_tear_down);
  return g_test_run ();
}
