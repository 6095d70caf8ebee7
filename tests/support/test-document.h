/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-document.h"

G_BEGIN_DECLS

/* What the tests of documents share. */

/* start → check (if-else), check.true → yes (template), check.false → no, both → finish; five steps of undo. */
HeddleDocument *heddle_test_new_branching (void) G_GNUC_WARN_UNUSED_RESULT;
char *heddle_test_save (HeddleDocument *document) G_GNUC_WARN_UNUSED_RESULT;
void heddle_test_set_text (HeddleDocument *document, const char *id, const char *param, const char *text);

G_END_DECLS
