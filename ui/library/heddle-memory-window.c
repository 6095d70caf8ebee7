/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-memory-window.h"

#include "common/heddle-adaptive-bin.h"
#include "common/heddle-wrap-layout.h"
#include "common/heddle-toast.h"
#include "common/heddle-widgets.h"
#include "library/heddle-memory-dialogs.h"
#include "library/heddle-memory-fact-row.h"
#include "library/heddle-memory-picture.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* More facts than anybody reads; a search finds the others. */
#define MAX_ROWS 200

struct _HeddleMemoryWindow
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  HeddleAdaptiveBin *adaptive;
  GtkPaned *paned;
  GtkStack *stack;
  GtkPopover *new_popover;
  GtkEntry *new_entry;
  GtkListBox *graphs;
  GtkLabel *size_label;
  GtkLabel *problem_label;
  HeddleMemoryPicture *picture;
  GtkSearchEntry *search;
  GtkListBox *facts;

  HeddleMemory *memory; /* NULL once the window has gone */
  char *graph;          /* the selected one, or NULL */
  char *to_select;      /* after the next listing */
  GHashTable *doomed;   /* gint64*: facts that are deleted unless that is undone */
  GCancellable *lookup;
};

enum
{
  SHOW_RUN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleMemoryWindow, heddle_memory_window, ADW_TYPE_WINDOW)

static void
tell_error (HeddleMemoryWindow *self,
            const GError *error)
{
  if (self->memory != NULL && !heddle_error_is_cancelled (error))
    heddle_toast_show (self->toasts, heddle_toast_new (error->message));
}

static GCancellable *
renew_lookup (HeddleMemoryWindow *self)
{
  g_cancellable_cancel (self->lookup);
  g_clear_object (&self->lookup);
  self->lookup = g_cancellable_new ();
  return self->lookup;
}

/* What changed is shown by the signal of the memory. */
static void
changed_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (HeddleMemoryWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_memory_change_finish (HEDDLE_MEMORY (object), result, &error))
    tell_error (self, error);
}

static void load_facts (HeddleMemoryWindow *self);

static void
toast_dismissed_cb (HeddleMemoryWindow *self,
                    AdwToast *toast)
{
  const gint64 *id = g_object_get_data (G_OBJECT (toast), "heddle-fact");

  if (self->memory != NULL && g_hash_table_remove (self->doomed, id))
    heddle_memory_delete_fact_async (self->memory, *id, NULL, changed_cb, g_object_ref (self));
}

static void
undo_cb (HeddleMemoryWindow *self,
         AdwToast *toast)
{
  g_hash_table_remove (self->doomed, g_object_get_data (G_OBJECT (toast), "heddle-fact"));
  load_facts (self);
}

/* It is hidden at once and deleted when the offer to take that back is gone. */
static void
delete_cb (HeddleMemoryWindow *self,
           HeddleMemoryFactRow *row)
{
  gint64 id = heddle_memory_fact_row_get_fact (row)->id;
  AdwToast *toast = adw_toast_new (_ ("Fact deleted"));

  g_hash_table_add (self->doomed, g_memdup2 (&id, sizeof id));
  adw_toast_set_button_label (toast, _ ("_Undo"));
  g_object_set_data_full (G_OBJECT (toast), "heddle-fact", g_memdup2 (&id, sizeof id), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (toast_dismissed_cb), self, G_CONNECT_SWAPPED);
  heddle_toast_show (self->toasts, toast);
  load_facts (self);
}

static void
edit_cb (HeddleMemoryWindow *self,
         HeddleMemoryFactRow *row)
{
  heddle_memory_edit_fact (GTK_WINDOW (self), self->memory, self->graph, heddle_memory_fact_row_get_fact (row));
}

static void
toggle_cb (HeddleMemoryWindow *self,
           HeddleMemoryFactRow *row)
{
  const HeddleMemoryFact *fact = heddle_memory_fact_row_get_fact (row);

  heddle_memory_set_active_async (self->memory, fact->id, !fact->is_active, NULL, changed_cb, g_object_ref (self));
}

