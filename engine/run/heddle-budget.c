/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-budget.h"

#include "heddle-error.h"
#include "run/heddle-usage-sum.h"
#include "value/heddle-json.h"
#include "value/heddle-money.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Eleven days; what is more is as good as no limit. */
#define MAX_SECONDS 1000000

struct _HeddleBudget
{
  gint64 cost; /* limits; -1: none */
  gint64 tokens;
  gint64 seconds;
  gint64 steps;
  gboolean steps_are_default;
  gint64 seconds_before; /* that were used before the run went on */

  HeddleUsageSum ended; /* of spans that are closed */
  GHashTable *open;     /* span → HeddleUsageSum*, its latest */
  gint64 n_steps;
  GError *error;
  gboolean by_usage; /* and not by time or steps */

  GMainContext *context; /* while started */
  void (*exceeded) (gpointer data);
  gpointer data;
  GSource *timer;
  GSource *call;
};

/* -1: no limit. */
static gint64
choose_limit (JsonNode *limits, JsonNode *overrides, const char *member, gint64 fallback)
{
  JsonNode *value = heddle_json_member (overrides, member);

  if (value == NULL)
    value = heddle_json_member (limits, member);
  if (value == NULL)
    return fallback;
  if (!heddle_json_is_number (value))
    return -1;
  return json_node_get_double (value) >= 9e18 ? -1 : MAX ((gint64) json_node_get_double (value), -1);
}

static gint64
choose_cost (JsonNode *limits, JsonNode *overrides)
{
  double cost = heddle_json_get_double (limits, "cost", -1);

  return heddle_money_from_usd (heddle_json_get_double (overrides, "cost", cost));
}

HeddleBudget *
heddle_budget_new (JsonNode *limits, JsonNode *overrides, guint n_steps)
{
  HeddleBudget *self = g_new0 (HeddleBudget, 1);

  self->cost = choose_cost (limits, overrides);
  self->tokens = choose_limit (limits, overrides, "tokens", -1);
  self->seconds = choose_limit (limits, overrides, "seconds", -1);
  self->steps = choose_limit (limits, overrides, "steps", -1);
  self->steps_are_default = self->steps < 0;
  if (self->steps_are_default)
    self->steps = MAX (HEDDLE_BUDGET_STEPS, 2 * (gint64) n_steps);
  self->open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  heddle_usage_sum_init (&self->ended);
  return self;
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
heddle_budget_stop (HeddleBudget *self)
{
  clear_source (&self->timer);
  clear_source (&self->call);
  g_clear_pointer (&self->context, g_main_context_unref);
}

void
heddle_budget_free (HeddleBudget *self)
{
  heddle_budget_stop (self);
  g_hash_table_unref (self->open);
  g_clear_error (&self->error);
  g_free (self);
}

static HeddleUsageSum
sum_up (HeddleBudget *self)
{
  HeddleUsageSum sum = self->ended;
  GHashTableIter iter;
  gpointer open;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, NULL, &open))
    sum = heddle_usage_sum_join (&sum, open);
  return sum;
}

/* NULL: what was used is within the limits. */
static char *
describe_excess (HeddleBudget *self)
{
  HeddleUsageSum sum = sum_up (self);

  if (self->cost >= 0 && sum.cost > self->cost)
    {
      g_autofree char *limit = heddle_money_format (self->cost, FALSE, FALSE);
      g_autofree char *used = heddle_money_format (sum.cost, sum.cost_partly_unknown, sum.estimated);

      return g_strdup_printf (_ ("The run was stopped: its budget of %s is used up. It has cost %s so far."), limit, used);
    }
  if (self->tokens >= 0 && heddle_usage_sum_get_tokens (&sum) > self->tokens)
    return g_strdup_printf (_ ("The run was stopped: its budget of %" PRId64 " tokens is used up. It has used %s%" PRId64 " so far."),
                            self->tokens, sum.estimated ? "≈ " : "", heddle_usage_sum_get_tokens (&sum));
  return NULL;
}

static void
set_error (HeddleBudget *self, const char *message)
{
  g_clear_error (&self->error);
  self->error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, message);
  heddle_error_set_hint (self->error, _ ("What has finished is kept in the trace. Raise the budget on the page of the workflow, or make the steps smaller."));
}

