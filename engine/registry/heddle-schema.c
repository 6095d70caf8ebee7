/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"

#include "value/heddle-json.h"

/* The parts of the workflow format that do not depend on node types. */
static const char workflow_schema[] =
  "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
  "\"title\":\"Heddle workflow\",\"type\":\"object\",\"required\":[\"format\",\"version\",\"nodes\"],"
  "\"properties\":{"
  "\"format\":{\"const\":\"heddle-workflow\"},"
  "\"version\":{\"const\":1},"
  "\"id\":{\"type\":\"string\"},"
  "\"name\":{\"type\":\"string\"},"
  "\"description\":{\"type\":\"string\"},"
  "\"settings\":{\"type\":\"object\",\"properties\":{\"env\":{\"type\":\"object\"},\"budget\":{\"type\":\"object\"},"
  "\"pools\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\",\"minimum\":1}},"
  "\"retention\":{\"type\":\"object\",\"properties\":{\"runs\":{\"type\":[\"integer\",\"null\"],\"minimum\":0},"
  "\"days\":{\"type\":[\"number\",\"null\"],\"minimum\":0},\"bytes\":{\"type\":[\"integer\",\"null\"],\"minimum\":0}}}}},"
  "\"nodes\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/node\"}},"
  "\"edges\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/edge\"}},"
  "\"annotations\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/annotation\"}},"
  "\"layout\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"array\",\"items\":{\"type\":\"number\"},"
  "\"oneOf\":[{\"minItems\":2,\"maxItems\":2},{\"minItems\":4,\"maxItems\":4}]}}}}";

static const char edge_schema[] =
  "{\"type\":\"object\",\"required\":[\"from\",\"to\"],\"properties\":{"
  "\"from\":{\"type\":\"string\"},\"to\":{\"type\":\"string\"},"
  "\"via\":{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":2,\"maxItems\":2}}}}";

static const char annotation_schema[] =
  "{\"type\":\"object\",\"required\":[\"id\",\"kind\"],\"properties\":{\"id\":{\"type\":\"string\"},"
  "\"kind\":{\"enum\":[\"note\",\"frame\"]},\"text\":{\"type\":\"string\"},\"color\":{\"type\":\"string\"},"
  "\"rect\":{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":4,\"maxItems\":4},"
  "\"collapsed\":{\"type\":\"boolean\"}}}";

static const char rows_schema[] =
  "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"name\"],\"properties\":{"
  "\"name\":{\"type\":\"string\",\"minLength\":1},\"value\":{}}}}";

static const char fields_schema[] =
  "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"name\"],\"properties\":{"
  "\"name\":{\"type\":\"string\",\"minLength\":1},\"title\":{\"type\":\"string\"},"
  "\"type\":{\"enum\":[\"text\",\"multiline\",\"number\",\"boolean\",\"choice\",\"json\",\"image\",\"file\"]},"
  "\"required\":{\"type\":\"boolean\"},\"default\":{},\"sample\":{},\"choices\":{\"type\":\"array\"}}}}";

static JsonObject *
parse_object (const char *text)
{
  g_autoptr (JsonNode) sealed = heddle_json_parse (text, -1, NULL);
  JsonObject *object = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  g_assert (sealed != NULL);
  json_object_iter_init_ordered (&iter, json_node_get_object (sealed));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (object, name, json_node_ref (value));
  return object;
}

static JsonObject *
new_typed (const char *type)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type", type);
  return object;
}

static JsonObject *
form_of (const HeddleParamSpec *spec)
{
  switch (spec->kind)
    {
    case HEDDLE_PARAM_INT:
      return new_typed ("integer");
    case HEDDLE_PARAM_DOUBLE:
      return new_typed ("number");
    case HEDDLE_PARAM_BOOLEAN:
      return new_typed ("boolean");
    case HEDDLE_PARAM_JSON:
      return json_object_new ();
    case HEDDLE_PARAM_PAIRS:
    case HEDDLE_PARAM_CASES:
      return parse_object (rows_schema);
    case HEDDLE_PARAM_FIELDS:
      return parse_object (fields_schema);
    case HEDDLE_PARAM_NAMES:
      return parse_object ("{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":1}}");
    case HEDDLE_PARAM_STRING:
    case HEDDLE_PARAM_TEXT:
    case HEDDLE_PARAM_EXPRESSION:
    case HEDDLE_PARAM_MODEL:
    case HEDDLE_PARAM_CREDENTIAL:
    case HEDDLE_PARAM_KNOWLEDGE:
    case HEDDLE_PARAM_WORKFLOW:
    case HEDDLE_PARAM_MCP_SERVER:
    case HEDDLE_PARAM_CHOICE:
    default:
      return new_typed ("string");
    }
}

