/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * The run's input from what was given with --input, once or several times: JSON, @FILE or - for JSON in a file or from
 * standard input, FIELD=TEXT, and FIELD=@FILE for a picture or a file. Fields are added to an object given as JSON.
 */
JsonNode *heddle_cli_parse_input (const char *const *arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
