/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-policy.h"

#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

#include <string.h>

/* In the order of HeddleOnError. */
static const HeddleChoice modes[] = {
  { "fail", N_ ("The run fails") },
  { "continue", N_ ("Go on, with the error as the result") },
  { "default", N_ ("Go on, with a value of your own") },
  { "route", N_ ("Leave by an output for errors") },
  { NULL },
};

/* "" and then as HeddleEffect. */
static const HeddleChoice effects[] = {
  { "", N_ ("As the node says") },
  { "pure", N_ ("Nothing") },
  { "read", N_ ("Only reads") },
  { "idempotent", N_ ("Twice is like once") },
  { "unsafe", N_ ("Must not be done twice") },
  { NULL },
};

static const HeddleChoice doubts[] = {
  { "ask", N_ ("Ask a person") },
  { "retry", N_ ("Do it again, with the same key") },
  { "skip", N_ ("Skip it") },
  { "fail", N_ ("Fail") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_CHOICE (HeddlePolicy, on_error, N_ ("When it fails"), .help = N_ ("What happens once no attempt is left."), .def.s = "fail", .choices = modes),
  { .name = "default", .kind = HEDDLE_PARAM_JSON, .offset = G_STRUCT_OFFSET (HeddlePolicy, fallback), .title = N_ ("Value"), .help = N_ ("JSON that stands for the result. Expressions in double braces inside its texts are replaced by their values."), .placeholder = "\"{{ $start.message }}\"", .visible_if = "on_error=default", .is_template = TRUE },
  HEDDLE_INT (HeddlePolicy, max_attempts, N_ ("Attempts"), .help = N_ ("At most, the first included. Only errors that pass by themselves are tried again, such as a broken connection or a busy server."), .def.i = 3, .min = 1, .max = 10, .step = 1),
  HEDDLE_DOUBLE (HeddlePolicy, retry_delay, N_ ("Seconds between attempts"), .help = N_ ("Before the second attempt; it doubles from then on, to a minute at most. A server that says when to come back is obeyed."), .def.d = 0.5, .min = 0, .max = 60, .step = 0.5),
  HEDDLE_BOOLEAN (HeddlePolicy, retry_unsafe, N_ ("Repeat what changes something"), .help = N_ ("A request that changes something elsewhere, such as a POST, is not tried again, as it may have been done already. Switch this on where twice does no harm."), .def.b = FALSE),
  HEDDLE_DOUBLE (HeddlePolicy, attempt_timeout, N_ ("Seconds for one attempt"), .help = N_ ("An attempt that takes longer is stopped and counts as failed; 0 for no limit."), .def.d = 0, .min = 0, .max = 86400, .step = 1),
  HEDDLE_DOUBLE (HeddlePolicy, timeout, N_ ("Seconds in all"), .help = N_ ("All attempts and the waits between them; 0 for no limit."), .def.d = 0, .min = 0, .max = 86400, .step = 1),
  HEDDLE_CHOICE (HeddlePolicy, effect, N_ ("What it does to the world"), .help = N_ ("Decides whether it may be done again after a failure or a crash. By default the node's type says it."), .def.s = "", .choices = effects, .section = N_ ("Execution")),
  HEDDLE_CHOICE (HeddlePolicy, on_in_doubt, N_ ("When it may have been done"), .help = N_ ("The program was gone while the node did what must not be done twice, and the run goes on."), .def.s = "ask", .choices = doubts, .section = N_ ("Execution")),
  HEDDLE_INT (HeddlePolicy, priority, N_ ("Priority"), .help = N_ ("Of the nodes that could start, the one with the highest number does so first."), .def.i = 0, .min = -1000, .max = 1000, .step = 1, .section = N_ ("Execution")),
  HEDDLE_STRING (HeddlePolicy, pool, N_ ("Pool"), .help = N_ ("Nodes with the same pool share its slots, in all runs. How many it has is a setting of the workflow; one, if it says nothing."), .placeholder = N_ ("graphics-card"), .section = N_ ("Execution")),
  HEDDLE_INT (HeddlePolicy, max_rounds, N_ ("Rounds"), .help = N_ ("Where a connection leads back to this node: how often it may be entered at most."), .def.i = 100, .min = 1, .max = 1000000, .step = 1, .section = N_ ("Execution")),
  HEDDLE_BOOLEAN (HeddlePolicy, cache, N_ ("Use results again"), .help = N_ ("A result for the same parameters and inputs is taken from earlier runs instead of doing it again."), .def.b = FALSE, .section = N_ ("Execution")),
  HEDDLE_DOUBLE (HeddlePolicy, cache_hours, N_ ("Hours"), .help = N_ ("How old a result may be that is used again; 0 for any age."), .def.d = 0, .min = 0, .max = 87600, .step = 1, .visible_if = "cache", .section = N_ ("Execution")),
  { NULL },
};

const HeddleNodeType heddle_policy_type = {
  .id = "policy",
  .version = 1,
  .title = N_ ("Error handling"),
  .summary = N_ ("What happens when the node fails."),
  .icon_name = "heddle-fail-symbolic",
  .params = params,
  .params_size = sizeof (HeddlePolicy),
};

/* What fits of an object. */
static JsonObject *
copy_valid (JsonObject *object)
{
  JsonObject *copy = json_object_new ();

  HEDDLE_FOREACH_PARAM (spec, &heddle_policy_type)
    {
      JsonNode *value = object != NULL ? json_object_get_member (object, spec->name) : NULL;

      if (value != NULL && heddle_param_check_value (spec, value, NULL))
        json_object_set_member (copy, spec->name, json_node_ref (value));
    }
  return copy;
}

gboolean
heddle_effect_from_string (const char *text, HeddleEffect *effect)
{
  for (guint i = 1; text != NULL && effects[i].id != NULL; i++)
    {
      if (strcmp (effects[i].id, text) != 0)
        continue;
      *effect = (HeddleEffect) (i - 1);
      return TRUE;
    }
  return FALSE;
}

HeddlePolicy *
heddle_policy_new (JsonObject *object)
{
  g_autoptr (JsonObject) valid = copy_valid (object);
  HeddlePolicy *policy = heddle_params_load (&heddle_policy_type, valid, NULL);

  g_assert (policy != NULL);
  if (!json_object_has_member (valid, "retry_delay"))
    policy->retry_delay = -1;
  policy->has_attempts = json_object_has_member (valid, "max_attempts");
  return policy;
}

void
heddle_policy_free (HeddlePolicy *policy)
{
  heddle_params_free (&heddle_policy_type, policy);
}

HeddleOnError
heddle_policy_get_on_error (JsonObject *object)
{
  const char *mode = object != NULL ? heddle_params_get_string (object, "on_error", "fail") : "fail";

  for (guint i = 0; modes[i].id != NULL; i++)
    {
      if (strcmp (modes[i].id, mode) == 0)
        return (HeddleOnError) i;
    }
  return HEDDLE_ON_ERROR_FAIL;
}

static gboolean
has_own_error_port (GPtrArray *outputs)
{
  return g_ptr_array_find_with_equal_func (outputs, HEDDLE_ERROR_PORT, g_str_equal, NULL);
}

GPtrArray *
heddle_policy_list_outputs (JsonObject *object, const HeddleNodeType *type, JsonObject *values)
{
  GPtrArray *outputs;

  g_return_val_if_fail (type != NULL, NULL);

  outputs = heddle_node_type_list_outputs (type, values);
  if (heddle_policy_get_on_error (object) == HEDDLE_ON_ERROR_ROUTE && !has_own_error_port (outputs))
    g_ptr_array_add (outputs, g_strdup (HEDDLE_ERROR_PORT));
  return outputs;
}

static void
add_problem (GPtrArray *problems, HeddleSeverity severity, const char *node_id, const char *param, const char *message)
{
  g_autofree char *path = g_strconcat ("policy.", param, NULL);

  g_ptr_array_add (problems, heddle_problem_new (severity, node_id, NULL, path, message));
}

/* As for parameters, with names that lead to this section. */
static void
check_values (JsonObject *object, const char *node_id, GPtrArray *problems)
{
  g_autoptr (GPtrArray) found = heddle_problem_list_new ();

  heddle_params_check (&heddle_policy_type, object, node_id, found);
  for (guint i = 0; i < found->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (found, i);

      add_problem (problems, problem->severity, node_id, problem->param != NULL ? problem->param : "on_error", problem->message);
    }
}

static void
check_timeouts (JsonObject *object, const char *node_id, GPtrArray *problems)
{
  g_autoptr (HeddlePolicy) policy = heddle_policy_new (object);

  if (policy->timeout > 0 && policy->attempt_timeout > policy->timeout)
    add_problem (problems, HEDDLE_SEVERITY_WARNING, node_id, "attempt_timeout",
                 _ ("One attempt may take longer than all of them together, so this limit has no effect. Lower it."));
}

void
heddle_policy_check (JsonObject *object, const HeddleNodeType *type, JsonObject *values, const char *node_id, GPtrArray *problems)
{
  HeddleOnError mode = heddle_policy_get_on_error (object);
  g_autoptr (GPtrArray) outputs = NULL;

  g_return_if_fail (type != NULL && problems != NULL);

  if (object == NULL)
    return;
  check_values (object, node_id, problems);
  check_timeouts (object, node_id, problems);
  outputs = heddle_node_type_list_outputs (type, values);
  if (mode == HEDDLE_ON_ERROR_ROUTE && has_own_error_port (outputs))
    add_problem (problems, HEDDLE_SEVERITY_ERROR, node_id, "on_error",
                 _ ("This node has an output “error” of its own, so failures cannot leave by one. Rename that output."));
  if (mode == HEDDLE_ON_ERROR_DEFAULT && !json_object_has_member (object, "default"))
    add_problem (problems, HEDDLE_SEVERITY_WARNING, node_id, "default", _ ("No value is given, so null takes the place of the result. Enter one."));
  if (type->flags & HEDDLE_NODE_FAILS_RUN && mode != HEDDLE_ON_ERROR_FAIL)
    add_problem (problems, HEDDLE_SEVERITY_WARNING, node_id, "on_error", _ ("This node is there to end the run, and with this setting it does not."));
}

static const char *
describe_mode (HeddleOnError mode)
{
  switch (mode)
    {
    case HEDDLE_ON_ERROR_CONTINUE:
      return _ ("Goes on after an error");
    case HEDDLE_ON_ERROR_DEFAULT:
      return _ ("Goes on with a value after an error");
    case HEDDLE_ON_ERROR_ROUTE:
      return _ ("Errors leave by an output of their own");
    case HEDDLE_ON_ERROR_FAIL:
    default:
      return NULL;
    }
}

/* Takes part. */
static void
take_part (GString *line, char *part)
{
  g_string_append_printf (line, "%s%s", line->len > 0 ? " · " : "", part);
  g_free (part);
}

char *
heddle_policy_describe (JsonObject *object)
{
  g_autoptr (HeddlePolicy) policy = heddle_policy_new (object);
  g_autoptr (GString) line = g_string_new (describe_mode (heddle_policy_get_on_error (object)));

  if (policy->max_attempts != 3)
    take_part (line, g_strdup_printf (ngettext ("%d attempt", "%d attempts", (gulong) policy->max_attempts), (int) policy->max_attempts));
  if (policy->retry_unsafe)
    take_part (line, g_strdup (_ ("repeats what changes something")));
  if (policy->attempt_timeout > 0)
    take_part (line, g_strdup_printf (_ ("%g s for one attempt"), policy->attempt_timeout));
  if (policy->timeout > 0)
    take_part (line, g_strdup_printf (_ ("%g s in all"), policy->timeout));
  if (policy->priority != 0)
    take_part (line, g_strdup_printf (_ ("priority %d"), (int) policy->priority));
  if (policy->pool != NULL && *policy->pool != '\0')
    take_part (line, g_strdup_printf (_ ("pool %s"), policy->pool));
  if (policy->cache)
    take_part (line, g_strdup (_ ("uses results again")));
  return line->len > 0 ? g_string_free (g_steal_pointer (&line), FALSE) : NULL;
}
