/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One variable of a process or one header of a request, with its value, which may have come from the keyring. */
typedef struct
{
  char *name;
  char *value;
  gboolean is_secret; /* masked wherever the server repeats it */
} HeddleMcpSetting;

/* Lists of them own their elements. */
GPtrArray *heddle_mcp_settings_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_mcp_settings_add (GPtrArray *self, const char *name, const char *value, gboolean is_secret);
GPtrArray *heddle_mcp_settings_copy (GPtrArray *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
