/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-store-watch.h"

#define DELAY_MS 250

struct _HeddleStoreWatch
{
  GFileMonitor *monitor; /* NULL: there is none on this system */
  HeddleStoreWatchFunc func;
  gpointer data;
  guint source;
};

static gboolean
tell_cb (gpointer data)
{
  HeddleStoreWatch *self = data;

  self->source = 0;
  self->func (self->data);
  return G_SOURCE_REMOVE;
}

static void
written_cb (GFileMonitor *monitor,
            GFile *file,
            GFile *other,
            GFileMonitorEvent event,
            gpointer data)
{
  HeddleStoreWatch *self = data;

  if (self->source == 0)
    self->source = g_timeout_add (DELAY_MS, tell_cb, self);
}

HeddleStoreWatch *
heddle_store_watch_new (HeddleStore *store,
                        HeddleStoreWatchFunc func,
                        gpointer data)
{
  HeddleStoreWatch *self = g_new0 (HeddleStoreWatch, 1);
  /* Whoever writes to the database writes to its log first. */
  g_autofree char *path = g_strconcat (heddle_store_get_path (store), "-wal", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  self->func = func;
  self->data = data;
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, &error);
  if (self->monitor == NULL)
    g_debug ("What other processes write is not heard of: %s", error->message);
  else
    g_signal_connect (self->monitor, "changed", G_CALLBACK (written_cb), self);
  return self;
}

void
heddle_store_watch_free (HeddleStoreWatch *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_free (self);
}