/* Meanwhile an estimate may have given way to what the provider counted. */
static gboolean
exceeded_cb (gpointer data)
{
  HeddleBudget *self = data;
  g_autofree char *message = self->by_usage ? describe_excess (self) : NULL;

  g_clear_pointer (&self->call, g_source_unref);
  if (message != NULL)
    set_error (self, message);
  else if (self->by_usage)
    g_clear_error (&self->error);
  self->exceeded (self->data);
  return G_SOURCE_REMOVE;
}

/* Takes the message. Whoever reports is in the middle of something, so the stop comes after it. */
static void
exceed (HeddleBudget *self, char *message)
{
  set_error (self, message);
  g_free (message);
  if (self->context == NULL)
    return;
  self->call = g_idle_source_new ();
  g_source_set_priority (self->call, G_PRIORITY_HIGH);
  g_source_set_static_name (self->call, "heddle-budget");
  g_source_set_callback (self->call, exceeded_cb, self, NULL);
  g_source_attach (self->call, self->context);
}

static gboolean
timer_cb (gpointer data)
{
  HeddleBudget *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  if (self->error == NULL)
    exceed (self, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The run was stopped: its budget of %" PRId64 " second is used up.",
                                                "The run was stopped: its budget of %" PRId64 " seconds is used up.", self->seconds),
                                   self->seconds));
  return G_SOURCE_REMOVE;
}

void
heddle_budget_take_past (HeddleBudget *self, guint n_steps, gint64 seconds)
{
  g_assert (self->context == NULL);

  self->n_steps += n_steps;
  self->seconds_before = seconds;
}

void
heddle_budget_start (HeddleBudget *self, GMainContext *context, void (*exceeded) (gpointer data), gpointer data)
{
  g_assert (self->context == NULL);

  self->context = g_main_context_ref (context);
  self->exceeded = exceeded;
  self->data = data;
  if (self->seconds < 0 || self->seconds > MAX_SECONDS)
    return;
  self->timer = g_timeout_source_new (MAX (self->seconds - self->seconds_before, 0) * 1000);
  g_source_set_static_name (self->timer, "heddle-budget-time");
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, context);
}

GSource *
heddle_budget_get_timer (HeddleBudget *self)
{
  return self->timer;
}

static void
check_usage (HeddleBudget *self)
{
  char *message = self->error == NULL && (self->cost >= 0 || self->tokens >= 0) ? describe_excess (self) : NULL;

  if (message == NULL)
    return;
  self->by_usage = TRUE;
  exceed (self, message);
}

void
heddle_budget_report (HeddleBudget *self, guint64 span, JsonNode *usage, gboolean ended)
{
  gint64 key = (gint64) span;
  HeddleUsageSum *open;

  if (usage != NULL)
    {
      open = g_new (HeddleUsageSum, 1);
      heddle_usage_sum_init (open);
      heddle_usage_sum_add (open, usage);
      g_hash_table_replace (self->open, g_memdup2 (&key, sizeof key), open);
    }
  open = ended ? g_hash_table_lookup (self->open, &key) : NULL;
  if (open != NULL)
    {
      self->ended = heddle_usage_sum_join (&self->ended, open);
      g_hash_table_remove (self->open, &key);
    }
  if (usage != NULL)
    check_usage (self);
}

gboolean
heddle_budget_take_step (HeddleBudget *self)
{
  if (self->error != NULL)
    return FALSE;
  if (self->steps < 0 || self->n_steps < self->steps)
    {
      self->n_steps++;
      return TRUE;
    }
  exceed (self, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The run was stopped before its next step: its budget is %" PRId64 " step.",
                                              "The run was stopped before its next step: its budget is %" PRId64 " steps.", self->steps),
                                 self->steps));
  return FALSE;
}

const GError *
heddle_budget_get_error (HeddleBudget *self)
{
  return self->error;
}

JsonNode *
heddle_budget_dup_usage (HeddleBudget *self)
{
  HeddleUsageSum sum = sum_up (self);

  return heddle_usage_sum_to_json (&sum);
}

char *
heddle_budget_dup_note (HeddleBudget *self)
{
  HeddleUsageSum sum = sum_up (self);
  g_autofree char *limit = NULL;

  if (self->cost < 0 || !sum.cost_partly_unknown)
    return NULL;
  limit = heddle_money_format (self->cost, FALSE, FALSE);
  return g_strdup_printf (_ ("The budget of %s could not be held: the price of a model is not known. Set it in the preferences."), limit);
}

void
heddle_budget_allow_steps (HeddleBudget *self, guint64 n_steps)
{
  if (self->steps_are_default)
    self->steps += (gint64) MIN (n_steps, G_MAXINT32);
}
