/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-wait.h"

void
heddle_cli_wait_init (HeddleCliWait *wait)
{
  wait->loop = g_main_loop_new (NULL, FALSE);
  wait->result = NULL;
}

void
heddle_cli_wait_cb (GObject *object,
                    GAsyncResult *result,
                    gpointer data)
{
  HeddleCliWait *wait = data;

  wait->result = g_object_ref (result);
  g_main_loop_quit (wait->loop);
}

GAsyncResult *
heddle_cli_wait_for (HeddleCliWait *wait)
{
  if (wait->result == NULL)
    g_main_loop_run (wait->loop);
  return wait->result;
}

void
heddle_cli_wait_clear (HeddleCliWait *wait)
{
  g_clear_object (&wait->result);
  g_clear_pointer (&wait->loop, g_main_loop_unref);
}
