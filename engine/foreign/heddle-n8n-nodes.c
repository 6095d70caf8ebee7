/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign/heddle-n8n.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "graph/heddle-graph.h"
#include "value/heddle-json.h"

/* What each kind of node becomes. */

void
heddle_n8n_set_text (HeddleN8n *self, HeddleN8nEntry *entry, const char *param, JsonNode *value)
{
  g_autofree char *text = value != NULL ? heddle_n8n_dup_text (self, entry, value) : NULL;

  heddle_foreign_node_set_text (entry->node, param, text);
}

void
heddle_n8n_copy_number (HeddleN8nEntry *entry, const char *param, JsonNode *options, const char *option)
{
  JsonNode *value = heddle_json_member (options, option);

  if (heddle_json_is_number (value))
    heddle_foreign_node_set (entry->node, param, json_node_ref (value));
}

JsonNode *
heddle_n8n_make_case (const char *name)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "name", heddle_json_string (name));
  json_object_set_member (object, "value", heddle_json_string (name));
  return heddle_json_object (object);
}

static void
say (HeddleN8n *self, const HeddleN8nEntry *entry, const char *sentence)
{
  /* Translators: the name of a node, and what to look at. */
  heddle_foreign_builder_say (self->builder, g_strdup_printf (_ ("“%s”: %s"), entry->name, sentence));
}

static JsonNode *
make_field (const char *name)
{
  JsonObject *field = json_object_new ();

  json_object_set_member (field, "name", heddle_json_string (name));
  json_object_set_member (field, "type", heddle_json_string ("multiline"));
  return heddle_json_object (field);
}

static void
set_field (HeddleN8nEntry *entry, const char *name)
{
  JsonArray *fields = json_array_new ();

  json_array_add_element (fields, make_field (name));
  heddle_foreign_node_set (entry->node, "fields", heddle_json_array (fields));
}

static void
fill_chat_trigger (HeddleN8n *self, HeddleN8nEntry *entry)
{
  set_field (entry, "chatInput");
}

static void
fill_form_trigger (HeddleN8n *self, HeddleN8nEntry *entry)
{
  JsonArray *theirs = heddle_json_get_array (heddle_json_member (entry->params, "formFields"), "values");
  JsonArray *fields = json_array_new ();

  for (guint i = 0; theirs != NULL && i < json_array_get_length (theirs); i++)
    json_array_add_element (fields, make_field (heddle_json_get_string (json_array_get_element (theirs, i), "fieldLabel", "field")));
  heddle_foreign_node_set (entry->node, "fields", heddle_json_array (fields));
}

static void
fill_webhook (HeddleN8n *self, HeddleN8nEntry *entry)
{
  heddle_foreign_node_set_text (entry->node, "path", heddle_json_get_string (entry->params, "path", NULL));
  heddle_foreign_node_set_text (entry->node, "method", heddle_json_get_string (entry->params, "httpMethod", "GET"));
}

static char *
make_cron (JsonNode *interval)
{
  const char *field = heddle_json_get_string (interval, "field", "days");
  gint64 minute = CLAMP (heddle_json_get_int (interval, "triggerAtMinute", 0), 0, 59);
  gint64 hour = CLAMP (heddle_json_get_int (interval, "triggerAtHour", 0), 0, 23);

  if (strcmp (field, "cronExpression") == 0)
    return g_strdup (heddle_json_get_string (interval, "expression", "0 9 * * *"));
  if (strcmp (field, "minutes") == 0)
    return g_strdup_printf ("*/%" G_GINT64_FORMAT " * * * *", CLAMP (heddle_json_get_int (interval, "minutesInterval", 5), 1, 59));
  if (strcmp (field, "hours") == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT " */%" G_GINT64_FORMAT " * * *", minute, CLAMP (heddle_json_get_int (interval, "hoursInterval", 1), 1, 23));
  if (strcmp (field, "weeks") == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " * * 1", minute, hour);
  if (strcmp (field, "months") == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " 1 * *", minute, hour);
  return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " * * *", minute, hour);
}

static void
fill_schedule (HeddleN8n *self, HeddleN8nEntry *entry)
{
  JsonArray *intervals = heddle_json_get_array (heddle_json_member (entry->params, "rule"), "interval");
  g_autofree char *cron = NULL;

  if (intervals == NULL || json_array_get_length (intervals) == 0)
    return;
  cron = make_cron (json_array_get_element (intervals, 0));
  heddle_foreign_node_set_text (entry->node, "cron", cron);
  if (json_array_get_length (intervals) > 1)
    say (self, entry, _ ("only its first schedule was taken over."));
}

