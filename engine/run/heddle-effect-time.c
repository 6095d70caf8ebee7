/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-effects-private.h"

#include "run/heddle-node-run-private.h"
#include "value/heddle-json.h"

/* A tool that is called has a time of its own. */
static JsonNode *
make_time_request (HeddleNodeRun *self)
{
  JsonObject *request = json_object_new ();

  json_object_set_member (request, "now", self->caller != NULL ? heddle_json_string (self->step->id) : heddle_json_boolean (TRUE));
  return heddle_json_object (request);
}

gint64
heddle_effects_get_time (HeddleNodeRun *self)
{
  g_autoptr (JsonNode) request = make_time_request (self);
  g_autoptr (JsonNode) response = NULL;
  gint64 now = g_get_real_time () / 1000;

  if (heddle_node_run_replay_if_recorded (self, "time", request, &response, NULL))
    return heddle_json_is_number (response) ? (gint64) json_node_get_double (response) : now;
  response = heddle_json_int (now);
  heddle_node_run_record_effect (self, "time", request, response, NULL);
  return now;
}
