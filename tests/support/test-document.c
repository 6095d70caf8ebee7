/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-document.h"

#include "value/heddle-json.h"

char *
heddle_test_save (HeddleDocument *document)
{
  return heddle_graph_to_json (heddle_document_get_graph (document));
}

HeddleDocument *
heddle_test_new_branching (void)
{
  static const char *const edges[][3] = {
    { "start", "", "check" },
    { "check", "true", "yes" },
    { "check", "false", "no" },
    { "yes", "", "finish" },
    { "no", "", "finish" },
  };
  static const char text[] =
    "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"n\",\"nodes\":["
    "{\"id\":\"start\",\"type\":\"input\"},"
    "{\"id\":\"check\",\"type\":\"if-else\",\"params\":{\"condition\":\"$start.message === 'a'\"}},"
    "{\"id\":\"yes\",\"type\":\"template\",\"params\":{\"text\":\"Yes {{ $check.output }} {{ $start.message }}\"}},"
    "{\"id\":\"no\",\"type\":\"template\",\"params\":{\"text\":\"No $start {{ $check.output }}\"}},"
    "{\"id\":\"finish\",\"type\":\"output\"}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, -1, &error);
  HeddleDocument *document;

  g_assert_no_error (error);
  document = heddle_document_new (graph);
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      heddle_document_connect (document, edges[i][0], edges[i][1], edges[i][2], NULL, &error);
      g_assert_no_error (error);
    }
  return document;
}

void
heddle_test_set_text (HeddleDocument *document, const char *id, const char *param, const char *text)
{
  g_autoptr (JsonNode) value = heddle_json_string (text);

  heddle_document_set_param (document, id, param, value);
}