static void
fill_if (HeddleN8n *self, HeddleN8nEntry *entry)
{
  g_autofree char *condition = heddle_n8n_dup_condition (self, entry, heddle_json_member (entry->params, "conditions"));

  heddle_foreign_node_set_text (entry->node, "condition", condition != NULL ? condition : "true");
}

static char *
name_rule (JsonNode *rule, guint index)
{
  if (heddle_json_get_boolean (rule, "renameOutput", FALSE) && heddle_json_get_string (rule, "outputKey", NULL) != NULL)
    return g_strdup (heddle_json_get_string (rule, "outputKey", NULL));
  return g_strdup_printf ("%u", index);
}

/* Rules are conditions there, and values here: the value is the name of the first rule that holds. */
static void
fill_switch (HeddleN8n *self, HeddleN8nEntry *entry)
{
  JsonNode *rules = heddle_json_member (entry->params, "rules");
  JsonArray *list = heddle_json_get_array (rules, "values");
  g_autoptr (GString) value = g_string_new ("{{ ");
  JsonArray *cases = json_array_new ();

  if (list == NULL)
    list = heddle_json_get_array (rules, "rules");
  entry->outputs = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *rule = json_array_get_element (list, i);
      g_autofree char *condition = heddle_n8n_dup_condition (self, entry, heddle_json_member (rule, "conditions"));
      g_autofree char *name = name_rule (rule, i);

      g_string_append_printf (value, "(%s) ? \"%u\" : ", condition != NULL ? condition : "false", i);
      json_array_add_element (cases, heddle_n8n_make_case (name));
      json_object_set_member (json_array_get_object_element (cases, i), "value", heddle_json_int (i));
      g_ptr_array_add (entry->outputs, g_strdup (name));
    }
  g_ptr_array_add (entry->outputs, g_strdup ("default"));
  g_string_append (value, "\"\" }}");
  heddle_foreign_node_set_text (entry->node, "value", value->str);
  heddle_foreign_node_set (entry->node, "cases", heddle_json_array (cases));
}

static JsonNode *
make_pair (const char *name, const char *value)
{
  JsonObject *pair = json_object_new ();

  json_object_set_member (pair, "name", heddle_json_string (name));
  json_object_set_member (pair, "value", heddle_json_string (value));
  return heddle_json_object (pair);
}

/* A header that holds a key has its place in a credential. */
static gboolean
is_secret (HeddleN8n *self, HeddleN8nEntry *entry, const char *name, const char *value)
{
  g_autoptr (JsonNode) node = heddle_json_string (value);

  if (!heddle_value_looks_secret (name, node))
    return FALSE;
  heddle_foreign_builder_say (self->builder, g_strdup_printf (_ ("“%s” of “%s” looks like a secret and was left out. Choose a credential."), name, entry->name));
  return TRUE;
}

static void
set_pairs (HeddleN8n *self, HeddleN8nEntry *entry, const char *param, const char *group)
{
  JsonArray *list = heddle_json_get_array (heddle_json_member (entry->params, group), "parameters");
  JsonArray *pairs = json_array_new ();

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *item = json_array_get_element (list, i);
      const char *name = heddle_json_get_string (item, "name", "");
      g_autofree char *value = heddle_n8n_dup_text (self, entry, heddle_json_member (item, "value"));

      if (!is_secret (self, entry, name, value))
        json_array_add_element (pairs, make_pair (name, value));
    }
  heddle_foreign_node_set (entry->node, param, heddle_json_array (pairs));
}

/* {"name": "{{ … }}"} of a list of fields. */
static char *
make_json_body (HeddleN8n *self, HeddleN8nEntry *entry)
{
  JsonArray *list = heddle_json_get_array (heddle_json_member (entry->params, "bodyParameters"), "parameters");
  JsonObject *body = json_object_new ();
  g_autoptr (JsonNode) node = NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *item = json_array_get_element (list, i);
      const char *name = heddle_json_get_string (item, "name", "");
      g_autofree char *value = heddle_n8n_dup_text (self, entry, heddle_json_member (item, "value"));

      if (!is_secret (self, entry, name, value))
        json_object_set_member (body, name, heddle_json_string (value));
    }
  node = heddle_json_object (body);
  return heddle_json_to_text (node, HEDDLE_JSON_PRETTY);
}

