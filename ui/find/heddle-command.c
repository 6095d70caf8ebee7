/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-command.h"

#include <glib/gi18n-lib.h>

HeddleCommand *
heddle_command_new (HeddleCommandKind kind,
                    const char *target,
                    const char *title,
                    const char *icon)
{
  HeddleCommand *self = g_new0 (HeddleCommand, 1);

  self->kind = kind;
  self->recent = -1;
  self->target = g_strdup (target);
  self->title = g_strdup (title);
  self->icon = g_strdup (icon);
  return self;
}

void
heddle_command_free (HeddleCommand *self)
{
  g_free (self->target);
  g_free (self->detail);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->keys);
  g_free (self->icon);
  g_free (self->icon_class);
  g_free (self);
}

const char *
heddle_command_kind_get_title (HeddleCommandKind kind)
{
  static const char *const titles[] = {
    [HEDDLE_COMMAND_ACTION] = N_ ("Actions"),
    [HEDDLE_COMMAND_NODE] = N_ ("Nodes of This Workflow"),
    [HEDDLE_COMMAND_WORKFLOW] = N_ ("Workflows"),
    [HEDDLE_COMMAND_TYPE] = N_ ("Add a Node"),
    [HEDDLE_COMMAND_TEMPLATE] = N_ ("Insert a Template"),
    [HEDDLE_COMMAND_RUN] = N_ ("Runs"),
    [HEDDLE_COMMAND_KNOWLEDGE] = N_ ("Knowledge Bases"),
    [HEDDLE_COMMAND_SETTING] = N_ ("Preferences"),
    [HEDDLE_COMMAND_HELP] = N_ ("Handbook"),
  };

  g_return_val_if_fail (kind < HEDDLE_N_COMMAND_KINDS, "");

  return _ (titles[kind]);
}

char *
heddle_command_dup_key (const HeddleCommand *self)
{
  return g_strdup_printf ("%d:%s", self->kind, self->target);
}