static void
show_run_cb (HeddleMemoryWindow *self,
             const char *run)
{
  g_signal_emit (self, signals[SHOW_RUN], 0, run);
}

static void
add_row (HeddleMemoryWindow *self,
         HeddleMemoryFact *fact)
{
  GtkWidget *row = heddle_memory_fact_row_new (self->memory, fact);

  g_signal_connect_object (row, "edit", G_CALLBACK (edit_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "delete", G_CALLBACK (delete_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "toggle", G_CALLBACK (toggle_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "show-run", G_CALLBACK (show_run_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (self->facts, row);
}

/* Takes those that are about to be deleted out. */
static void
drop_doomed (HeddleMemoryWindow *self,
             GPtrArray *facts)
{
  for (guint i = facts->len; i > 0; i--)
    {
      const HeddleMemoryFact *fact = g_ptr_array_index (facts, i - 1);

      if (g_hash_table_contains (self->doomed, &fact->id))
        g_ptr_array_remove_index (facts, i - 1);
    }
}

static void
facts_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (HeddleMemoryWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) facts = heddle_memory_list_facts_finish (HEDDLE_MEMORY (object), result, &error);

  if (self->memory == NULL)
    return;
  heddle_list_box_clear (self->facts);
  /* A memory that only waits to be learnt has no facts yet. */
  if (facts == NULL && !g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND))
    tell_error (self, error);
  if (facts != NULL)
    drop_doomed (self, facts);
  heddle_memory_picture_set_facts (self->picture, facts);
  if (facts == NULL)
    return;
  g_ptr_array_set_free_func (facts, NULL);
  for (guint i = 0; i < facts->len; i++)
    add_row (self, g_ptr_array_index (facts, i));
}

static void
load_facts (HeddleMemoryWindow *self)
{
  if (self->graph == NULL || self->memory == NULL)
    return;
  heddle_memory_list_facts_async (self->memory, self->graph, gtk_editable_get_text (GTK_EDITABLE (self->search)), MAX_ROWS,
                                  renew_lookup (self), facts_cb, g_object_ref (self));
}

static void
chosen_cb (HeddleMemoryWindow *self,
           const char *name)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), name);
}

/* "12 facts about 5 things · 1 revoked · 320 tokens, $0.0012 to learn" */
static char *
describe_size (const HeddleMemoryGraphInfo *info)
{
  GString *text = g_string_new (NULL);
  gint64 n_tokens = info->input_tokens + info->output_tokens;

  g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u fact", "%u facts", info->n_facts), info->n_facts);
  if (info->n_revoked > 0)
    g_string_append_printf (text, _ (" · %u revoked"), info->n_revoked);
  if (n_tokens > 0)
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, " · %" PRId64 " token to learn them", " · %" PRId64 " tokens to learn them", n_tokens), n_tokens);
  if (info->cost > 0)
    {
      g_autofree char *cost = heddle_money_format (info->cost, info->has_unpriced, FALSE);

      g_string_append_printf (text, " · %s", cost);
    }
  return g_string_free (text, FALSE);
}

static char *
describe_problem (const HeddleMemoryGraphInfo *info)
{
  g_autofree char *waiting = NULL;

  if (info->n_waiting + info->n_failed == 0)
    return g_strdup ("");
  waiting = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u conversation is still to be learnt from.", "%u conversations are still to be learnt from.",
                                          info->n_waiting + info->n_failed),
                             info->n_waiting + info->n_failed);
  return info->error != NULL ? g_strdup_printf ("%s %s", waiting, info->error) : g_steal_pointer (&waiting);
}

static void
graph_selected_cb (HeddleMemoryWindow *self,
                   GtkListBoxRow *row)
{
  const HeddleMemoryGraphInfo *info = row != NULL ? g_object_get_data (G_OBJECT (row), "heddle-graph") : NULL;
  g_autofree char *size = NULL;
  g_autofree char *problem = NULL;

  if (info == NULL)
    return;
  g_free (self->graph);
  self->graph = g_strdup (info->name);
  size = describe_size (info);
  problem = describe_problem (info);
  gtk_label_set_label (self->size_label, size);
  gtk_label_set_label (self->problem_label, problem);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), *problem != '\0');
  load_facts (self);
}