static void
set_body (HeddleN8n *self, HeddleN8nEntry *entry)
{
  const char *type = heddle_json_get_string (entry->params, "contentType", "json");
  g_autofree char *body = NULL;

  if (strcmp (type, "json") == 0)
    {
      JsonNode *text = heddle_json_member (entry->params, "jsonBody");

      body = text != NULL ? heddle_n8n_dup_text (self, entry, text) : make_json_body (self, entry);
      heddle_foreign_node_set_text (entry->node, "body_type", "json");
      heddle_foreign_node_set_text (entry->node, "body", body);
    }
  else if (strcmp (type, "form-urlencoded") == 0)
    {
      heddle_foreign_node_set_text (entry->node, "body_type", "form");
      set_pairs (self, entry, "form", "bodyParameters");
    }
  else
    {
      heddle_foreign_node_set_text (entry->node, "body_type", "text");
      heddle_n8n_set_text (self, entry, "text", heddle_json_member (entry->params, "body"));
    }
}

static void
fill_http (HeddleN8n *self, HeddleN8nEntry *entry)
{
  const char *method = heddle_json_get_string (entry->params, "method", heddle_json_get_string (entry->params, "requestMethod", "GET"));

  heddle_foreign_node_set_text (entry->node, "method", method);
  heddle_n8n_set_text (self, entry, "url", heddle_json_member (entry->params, "url"));
  if (heddle_json_get_boolean (entry->params, "sendQuery", FALSE))
    set_pairs (self, entry, "query", "queryParameters");
  if (heddle_json_get_boolean (entry->params, "sendHeaders", FALSE))
    set_pairs (self, entry, "headers", "headerParameters");
  if (heddle_json_get_boolean (entry->params, "sendBody", FALSE))
    set_body (self, entry);
  if (strcmp (heddle_json_get_string (entry->params, "authentication", "none"), "none") != 0)
    say (self, entry, _ ("choose a credential; credentials are not part of a workflow."));
}

static void
fill_code (HeddleN8n *self, HeddleN8nEntry *entry)
{
  gboolean is_python = g_str_has_prefix (heddle_json_get_string (entry->params, "language", "javaScript"), "python");
  const char *code = heddle_json_get_string (entry->params, is_python ? "pythonCode" : "jsCode", heddle_json_get_string (entry->params, "functionCode", NULL));

  heddle_foreign_node_set_text (entry->node, "language", is_python ? "python" : "javascript");
  heddle_foreign_node_set_text (entry->node, "code", code);
  say (self, entry, _ ("its code speaks of n8n's items. Here it gets one value as “input” and returns one."));
}

static void
add_values (HeddleN8n *self, HeddleN8nEntry *entry, JsonArray *list, JsonArray *pairs)
{
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *item = json_array_get_element (list, i);
      g_autofree char *value = heddle_n8n_dup_text (self, entry, heddle_json_member (item, "value"));

      json_array_add_element (pairs, make_pair (heddle_json_get_string (item, "name", ""), value));
    }
}

static void
fill_set (HeddleN8n *self, HeddleN8nEntry *entry)
{
  static const char *const old_types[] = { "string", "number", "boolean" };
  JsonArray *assignments = heddle_json_get_array (heddle_json_member (entry->params, "assignments"), "assignments");
  gboolean keeps = heddle_json_get_boolean (entry->params, "includeOtherFields", assignments == NULL);
  JsonArray *pairs = json_array_new ();

  add_values (self, entry, assignments, pairs);
  for (guint i = 0; i < G_N_ELEMENTS (old_types); i++)
    add_values (self, entry, heddle_json_get_array (heddle_json_member (entry->params, "values"), old_types[i]), pairs);
  heddle_foreign_node_set (entry->node, "values", heddle_json_array (pairs));
  heddle_foreign_node_set_text (entry->node, "mode", keeps && !heddle_json_get_boolean (entry->params, "keepOnlySet", FALSE) ? "keep" : "only");
}

static void
fill_merge (HeddleN8n *self, HeddleN8nEntry *entry)
{
  const char *mode = heddle_json_get_string (entry->params, "mode", "append");

  heddle_foreign_node_set_text (entry->node, "mode", "any");
  heddle_foreign_node_set_text (entry->node, "result", strcmp (mode, "append") == 0 ? "list" : "object");
  if (strcmp (mode, "append") != 0)
    say (self, entry, _ ("it gives an object by the names of the nodes; look at what reads it."));
}

static void
fill_loop (HeddleN8n *self, HeddleN8nEntry *entry)
{
  if (heddle_json_get_int (entry->params, "batchSize", 1) > 1)
    say (self, entry, _ ("each round gets one item, not several."));
}

static void
fill_wait (HeddleN8n *self, HeddleN8nEntry *entry)
{
  const char *unit = heddle_json_get_string (entry->params, "unit", "hours");
  double amount = heddle_json_get_double (entry->params, "amount", 1);
  double factor = strcmp (unit, "seconds") == 0 ? 1 : strcmp (unit, "minutes") == 0 ? 60
                                                    : strcmp (unit, "days") == 0    ? 86400
                                                                                    : 3600;

  heddle_foreign_node_set (entry->node, "seconds", heddle_json_double (CLAMP (amount * factor, 0, 86400)));
}

