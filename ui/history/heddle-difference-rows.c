/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/heddle-difference-rows.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

/* Rows that are made; people look at pictures for more. */
#define MAX_ROWS 300
/* Characters of a value that are shown. */
#define MAX_TEXT 2000

static GtkWidget *
sign_new (HeddleDifferenceKind kind)
{
  static const struct
  {
    const char *icon;
    const char *css_class;
  } signs[] = {
    [HEDDLE_DIFFERENCE_ADDED] = { "list-add-symbolic", "success" },
    [HEDDLE_DIFFERENCE_REMOVED] = { "list-remove-symbolic", "error" },
    [HEDDLE_DIFFERENCE_CHANGED] = { "document-edit-symbolic", "warning" },
    [HEDDLE_DIFFERENCE_MOVED] = { "object-flip-horizontal-symbolic", "dim-label" },
  };
  GtkWidget *image = gtk_image_new_from_icon_name (signs[kind].icon);

  gtk_widget_add_css_class (image, signs[kind].css_class);
  return image;
}

static char *
dup_clipped (const char *text)
{
  g_autofree char *start = NULL;

  if (g_utf8_strlen (text, -1) <= MAX_TEXT)
    return g_strdup (text);
  start = g_utf8_substring (text, 0, MAX_TEXT);
  return g_strconcat (start, "…", NULL);
}

static GtkWidget *
value_new (const char *caption,
           const char *text)
{
  g_autofree char *clipped = text != NULL ? dup_clipped (text) : NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = heddle_label_new (caption, "caption");
  GtkWidget *label = heddle_label_new (clipped != NULL ? clipped : _ ("Not set"), clipped != NULL ? "monospace" : "dim-label");

  gtk_widget_add_css_class (title, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static GtkWidget *
detail_row_new (const HeddleDifferenceDetail *detail)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *values = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  gtk_box_set_homogeneous (GTK_BOX (values), TRUE);
  gtk_box_append (GTK_BOX (values), value_new (_ ("Before"), detail->before));
  gtk_box_append (GTK_BOX (values), value_new (_ ("After"), detail->after));
  gtk_box_append (GTK_BOX (box), heddle_label_new (detail->label, "heading"));
  gtk_box_append (GTK_BOX (box), values);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 9);
  gtk_widget_set_margin_bottom (box, 9);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static char *
dup_detail_names (GPtrArray *details)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < details->len; i++)
    g_ptr_array_add (names, ((HeddleDifferenceDetail *) g_ptr_array_index (details, i))->label);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **) names->pdata);
}

static GtkWidget *
changed_row_new (const HeddleDifference *difference,
                 const char *text)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *names = dup_detail_names (difference->details);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), names);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), sign_new (difference->kind));
  for (guint i = 0; i < difference->details->len; i++)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (row), detail_row_new (g_ptr_array_index (difference->details, i)));
  return row;
}

static GtkWidget *
row_new (const HeddleDifference *difference)
{
  g_autofree char *text = heddle_difference_to_text (difference);
  GtkWidget *row;

  if (difference->details->len > 0)
    return changed_row_new (difference, text);
  row = heddle_plain_row_new (text, NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), sign_new (difference->kind));
  return row;
}

void
heddle_difference_rows_fill (GtkListBox *list,
                             GPtrArray *differences)
{
  heddle_list_box_clear (list);
  for (guint i = 0; i < MIN (differences->len, MAX_ROWS); i++)
    gtk_list_box_append (list, row_new (g_ptr_array_index (differences, i)));
  if (differences->len > MAX_ROWS)
    {
      guint n_more = differences->len - MAX_ROWS;
      g_autofree char *text = g_strdup_printf (ngettext ("And %u more", "And %u more", n_more), n_more);

      gtk_list_box_append (list, heddle_plain_row_new (text, NULL));
    }
  gtk_widget_set_visible (GTK_WIDGET (list), differences->len > 0);
}
