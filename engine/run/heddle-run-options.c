/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-run-options.h"

#include "run/heddle-past.h"
#include "value/heddle-json.h"

#include <string.h>

static const char *const durabilities[] = {
  [HEDDLE_DURABILITY_NORMAL] = "normal",
  [HEDDLE_DURABILITY_FULL] = "full",
  [HEDDLE_DURABILITY_MEMORY] = "memory",
};

static const char *const askings[] = {
  [HEDDLE_ASKING_PEOPLE] = "people",
  [HEDDLE_ASKING_APPROVES] = "approves",
  [HEDDLE_ASKING_NOBODY] = "nobody",
  [HEDDLE_ASKING_LATER] = "later",
};

static JsonNode *
ref_sealed (JsonNode *node)
{
  if (node == NULL)
    return NULL;
  json_node_seal (node);
  return json_node_ref (node);
}

void
heddle_run_options_copy (HeddleRunOptions *to, const HeddleRunOptions *from)
{
  *to = *from;
  to->id = NULL;
  to->trigger = NULL;
  to->vars = ref_sealed (from->vars);
  to->budget = ref_sealed (from->budget);
  to->start = g_strdup (from->start);
  to->until = g_strdup (from->until);
  to->live = g_strdup (from->live);
  to->breakpoints = (const char *const *) g_strdupv ((char **) from->breakpoints);
  to->past = from->past != NULL ? heddle_past_ref (from->past) : NULL;
}

void
heddle_run_options_clear (HeddleRunOptions *options)
{
  g_clear_pointer (&options->vars, json_node_unref);
  g_clear_pointer (&options->budget, json_node_unref);
  g_clear_pointer (&options->past, heddle_past_unref);
  g_free ((char *) options->start);
  g_free ((char *) options->until);
  g_free ((char *) options->live);
  g_strfreev ((char **) options->breakpoints);
  *options = (HeddleRunOptions){ 0 };
}

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_member (object, name, heddle_json_string (text));
}

static void
add_node (JsonObject *object, const char *name, JsonNode *node)
{
  if (node != NULL)
    json_object_set_member (object, name, ref_sealed (node));
}

static void
add_flag (JsonObject *object, const char *name, gboolean flag)
{
  if (flag)
    json_object_set_boolean_member (object, name, TRUE);
}

JsonNode *
heddle_run_options_to_json (const HeddleRunOptions *options)
{
  JsonObject *object = json_object_new ();

  if (options->durability != HEDDLE_DURABILITY_NORMAL)
    add_text (object, "durability", durabilities[options->durability]);
  if (options->asking != HEDDLE_ASKING_PEOPLE)
    add_text (object, "asking", askings[options->asking]);
  add_node (object, "vars", options->vars);
  add_text (object, "start", options->start);
  add_node (object, "budget", options->budget);
  add_text (object, "until", options->until);
  add_flag (object, "use_pins", options->use_pins);
  add_flag (object, "replay", options->replay);
  add_text (object, "live", options->live);
  return heddle_json_object (object);
}

static guint
read_word (JsonNode *node, const char *name, const char *const *words, guint n_words)
{
  const char *text = heddle_json_get_string (node, name, words[0]);

  for (guint i = 1; i < n_words; i++)
    {
      if (strcmp (words[i], text) == 0)
        return i;
    }
  return 0;
}

static JsonNode *
read_object (JsonNode *node, const char *name)
{
  JsonNode *member = heddle_json_member (node, name);

  return member != NULL && JSON_NODE_HOLDS_OBJECT (member) ? json_node_ref (member) : NULL;
}

void
heddle_run_options_from_json (HeddleRunOptions *options, JsonNode *node)
{
  *options = (HeddleRunOptions){
    .durability = read_word (node, "durability", durabilities, G_N_ELEMENTS (durabilities)),
    .asking = read_word (node, "asking", askings, G_N_ELEMENTS (askings)),
    .vars = read_object (node, "vars"),
    .start = g_strdup (heddle_json_get_string (node, "start", NULL)),
    .budget = read_object (node, "budget"),
    .until = g_strdup (heddle_json_get_string (node, "until", NULL)),
    .use_pins = heddle_json_get_boolean (node, "use_pins", FALSE),
    .replay = heddle_json_get_boolean (node, "replay", FALSE),
    .live = g_strdup (heddle_json_get_string (node, "live", NULL)),
  };
}
