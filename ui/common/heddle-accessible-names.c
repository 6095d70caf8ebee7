/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-accessible-names.h"

#include <adwaita.h>

#define NAMED "heddle-accessible-name"

void
heddle_accessible_set_name (GtkWidget *button,
                            const char *name)
{
  g_return_if_fail (GTK_IS_WIDGET (button));
  g_return_if_fail (name != NULL);

  g_object_set_data (G_OBJECT (button), NAMED, GINT_TO_POINTER (TRUE));
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static gboolean
has_words (const char *text)
{
  return text != NULL && *text != '\0';
}

/* The tooltip without the key that it ends with: that is no part of what something is. */
static char *
dup_tooltip (GtkWidget *widget)
{
  const char *text = gtk_widget_get_tooltip_text (widget);
  const char *key = text != NULL && g_str_has_suffix (text, ")") ? strrchr (text, '(') : NULL;

  if (!has_words (text))
    return NULL;
  return g_strchomp (key != NULL && key > text ? g_strndup (text, key - text) : g_strdup (text));
}

/* NULL: it shows words, or nothing is known. */
static char *
dup_button_name (GtkButton *button)
{
  GtkWidget *child = gtk_button_get_child (button);

  if (has_words (gtk_button_get_label (button)) || GTK_IS_LABEL (child))
    return NULL;
  if (ADW_IS_BUTTON_CONTENT (child) && has_words (adw_button_content_get_label (ADW_BUTTON_CONTENT (child))))
    return NULL;
  return dup_tooltip (GTK_WIDGET (button));
}

static void
name_button (GtkButton *button)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (button);
  g_autofree char *name = NULL;

  /* Its label has no mnemonic any more; the property has. */
  if (has_words (gtk_button_get_label (button)) && gtk_button_get_use_underline (button))
    gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL);
  name = dup_button_name (button);
  if (name == NULL)
    return;
  gtk_accessible_reset_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Within it is the button that has the focus. */
static void
name_menu_button (GtkMenuButton *menu_button)
{
  GtkWidget *inner = gtk_widget_get_first_child (GTK_WIDGET (menu_button));
  g_autofree char *name = dup_tooltip (GTK_WIDGET (menu_button));

  if (name == NULL || has_words (gtk_menu_button_get_label (menu_button)) || !GTK_IS_BUTTON (inner))
    return;
  heddle_accessible_set_name (inner, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
name_search (GtkWidget *search)
{
  g_autofree char *text = NULL;

  g_object_get (search, "placeholder-text", &text, NULL);
  if (has_words (text))
    heddle_accessible_set_name (search, text);
}

static const char *
find_words (GtkWidget *widget)
{
  const char *words = NULL;

  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !has_words (words); child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child))
      words = find_words (child);
  return words;
}

/* By what it begins with, which is its title; a field is named by that already, and would be called by it twice. */
static void
name_row (GtkWidget *row)
{
  const char *words = ADW_IS_ACTION_ROW (row) || ADW_IS_ENTRY_ROW (row) ? NULL : find_words (row);

  if (has_words (words))
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

static void
name_expander (GtkExpander *expander)
{
  const char *label = gtk_expander_get_label (expander);

  if (has_words (label))
    heddle_accessible_set_name (GTK_WIDGET (expander), label);
}

/* What opens a list to choose from is called as the row that it is in. */
static void
name_choice (GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);
  const char *words = row != NULL ? find_words (row) : NULL;

  if (has_words (words))
    heddle_accessible_set_name (button, words);
}

static gboolean
is_named_here (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_SEARCH_ENTRY (widget) || GTK_IS_LIST_BOX_ROW (widget) || GTK_IS_EXPANDER (widget);
}

static void
name_widget (GtkWidget *widget)
{
  if (g_object_get_data (G_OBJECT (widget), NAMED) != NULL)
    return;
  if (GTK_IS_MENU_BUTTON (widget))
    name_menu_button (GTK_MENU_BUTTON (widget));
  else if (GTK_IS_SEARCH_ENTRY (widget))
    name_search (widget);
  else if (GTK_IS_LIST_BOX_ROW (widget))
    name_row (widget);
  else if (GTK_IS_EXPANDER (widget))
    name_expander (GTK_EXPANDER (widget));
  else if (GTK_IS_DROP_DOWN (gtk_widget_get_parent (widget)))
    name_choice (widget);
  else
    name_button (GTK_BUTTON (widget));
}

static gboolean
mapped_hook (GSignalInvocationHint *hint,
             guint n_values,
             const GValue *values,
             gpointer data)
{
  GtkWidget *widget = g_value_get_object (&values[0]);

  if (!is_named_here (widget))
    return TRUE;
  g_signal_handlers_disconnect_by_func (widget, name_widget, NULL);
  g_signal_connect (widget, "notify::tooltip-text", G_CALLBACK (name_widget), NULL);
  name_widget (widget);
  return TRUE;
}

static void
name_field (GtkWidget *row,
            GParamSpec *pspec,
            GtkAccessible *field)
{
  gtk_accessible_update_property (field, GTK_ACCESSIBLE_PROPERTY_LABEL, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);
}

/*
 * What has the focus in such a row is a text without a role, which assistive technology is not told of: nobody would hear
 * where they are. It is given one in time, as it cannot be changed later.
 */
static gboolean
realize_hook (GSignalInvocationHint *hint,
              guint n_values,
              const GValue *values,
              gpointer data)
{
  GtkWidget *widget = g_value_get_object (&values[0]);
  GtkWidget *row = GTK_IS_TEXT (widget) ? gtk_widget_get_ancestor (widget, ADW_TYPE_ENTRY_ROW) : NULL;

  if (row == NULL || GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (row))) != widget || g_object_get_data (G_OBJECT (widget), NAMED) != NULL)
    return TRUE;
  g_object_set_data (G_OBJECT (widget), NAMED, GINT_TO_POINTER (TRUE));
  g_object_set (widget, "accessible-role", GTK_ACCESSIBLE_ROLE_TEXT_BOX, NULL);
  g_signal_connect_object (row, "notify::title", G_CALLBACK (name_field), widget, 0);
  name_field (row, NULL, GTK_ACCESSIBLE (widget));
  return TRUE;
}

void
heddle_accessible_names_install (void)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (GTK_TYPE_WIDGET);

  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, mapped_hook, NULL, NULL);
  g_signal_add_emission_hook (g_signal_lookup ("realize", GTK_TYPE_WIDGET), 0, realize_hook, NULL, NULL);
}
