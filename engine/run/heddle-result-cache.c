/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-result-cache.h"

#include "provider/heddle-models.h"
#include "run/heddle-effects.h"
#include "run/heddle-intent.h"
#include "value/heddle-json.h"

#include <string.h>

/* Raised when what is kept by a key means something else. */
#define KEY_VERSION 1

gboolean
heddle_result_cache_fits (HeddleNodeRun *node_run)
{
  const HeddleStep *step = node_run->step;

  if (node_run->caller != NULL || step->body != NULL || step->tools->len > 0 || (step->type->flags & (HEDDLE_NODE_START | HEDDLE_NODE_FINISH)) != 0)
    return FALSE;
  return heddle_step_get_effect (step, node_run->params) <= HEDDLE_EFFECT_READ && !heddle_node_run_is_replayed (node_run);
}

/* Where a model is asked and with which credential, as the same name may come to mean another. */
static JsonNode *
describe_model (HeddleModels *models, const char *reference)
{
  g_autofree char *provider = g_strndup (reference, strcspn (reference, "/"));
  g_autoptr (GPtrArray) infos = heddle_models_list_providers (models);
  JsonArray *described = json_array_new ();

  json_array_add_element (described, heddle_json_string (reference));
  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleProviderInfo *info = g_ptr_array_index (infos, i);

      if (strcmp (info->id, provider) != 0)
        continue;
      json_array_add_element (described, heddle_json_string (info->kind));
      json_array_add_element (described, heddle_json_string (info->base_url));
      json_array_add_element (described, heddle_json_string (info->credential));
    }
  return heddle_json_array (described);
}

static JsonNode *
list_models (HeddleNodeRun *node_run)
{
  HeddleModels *models = node_run->core->services.models;
  JsonArray *list = json_array_new ();

  HEDDLE_FOREACH_PARAM (spec, node_run->step->type)
    {
      const char *reference = heddle_json_get_string (node_run->params, spec->name, NULL);

      if (spec->kind == HEDDLE_PARAM_MODEL && reference != NULL && *reference != '\0' && models != NULL)
        json_array_add_element (list, describe_model (models, reference));
    }
  return heddle_json_array (list);
}

static JsonNode *
list_inputs (HeddleNodeRun *node_run)
{
  const HeddleStep *step = node_run->step;
  JsonObject *inputs = json_object_new ();

  for (guint i = 0; i < step->in_ports->len; i++)
    {
      if (node_run->inputs[i] != NULL)
        json_object_set_member (inputs, g_ptr_array_index (step->in_ports, i), json_node_ref (node_run->inputs[i]));
    }
  json_object_set_member (inputs, "", json_node_ref (node_run->arriving));
  return heddle_json_object (inputs);
}

char *
heddle_result_cache_dup_key (HeddleNodeRun *node_run)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) json = NULL;
  g_autofree char *text = NULL;

  json_object_set_int_member (object, "key", KEY_VERSION);
  json_object_set_string_member (object, "type", node_run->step->type->id);
  json_object_set_int_member (object, "version", node_run->step->type->version);
  json_object_set_member (object, "params", json_node_ref (node_run->params));
  json_object_set_member (object, "inputs", list_inputs (node_run));
  json_object_set_member (object, "models", list_models (node_run));
  json = heddle_json_object (object);
  text = heddle_json_to_text (json, HEDDLE_JSON_COMPACT);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}