static void
add_graph_row (HeddleMemoryWindow *self,
               HeddleMemoryGraphInfo *info)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = heddle_label_new (info->name, NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_widget_set_tooltip_text (row, info->name);
  g_object_set_data_full (G_OBJECT (row), "heddle-graph", info, (GDestroyNotify) heddle_memory_graph_info_free);
  gtk_list_box_append (self->graphs, row);
  if (g_strcmp0 (info->name, self->to_select) == 0)
    gtk_list_box_select_row (self->graphs, GTK_LIST_BOX_ROW (row));
}

static void
graphs_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (HeddleMemoryWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) graphs = heddle_memory_list_finish (HEDDLE_MEMORY (object), result, &error);

  if (self->memory == NULL)
    return;
  if (graphs == NULL)
    {
      tell_error (self, error);
      return;
    }
  heddle_list_box_clear (self->graphs);
  g_ptr_array_set_free_func (graphs, NULL);
  for (guint i = 0; i < graphs->len; i++)
    add_graph_row (self, g_ptr_array_index (graphs, i));
  g_clear_pointer (&self->to_select, g_free);
  gtk_stack_set_visible_child_name (self->stack, graphs->len > 0 ? "graphs" : "empty");
  if (gtk_list_box_get_selected_row (self->graphs) == NULL)
    gtk_list_box_select_row (self->graphs, gtk_list_box_get_row_at_index (self->graphs, 0));
}

static void
reload (HeddleMemoryWindow *self)
{
  if (self->memory == NULL)
    return;
  if (self->to_select == NULL)
    self->to_select = g_strdup (self->graph);
  heddle_memory_list_async (self->memory, NULL, graphs_cb, g_object_ref (self));
}

static void
create_cb (HeddleMemoryWindow *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->new_entry))));

  if (*name == '\0')
    return;
  gtk_popover_popdown (self->new_popover);
  gtk_editable_set_text (GTK_EDITABLE (self->new_entry), "");
  g_free (self->to_select);
  self->to_select = g_strdup (name);
  heddle_memory_create_graph_async (self->memory, name, NULL, changed_cb, g_object_ref (self));
}

static void
add_fact_cb (HeddleMemoryWindow *self)
{
  heddle_memory_edit_fact (GTK_WINDOW (self), self->memory, self->graph, NULL);
}

static void
share_cb (HeddleMemoryWindow *self)
{
  heddle_memory_edit_shares (GTK_WINDOW (self), self->memory, self->graph);
}

static void
delete_response_cb (HeddleMemoryWindow *self,
                    const char *response)
{
  if (g_strcmp0 (response, "delete") == 0 && self->memory != NULL && self->graph != NULL)
    heddle_memory_delete_graph_async (self->memory, self->graph, NULL, changed_cb, g_object_ref (self));
}

static void
delete_graph_cb (HeddleMemoryWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), NULL, NULL);

  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _ ("Forget everything in “%s”?"), self->graph);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), _ ("This cannot be undone. Export the memory first to keep a copy."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "delete", _ ("_Forget"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* An export on its way into the file that was chosen for it. */
static void
exported_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (HeddleMemoryWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) exported = heddle_memory_export_finish (HEDDLE_MEMORY (object), result, &error);
  g_autofree char *text = exported != NULL ? heddle_json_to_text (exported, HEDDLE_JSON_PRETTY) : NULL;
  GFile *file = g_object_get_data (G_OBJECT (self), "heddle-export");

  if (text == NULL || !g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, NULL, &error))
    tell_error (self, error);
}

static void
export_response_cb (GtkNativeDialog *dialog,
                    int response,
                    HeddleMemoryWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT && self->memory != NULL && self->graph != NULL)
    {
      g_object_set_data_full (G_OBJECT (self), "heddle-export", gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)), g_object_unref);
      heddle_memory_export_async (self->memory, self->graph, NULL, exported_cb, g_object_ref (self));
    }
  g_object_unref (dialog);
}

