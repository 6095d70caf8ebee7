/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "foreign/heddle-foreign.h"
#include "fuzz-driver.h"
#include "graph/heddle-graph.h"

/* Whatever a file of another tool says, what comes of it is a workflow that can be read, checked and written. */
int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (HeddleForeignWorkflow) foreign = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *ours = heddle_foreign_to_ours ((const char *) data, (gssize) size, &foreign, &error);
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (GPtrArray) problems = NULL;

  g_assert_true (ours != NULL || error != NULL);
  if (foreign == NULL)
    return 0;
  graph = heddle_graph_new_from_json (ours, -1, &error);
  g_assert_no_error (error);
  problems = heddle_graph_validate (graph);
  for (guint i = 0; i < foreign->notes->len; i++)
    g_assert_true (g_utf8_validate (g_ptr_array_index (foreign->notes, i), -1, NULL));
  return 0;
}
