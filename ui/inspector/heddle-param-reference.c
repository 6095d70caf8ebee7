/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#include "common/heddle-widgets.h"

/* The name of something that exists elsewhere: typed, or chosen from what there is. */

static void
changed_cb (GtkEditable *editable,
            HeddleParamEditor *self)
{
  heddle_param_editor_emit (self, heddle_json_string (gtk_editable_get_text (editable)));
}

static void
set_value (HeddleParamEditor *self,
           JsonNode *value)
{
  const char *text = heddle_json_is_string (value) ? json_node_get_string (value) : "";

  heddle_editable_set_text (GTK_EDITABLE (self->focus), text);
}

/* Behind a button that opens the list. */
typedef struct
{
  const HeddleParamContext *context;
  HeddleParamKind kind;
  GtkEditable *target;
  GtkListBox *list;
} Chooser;

static void
choose_cb (GtkListBox *list,
           GtkListBoxRow *row,
           Chooser *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (row), GTK_TYPE_POPOVER);
  GtkLabel *label = GTK_LABEL (gtk_list_box_row_get_child (row));

  gtk_editable_set_text (self->target, gtk_label_get_label (label));
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
append (GtkListBox *list,
        const char *name)
{
  gtk_list_box_append (list, heddle_label_new (name, NULL));
}

/* Parameters of nodes ask for models that answer; those of knowledge bases are set where these are. */
static void
fill_models (GtkListBox *list,
             HeddleModels *models)
{
  g_auto (GStrv) references = heddle_models_list_known (models);

  for (guint i = 0; references != NULL && references[i] != NULL; i++)
    if (!heddle_models_is_embedding (references[i]))
      append (list, references[i]);
}

static void
fill_credentials (GtkListBox *list,
                  HeddleSecrets *secrets)
{
  g_autoptr (GPtrArray) infos = heddle_secrets_list (secrets);

  for (guint i = 0; i < infos->len; i++)
    append (list, ((HeddleCredentialInfo *) g_ptr_array_index (infos, i))->name);
}

static void
fill_servers (GtkListBox *list,
              HeddleMcpServers *servers)
{
  g_autoptr (GPtrArray) infos = heddle_mcp_servers_list (servers);

  for (guint i = 0; i < infos->len; i++)
    append (list, ((HeddleMcpServerInfo *) g_ptr_array_index (infos, i))->name);
}

static void
bases_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (GtkListBox) list = user_data;
  g_autoptr (GPtrArray) infos = heddle_knowledge_list_finish (HEDDLE_KNOWLEDGE (object), result, NULL);

  heddle_list_box_clear (list);
  for (guint i = 0; infos != NULL && i < infos->len; i++)
    append (list, ((HeddleKnowledgeInfo *) g_ptr_array_index (infos, i))->name);
}

static void
workflows_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GtkListBox) list = user_data;
  g_autoptr (GPtrArray) infos = heddle_store_list_workflows_finish (HEDDLE_STORE (object), result, NULL);

  heddle_list_box_clear (list);
  for (guint i = 0; infos != NULL && i < infos->len; i++)
    append (list, ((HeddleWorkflowInfo *) g_ptr_array_index (infos, i))->name);
}

/* Asked for each time the list opens: it may have changed. */
static void
show_cb (GtkWidget *popover,
         Chooser *self)
{
  const HeddleServices *services = self->context->services;

  heddle_list_box_clear (self->list);
  if (self->kind == HEDDLE_PARAM_MODEL)
    fill_models (self->list, services->models);
  else if (self->kind == HEDDLE_PARAM_CREDENTIAL)
    fill_credentials (self->list, services->secrets);
  else if (self->kind == HEDDLE_PARAM_WORKFLOW)
    heddle_store_list_workflows_async (services->store, NULL, workflows_cb, g_object_ref (self->list));
  else if (self->kind == HEDDLE_PARAM_MCP_SERVER)
    fill_servers (self->list, services->mcp_servers);
  else
    heddle_knowledge_list_async (services->knowledge, NULL, bases_cb, g_object_ref (self->list));
}

static const char *
empty_text (HeddleParamKind kind)
{
  if (kind == HEDDLE_PARAM_CREDENTIAL)
    return _ ("No credentials yet. Add one in the preferences.");
  if (kind == HEDDLE_PARAM_KNOWLEDGE)
    return _ ("No knowledge bases yet. Create one from the main menu.");
  if (kind == HEDDLE_PARAM_WORKFLOW)
    return _ ("No workflows are stored yet.");
  if (kind == HEDDLE_PARAM_MCP_SERVER)
    return _ ("No MCP servers yet. Add one in the preferences.");
  return _ ("No models are known.");
}

static GtkWidget *
popover_new (Chooser *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *empty = gtk_label_new (empty_text (self->kind));

  gtk_label_set_wrap (GTK_LABEL (empty), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (empty), 28);
  gtk_widget_add_css_class (empty, "dim-label");
  self->list = GTK_LIST_BOX (list);
  gtk_list_box_set_placeholder (self->list, empty);
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 320);
  gtk_widget_set_size_request (scroller, 220, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  g_signal_connect (list, "row-activated", G_CALLBACK (choose_cb), self);
  g_signal_connect (popover, "show", G_CALLBACK (show_cb), self);
  return popover;
}

GtkWidget *
heddle_param_choose_button_new (const HeddleParamContext *context,
                                HeddleParamKind kind,
                                GtkEditable *target)
{
  GtkWidget *button = gtk_menu_button_new ();
  Chooser *self = g_new0 (Chooser, 1);

  self->context = context;
  self->kind = kind;
  self->target = target;
  g_object_set_data_full (G_OBJECT (button), "heddle-chooser", self, g_free);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "pan-down-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover_new (self));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Choose"));
  return button;
}

void
heddle_param_make_reference (HeddleParamEditor *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);

  self->focus = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->focus), 4);
  gtk_widget_set_hexpand (self->focus, TRUE);
  if (self->spec->placeholder != NULL)
    gtk_entry_set_placeholder_text (GTK_ENTRY (self->focus), _ (self->spec->placeholder));
  gtk_box_append (GTK_BOX (line), self->focus);
  gtk_box_append (GTK_BOX (line), heddle_param_choose_button_new (self->context, self->spec->kind, GTK_EDITABLE (self->focus)));
  heddle_param_make_row (self, line);
  self->set_value = set_value;
  g_signal_connect (self->focus, "changed", G_CALLBACK (changed_cb), self);
}
