/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_SEVERITY_ERROR,   /* the workflow cannot run */
  HEDDLE_SEVERITY_WARNING, /* it can, but probably not as meant */
} HeddleSeverity;

/* Something wrong with a workflow. Immutable after creation; refcounted by g_rc_box. */
struct _HeddleProblem
{
  HeddleSeverity severity;
  char *node;    /* node id, or NULL for the whole workflow */
  char *port;    /* or NULL */
  char *param;   /* or NULL */
  char *message; /* translated sentence that says what to do */
};

HeddleProblem *heddle_problem_new (HeddleSeverity severity, const char *node, const char *port, const char *param, const char *message) G_GNUC_WARN_UNUSED_RESULT;
HeddleProblem *heddle_problem_ref (HeddleProblem *problem);
void heddle_problem_unref (HeddleProblem *problem);
/* Empty array that owns its problems. */
GPtrArray *heddle_problem_list_new (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean heddle_problem_list_has_errors (GPtrArray *problems);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleProblem, heddle_problem_unref)

G_END_DECLS
