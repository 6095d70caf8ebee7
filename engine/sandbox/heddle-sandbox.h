/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Runs a person's code where it can harm nothing: in namespaces of its own made by bubblewrap, without network, without
 * other processes, with no files but a small scratch folder and a read-only /usr, under limits of time, memory and output.
 * Where that cannot be made, nothing is run.
 */
typedef enum
{
  HEDDLE_SANDBOX_JAVASCRIPT,
  HEDDLE_SANDBOX_PYTHON,
} HeddleSandboxLanguage;

typedef struct
{
  HeddleSandboxLanguage language;
  const char *code;
  JsonNode *input; /* what the code sees as "input"; NULL: null */
  JsonNode *data;  /* … as "data" */
  guint timeout_ms;
  guint memory_mb;
} HeddleSandboxRequest;

/* What a program that was asked for may write to its standard output and error together. */
#define HEDDLE_SANDBOX_MAX_OUTPUT (1024 * 1024)

typedef struct
{
  JsonNode *value; /* what the code returned; NULL: it failed, see error */
  GError *error;
  char *out; /* what it wrote, valid UTF-8 */
  char *err;
  gint64 duration_us;
} HeddleSandboxResult;

void heddle_sandbox_result_free (HeddleSandboxResult *result);

/*
 * Everything of request is copied. The result tells also of code that failed (INVALID with line), or was ended by a limit
 * (TIMEOUT, LIMIT), with what it had written; finish fails only where no sandbox could be made (FAILED, with a hint) or
 * with G_IO_ERROR_CANCELLED. Completes in the caller's context; on cancel the process is gone at once.
 */
void heddle_sandbox_run_async (const HeddleSandboxRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleSandboxResult *heddle_sandbox_run_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleSandboxResult, heddle_sandbox_result_free)

G_END_DECLS
