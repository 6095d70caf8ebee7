/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

enum
{
  HEDDLE_EXIT_OK = 0,
  HEDDLE_EXIT_FAILED = 1,
  HEDDLE_EXIT_USAGE = 2, /* wrong usage or invalid workflow */
  HEDDLE_EXIT_CANCELLED = 130,
};

/* One subcommand. argv[0] is its name; options are its own. */
typedef struct
{
  const char *name;
  const char *arguments; /* N_(), shown in the usage line; NULL: none */
  const char *summary;   /* N_() */
  int (*run) (int argc, char **argv);
} HeddleCliCommand;

const HeddleCliCommand *heddle_cli_find_command (const char *name);
void heddle_cli_print_help (void);

/* Parses the options of a subcommand, removing them from argv. FALSE: *status says how to exit. */
gboolean heddle_cli_parse (const char *name, const GOptionEntry *entries, int *argc, char ***argv, int *status);
/* Index of an option's word (NULL: the first) in the list. FALSE: it is none of them. */
gboolean heddle_cli_parse_word (const char *word, const char *const *words, const char *option, int *value, GError **error);
/* Prints "heddle: message" (and the hint of an error) to standard error and returns the status. */
int heddle_cli_fail (int status, const char *message);
int heddle_cli_fail_error (int status, const GError *error);
/* The same with the status that says whether something was asked for that is not there. */
int heddle_cli_fail_request (const GError *error);
/* Wrong number of arguments: says how it is used. */
int heddle_cli_fail_usage (const char *name);

/* "-": standard input. At most HEDDLE_JSON_MAX_BYTES. Transfer full. */
char *heddle_cli_read_file (const char *path, gsize *length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A workflow by path, else by id or name from the store (store may be NULL: files only). */
HeddleGraph *heddle_cli_load_graph (HeddleStore *store, const char *path_or_name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the argument means a file rather than a stored workflow. */
gboolean heddle_cli_is_file (const char *path_or_name);
/* FALSE with an error that names the option, when the workflow has no such node; NULL is none to check. */
gboolean heddle_cli_check_node (HeddleGraph *graph, const char *option, const char *node, GError **error);
/* "NAME=JSON" of --var into an object; NULL with error. */
JsonNode *heddle_cli_parse_vars (char **assignments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_cli_print_json (JsonNode *node, HeddleJsonFlags flags);
void heddle_cli_print_problems (GPtrArray *problems);
/* "2026-11-22 14:03:07" in local time. */
char *heddle_cli_format_time (gint64 microseconds) G_GNUC_WARN_UNUSED_RESULT;

int heddle_cli_run (int argc, char **argv);
int heddle_cli_resume (int argc, char **argv);
int heddle_cli_fork (int argc, char **argv);
int heddle_cli_replay (int argc, char **argv);
int heddle_cli_validate (int argc, char **argv);
int heddle_cli_nodes (int argc, char **argv);
int heddle_cli_schema (int argc, char **argv);
int heddle_cli_export (int argc, char **argv);
int heddle_cli_import (int argc, char **argv);
int heddle_cli_list (int argc, char **argv);
int heddle_cli_delete (int argc, char **argv);
int heddle_cli_versions (int argc, char **argv);
int heddle_cli_traces (int argc, char **argv);
int heddle_cli_approvals (int argc, char **argv);
int heddle_cli_answer (int argc, char **argv);
int heddle_cli_templates (int argc, char **argv);
int heddle_cli_variables (int argc, char **argv);
int heddle_cli_expr (int argc, char **argv);
int heddle_cli_serve (int argc, char **argv);
int heddle_cli_activate (int argc, char **argv);
int heddle_cli_deactivate (int argc, char **argv);
int heddle_cli_credentials (int argc, char **argv);
int heddle_cli_knowledge (int argc, char **argv);
int heddle_cli_mcp (int argc, char **argv);
int heddle_cli_prices (int argc, char **argv);
int heddle_cli_memory (int argc, char **argv);
int heddle_cli_conversations (int argc, char **argv);
int heddle_cli_cache (int argc, char **argv);

G_END_DECLS
