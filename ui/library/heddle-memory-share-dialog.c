/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-memory-dialogs.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

/* Owned by its dialog. */
typedef struct
{
  HeddleMemory *memory;
  char *graph;
  GtkListBox *shares;
  GtkEditable *borrower;
  AdwComboRow *access;
} Sharing;

static void
sharing_free (gpointer data)
{
  Sharing *sharing = data;

  g_object_unref (sharing->memory);
  g_free (sharing->graph);
  g_free (sharing);
}

static Sharing *
get_sharing (GtkWidget *dialog)
{
  return g_object_get_data (G_OBJECT (dialog), "heddle-sharing");
}

static void reload (GtkWidget *dialog);

static void
changed_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GtkWidget) dialog = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_memory_change_finish (HEDDLE_MEMORY (object), result, &error))
    adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), error->message);
  reload (dialog);
}

static void
set_share (GtkWidget *dialog,
           const char *borrower,
           HeddleMemoryAccess access)
{
  Sharing *sharing = get_sharing (dialog);

  heddle_memory_set_share_async (sharing->memory, sharing->graph, borrower, access, NULL, changed_cb, g_object_ref (dialog));
}

static void
remove_cb (GtkWidget *dialog,
           GtkButton *button)
{
  set_share (dialog, g_object_get_data (G_OBJECT (button), "heddle-borrower"), HEDDLE_MEMORY_NOT_SHARED);
}

static void
add_share (GtkWidget *dialog,
           const HeddleMemoryShare *share)
{
  GtkWidget *row = heddle_plain_row_new (share->borrower, share->writes ? _ ("Reads it, and learns into it") : _ ("Reads it"));
  GtkWidget *button = heddle_flat_button_new ("user-trash-symbolic", _ ("No longer share with this node"));

  g_object_set_data_full (G_OBJECT (button), "heddle-borrower", g_strdup (share->borrower), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), dialog, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_append (get_sharing (dialog)->shares, row);
}

static void
shares_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GtkWidget) dialog = user_data;
  g_autoptr (GPtrArray) shares = heddle_memory_list_shares_finish (HEDDLE_MEMORY (object), result, NULL);

  heddle_list_box_clear (get_sharing (dialog)->shares);
  for (guint i = 0; shares != NULL && i < shares->len; i++)
    add_share (dialog, g_ptr_array_index (shares, i));
}

static void
reload (GtkWidget *dialog)
{
  Sharing *sharing = get_sharing (dialog);

  heddle_memory_list_shares_async (sharing->memory, sharing->graph, NULL, shares_cb, g_object_ref (dialog));
}

static void
add_cb (GtkWidget *dialog)
{
  Sharing *sharing = get_sharing (dialog);
  g_autofree char *borrower = g_strstrip (g_strdup (gtk_editable_get_text (sharing->borrower)));

  if (*borrower == '\0')
    return;
  gtk_editable_set_text (sharing->borrower, "");
  set_share (dialog, borrower, adw_combo_row_get_selected (sharing->access) == 1 ? HEDDLE_MEMORY_WRITES : HEDDLE_MEMORY_READS);
}

static GtkListBox *
list_new (GtkBox *box)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_box_append (box, list);
  return GTK_LIST_BOX (list);
}

static void
fill_form (GtkWidget *dialog,
           Sharing *sharing,
           GtkBox *box)
{
  GtkListBox *form = list_new (box);
  g_autoptr (GtkStringList) accesses = gtk_string_list_new ((const char *const[]){ _ ("Reads it"), _ ("Reads it, and learns into it"), NULL });

  sharing->borrower = GTK_EDITABLE (adw_entry_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (sharing->borrower), _ ("Node, as WORKFLOW/NODE"));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (sharing->borrower), TRUE);
  g_signal_connect_object (sharing->borrower, "apply", G_CALLBACK (add_cb), dialog, G_CONNECT_SWAPPED);
  gtk_list_box_append (form, GTK_WIDGET (sharing->borrower));
  sharing->access = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (sharing->access), _ ("What it may do"));
  adw_combo_row_set_model (sharing->access, G_LIST_MODEL (accesses));
  gtk_list_box_append (form, GTK_WIDGET (sharing->access));
}

static GtkWidget *
placeholder_new (void)
{
  GtkWidget *label = heddle_label_new (_ ("Not shared with any node"), "dim-label");

  gtk_widget_set_margin_top (label, 12);
  gtk_widget_set_margin_bottom (label, 12);
  gtk_widget_set_margin_start (label, 12);
  return label;
}

void
heddle_memory_edit_shares (GtkWindow *parent,
                           HeddleMemory *memory,
                           const char *graph)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, _ ("Share This Memory"),
                                              _ ("Other nodes can read what is remembered here, or learn into it instead of into a memory of their own."));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  Sharing *sharing = g_new0 (Sharing, 1);

  sharing->memory = g_object_ref (memory);
  sharing->graph = g_strdup (graph);
  g_object_set_data_full (G_OBJECT (dialog), "heddle-sharing", sharing, sharing_free);
  sharing->shares = list_new (GTK_BOX (box));
  gtk_list_box_set_placeholder (sharing->shares, placeholder_new ());
  fill_form (dialog, sharing, GTK_BOX (box));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_set_default_size (GTK_WINDOW (dialog), 460, -1);
  reload (dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}