static void
add_choices (const HeddleParamSpec *spec, JsonObject *schema)
{
  JsonArray *ids;

  if (spec->choices == NULL)
    return;
  ids = json_array_new ();
  for (const HeddleChoice *c = spec->choices; c->id != NULL; c++)
    json_array_add_string_element (ids, c->id);
  json_object_set_array_member (schema, "enum", ids);
}

static void
add_limits (const HeddleParamSpec *spec, JsonObject *schema)
{
  if (!(spec->min < spec->max))
    return;
  json_object_set_member (schema, "minimum", heddle_json_double (spec->min));
  json_object_set_member (schema, "maximum", heddle_json_double (spec->max));
}

/* Keys that begin with "x-" are ours; a JSON Schema validator ignores them. */
static JsonObject *
param_to_schema (const HeddleParamSpec *spec)
{
  JsonObject *schema = form_of (spec);
  JsonNode *value = heddle_param_dup_default (spec);

  json_object_set_string_member (schema, "title", _ (spec->title));
  if (spec->help != NULL)
    json_object_set_string_member (schema, "description", _ (spec->help));
  add_choices (spec, schema);
  add_limits (spec, schema);
  if (value != NULL)
    json_object_set_member (schema, "default", value);
  json_object_set_string_member (schema, "x-kind", heddle_param_kind_to_string (spec->kind));
  if (heddle_param_has_templates (spec))
    json_object_set_boolean_member (schema, "x-template", TRUE);
  if (spec->visible_if != NULL)
    json_object_set_string_member (schema, "x-visible-if", spec->visible_if);
  return schema;
}

static gboolean
is_always_required (const HeddleParamSpec *spec)
{
  g_autoptr (JsonNode) value = heddle_param_dup_default (spec);

  return spec->required && spec->visible_if == NULL && value == NULL;
}

JsonNode *
heddle_params_to_schema (const HeddleNodeType *type)
{
  JsonObject *schema;
  JsonObject *properties;
  JsonArray *required;

  g_return_val_if_fail (type != NULL, NULL);

  schema = new_typed ("object");
  properties = json_object_new ();
  required = json_array_new ();
  HEDDLE_FOREACH_PARAM (p, type)
    {
      json_object_set_object_member (properties, p->name, param_to_schema (p));
      if (is_always_required (p))
        json_array_add_string_element (required, p->name);
    }
  json_object_set_object_member (schema, "properties", properties);
  json_object_set_array_member (schema, "required", required);
  return heddle_json_object (schema);
}

static JsonArray *
ports_to_json (const HeddlePortSpec *ports)
{
  JsonArray *array = json_array_new ();

  for (const HeddlePortSpec *p = ports; p != NULL && p->name != NULL; p++)
    {
      JsonObject *port = json_object_new ();

      json_object_set_string_member (port, "name", p->name);
      json_object_set_string_member (port, "title", _ (p->title));
      json_object_set_string_member (port, "type", heddle_value_type_to_string (p->type));
      if (p->flags & HEDDLE_PORT_OPTIONAL)
        json_object_set_boolean_member (port, "optional", TRUE);
      json_array_add_object_element (array, port);
    }
  return array;
}

static JsonArray *
results_to_json (const HeddleNodeType *type)
{
  JsonArray *array = json_array_new ();

  for (const HeddleResultKey *r = type->results; r != NULL && r->name != NULL; r++)
    {
      JsonObject *key = json_object_new ();

      json_object_set_string_member (key, "name", r->name);
      json_object_set_string_member (key, "title", _ (r->title));
      json_object_set_string_member (key, "type", heddle_value_type_to_string (r->type));
      json_array_add_object_element (array, key);
    }
  return array;
}

