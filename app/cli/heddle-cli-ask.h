/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/heddle-cli-trace.h"

G_BEGIN_DECLS

/* Puts the questions of a run to the person at the terminal, one after another. */
typedef struct _HeddleCliAsk HeddleCliAsk;

/* view: borrowed; kept still while a question stands below it. */
HeddleCliAsk *heddle_cli_ask_new (HeddleEngine *engine, HeddleRun *run, HeddleCliTrace *view) G_GNUC_WARN_UNUSED_RESULT;
void heddle_cli_ask_free (HeddleCliAsk *self);
/* Asks the first open question, or how a run goes on that stands still before a node; call it with the events that came. */
void heddle_cli_ask_update (HeddleCliAsk *self, GPtrArray *events);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCliAsk, heddle_cli_ask_free)

G_END_DECLS
