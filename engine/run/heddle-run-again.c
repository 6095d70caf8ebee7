/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-run-again.h"

#include "heddle-error.h"
#include "run/heddle-past.h"
#include "run/heddle-run-engine-private.h"
#include "run/heddle-run-needs.h"
#include "run/heddle-run-options.h"
#include "run/heddle-run-private.h"
#include "store/heddle-store-claims.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static HeddlePlan *
compile (const char *source, GError **error)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (source, -1, error);

  return graph != NULL ? heddle_plan_compile (graph, NULL, error) : NULL;
}

static GTask *
new_task (HeddleEngine *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data, gpointer tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

static void
fail_without_store (GTask *task)
{
  g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There are no stored runs here. Start the program with a database."));
}

static void
fail_shut_down (GError **error)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("The program is closing."));
}

/* Going on with a run. */
typedef struct
{
  gboolean has_options;
  HeddleRunOptions options; /* of which only durability, asking, breakpoints and stepping count */
} Resume;

static void
resume_free (gpointer data)
{
  Resume *resume = data;

  heddle_run_options_clear (&resume->options);
  g_free (resume);
}

/* A run that only answered from a log would reach the world if it went on without it. */
static gboolean
check_resumable (const HeddleRunOptions *options, GError **error)
{
  if (!options->replay)
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This run was a replay, which does not go on. Replay the run again."));
  return FALSE;
}

static HeddleRun *
resume (HeddleEngine *self, const Resume *resume, const HeddleStoredRun *stored, GError **error)
{
  g_autoptr (HeddlePlan) plan = compile (stored->source, error);
  g_autoptr (HeddlePast) past = heddle_past_new (stored->info->id, stored->events);
  g_autoptr (HeddleRun) run = NULL;
  HeddleRunOptions options;
  gboolean begun = FALSE;

  if (plan == NULL)
    return NULL;
  heddle_run_options_from_json (&options, stored->options);
  if (check_resumable (&options, error))
    {
      run = heddle_run_new_continued (plan, stored->info->id, stored->info->started, past, stored->events);
      options.past = heddle_past_ref (past);
      options.resume = TRUE;
      if (resume->has_options)
        {
          options.durability = resume->options.durability;
          options.asking = resume->options.asking;
          options.breakpoints = (const char *const *) g_strdupv ((char **) resume->options.breakpoints);
          options.stepping = resume->options.stepping;
        }
      begun = heddle_engine_begin (self, run, heddle_past_get_input (past), &options);
      if (!begun)
        fail_shut_down (error);
    }
  heddle_run_options_clear (&options);
  return begun ? g_steal_pointer (&run) : NULL;
}

static void
claimed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  HeddleStore *store = HEDDLE_STORE (source);
  GError *error = NULL;
  g_autoptr (HeddleStoredRun) stored = heddle_store_claim_run_finish (store, result, &error);
  HeddleRun *run = NULL;

  if (stored != NULL && !g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    run = resume (g_task_get_source_object (task), g_task_get_task_data (task), stored, &error);
  if (run == NULL && stored != NULL)
    heddle_store_release_run (store, stored->info->id);
  if (run != NULL)
    g_task_return_pointer (task, run, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
heddle_engine_resume_async (HeddleEngine *self, const char *run, const HeddleRunOptions *options, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Resume *resume;

  g_return_if_fail (HEDDLE_IS_ENGINE (self) && run != NULL);

  task = new_task (self, cancellable, callback, user_data, heddle_engine_resume_async);
  if (heddle_engine_get_store (self) == NULL)
    {
      fail_without_store (task);
      return;
    }
  resume = g_new0 (Resume, 1);
  resume->has_options = options != NULL;
  if (options != NULL)
    heddle_run_options_copy (&resume->options, options);
  g_task_set_task_data (task, resume, resume_free);
  heddle_store_claim_run_async (heddle_engine_get_store (self), run, NULL, claimed_cb, g_object_ref (task));
}

HeddleRun *
heddle_engine_resume_finish (HeddleEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A HeddleRunAgain that owns what it points to. */
static void
again_free (gpointer data)
{
  HeddleRunAgain *again = data;

  g_clear_pointer (&again->plan, heddle_plan_unref);
  g_clear_pointer (&again->outputs, json_node_unref);
  g_free ((char *) again->run);
  g_free ((char *) again->from);
  g_free ((char *) again->until);
  g_free ((char *) again->live);
  heddle_run_options_clear (&again->options);
  g_free (again);
}

static HeddleRunAgain *
again_copy (const HeddleRunAgain *from)
{
  HeddleRunAgain *again = g_new0 (HeddleRunAgain, 1);

  again->run = g_strdup (from->run);
  again->plan = from->plan != NULL ? heddle_plan_ref (from->plan) : NULL;
  again->from = g_strdup (from->from);
  again->until = g_strdup (from->until);
  if (from->outputs != NULL)
    {
      json_node_seal (from->outputs);
      again->outputs = json_node_ref (from->outputs);
    }
  again->replay = from->replay;
  again->live = g_strdup (from->live);
  heddle_run_options_copy (&again->options, &from->options);
  return again;
}

static gboolean
check_node (HeddlePlan *plan, const char *node, GError **error)
{
  if (node == NULL || heddle_plan_contains (plan, node))
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("The workflow has no node “%s”. Choose one that it has now."), node);
  return FALSE;
}

/* "map1#3/node" */
static gboolean
set_output (HeddlePast *past, HeddlePlan *plan, const char *place, JsonNode *output, GError **error)
{
  const char *slash = strrchr (place, '/');
  g_autofree char *scope = slash != NULL ? g_strndup (place, (gsize) (slash - place)) : NULL;
  const char *node = slash != NULL ? slash + 1 : place;

  if (!check_node (plan, node, error))
    return FALSE;
  heddle_past_set_output (past, plan, scope, node, output);
  return TRUE;
}

static gboolean
set_outputs (HeddlePast *past, HeddlePlan *plan, JsonNode *outputs, GError **error)
{
  JsonObjectIter iter;
  const char *place;
  JsonNode *output;

  if (outputs == NULL)
    return TRUE;
  json_object_iter_init_ordered (&iter, json_node_get_object (outputs));
  while (json_object_iter_next_ordered (&iter, &place, &output))
    {
      if (!set_output (past, plan, place, output, error))
        return FALSE;
    }
  return TRUE;
}

/* What was turned off or on since has another result, and so has what follows. */
static void
forget_turned (HeddlePast *past, HeddlePlan *plan, HeddlePlan *level, HeddlePlan *then)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (level); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (level, i);
      const HeddleStep *before = heddle_plan_find_within (then, step->id);

      if (before != NULL && before->mode != step->mode)
        heddle_past_forget (past, plan, step->id);
      if (step->body != NULL)
        forget_turned (past, plan, step->body, then);
    }
}