static void
fill_workflow (HeddleN8n *self, HeddleN8nEntry *entry)
{
  say (self, entry, _ ("choose the workflow that it runs."));
}

static void
fill_rag (HeddleN8n *self, HeddleN8nEntry *entry)
{
  JsonNode *prompt = heddle_json_member (entry->params, "prompt");

  heddle_n8n_copy_number (entry, "top_k", entry->params, "topK");
  if (prompt != NULL)
    heddle_n8n_set_text (self, entry, "query", prompt);
  say (self, entry, _ ("choose a knowledge base and add its documents."));
}

static void
fill_respond (HeddleN8n *self, HeddleN8nEntry *entry)
{
  JsonNode *body = heddle_json_member (entry->params, "responseBody");

  if (body != NULL)
    heddle_n8n_set_text (self, entry, "value", body);
}

static void
fill_mcp (HeddleN8n *self, HeddleN8nEntry *entry)
{
  const char *url = heddle_json_get_string (entry->params, "endpointUrl", heddle_json_get_string (entry->params, "sseEndpoint", ""));

  heddle_foreign_builder_say (self->builder, g_strdup_printf (_ ("“%s”: add the MCP server %s in the preferences, and choose it."), entry->name, url));
}

static void
fill_fail (HeddleN8n *self, HeddleN8nEntry *entry)
{
  heddle_n8n_set_text (self, entry, "message", heddle_json_member (entry->params, "errorMessage"));
}

static const char *const branches[] = { "true", "false", NULL };
static const char *const rounds[] = { "out", "body", NULL };
static const char *const answers[] = { "approved", "refused", NULL };

static const HeddleN8nKind kinds[] = {
  { "manualTrigger", "input", NULL, NULL },
  { "executeWorkflowTrigger", "input", NULL, NULL },
  { "start", "input", NULL, NULL },
  { "chatTrigger", "input", fill_chat_trigger, NULL },
  { "manualChatTrigger", "input", fill_chat_trigger, NULL },
  { "formTrigger", "input", fill_form_trigger, NULL },
  { "webhook", "webhook", fill_webhook, NULL },
  { "scheduleTrigger", "schedule", fill_schedule, NULL },
  { "errorTrigger", "error-handler", NULL, NULL },
  { "chainLlm", "llm", heddle_n8n_fill_chain, NULL },
  { "openAi", "llm", heddle_n8n_fill_openai, NULL },
  { "agent", "agent", heddle_n8n_fill_agent, NULL },
  { "textClassifier", "llm", heddle_n8n_fill_classifier, NULL },
  { "if", "if-else", fill_if, branches },
  { "filter", "if-else", fill_if, branches },
  { "switch", "switch", fill_switch, NULL },
  { "httpRequest", "http", fill_http, NULL },
  { "toolHttpRequest", "http", fill_http, NULL },
  { "httpRequestTool", "http", fill_http, NULL },
  { "code", "code", fill_code, NULL },
  { "toolCode", "code", fill_code, NULL },
  { "function", "code", fill_code, NULL },
  { "functionItem", "code", fill_code, NULL },
  { "set", "set", fill_set, NULL },
  { "merge", "merge", fill_merge, NULL },
  { "noOp", "merge", NULL, NULL },
  { "splitInBatches", "loop", fill_loop, rounds },
  { "wait", "wait", fill_wait, NULL },
  { "executeWorkflow", "sub-workflow", fill_workflow, NULL },
  { "toolWorkflow", "sub-workflow", fill_workflow, NULL },
  { "vectorStore*", "rag", fill_rag, NULL },
  { "toolVectorStore", "rag", fill_rag, NULL },
  { "mcpClientTool", "mcp", fill_mcp, NULL },
  { "respondToWebhook", "output", fill_respond, NULL },
  { "stopAndError", "fail", fill_fail, NULL },
  { "form", "approval", NULL, answers },
};

const HeddleN8nKind *
heddle_n8n_find_kind (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_pattern_match_simple (kinds[i].type, type))
        return &kinds[i];
    }
  return NULL;
}

gboolean
heddle_n8n_is_part (const char *port)
{
  return g_str_has_prefix (port, "ai_") && strcmp (port, "ai_tool") != 0;
}

gboolean
heddle_n8n_is_model (const HeddleN8nEntry *entry)
{
  return entry->kind != NULL && (strcmp (entry->kind->ours, "llm") == 0 || strcmp (entry->kind->ours, "agent") == 0);
}
