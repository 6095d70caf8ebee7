/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-scheduler-private.h"

#include "heddle-error.h"
#include "run/heddle-node-run-private.h"
#include "run/heddle-run-private.h"

#include <glib/gi18n-lib.h>

/* Runs that go no further for now: while nothing can be stored, and because the program ends. */

static void interrupt (HeddleScheduler *self, const GError *reason); /* recursive, as deep as workflows call each other */

/* What it called goes on with it. */
static void
interrupt_called (HeddleScheduler *self, const GError *reason)
{
  g_autoptr (GPtrArray) schedulers = g_ptr_array_copy (self->core->schedulers, (GCopyFunc) heddle_scheduler_ref, NULL);

  g_ptr_array_set_free_func (schedulers, (GDestroyNotify) heddle_scheduler_unref);
  for (guint i = 0; i < schedulers->len; i++)
    {
      HeddleScheduler *called = g_ptr_array_index (schedulers, i);
      HeddleNodeRun *caller = heddle_run_get_caller (called->run);

      if (!called->ended && caller != NULL && caller->scheduler == self)
        interrupt (called, reason);
    }
}

static void
interrupt (HeddleScheduler *self, const GError *reason)
{
  g_autoptr (HeddleScheduler) alive = heddle_scheduler_ref (self);

  interrupt_called (self, reason);
  self->ended = TRUE;
  self->interrupted = TRUE;
  heddle_scope_run_stop (self->root, reason->message);
  heddle_scheduler_finish (self, HEDDLE_RUN_INTERRUPTED, NULL, reason, NULL, NULL);
}

void
heddle_scheduler_interrupt_for (HeddleScheduler *self, const GError *reason)
{
  g_autoptr (HeddleScheduler) alive = heddle_scheduler_ref (self);
  HeddleNodeRun *caller = heddle_run_get_caller (self->run);

  if (caller != NULL && caller->scheduler != NULL)
    heddle_scheduler_interrupt_for (caller->scheduler, reason);
  else if (caller == NULL && heddle_scheduler_is_stored (self))
    interrupt (self, reason);
  else
    heddle_scheduler_cancel (self);
}

HeddleRun *
heddle_scheduler_get_run (HeddleScheduler *self)
{
  return self->run;
}

void
heddle_scheduler_interrupt (HeddleScheduler *self)
{
  g_autoptr (GError) error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("The program was closed. The run can go on from here."));

  heddle_scheduler_interrupt_for (self, error);
}

static void
emit_paused (HeddleScheduler *self, const GError *reason)
{
  HeddleEvent *event = heddle_event_new (reason != NULL ? HEDDLE_EVENT_RUN_PAUSED : HEDDLE_EVENT_RUN_UNPAUSED, NULL);

  event->text = reason != NULL ? g_strdup (reason->message) : NULL;
  heddle_scheduler_emit (self, event);
}

void
heddle_scheduler_set_paused (HeddleScheduler *self, const GError *reason)
{
  if (self->ended || !heddle_scheduler_is_stored (self) || (reason == NULL && !self->paused))
    return;
  self->paused = reason != NULL;
  emit_paused (self, reason);
  if (!self->paused)
    heddle_scheduler_tell_break (self);
  heddle_scheduler_schedule_pump (self);
}
