/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * Tells when any process has written to the store, a moment after it began to, so that what is shown of it can be read anew. A run
 * that is under way writes all the time; the moments are at least a quarter of a second apart. UI thread.
 */
typedef struct _HeddleStoreWatch HeddleStoreWatch;
typedef void (*HeddleStoreWatchFunc) (gpointer data);

HeddleStoreWatch *heddle_store_watch_new (HeddleStore *store, HeddleStoreWatchFunc func, gpointer data) G_GNUC_WARN_UNUSED_RESULT;
/* func is not called any more. */
void heddle_store_watch_free (HeddleStoreWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleStoreWatch, heddle_store_watch_free)

G_END_DECLS
