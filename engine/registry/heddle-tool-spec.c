/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-tool-spec.h"

#include "value/heddle-json.h"

#include <string.h>

typedef struct
{
  char *name;
  char *description;
  JsonNode *parameters;
  JsonNode *schema;
  char *approval;
  gint64 timeout;
  gboolean hand_off;
} Spec;

static const HeddleChoice approvals[] = {
  { "agent", N_ ("As the agent says") },
  { "never", N_ ("Never") },
  { "once", N_ ("Before the first call") },
  { "always", N_ ("Before every call") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_STRING (Spec, name, N_ ("Name for the model"), .help = N_ ("What the model calls it: letters, digits, “_” and “-”. Empty: the name of the node.")),
  HEDDLE_TEXT (Spec, description, N_ ("What it does"), .help = N_ ("By this the model decides when to use it. Empty: what the type of the node says."), .placeholder = N_ ("Looks up an order by its number."), .is_main = TRUE),
  HEDDLE_FIELDS (Spec, parameters, N_ ("Arguments"), .help = N_ ("What the model gives when it calls; here it is $args, and a single one is also $input. Empty: one for each $args.name that is used here.")),
  HEDDLE_JSON (Spec, schema, N_ ("JSON Schema of the arguments"), .help = N_ ("In place of the list above, for arguments that are more than one level deep."), .advanced = TRUE),
  HEDDLE_CHOICE (Spec, approval, N_ ("Ask a person"), .help = N_ ("Whether somebody has to approve a call before it is made."), .choices = approvals, .def.s = "agent"),
  HEDDLE_INT (Spec, timeout, N_ ("Timeout in seconds"), .help = N_ ("How long one call may take; 0 is what the agent says."), .def.i = 0, .min = 0, .max = 86400, .step = 10, .advanced = TRUE),
  HEDDLE_BOOLEAN (Spec, hand_off, N_ ("Takes over"), .help = N_ ("Only of an agent: it goes on with the conversation in place of the one that called it, and its answer is the answer.")),
  { NULL },
};

const HeddleNodeType heddle_tool_spec_type = {
  .id = "tool",
  .version = 1,
  .title = N_ ("Tool"),
  .params = params,
  .params_size = sizeof (Spec),
};

gboolean
heddle_node_type_can_be_tool (const HeddleNodeType *type)
{
  return type != NULL && (type->tool != NULL || type->list_tools != NULL);
}

gboolean
heddle_port_takes_tools (const HeddlePortSpec *port)
{
  return port != NULL && (port->flags & HEDDLE_PORT_TOOLS) != 0;
}

static const char *
get_schema_type (const char *field_type)
{
  if (strcmp (field_type, "json") == 0)
    return NULL;
  if (strcmp (field_type, "number") == 0 || strcmp (field_type, "boolean") == 0)
    return field_type;
  return "string";
}

static JsonNode *
field_to_schema (JsonNode *field)
{
  JsonObject *schema = json_object_new ();
  const char *type = heddle_json_get_string (field, "type", "text");
  const char *description = heddle_json_get_string (field, "description", heddle_json_get_string (field, "title", NULL));
  JsonArray *choices = strcmp (type, "choice") == 0 ? heddle_json_get_array (field, "choices") : NULL;

  if (get_schema_type (type) != NULL)
    json_object_set_string_member (schema, "type", get_schema_type (type));
  if (description != NULL && *description != '\0')
    json_object_set_member (schema, "description", heddle_json_string (description));
  if (choices != NULL)
    json_object_set_array_member (schema, "enum", json_array_ref (choices));
  return heddle_json_object (schema);
}

JsonNode *
heddle_fields_to_schema (JsonArray *fields)
{
  JsonObject *schema = json_object_new ();
  JsonObject *properties = json_object_new ();
  JsonArray *required = json_array_new ();

  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonNode *field = json_array_get_element (fields, i);
      const char *name = heddle_json_get_string (field, "name", "");

      if (*name == '\0')
        continue;
      json_object_set_member (properties, name, field_to_schema (field));
      if (heddle_json_get_boolean (field, "required", FALSE))
        json_array_add_element (required, heddle_json_string (name));
    }
  json_object_set_string_member (schema, "type", "object");
  json_object_set_object_member (schema, "properties", properties);
  json_object_set_array_member (schema, "required", required);
  return heddle_json_object (schema);
}
