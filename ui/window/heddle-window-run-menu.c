/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include <glib/gi18n-lib.h>

/* The menu beside the Run button, made for what is selected when it opens. */

static void
add_item (GMenu *menu,
          const char *label,
          const char *action,
          const char *target,
          const char *accel)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target != NULL ? g_variant_new_string (target) : NULL);
  if (accel != NULL)
    g_menu_item_set_attribute (item, "accel", "s", accel);
  g_menu_append_item (menu, item);
}

static GMenuModel *
node_section_new (const HeddleNode *node)
{
  GMenu *menu = g_menu_new ();

  add_item (menu, _ ("Run _from Here"), "win.run-from", node->id, "<Shift>F5");
  add_item (menu, _ ("Run _up to Here"), "win.run-to", node->id, "<Control>F5");
  add_item (menu, _ ("Run _Only This Node"), "win.run-only", node->id, "<Control><Shift>F5");
  add_item (menu, node->pin != NULL ? _ ("Un_pin Output") : _ ("_Pin Output"), "win.pin", node->id, "<Control><Shift>p");
  add_item (menu, _ ("For_k with Another Output…"), "win.fork", node->id, NULL);
  add_item (menu, _ ("Replay up to Here, Then _Live"), "win.replay-to", node->id, NULL);
  return G_MENU_MODEL (menu);
}

static void
add_section (GMenu *menu,
             const char *label,
             GMenuModel *section)
{
  g_menu_append_section (menu, label, section);
  g_object_unref (section);
}

static GMenuModel *
run_menu_new (HeddleSession *session,
              const char *selected)
{
  GMenu *menu = g_menu_new ();
  GMenu *runs = g_menu_new ();
  GMenu *replays = g_menu_new ();
  const HeddleNode *node = selected != NULL ? heddle_graph_find_node (heddle_session_get_graph (session), selected) : NULL;

  add_item (runs, _ ("Run _Again with the Same Input"), "win.run-again", NULL, "<Control><Shift>Return");
  add_item (runs, _ ("_Continue"), "win.continue", NULL, "F5");
  add_item (runs, _ ("_Step"), "win.step", NULL, "F10");
  add_section (menu, NULL, G_MENU_MODEL (runs));
  if (node != NULL)
    add_section (menu, heddle_node_get_title (node), node_section_new (node));
  add_item (replays, _ ("_Replay What Was Recorded"), "win.replay", NULL, NULL);
  add_section (menu, NULL, G_MENU_MODEL (replays));
  return G_MENU_MODEL (menu);
}

void
_heddle_window_fill_run_menu (GtkMenuButton *button,
                              gpointer user_data)
{
  HeddleWindow *self = user_data;
  HeddleEditor *editor = _heddle_window_get_editor (self);
  g_autofree char *selected = editor != NULL ? heddle_editor_dup_selected_node (editor) : NULL;
  g_autoptr (GMenuModel) menu = NULL;

  if (editor == NULL)
    return;
  menu = run_menu_new (heddle_editor_get_session (editor), selected);
  gtk_menu_button_set_menu_model (button, menu);
}
