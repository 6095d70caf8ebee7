/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-scheduler-private.h"

#include "run/heddle-run-values.h"
#include "store/heddle-store-variables.h"

/* A run that waits for the variables that outlive it. */
typedef struct
{
  HeddleScheduler *scheduler;
  char *start;
} Beginning;

static void
beginning_free (Beginning *beginning)
{
  heddle_scheduler_unref (beginning->scheduler);
  g_free (beginning->start);
  g_free (beginning);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Beginning, beginning_free)

static void
variables_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Beginning) beginning = user_data;
  HeddleScheduler *self = beginning->scheduler;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) variables = heddle_store_list_variables_finish (HEDDLE_STORE (source), result, &error);

  if (self->ended)
    return;
  if (variables == NULL)
    {
      heddle_scheduler_finish (self, HEDDLE_RUN_FAILED, NULL, error, NULL, NULL);
      return;
    }
  for (guint i = 0; i < variables->len; i++)
    {
      const HeddleVariableInfo *info = g_ptr_array_index (variables, i);

      heddle_run_values_set_variable (self->root->values, TRUE, info->name, info->value);
    }
  heddle_scheduler_begin (self, beginning->start);
}

/* Expressions are evaluated at once, so what they may ask for is there before the first node. */
void
heddle_scheduler_begin_with_variables (HeddleScheduler *self, const char *start)
{
  Beginning *beginning = g_new (Beginning, 1);

  beginning->scheduler = heddle_scheduler_ref (self);
  beginning->start = g_strdup (start);
  heddle_store_list_variables_async (self->core->services.store, NULL, variables_listed_cb, beginning);
}
