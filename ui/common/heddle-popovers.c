/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-popovers.h"

static gboolean
unrealize_idle (gpointer popover)
{
  if (!gtk_widget_get_visible (popover))
    gtk_widget_unrealize (popover);
  return G_SOURCE_REMOVE;
}

/* Before the next frame or event, but not while GTK still speaks with the surface. */
static gboolean
closed_hook (GSignalInvocationHint *hint,
             guint n_values,
             const GValue *values,
             gpointer data)
{
  g_idle_add_full (G_PRIORITY_HIGH, unrealize_idle, g_value_dup_object (&values[0]), g_object_unref);
  return TRUE;
}

void
heddle_popovers_install (void)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (GTK_TYPE_POPOVER);

  g_signal_add_emission_hook (g_signal_lookup ("closed", G_TYPE_FROM_CLASS (klass)), 0, closed_hook, NULL, NULL);
}
