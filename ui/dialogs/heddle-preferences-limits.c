/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-preferences-private.h"

#include <glib/gi18n-lib.h>

#define HEDDLE_TYPE_PREFERENCES_LIMITS (heddle_preferences_limits_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePreferencesLimits, heddle_preferences_limits, HEDDLE, PREFERENCES_LIMITS, AdwPreferencesPage)

struct _HeddlePreferencesLimits
{
  AdwPreferencesPage parent_instance;

  GtkSpinButton *per_credential;
  GtkSpinButton *per_host;
  GtkSpinButton *cache_limit;
  AdwActionRow *cache_row;
  GtkWidget *clear;

  HeddleStore *store;
  HeddleLimits *limits;
  gboolean is_loading; /* what the rows say is no change */
};

G_DEFINE_FINAL_TYPE (HeddlePreferencesLimits, heddle_preferences_limits, ADW_TYPE_PREFERENCES_PAGE)

static void
measured_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (HeddlePreferencesLimits) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;
  HeddleCacheInfo info;

  if (!heddle_store_measure_cache_finish (HEDDLE_STORE (source), result, &info, &error))
    {
      adw_action_row_set_subtitle (self->cache_row, error->message);
      return;
    }
  size = g_format_size_full ((guint64) info.bytes, G_FORMAT_SIZE_IEC_UNITS);
  text = info.n_results == 0 ? g_strdup (_ ("Nothing")) : g_strdup_printf (ngettext ("%u result, %s", "%u results, %s", info.n_results), info.n_results, size);
  adw_action_row_set_subtitle (self->cache_row, text);
  gtk_widget_set_sensitive (self->clear, info.n_results > 0);
  self->is_loading = TRUE;
  gtk_spin_button_set_value (self->cache_limit, (double) (info.limit / (1024 * 1024)));
  self->is_loading = FALSE;
}

static void
measure (HeddlePreferencesLimits *self)
{
  heddle_store_measure_cache_async (self->store, NULL, measured_cb, g_object_ref (self));
}

static void
cleared_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (HeddlePreferencesLimits) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_store_clear_cache_finish (HEDDLE_STORE (source), result, &error))
    heddle_preferences_tell (self, error->message);
  measure (self);
}

static void
clear_cb (HeddlePreferencesLimits *self)
{
  heddle_store_clear_cache_async (self->store, NULL, cleared_cb, g_object_ref (self));
}

static void
cache_limit_cb (HeddlePreferencesLimits *self)
{
  g_autoptr (JsonNode) limit = heddle_json_int (gtk_spin_button_get_value_as_int (self->cache_limit));
  g_autoptr (GError) error = NULL;

  if (!self->is_loading && !heddle_store_set_setting (self->store, HEDDLE_CACHE_LIMIT_SETTING, limit, &error))
    heddle_preferences_tell (self, error->message);
}

static void
parallel_cb (HeddlePreferencesLimits *self)
{
  guint per_credential = (guint) gtk_spin_button_get_value_as_int (self->per_credential);
  guint per_host = (guint) gtk_spin_button_get_value_as_int (self->per_host);
  g_autoptr (GError) error = NULL;

  if (!self->is_loading && !heddle_limits_set_parallel (self->limits, per_credential, per_host, &error))
    heddle_preferences_tell (self, error->message);
}

static void
heddle_preferences_limits_map (GtkWidget *widget)
{
  HeddlePreferencesLimits *self = HEDDLE_PREFERENCES_LIMITS (widget);
  guint per_credential, per_host;

  heddle_limits_get_parallel (self->limits, &per_credential, &per_host);
  self->is_loading = TRUE;
  gtk_spin_button_set_value (self->per_credential, per_credential);
  gtk_spin_button_set_value (self->per_host, per_host);
  self->is_loading = FALSE;
  measure (self);
  GTK_WIDGET_CLASS (heddle_preferences_limits_parent_class)->map (widget);
}

static void
heddle_preferences_limits_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), HEDDLE_TYPE_PREFERENCES_LIMITS);
  G_OBJECT_CLASS (heddle_preferences_limits_parent_class)->dispose (object);
}

static void
heddle_preferences_limits_finalize (GObject *object)
{
  HeddlePreferencesLimits *self = HEDDLE_PREFERENCES_LIMITS (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->limits, heddle_limits_unref);
  G_OBJECT_CLASS (heddle_preferences_limits_parent_class)->finalize (object);
}

static void
heddle_preferences_limits_class_init (HeddlePreferencesLimitsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_preferences_limits_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_preferences_limits_finalize;
  widget_class->map = heddle_preferences_limits_map;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/dialogs/heddle-preferences-limits.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesLimits, per_credential);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesLimits, per_host);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesLimits, cache_limit);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesLimits, cache_row);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesLimits, clear);
  gtk_widget_class_bind_template_callback (widget_class, parallel_cb);
  gtk_widget_class_bind_template_callback (widget_class, cache_limit_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
}

static void
heddle_preferences_limits_init (HeddlePreferencesLimits *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
heddle_preferences_limits_new (const HeddleServices *services)
{
  HeddlePreferencesLimits *self = g_object_new (HEDDLE_TYPE_PREFERENCES_LIMITS, NULL);

  self->store = g_object_ref (services->store);
  self->limits = heddle_limits_ref (heddle_models_get_limits_table (services->models));
  return GTK_WIDGET (self);
}