/* Takes out of the past what is to run again, and says what cannot be. */
static gboolean
prepare (const HeddleRunAgain *again, HeddlePlan *plan, HeddlePast *past, GError **error)
{
  if (!check_node (plan, again->from, error) || !check_node (plan, again->until, error) || !check_node (plan, again->live, error))
    return FALSE;
  if (again->from != NULL)
    heddle_past_forget (past, plan, again->from);
  else if (again->replay)
    heddle_past_forget_all (past);
  if (!set_outputs (past, plan, again->outputs, error))
    return FALSE;
  if (again->until == NULL || g_strcmp0 (again->from, again->until) != 0)
    return TRUE;
  return heddle_run_needs_check (plan, again->until, past, again->options.use_pins, error);
}

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_member (object, name, heddle_json_string (text));
}

static JsonNode *
make_trigger (const HeddleRunAgain *again, HeddlePast *past)
{
  JsonObject *trigger = json_object_new ();

  json_object_set_string_member (trigger, "kind", "fork");
  json_object_set_member (trigger, "run", heddle_json_string (heddle_past_get_run (past)));
  add_text (trigger, "from", again->from);
  add_text (trigger, "until", again->until);
  if (again->outputs != NULL)
    json_object_set_member (trigger, "outputs", json_node_ref (again->outputs));
  if (again->replay)
    json_object_set_boolean_member (trigger, "replay", TRUE);
  return heddle_json_object (trigger);
}

/* stored NULL: there is no old run. */
static HeddleRun *
run_again (HeddleEngine *self, HeddleRunAgain *again, const HeddleStoredRun *stored, GError **error)
{
  g_autoptr (HeddlePlan) plan = again->plan != NULL ? heddle_plan_ref (again->plan) : compile (stored->source, error);
  g_autoptr (HeddlePlan) then_plan = again->plan != NULL && stored != NULL ? compile (stored->source, NULL) : NULL;
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  g_autoptr (HeddlePast) past = heddle_past_new (stored != NULL ? stored->info->id : "", stored != NULL ? stored->events : nothing);
  g_autoptr (JsonNode) trigger = stored != NULL ? make_trigger (again, past) : NULL;
  g_autoptr (HeddleRun) run = NULL;
  HeddleRunOptions then;
  HeddleRunOptions options;
  gboolean begun;

  if (plan == NULL || !prepare (again, plan, past, error))
    return NULL;
  if (then_plan != NULL)
    forget_turned (past, plan, plan, then_plan);
  heddle_run_options_from_json (&then, stored != NULL ? stored->options : NULL);
  options = again->options;
  options.past = past;
  options.until = again->until;
  options.replay = again->replay;
  options.live = again->live;
  options.start = options.start != NULL ? options.start : then.start;
  options.vars = options.vars != NULL ? options.vars : then.vars;
  run = heddle_run_new (plan, NULL, trigger);
  begun = heddle_engine_begin (self, run, heddle_past_get_input (past), &options);
  heddle_run_options_clear (&then);
  if (!begun)
    fail_shut_down (error);
  return begun ? g_steal_pointer (&run) : NULL;
}

static void
return_run_again (GTask *task, const HeddleStoredRun *stored)
{
  GError *error = NULL;
  HeddleRun *run = run_again (g_task_get_source_object (task), g_task_get_task_data (task), stored, &error);

  if (run != NULL)
    g_task_return_pointer (task, run, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (HeddleStoredRun) stored = heddle_store_load_stored_run_finish (HEDDLE_STORE (source), result, &error);

  if (stored != NULL)
    return_run_again (task, stored);
  else
    g_task_return_error (task, error);
}

void
heddle_engine_run_again_async (HeddleEngine *self, const HeddleRunAgain *again, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (HEDDLE_IS_ENGINE (self) && again != NULL);
  g_return_if_fail (again->run != NULL || again->plan != NULL);
  g_return_if_fail (again->outputs == NULL || JSON_NODE_HOLDS_OBJECT (again->outputs));

  task = new_task (self, cancellable, callback, user_data, heddle_engine_run_again_async);
  g_task_set_task_data (task, again_copy (again), again_free);
  if (again->run == NULL)
    return_run_again (task, NULL);
  else if (heddle_engine_get_store (self) == NULL)
    fail_without_store (task);
  else
    heddle_store_load_stored_run_async (heddle_engine_get_store (self), again->run, cancellable, loaded_cb, g_object_ref (task));
}

HeddleRun *
heddle_engine_run_again_finish (HeddleEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
