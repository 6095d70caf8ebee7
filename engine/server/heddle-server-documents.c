/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "registry/heddle-tool-spec.h"
#include "value/heddle-json.h"

#include <string.h>

static JsonNode *
create_schema (const HeddleServed *workflow)
{
  if (workflow->fields == NULL || !JSON_NODE_HOLDS_ARRAY (workflow->fields))
    return heddle_json_object (json_object_new ());
  return heddle_fields_to_schema (json_node_get_array (workflow->fields));
}

static char *
create_run_path (const HeddleServed *workflow)
{
  return g_strdup_printf ("/v1/workflows/%s/run", workflow->slug);
}

static JsonArray *
list_hooks (const HeddleServed *workflow)
{
  JsonArray *hooks = json_array_new ();

  for (guint i = 0; i < workflow->hooks->len; i++)
    {
      const HeddleHook *hook = g_ptr_array_index (workflow->hooks, i);
      JsonObject *object = json_object_new ();
      g_autofree char *path = g_strconcat ("/hooks/", hook->path, NULL);

      json_object_set_string_member (object, "path", path);
      json_object_set_string_member (object, "method", hook->method);
      json_object_set_string_member (object, "auth", hook->auth);
      json_array_add_object_element (hooks, object);
    }
  return hooks;
}

static JsonObject *
describe_workflow (const HeddleServed *workflow)
{
  JsonObject *object = json_object_new ();
  g_autofree char *path = create_run_path (workflow);
  g_autoptr (GDateTime) since = g_date_time_new_from_unix_utc (workflow->since / G_USEC_PER_SEC);
  g_autofree char *time = g_date_time_format_iso8601 (since);

  json_object_set_string_member (object, "id", workflow->id);
  json_object_set_string_member (object, "name", workflow->name);
  json_object_set_string_member (object, "slug", workflow->slug);
  json_object_set_string_member (object, "run", path);
  json_object_set_string_member (object, "active_since", time);
  json_object_set_member (object, "input", create_schema (workflow));
  json_object_set_array_member (object, "hooks", list_hooks (workflow));
  return object;
}

JsonNode *
heddle_server_core_list_workflows (HeddleServerCore *self)
{
  JsonArray *list = json_array_new ();
  JsonObject *body = json_object_new ();

  for (guint i = 0; i < heddle_catalog_get_n_workflows (self->catalog); i++)
    json_array_add_object_element (list, describe_workflow (heddle_catalog_get_nth (self->catalog, i)));
  json_object_set_array_member (body, "workflows", list);
  return heddle_json_object (body);
}

/* What is the same for all workflows; what is asked of each is filled in. */
static const char openapi[] =
  "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Heddle\",\"version\":\"1\"},"
  "\"components\":{\"securitySchemes\":{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}},"
  "\"schemas\":{"
  "\"Error\":{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"},"
  "\"message\":{\"type\":\"string\"},\"pointer\":{\"type\":\"string\"}},\"required\":[\"code\",\"message\"]}},\"required\":[\"error\"]},"
  "\"Run\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"workflow\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
  "\"state\":{\"type\":\"string\",\"enum\":[\"queued\",\"running\",\"ok\",\"failed\",\"cancelled\",\"interrupted\"]},"
  "\"started\":{\"type\":\"string\"},\"duration_ms\":{\"type\":\"integer\"},\"output\":{},\"error\":{\"type\":\"object\"},"
  "\"questions\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Question\"}},"
  "\"usage\":{\"type\":\"object\"}},\"required\":[\"id\",\"state\"]},"
  "\"Question\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"kind\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
  "\"text\":{\"type\":\"string\"},\"schema\":{\"type\":\"object\"}},\"required\":[\"id\"]},"
  "\"Answer\":{\"type\":\"object\",\"properties\":{\"question\":{\"type\":\"string\"},\"answer\":{},\"declined\":{\"type\":\"boolean\"}},"
  "\"required\":[\"question\"]}}},"
  "\"security\":[{\"token\":[]}]}";

static const char run_answers[] =
  "{\"200\":{\"description\":\"The run ended well.\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Run\"}}}},"
  "\"202\":{\"description\":\"The run was started (Prefer: respond-async).\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Run\"}}}},"
  "\"default\":{\"description\":\"It was refused, or the run failed.\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Error\"}}}}}";

static const char run_paths[] =
  "{\"/v1/runs/{id}\":{\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}],"
  "\"get\":{\"summary\":\"State and result of a run\",\"responses\":{\"200\":{\"description\":\"The run\",\"content\":{\"application/json\":"
  "{\"schema\":{\"$ref\":\"#/components/schemas/Run\"}}}}}},"
  "\"delete\":{\"summary\":\"Stop a run\",\"responses\":{\"202\":{\"description\":\"It is being stopped.\"}}}},"
  "\"/v1/runs/{id}/answer\":{\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}],"
  "\"post\":{\"summary\":\"Answer what a run asks\",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":"
  "{\"schema\":{\"$ref\":\"#/components/schemas/Answer\"}}}},\"responses\":{\"202\":{\"description\":\"The answer is taken.\"},"
  "\"403\":{\"description\":\"Only a person may answer this.\"},\"409\":{\"description\":\"This is not asked any more.\"},\"422\":{\"description\":\"The answer does not fit.\"}}}},"
  "\"/v1/runs/{id}/events\":{\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}],"
  "\"get\":{\"summary\":\"Follow a run\",\"responses\":{\"200\":{\"description\":\"Server-sent events\",\"content\":{\"text/event-stream\":{}}}}}}}";

static void
set_path (JsonObject *paths, const HeddleServed *workflow)
{
  g_autofree char *path = create_run_path (workflow);
  JsonObject *item = json_object_new ();
  JsonObject *post = json_object_new ();
  JsonObject *body = json_object_new ();
  JsonObject *content = json_object_new ();
  JsonObject *media = json_object_new ();

  json_object_set_member (media, "schema", create_schema (workflow));
  json_object_set_object_member (content, "application/json", media);
  json_object_set_object_member (body, "content", content);
  json_object_set_string_member (post, "summary", workflow->name);
  json_object_set_string_member (post, "operationId", workflow->slug);
  json_object_set_object_member (post, "requestBody", body);
  json_object_set_member (post, "responses", heddle_json_parse (run_answers, -1, NULL));
  json_object_set_object_member (item, "post", post);
  json_object_set_object_member (paths, path, item);
}

static void
copy_members (JsonObject *target, JsonNode *source)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (source));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (target, name, json_node_ref (value));
}

JsonNode *
heddle_server_core_make_openapi (HeddleServerCore *self)
{
  g_autoptr (JsonNode) common = heddle_json_parse (openapi, -1, NULL);
  g_autoptr (JsonNode) runs = heddle_json_parse (run_paths, -1, NULL);
  JsonObject *document = json_object_new ();
  JsonObject *paths = json_object_new ();

  copy_members (document, common);
  for (guint i = 0; i < heddle_catalog_get_n_workflows (self->catalog); i++)
    set_path (paths, heddle_catalog_get_nth (self->catalog, i));
  copy_members (paths, runs);
  json_object_set_object_member (document, "paths", paths);
  return heddle_json_object (document);
}
