/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox/heddle-sandbox.h"

G_BEGIN_DECLS

/* Where a program inside finds its way out. */
#define HEDDLE_SANDBOX_RESULT_FD 3
#define HEDDLE_SANDBOX_FILTER_FD 4

/* The whole command line for bubblewrap. NULL with a hint when something is not installed. */
char **heddle_sandbox_create_command (HeddleSandboxLanguage language, guint memory_mb, guint timeout_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A file with the filter of system calls, for HEDDLE_SANDBOX_FILTER_FD; -1 with error. The caller closes it. */
int heddle_sandbox_open_filter (GError **error);

G_END_DECLS