JsonNode *
heddle_node_type_to_json (const HeddleNodeType *type)
{
  JsonObject *object;
  JsonNode *example;

  g_return_val_if_fail (type != NULL, NULL);

  object = json_object_new ();
  json_object_set_string_member (object, "id", type->id);
  json_object_set_int_member (object, "version", type->version);
  json_object_set_string_member (object, "title", _ (type->title));
  json_object_set_string_member (object, "summary", _ (type->summary));
  json_object_set_string_member (object, "category", heddle_category_get_id (type->category));
  json_object_set_array_member (object, "inputs", ports_to_json (type->inputs));
  json_object_set_array_member (object, "outputs", ports_to_json (type->outputs));
  if (type->list_outputs != NULL)
    json_object_set_boolean_member (object, "dynamic_outputs", TRUE);
  if ((type->flags & HEDDLE_NODE_CONTAINER) != 0)
    {
      json_object_set_array_member (object, "inner_outputs", ports_to_json (type->inner_outputs));
      json_object_set_array_member (object, "inner_inputs", ports_to_json (type->inner_inputs));
    }
  json_object_set_member (object, "params", heddle_params_to_schema (type));
  json_object_set_array_member (object, "results", results_to_json (type));
  if (type->main_alias != NULL)
    json_object_set_string_member (object, "main_alias", type->main_alias);
  example = type->example != NULL ? heddle_json_parse (type->example, -1, NULL) : NULL;
  if (example != NULL)
    json_object_set_member (object, "example", example);
  return heddle_json_object (object);
}

static JsonObject *
new_reference (const char *name)
{
  JsonObject *object = json_object_new ();
  g_autofree char *target = g_strconcat ("#/$defs/", name, NULL);

  json_object_set_string_member (object, "$ref", target);
  return object;
}

static JsonObject *
nest (const char *name, JsonObject *inner)
{
  JsonObject *outer = json_object_new ();

  json_object_set_object_member (outer, name, inner);
  return outer;
}

/* {"if": the type is this one, "then": params are its}. */
static JsonObject *
type_to_condition (const HeddleNodeType *type)
{
  JsonObject *condition = json_object_new ();
  JsonObject *constant = json_object_new ();

  json_object_set_string_member (constant, "const", type->id);
  json_object_set_object_member (condition, "if", nest ("properties", nest ("type", constant)));
  json_object_set_object_member (condition, "then", nest ("properties", nest ("params", new_reference (type->id))));
  return condition;
}

static JsonObject *
node_schema (void)
{
  JsonObject *node = parse_object ("{\"type\":\"object\",\"required\":[\"id\",\"type\"],\"properties\":{"
                                   "\"id\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z_][A-Za-z0-9_]*$\"},"
                                   "\"type\":{\"type\":\"string\"},"
                                   "\"parent\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z_][A-Za-z0-9_]*$\"},"
                                   "\"title\":{\"type\":\"string\"},\"mode\":{\"enum\":[\"on\",\"off\",\"bypass\"]},"
                                   "\"collapsed\":{\"type\":\"boolean\"},\"params\":{\"type\":\"object\"},"
                                   "\"policy\":{\"type\":\"object\"},\"tool\":{\"type\":\"object\"},"
                                   "\"pin\":{\"type\":\"object\",\"required\":[\"output\"]}}}");
  JsonArray *conditions = json_array_new ();
  guint n_types;
  const HeddleNodeType *const *types = heddle_registry_list (&n_types);

  for (guint i = 0; i < n_types; i++)
    json_array_add_object_element (conditions, type_to_condition (types[i]));
  if (n_types > 0)
    json_object_set_array_member (node, "allOf", json_array_ref (conditions));
  json_array_unref (conditions);
  return node;
}

JsonNode *
heddle_registry_to_schema (void)
{
  JsonObject *schema = parse_object (workflow_schema);
  JsonObject *defs = json_object_new ();
  const HeddleNodeType *const *types = heddle_registry_list (NULL);

  json_object_set_object_member (defs, "node", node_schema ());
  json_object_set_object_member (defs, "edge", parse_object (edge_schema));
  json_object_set_object_member (defs, "annotation", parse_object (annotation_schema));
  for (guint i = 0; types[i] != NULL; i++)
    json_object_set_member (defs, types[i]->id, heddle_params_to_schema (types[i]));
  json_object_set_object_member (schema, "$defs", defs);
  return heddle_json_object (schema);
}
