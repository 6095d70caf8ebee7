/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Tells in one context that a cancellable was cancelled, in whatever thread. It stands in place of g_cancellable_source_new (), which
 * leaks a source that goes away while the thread that cancels has not come back yet. A cancellable of NULL is never cancelled.
 */
typedef struct _HeddleCancelWatch HeddleCancelWatch;

/* Calls func (data) once, before what is usual there and never before this returns. context NULL: the thread's default. */
HeddleCancelWatch *heddle_cancel_watch_new (GCancellable *cancellable, GMainContext *context, void (*func) (gpointer data), gpointer data) G_GNUC_WARN_UNUSED_RESULT;
/* func is not called any more. Also from within func; from another thread only while func cannot be under way. */
void heddle_cancel_watch_free (HeddleCancelWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCancelWatch, heddle_cancel_watch_free)

G_END_DECLS