static void
import_file (HeddleMemoryWindow *self,
             GFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) exported = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_load_contents (file, NULL, &text, &length, NULL, &error))
    exported = heddle_json_parse (text, (gssize) length, &error);
  if (exported == NULL)
    {
      tell_error (self, error);
      return;
    }
  g_free (self->to_select);
  self->to_select = g_strdup (heddle_json_get_string (exported, "graph", _ ("Imported")));
  heddle_memory_import_async (self->memory, self->to_select, exported, NULL, changed_cb, g_object_ref (self));
}

static void
import_response_cb (GtkNativeDialog *dialog,
                    int response,
                    HeddleMemoryWindow *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  if (file != NULL && self->memory != NULL)
    import_file (self, file);
  g_object_unref (dialog);
}

static GtkFileChooserNative *
chooser_new (HeddleMemoryWindow *self,
             const char *title,
             GtkFileChooserAction action,
             const char *accept,
             GCallback response)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, accept, _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", response, self, 0);
  return chooser;
}

static void
export_cb (HeddleMemoryWindow *self)
{
  GtkFileChooserNative *chooser = chooser_new (self, _ ("Export Memory"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), G_CALLBACK (export_response_cb));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "memory.json");
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
import_cb (HeddleMemoryWindow *self)
{
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser_new (self, _ ("Import Memory"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"), G_CALLBACK (import_response_cb))));
}

GtkWidget *
heddle_memory_window_new (const HeddleServices *services,
                          const char *graph)
{
  HeddleMemoryWindow *self = g_object_new (HEDDLE_TYPE_MEMORY_WINDOW, NULL);

  self->memory = g_object_ref (services->memory);
  self->to_select = g_strdup (graph);
  g_signal_connect_object (self->memory, "changed", G_CALLBACK (reload), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}

/* What was deleted is, even when the window goes before its toast. */
static void
delete_doomed (HeddleMemoryWindow *self)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->doomed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    heddle_memory_delete_fact_async (self->memory, *(gint64 *) id, NULL, NULL, NULL);
  g_hash_table_remove_all (self->doomed);
}

static void
room_changed_cb (HeddleMemoryWindow *self)
{
  heddle_paned_fold (self->paned, heddle_adaptive_bin_is_folded (self->adaptive));
}

static void
heddle_memory_window_dispose (GObject *object)
{
  HeddleMemoryWindow *self = HEDDLE_MEMORY_WINDOW (object);

  if (self->memory != NULL)
    delete_doomed (self);
  g_cancellable_cancel (self->lookup);
  g_clear_object (&self->lookup);
  g_clear_object (&self->memory);
  g_clear_pointer (&self->graph, g_free);
  g_clear_pointer (&self->to_select, g_free);
  G_OBJECT_CLASS (heddle_memory_window_parent_class)->dispose (object);
}

static void
heddle_memory_window_finalize (GObject *object)
{
  g_hash_table_unref (HEDDLE_MEMORY_WINDOW (object)->doomed);
  G_OBJECT_CLASS (heddle_memory_window_parent_class)->finalize (object);
}

static void
heddle_memory_window_class_init (HeddleMemoryWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_memory_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_memory_window_finalize;
  signals[SHOW_RUN] = g_signal_new ("show-run", HEDDLE_TYPE_MEMORY_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (HEDDLE_TYPE_MEMORY_PICTURE);
  g_type_ensure (HEDDLE_TYPE_ADAPTIVE_BIN);
  g_type_ensure (HEDDLE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/library/heddle-memory-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, adaptive);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, paned);
  gtk_widget_class_bind_template_callback (widget_class, room_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, new_popover);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, new_entry);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, graphs);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, size_label);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, picture);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, search);
  gtk_widget_class_bind_template_child (widget_class, HeddleMemoryWindow, facts);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
  gtk_widget_class_bind_template_callback (widget_class, graph_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "search_changed_cb", G_CALLBACK (load_facts));
  gtk_widget_class_bind_template_callback (widget_class, add_fact_cb);
  gtk_widget_class_bind_template_callback (widget_class, share_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, import_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_graph_cb);
  gtk_widget_class_bind_template_callback (widget_class, heddle_search_stop);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
heddle_memory_window_init (HeddleMemoryWindow *self)
{
  self->doomed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  room_changed_cb (self);
}
