/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include <glib/gi18n-lib.h>

/* Workflows that run in others: a copy of one in place of the node that runs it, and a subflow as one of its own. */

typedef struct
{
  HeddleWindow *window;
  HeddleSession *session;
  char *node;
  char *name; /* of the new workflow, or NULL */
} Move;

static Move *
move_new (HeddleWindow *self,
          GVariant *parameter)
{
  const char *given = g_variant_get_string (parameter, NULL);
  HeddleEditor *editor = _heddle_window_get_editor (self);
  g_autofree char *node = editor != NULL && *given == '\0' ? heddle_editor_dup_selected_node (editor) : g_strdup (given);
  Move *move;

  if (editor == NULL || node == NULL || heddle_graph_find_node (heddle_session_get_graph (heddle_editor_get_session (editor)), node) == NULL)
    return NULL;
  move = g_new0 (Move, 1);
  move->window = g_object_ref (self);
  move->session = g_object_ref (heddle_editor_get_session (editor));
  move->node = g_steal_pointer (&node);
  return move;
}

static void
move_free (Move *move)
{
  g_object_unref (move->window);
  g_object_unref (move->session);
  g_free (move->node);
  g_free (move->name);
  g_free (move);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Move, move_free)

static const HeddleNode *
get_node (const Move *move)
{
  return heddle_graph_find_node (heddle_session_get_graph (move->session), move->node);
}

static gboolean
put_in_place (const Move *move,
              const HeddleWorkflowInfo *info,
              JsonNode *journal,
              GError **error)
{
  g_autoptr (GError) damage = NULL;
  g_autoptr (HeddleDocument) stored = _heddle_window_restore (info, journal, &damage);
  g_autofree char *json = NULL;

  if (stored == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&damage));
      return FALSE;
    }
  json = heddle_graph_to_json (heddle_document_get_graph (stored));
  return heddle_document_inline_workflow (heddle_session_get_document (move->session), move->node, json, error) != NULL;
}

static void
inline_loaded_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (Move) move = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) journal = NULL;
  HeddleWorkflowInfo *info = heddle_store_load_workflow_finish (HEDDLE_STORE (object), result, &journal, &error);

  if ((info == NULL || !put_in_place (move, info, journal, &error)) && !heddle_error_is_cancelled (error))
    _heddle_window_tell (move->window, error->message);
  g_clear_pointer (&info, heddle_workflow_info_free);
}

static void
inline_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  g_autoptr (Move) move = move_new (self, parameter);
  const char *workflow = move != NULL ? heddle_params_get_string (get_node (move)->params, "workflow", "") : "";

  if (*workflow != '\0')
    heddle_store_load_workflow_async (self->services->store, workflow, self->cancellable, inline_loaded_cb, g_steal_pointer (&move));
}

/* An edge of the frame to what is around it: the other end. */
typedef struct
{
  char *node;
  char *port;
  gboolean is_in;
} Tie;

static void
tie_free (gpointer data)
{
  Tie *tie = data;

  g_free (tie->node);
  g_free (tie->port);
  g_free (tie);
}

static void
add_ties (GPtrArray *ties,
          HeddleGraph *graph,
          GPtrArray *edges,
          gboolean is_in)
{
  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleEdge *edge = g_ptr_array_index (edges, i);
      Tie *tie;

      if (heddle_graph_is_inner_edge (graph, edge))
        continue;
      tie = g_new0 (Tie, 1);
      tie->node = g_strdup (is_in ? edge->from : edge->to);
      tie->port = g_strdup (is_in ? edge->from_port : edge->to_port);
      tie->is_in = is_in;
      g_ptr_array_add (ties, tie);
    }
}

static void
tie_to (HeddleDocument *document,
        GPtrArray *ties,
        const char *id)
{
  for (guint i = 0; i < ties->len; i++)
    {
      const Tie *tie = g_ptr_array_index (ties, i);

      if (tie->is_in)
        heddle_document_connect (document, tie->node, tie->port, id, NULL, NULL);
      else
        heddle_document_connect (document, id, NULL, tie->node, tie->port, NULL);
    }
}

/* The frame and all that is in it. */
static GPtrArray *
list_within (HeddleGraph *graph,
             const char *container)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (ids, g_strdup (container));
  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);

      if (heddle_graph_is_within (graph, node->id, container))
        g_ptr_array_add (ids, g_strdup (node->id));
    }
  g_ptr_array_add (ids, NULL);
  return ids;
}

