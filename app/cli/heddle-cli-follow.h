/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/heddle-cli.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_CLI_TEXT,
  HEDDLE_CLI_JSON,
  HEDDLE_CLI_EVENTS,
} HeddleCliForm;

typedef struct
{
  HeddleCliForm form;
  HeddleAsking asking; /* as it was wanted, not as it is without a terminal */
  gboolean breaks;     /* it may stand still before a node, and a person says how it goes on */
  gboolean unstored;   /* nothing is kept of the run that another could begin with */
  /* Hears of all events as they come; or NULL. */
  void (*events) (HeddleRun *run, GPtrArray *events, gpointer data);
  gpointer data;
} HeddleCliFollow;

/* Who answers a run that is followed here: without a terminal, people may do so later. */
HeddleAsking heddle_cli_follow_get_asking (HeddleAsking wanted);
/* Whether there is a terminal on which a person can say how a run goes on that stands still. */
gboolean heddle_cli_follow_check_breaks (GError **error);
/* Shows a run on the terminal to its end, asks what it asks, prints what it gives; returns the exit status. */
int heddle_cli_follow (HeddleServices *services, HeddleRun *run, const HeddleCliFollow *options);

G_END_DECLS
