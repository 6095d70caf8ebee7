/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include "canvas/heddle-canvas.h"
#include "dialogs/heddle-help-window.h"
#include "dialogs/heddle-preferences.h"
#include "find/heddle-command-palette.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_RUNS 100

/* What the command palette offers, and how it is done. */

static GtkWidget *
get_action_widget (HeddleWindow *self)
{
  HeddleEditor *editor = _heddle_window_get_editor (self);

  return editor != NULL ? heddle_editor_get_canvas (editor) : GTK_WIDGET (self->stack);
}

/* The first is the one that is told to people. */
static char *
dup_canvas_keys (const char *action)
{
  guint n_bindings;
  const HeddleCanvasBinding *bindings = heddle_canvas_list_bindings (&n_bindings);

  for (guint i = 0; i < n_bindings; i++)
    if (strcmp (bindings[i].action, action) == 0)
      return gtk_accelerator_name (bindings[i].key, bindings[i].modifiers);
  return NULL;
}

/*
 * Only what can be done now. GTK tells nobody but buttons whether an action is enabled, so a button, which is never seen, is asked in the
 * place where the action would be looked for.
 */
static void
add_actions (HeddleWindow *self,
             HeddleCommandPalette *palette)
{
  GtkWidget *probe = gtk_button_new ();

  gtk_widget_set_child_visible (probe, FALSE);
  gtk_widget_set_parent (probe, get_action_widget (self));
  for (const HeddleCommandAction *action = heddle_command_list_actions (); action->name != NULL; action++)
    {
      HeddleCommand *command;

      gtk_widget_set_sensitive (probe, FALSE);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (probe), action->name);
      if (!gtk_widget_get_sensitive (probe))
        continue;
      command = heddle_command_new (HEDDLE_COMMAND_ACTION, action->name, _ (action->title), action->icon);
      command->keys = action->keys != NULL ? g_strdup (action->keys) : dup_canvas_keys (action->name);
      heddle_command_palette_take (palette, command);
    }
  gtk_widget_unparent (probe);
}

static void
take_type_look (HeddleCommand *command,
                const HeddleNodeType *type)
{
  command->icon_class = g_strconcat ("category-", type != NULL ? heddle_category_get_id (type->category) : "unknown", NULL);
}

static void
add_nodes (HeddleWindow *self,
           HeddleCommandPalette *palette)
{
  HeddleSession *session = _heddle_window_get_session (self);
  HeddleGraph *graph = session != NULL ? heddle_session_get_graph (session) : NULL;

  for (guint i = 0; graph != NULL && i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);
      const char *icon = node->type != NULL ? node->type->icon_name : "dialog-question-symbolic";
      HeddleCommand *command = heddle_command_new (HEDDLE_COMMAND_NODE, node->id, heddle_node_get_title (node), icon);

      command->subtitle = g_strdup (node->id);
      take_type_look (command, node->type);
      heddle_command_palette_take (palette, command);
    }
}

static void
add_types (HeddleWindow *self,
           HeddleCommandPalette *palette)
{
  const HeddleNodeType *const *types = heddle_registry_list (NULL);

  for (guint i = 0; _heddle_window_get_session (self) != NULL && types[i] != NULL; i++)
    {
      HeddleCommand *command = heddle_command_new (HEDDLE_COMMAND_TYPE, types[i]->id, _ (types[i]->title), types[i]->icon_name);

      command->subtitle = g_strdup (_ (types[i]->summary));
      take_type_look (command, types[i]);
      heddle_command_palette_take (palette, command);
    }
}

static void
add_templates (HeddleWindow *self,
               HeddleCommandPalette *palette)
{
  HeddleEditor *editor = _heddle_window_get_editor (self);
  GPtrArray *templates = editor != NULL ? heddle_template_list_get_all (heddle_editor_get_templates (editor)) : NULL;

  for (guint i = 0; templates != NULL && i < templates->len; i++)
    {
      const HeddleTemplateInfo *info = templates->pdata[i];
      const HeddleNodeType *type = info->type != NULL ? heddle_registry_lookup (info->type) : NULL;
      HeddleCommand *command = heddle_command_new (HEDDLE_COMMAND_TEMPLATE, info->id, info->name, type != NULL ? type->icon_name : "heddle-note-symbolic");

      command->subtitle = g_strdup (info->description);
      take_type_look (command, type);
      heddle_command_palette_take (palette, command);
    }
}

static void
insert_template (HeddleWindow *self,
                 const char *id)
{
  HeddleEditor *editor = _heddle_window_get_editor (self);

  if (editor != NULL)
    heddle_editor_insert_template (editor, id);
}

static void
add_pages (HeddleCommandPalette *palette)
{
  g_autoptr (GPtrArray) pages = heddle_help_list_pages ();
  const HeddlePreferencesPage *settings = heddle_preferences_list_pages ();

  for (; settings->name != NULL; settings++)
    heddle_command_palette_take (palette, heddle_command_new (HEDDLE_COMMAND_SETTING, settings->name, _ (settings->title), settings->icon));
  for (guint i = 0; i < pages->len; i++)
    {
      const HeddleHelpPage *page = pages->pdata[i];

      heddle_command_palette_take (palette, heddle_command_new (HEDDLE_COMMAND_HELP, page->name, page->title, "help-browser-symbolic"));
    }
}

