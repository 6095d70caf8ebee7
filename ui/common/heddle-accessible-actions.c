/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-accessible-actions.h"

#include <adwaita.h>

static void
activate_row (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  if (gtk_widget_is_sensitive (widget) && gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (widget)))
    gtk_widget_activate (widget);
}

/* Both kinds of choices have these two properties. */
static void
step_choice (GtkWidget *widget,
             int step)
{
  g_autoptr (GListModel) model = NULL;
  guint selected;

  g_object_get (widget, "model", &model, "selected", &selected, NULL);
  if (!gtk_widget_is_sensitive (widget) || model == NULL || (selected == 0 && step < 0))
    return;
  if (selected + step < g_list_model_get_n_items (model))
    g_object_set (widget, "selected", selected + step, NULL);
}

static void
choose_next (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  step_choice (widget, 1);
}

static void
choose_previous (GtkWidget *widget,
                 const char *name,
                 GVariant *parameter)
{
  step_choice (widget, -1);
}

static void
install_choice (GType type)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);

  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "choice.next", NULL, choose_next);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "choice.previous", NULL, choose_previous);
}

static void
install_row (void)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (GTK_TYPE_LIST_BOX_ROW);

  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "row.activate", NULL, activate_row);
}

static void
install_field (GType type)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);

  gtk_widget_class_set_activate_signal_from_name (GTK_WIDGET_CLASS (klass), "activate");
}

void
heddle_accessible_actions_install (void)
{
  install_row ();
  install_choice (GTK_TYPE_DROP_DOWN);
  install_choice (ADW_TYPE_COMBO_ROW);
  install_field (GTK_TYPE_ENTRY);
  install_field (GTK_TYPE_SEARCH_ENTRY);
}
