/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/* What a person can say to a run that stands still before a node. */
typedef enum
{
  HEDDLE_CLI_BREAK_CONTINUE,
  HEDDLE_CLI_BREAK_STEP,
  HEDDLE_CLI_BREAK_QUIT,
} HeddleCliBreak;

/* Before which node, and what it would get, on standard error. event: a RUN_PAUSED that names a node. */
void heddle_cli_break_print (const HeddleEvent *event);
const char *heddle_cli_break_get_prompt (void);
/* A line that was typed. FALSE: it says none of them. */
gboolean heddle_cli_break_read_line (const char *line, HeddleCliBreak *answer, GError **error);

G_END_DECLS
