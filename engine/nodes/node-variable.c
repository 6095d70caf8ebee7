/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-effects.h"
#include "registry/heddle-problem.h"
#include "run/heddle-node-run.h"
#include "store/heddle-store-variables.h"
#include "value/heddle-json.h"

#include <string.h>

typedef struct
{
  char *scope;
  char *name;
  char *operation;
  JsonNode *value;
  char *result;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Output"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice scopes[] = {
  { "run", N_ ("This run") },
  { "global", N_ ("All runs") },
  { NULL },
};

static const HeddleChoice operations[] = {
  { "set", N_ ("Set") },
  { "append", N_ ("Append an item or text") },
  { "add", N_ ("Add a number") },
  { "merge", N_ ("Merge an object") },
  { "delete", N_ ("Delete") },
  { NULL },
};

static const HeddleChoice outcomes[] = {
  { "value", N_ ("The new value") },
  { "input", N_ ("The input") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_STRING (Params, name, N_ ("Variable"), .help = N_ ("Letters, digits and “_”. Expressions read it as $vars.name or $global.name."), .placeholder = "counter", .required = TRUE),
  HEDDLE_CHOICE (Params, scope, N_ ("Lasts for"), .help = N_ ("A variable of all runs is kept, and listed under Variables in the main menu. Credentials do not belong here."), .def.s = "run", .choices = scopes),
  HEDDLE_CHOICE (Params, operation, N_ ("Change"), .help = N_ ("Appending, adding and merging lose nothing when several do it at once; of two that set, the last one wins."), .def.s = "set", .choices = operations),
  HEDDLE_VALUE (Params, value, N_ ("Value"), .help = N_ ("One expression alone in double braces keeps its type."), .def.s = "{{ $input }}", .visible_if = "operation=set|append|add|merge", .is_main = TRUE),
  HEDDLE_CHOICE (Params, result, N_ ("Hands on"), .def.s = "value", .choices = outcomes, .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "value", N_ ("New value"), HEDDLE_VALUE_ANY },
  { NULL },
};

static gboolean
is_global (const Params *p)
{
  return strcmp (p->scope, "global") == 0;
}

/* Takes value: what the variable is now. */
static void
complete (HeddleNodeRun *run, const Params *p, JsonNode *value)
{
  g_autoptr (JsonNode) now = value;
  JsonNode *input = heddle_node_run_get_input (run, "in");
  gboolean deleted = strcmp (p->operation, "delete") == 0;

  heddle_node_run_set_variable (run, is_global (p), p->name, deleted ? NULL : now);
  heddle_node_run_set_result (run, "value", json_node_ref (now));
  if (strcmp (p->result, "input") == 0)
    heddle_node_run_complete (run, input != NULL ? json_node_ref (input) : heddle_json_null ());
  else
    heddle_node_run_complete (run, json_node_ref (now));
}

/* Takes value and error. */
static void
end (HeddleNodeRun *run, const Params *p, JsonNode *value, GError *error)
{
  if (value != NULL)
    complete (run, p, value);
  else
    heddle_node_run_fail (run, error);
}

typedef struct
{
  HeddleNodeRun *run;
  const Params *params;
  JsonNode *effect; /* the change, for the record */
} Call;

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Call *call = user_data;
  g_autoptr (HeddleNodeRun) run = call->run;
  g_autoptr (JsonNode) effect = call->effect;
  GError *error = NULL;
  JsonNode *value = heddle_store_change_variable_finish (HEDDLE_STORE (source), result, &error);

  heddle_node_run_record_effect (run, "memory", effect, value, error);
  end (run, call->params, value, error);
}

static JsonNode *
make_effect (const Params *p)
{
  JsonObject *effect = json_object_new ();

  json_object_set_member (effect, "operation", heddle_json_string (p->operation));
  json_object_set_member (effect, "name", heddle_json_string (p->name));
  json_object_set_member (effect, "value", p->value != NULL ? json_node_ref (p->value) : heddle_json_null ());
  return heddle_json_object (effect);
}

static void
change_global (HeddleNodeRun *node_run, const Params *p, HeddleVariableOp op)
{
  HeddleStore *store = heddle_node_run_get_store (node_run);
  g_autoptr (JsonNode) effect = make_effect (p);
  JsonNode *value;
  GError *error = NULL;
  Call *call;

  if (store == NULL)
    {
      heddle_node_run_fail (node_run, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_STORE, _ ("Variables of all runs cannot be kept here, as there is no database.")));
      return;
    }
  if (heddle_node_run_replay_effect (node_run, "memory", effect, &value, &error))
    {
      end (node_run, p, value, error);
      return;
    }
  call = g_new (Call, 1);
  call->run = heddle_node_run_ref (node_run);
  call->params = p;
  call->effect = g_steal_pointer (&effect);
  heddle_store_change_variable_async (store, op, p->name, p->value, heddle_node_run_get_run_id (node_run), heddle_node_run_get_cancellable (node_run), changed_cb, call);
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  HeddleVariableOp op = HEDDLE_VARIABLE_SET;
  JsonNode *value;
  GError *error = NULL;

  heddle_variable_op_from_string (p->operation, &op);
  if (is_global (p))
    {
      change_global (node_run, p, op);
      return;
    }
  value = heddle_variable_apply (op, p->name, heddle_node_run_get_variable (node_run, FALSE, p->name), p->value, &error);
  end (node_run, p, value, error);
}

static HeddleEffect
get_effect (JsonObject *values)
{
  const char *operation = heddle_params_get_string (values, "operation", "set");

  if (strcmp (heddle_params_get_string (values, "scope", "run"), "global") != 0)
    return HEDDLE_EFFECT_PURE;
  return strcmp (operation, "append") == 0 || strcmp (operation, "add") == 0 ? HEDDLE_EFFECT_UNSAFE : HEDDLE_EFFECT_IDEMPOTENT;
}

static void
check (JsonObject *values, const char *node_id, GPtrArray *problems)
{
  const char *name = heddle_params_get_string (values, "name", "");
  g_autoptr (GError) error = NULL;

  if (*name != '\0' && !heddle_variable_check_name (name, &error))
    g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_ERROR, node_id, NULL, "name", error->message));
}

static char *
describe (JsonObject *values)
{
  const char *name = heddle_params_get_string (values, "name", NULL);
  const char *root = strcmp (heddle_params_get_string (values, "scope", "run"), "global") == 0 ? "$global" : "$vars";

  return name != NULL && *name != '\0' ? g_strdup_printf ("%s %s.%s", heddle_params_get_string (values, "operation", "set"), root, name) : NULL;
}

const HeddleNodeType heddle_node_type_variable = {
  .id = "variable",
  .version = 1,
  .title = N_ ("Variable"),
  .summary = N_ ("Changes a variable that other nodes, or later runs, can read."),
  .keywords = N_ ("global state counter store remember assign append increment"),
  .icon_name = "heddle-set-symbolic",
  .category = HEDDLE_CATEGORY_DATA,
  .effect = HEDDLE_EFFECT_IDEMPOTENT,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"name\":\"total\",\"operation\":\"add\",\"value\":\"{{ $input.price }}\"},\"inputs\":{\"in\":{\"price\":4}},\"outputs\":{\"out\":4}}",
  .get_effect = get_effect,
  .check = check,
  .describe = describe,
  .run = run,
};