/* One step: in place of the frame a node of the same name that runs the workflow. */
static void
replace_frame (const Move *move)
{
  HeddleDocument *document = heddle_session_get_document (move->session);
  HeddleGraph *graph = heddle_session_get_graph (move->session);
  const HeddleNode *frame = get_node (move);
  g_autoptr (GPtrArray) ties = g_ptr_array_new_with_free_func (tie_free);
  g_autoptr (GPtrArray) ids = list_within (graph, move->node);
  g_autofree char *title = g_strdup (frame->title);
  g_autofree char *parent = g_strdup (frame->parent);
  g_autoptr (JsonObject) policy = frame->policy != NULL ? json_object_ref (frame->policy) : NULL;
  g_autoptr (JsonObject) params = json_object_new ();
  double x = frame->x, y = frame->y;
  const char *id;

  add_ties (ties, graph, heddle_graph_get_in_edges (graph, move->node), TRUE);
  add_ties (ties, graph, heddle_graph_get_out_edges (graph, move->node), FALSE);
  json_object_set_string_member (params, "workflow", move->name);
  heddle_document_begin (document, _ ("Save as Workflow"));
  heddle_document_remove (document, (const char *const *) ids->pdata, FALSE);
  id = heddle_document_add_node (document, "sub-workflow", params, x, y);
  /* References to the frame stay as they are. */
  if (heddle_document_rename (document, id, move->node, NULL))
    id = move->node;
  if (title != NULL)
    heddle_document_set_title (document, id, title);
  heddle_document_set_node_object (document, id, "policy", policy);
  if (parent != NULL)
    heddle_document_set_parent (document, (const char *const[]){ id, NULL }, parent, NULL);
  tie_to (document, ties, id);
  heddle_document_end (document);
}

static void
saved_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (Move) move = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  if (!heddle_store_save_workflow_finish (HEDDLE_STORE (object), result, &error))
    {
      _heddle_window_tell (move->window, error->message);
      return;
    }
  if (get_node (move) != NULL)
    replace_frame (move);
  message = g_strdup_printf (_ ("“%s” is a workflow of its own now."), move->name);
  _heddle_window_tell (move->window, message);
}

/* With an id and the name of its own. */
static char *
dup_named (const char *json,
           const char *id,
           const char *name)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, NULL);
  g_autoptr (HeddleDocument) document = graph != NULL ? heddle_document_new (graph) : NULL;
  g_autofree char *named = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  if (document == NULL)
    return NULL;
  heddle_document_set_name (document, name);
  named = heddle_graph_to_json (graph);
  node = heddle_json_parse (named, -1, NULL);
  object = _heddle_window_copy_members (node);
  json_object_set_string_member (object, "id", id);
  json_node_unref (g_steal_pointer (&node));
  node = heddle_json_object (object);
  return heddle_json_to_text (node, HEDDLE_JSON_PRETTY);
}

static void
save (Move *owned)
{
  g_autoptr (Move) move = owned;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = heddle_document_dup_subflow_json (heddle_session_get_document (move->session), move->node, &error);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *named = json != NULL ? dup_named (json, id, move->name) : NULL;

  if (named == NULL)
    {
      if (error != NULL)
        _heddle_window_tell (move->window, error->message);
      return;
    }
  heddle_store_save_workflow_async (move->window->services->store, id, move->name, named, NULL, saved_cb, move);
  move = NULL;
}

static void
name_response_cb (AdwMessageDialog *dialog,
                  const char *response,
                  Move *move)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (g_str_equal (response, "save") && *name != '\0')
    {
      move->name = g_steal_pointer (&name);
      save (move);
    }
  else
    move_free (move);
}

static void
name_changed_cb (AdwMessageDialog *dialog,
                 GtkEditable *entry)
{
  adw_message_dialog_set_response_enabled (dialog, "save", *gtk_editable_get_text (entry) != '\0');
}

static void
save_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  Move *move = move_new (self, parameter);
  GtkWidget *dialog, *entry;

  if (move == NULL)
    return;
  entry = gtk_entry_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Name"), -1);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (entry), heddle_node_get_title (get_node (move)));
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Save as Workflow"), _ ("What is in the frame becomes a workflow of its own, and the frame a node that runs it."));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "save", _ ("_Save"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (entry, "changed", G_CALLBACK (name_changed_cb), dialog, G_CONNECT_SWAPPED);
  g_signal_connect (dialog, "response", G_CALLBACK (name_response_cb), move);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
_heddle_window_install_subflow_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.inline-workflow", "s", inline_action);
  gtk_widget_class_install_action (widget_class, "win.save-subflow", "s", save_action);
}