static void
workflows_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (HeddleCommandPalette) palette = user_data;
  g_autoptr (GPtrArray) workflows = heddle_store_list_workflows_finish (HEDDLE_STORE (object), result, NULL);

  for (guint i = 0; workflows != NULL && i < workflows->len; i++)
    {
      const HeddleWorkflowInfo *info = workflows->pdata[i];

      heddle_command_palette_take (palette, heddle_command_new (HEDDLE_COMMAND_WORKFLOW, info->id, info->name, "heddle-sub-workflow-symbolic"));
    }
}

static char *
describe_run (const HeddleRunInfo *info)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (info->started / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  /* Translators: day and time of the last change, see strftime(). */
  g_autofree char *time = g_date_time_format (local, _ ("%e %b, %H:%M"));

  return g_strdup_printf ("%s · %s", heddle_run_state_get_title (info->state), g_strstrip (time));
}

static void
runs_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (HeddleCommandPalette) palette = user_data;
  g_autoptr (GPtrArray) runs = heddle_store_list_runs_finish (HEDDLE_STORE (object), result, NULL);

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const HeddleRunInfo *info = runs->pdata[i];
      HeddleCommand *command = heddle_command_new (HEDDLE_COMMAND_RUN, info->id, info->name, "document-open-recent-symbolic");

      command->detail = g_strdup (info->workflow);
      command->subtitle = describe_run (info);
      heddle_command_palette_take (palette, command);
    }
}

static void
bases_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (HeddleCommandPalette) palette = user_data;
  g_autoptr (GPtrArray) bases = heddle_knowledge_list_finish (HEDDLE_KNOWLEDGE (object), result, NULL);

  for (guint i = 0; bases != NULL && i < bases->len; i++)
    {
      const HeddleKnowledgeInfo *info = bases->pdata[i];

      heddle_command_palette_take (palette, heddle_command_new (HEDDLE_COMMAND_KNOWLEDGE, info->name, info->name, "heddle-rag-symbolic"));
    }
}

/* These come while somebody types already. */
static void
add_stored (HeddleWindow *self,
            HeddleCommandPalette *palette)
{
  heddle_store_list_workflows_async (self->services->store, self->cancellable, workflows_cb, g_object_ref (palette));
  heddle_store_list_runs_async (self->services->store, NULL, MAX_RUNS, self->cancellable, runs_cb, g_object_ref (palette));
  if (self->services->knowledge != NULL)
    heddle_knowledge_list_async (self->services->knowledge, self->cancellable, bases_cb, g_object_ref (palette));
}

static void
present_over (HeddleWindow *self,
              GtkWidget *window)
{
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (window));
}

static void
show_setting (HeddleWindow *self,
              const char *page)
{
  GtkWidget *preferences = heddle_preferences_new (self->services);

  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (preferences), page);
  present_over (self, preferences);
}

static void
show_help (HeddleWindow *self,
           const char *page)
{
  GtkWidget *help = heddle_help_window_new ();

  heddle_help_window_show_page (HEDDLE_HELP_WINDOW (help), page);
  present_over (self, help);
}

static void
add_node (HeddleWindow *self,
          const char *type)
{
  HeddleEditor *editor = _heddle_window_get_editor (self);

  if (editor != NULL)
    heddle_canvas_add_node_at_center (HEDDLE_CANVAS (heddle_editor_get_canvas (editor)), type);
}

static void
show_node (HeddleWindow *self,
           const char *id)
{
  HeddleEditor *editor = _heddle_window_get_editor (self);

  if (editor != NULL)
    heddle_canvas_reveal (HEDDLE_CANVAS (heddle_editor_get_canvas (editor)), id);
}

static void
chosen_cb (HeddleWindow *self,
           const HeddleCommand *command)
{
  switch (command->kind)
    {
    case HEDDLE_COMMAND_ACTION:
      gtk_widget_activate_action (get_action_widget (self), command->target, NULL);
      break;
    case HEDDLE_COMMAND_NODE:
      show_node (self, command->target);
      break;
    case HEDDLE_COMMAND_WORKFLOW:
      heddle_window_open_workflow (self, command->target);
      break;
    case HEDDLE_COMMAND_TYPE:
      add_node (self, command->target);
      break;
    case HEDDLE_COMMAND_TEMPLATE:
      insert_template (self, command->target);
      break;
    case HEDDLE_COMMAND_RUN:
      _heddle_window_open_run (self, command->detail, command->target);
      break;
    case HEDDLE_COMMAND_KNOWLEDGE:
      gtk_widget_activate_action (GTK_WIDGET (self), "win.knowledge", NULL);
      break;
    case HEDDLE_COMMAND_SETTING:
      show_setting (self, command->target);
      break;
    case HEDDLE_COMMAND_HELP:
      show_help (self, command->target);
      break;
    case HEDDLE_N_COMMAND_KINDS:
      g_assert_not_reached ();
    }
}

static void
commands_action (GtkWidget *widget,
                 const char *action,
                 GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleCommandPalette *palette = HEDDLE_COMMAND_PALETTE (heddle_command_palette_new (GTK_WINDOW (self)));

  g_signal_connect_object (palette, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  add_actions (self, palette);
  add_nodes (self, palette);
  add_types (self, palette);
  add_templates (self, palette);
  add_pages (palette);
  add_stored (self, palette);
  gtk_window_present (GTK_WINDOW (palette));
}

void
_heddle_window_install_command_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.commands", NULL, commands_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_k, GDK_CONTROL_MASK, "win.commands", NULL);
}
