/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Calls of services are asynchronous; a command waits for one after the other. */
typedef struct
{
  GMainLoop *loop;
  GAsyncResult *result;
} HeddleCliWait;

void heddle_cli_wait_init (HeddleCliWait *wait);
/* The callback to give to the call, with the wait as its data. */
void heddle_cli_wait_cb (GObject *object, GAsyncResult *result, gpointer wait);
/* Iterates the default context until the call is done; borrowed. */
GAsyncResult *heddle_cli_wait_for (HeddleCliWait *wait);
void heddle_cli_wait_clear (HeddleCliWait *wait);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeddleCliWait, heddle_cli_wait_clear)

G_END_DECLS
