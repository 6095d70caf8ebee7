/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/heddle-cli-follow.h"

G_BEGIN_DECLS

/* What all commands that run something can be told, as typed, or NULL; owned. */
typedef struct
{
  char *output;
  char *durability;
  char *approve;
} HeddleCliRunOptions;

#define HEDDLE_CLI_RUN_ENTRIES(options)                                                                                                                          \
  { "output", 'o', 0, G_OPTION_ARG_STRING, &(options).output, N_ ("What to print: text (default), json or events"), N_ ("FORM") },                               \
    { "durability", 0, 0, G_OPTION_ARG_STRING, &(options).durability, N_ ("How the run is stored: normal (default), full or memory"), N_ ("LEVEL") },            \
  {                                                                                                                                                              \
    "approve", 0, 0, G_OPTION_ARG_STRING, &(options).approve, N_ ("What is approved of what tools ask: ask on the terminal (default), all or none"), N_ ("WHAT") \
  }

void heddle_cli_run_options_clear (HeddleCliRunOptions *options);
/* Says how the run is to be begun and how it is followed. */
gboolean heddle_cli_run_options_parse (const HeddleCliRunOptions *options, HeddleRunOptions *run, HeddleCliFollow *follow, GError **error);

G_END_DECLS
