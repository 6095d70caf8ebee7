/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-catalog.h"
#include "server/heddle-server.h"

#include "value/heddle-json.h"

#include <string.h>

#define MAX_SLUG 64

static void
hook_free (gpointer data)
{
  HeddleHook *hook = data;

  g_free (hook->node);
  g_free (hook->path);
  g_free (hook->method);
  g_free (hook->auth);
  g_free (hook->credential);
  g_free (hook->signature_header);
  g_free (hook->timestamp_header);
  g_free (hook);
}

static void
served_clear (gpointer data)
{
  HeddleServed *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self->slug);
  heddle_plan_unref (self->plan);
  g_clear_pointer (&self->fields, json_node_unref);
  g_free (self->start);
  g_ptr_array_unref (self->hooks);
  g_free (self->problem);
}

HeddleServed *
heddle_served_ref (HeddleServed *self)
{
  return g_rc_box_acquire (self);
}

void
heddle_served_unref (HeddleServed *self)
{
  g_rc_box_release_full (self, served_clear);
}

char *
heddle_make_slug (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, "C");
  GString *slug = g_string_new (NULL);

  for (const char *p = ascii; *p != '\0' && slug->len < MAX_SLUG; p++)
    {
      if (g_ascii_isalnum (*p))
        g_string_append_c (slug, g_ascii_tolower (*p));
      else if (slug->len > 0 && slug->str[slug->len - 1] != '-')
        g_string_append_c (slug, '-');
    }
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  if (slug->len == 0)
    g_string_append (slug, "workflow");
  return g_string_free (slug, FALSE);
}

/* A text that does not depend on the run, or NULL. */
static char *
dup_constant (const HeddleStep *step, const char *name)
{
  JsonNode *value = heddle_json_member (step->constants, name);

  return heddle_json_is_string (value) && !heddle_json_is_blank (value) ? json_node_dup_string (value) : NULL;
}

static void
add_hook (HeddleServed *self, const HeddleStep *step)
{
  HeddleHook *hook = g_new0 (HeddleHook, 1);
  g_autofree char *response = dup_constant (step, "response");
  JsonNode *tolerance = heddle_json_member (step->constants, "tolerance");

  hook->workflow = self;
  hook->node = g_strdup (step->id);
  hook->path = dup_constant (step, "path");
  if (hook->path == NULL)
    hook->path = g_strdup (self->slug);
  hook->method = dup_constant (step, "method");
  hook->auth = dup_constant (step, "auth");
  hook->credential = dup_constant (step, "credential");
  hook->signature_header = dup_constant (step, "signature_header");
  hook->timestamp_header = dup_constant (step, "timestamp_header");
  hook->tolerance = heddle_json_is_number (tolerance) ? json_node_get_double (tolerance) : 300;
  hook->at_once = g_strcmp0 (response, "at_once") == 0;
  g_ptr_array_add (self->hooks, hook);
}

static void
look_at_step (HeddleServed *self, const HeddleStep *step)
{
  JsonNode *fields = heddle_json_member (step->constants, "fields");

  if (step->mode == HEDDLE_NODE_OFF)
    return;
  if (strcmp (step->type->id, "webhook") == 0)
    add_hook (self, step);
  if (strcmp (step->type->id, "input") != 0 || self->start != NULL)
    return;
  self->start = g_strdup (step->id);
  self->fields = fields != NULL ? json_node_ref (fields) : NULL;
}

HeddleServed *
heddle_served_new (HeddlePlan *plan)
{
  HeddleServed *self = g_rc_box_new0 (HeddleServed);

  self->id = g_strdup (heddle_plan_get_workflow_id (plan));
  self->name = g_strdup (heddle_plan_get_name (plan));
  self->slug = heddle_make_slug (self->name);
  self->plan = heddle_plan_ref (plan);
  self->since = g_get_real_time ();
  self->hooks = g_ptr_array_new_with_free_func (hook_free);
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    look_at_step (self, heddle_plan_get_step (plan, i));
  return self;
}
