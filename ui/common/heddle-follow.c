/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-follow.h"

gboolean
heddle_follow_document (gpointer owner,
                        HeddleDocument **document,
                        HeddleDocument *next,
                        GCallback changed)
{
  if (*document == next)
    return FALSE;
  if (*document != NULL)
    g_signal_handlers_disconnect_by_data (*document, owner);
  g_set_object (document, next);
  if (next != NULL)
    g_signal_connect_object (next, "changed", changed, owner, G_CONNECT_SWAPPED);
  return TRUE;
}
