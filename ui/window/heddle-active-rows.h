/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The rows of the popover for active workflows. Floating. */

/* A text and a button that copies it; shown NULL: the text itself. */
GtkWidget *heddle_active_row_new (const char *title, const char *shown, const char *text);
/* A line of the log; the run is in its data as "heddle-run" when there is one. */
GtkWidget *heddle_active_request_row_new (const HeddleServerRequest *request);
/* The URL that a Webhook of the workflow listens at. slug: of the workflow. */
GtkWidget *heddle_active_webhook_row_new (const HeddleNode *node, const char *url, const char *slug);
/* When a Schedule fires next: five times. */
GtkWidget *heddle_active_schedule_row_new (const HeddleNode *node);
/* What a terminal takes to call the workflow. token: as it is to be shown. */
char *heddle_active_make_curl (HeddleGraph *graph, const char *url, const char *token) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
