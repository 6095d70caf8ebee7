/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "palette/heddle-template-dialog.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _HeddleTemplateDialog
{
  AdwMessageDialog parent_instance;

  HeddleTemplateList *list;
  HeddleTemplateInfo *info;
  GtkEditable *name;
  GtkEditable *description; /* NULL: only the name is asked for */
  GtkLabel *taken;
};

G_DEFINE_FINAL_TYPE (HeddleTemplateDialog, heddle_template_dialog, ADW_TYPE_MESSAGE_DIALOG)

static char *
dup_text (GtkEditable *editable)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (editable)));
}

HeddleTemplateInfo *
heddle_template_dialog_dup_info (HeddleTemplateDialog *self)
{
  HeddleTemplateInfo *info;

  g_return_val_if_fail (HEDDLE_IS_TEMPLATE_DIALOG (self), NULL);

  info = heddle_template_info_copy (self->info);
  g_free (info->name);
  info->name = dup_text (self->name);
  if (self->description != NULL)
    {
      g_free (info->description);
      info->description = dup_text (self->description);
    }
  return info;
}

gboolean
heddle_template_dialog_get_replaces (HeddleTemplateDialog *self)
{
  g_autofree char *name = NULL;
  const HeddleTemplateInfo *other;

  g_return_val_if_fail (HEDDLE_IS_TEMPLATE_DIALOG (self), FALSE);

  name = dup_text (self->name);
  other = heddle_template_list_find_name (self->list, name);
  return other != NULL && strcmp (other->id, self->info->id) != 0;
}

static void
name_changed_cb (HeddleTemplateDialog *self)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self);
  g_autofree char *name = dup_text (self->name);
  gboolean replaces = heddle_template_dialog_get_replaces (self);

  gtk_widget_set_visible (GTK_WIDGET (self->taken), replaces);
  adw_message_dialog_set_response_enabled (dialog, "save", *name != '\0' && (!replaces || self->description != NULL));
  if (self->description == NULL)
    return;
  adw_message_dialog_set_response_label (dialog, "save", replaces ? _ ("_Replace") : _ ("_Save"));
  adw_message_dialog_set_response_appearance (dialog, "save", replaces ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
}

static GtkEditable *
add_entry (GtkListBox *list,
           const char *title,
           const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  gtk_list_box_append (list, row);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  return GTK_EDITABLE (row);
}

static GtkLabel *
add_note (GtkBox *box,
          const char *text)
{
  GtkWidget *label = heddle_label_new (text, "warning");

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 48);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

/* Before anything is written, whoever saves it hears of what looks like a key. */
static void
add_suspects (GtkBox *box,
              GPtrArray *suspects)
{
  g_autoptr (GString) text = g_string_new (_ ("The template would keep what looks like a secret:"));

  if (suspects->len == 0)
    return;
  for (guint i = 0; i < suspects->len; i++)
    {
      const HeddleProblem *problem = suspects->pdata[i];

      g_string_append_printf (text, "\n• %s: %s", problem->node != NULL ? problem->node : "", problem->message);
    }
  add_note (box, text->str);
}

static void
fill (HeddleTemplateDialog *self,
      GPtrArray *suspects)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_box_append (GTK_BOX (box), list);
  self->name = add_entry (GTK_LIST_BOX (list), _ ("Name"), self->info->name);
  if (suspects != NULL)
    self->description = add_entry (GTK_LIST_BOX (list), _ ("Description (optional)"), self->info->description);
  self->taken = add_note (GTK_BOX (box), suspects != NULL ? _ ("There is a template of this name. Saving replaces it.")
                                                          : _ ("Another template has this name. Choose a different one."));
  if (suspects != NULL)
    add_suspects (GTK_BOX (box), suspects);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (self), box);
}

GtkWidget *
heddle_template_dialog_new (GtkWindow *parent,
                            HeddleTemplateList *list,
                            const HeddleTemplateInfo *info,
                            GPtrArray *suspects)
{
  HeddleTemplateDialog *self;
  AdwMessageDialog *dialog;

  g_return_val_if_fail (HEDDLE_IS_TEMPLATE_LIST (list), NULL);
  g_return_val_if_fail (info != NULL, NULL);

  self = g_object_new (HEDDLE_TYPE_TEMPLATE_DIALOG, "transient-for", parent, "modal", TRUE, "default-width", 420, NULL);
  dialog = ADW_MESSAGE_DIALOG (self);
  self->list = g_object_ref (list);
  self->info = heddle_template_info_copy (info);
  adw_message_dialog_set_heading (dialog, suspects != NULL ? _ ("Save as Template") : _ ("Rename Template"));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "save", suspects != NULL ? _ ("_Save") : _ ("_Rename"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "save");
  fill (self, suspects);
  g_signal_connect_object (self->name, "changed", G_CALLBACK (name_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "changed", G_CALLBACK (name_changed_cb), self, G_CONNECT_SWAPPED);
  name_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
  return GTK_WIDGET (self);
}

static void
heddle_template_dialog_finalize (GObject *object)
{
  HeddleTemplateDialog *self = HEDDLE_TEMPLATE_DIALOG (object);

  g_clear_object (&self->list);
  heddle_template_info_free (self->info);
  G_OBJECT_CLASS (heddle_template_dialog_parent_class)->finalize (object);
}

static void
heddle_template_dialog_class_init (HeddleTemplateDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_template_dialog_finalize;
}

static void
heddle_template_dialog_init (HeddleTemplateDialog *self)
{
}
