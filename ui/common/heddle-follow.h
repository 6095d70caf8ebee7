/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * Goes over from the document that *document refers to to another, or with NULL to none: changed (owner) is called for
 * its changes, until then or until the owner, a GObject, goes. FALSE: it is the same one.
 */
gboolean heddle_follow_document (gpointer owner, HeddleDocument **document, HeddleDocument *next, GCallback changed);

G_END_DECLS
