/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-event.h"

G_BEGIN_DECLS

/* A run being written: each call appends one event, one millisecond later than the one before. */
typedef struct
{
  GPtrArray *events; /* of HeddleEvent*; the test unrefs it */
  guint64 seq;
} TestScript;

TestScript test_script_new (void);
/* The event is the script's; a test may change it before it is used. */
HeddleEvent *test_script_add (TestScript *script, HeddleEventKind kind, const char *node, const char *json);
HeddleEvent *test_script_add_text (TestScript *script, HeddleEventKind kind, const char *node, const char *text);
void test_script_add_span (TestScript *script, HeddleEventKind kind, const char *node, guint64 span, guint64 parent, const char *name, const char *json);

G_END_DECLS
