/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-harness-knowledge.h"

#include "knowledge/heddle-knowledge.h"

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

HeddleKnowledge *
heddle_harness_new_knowledge (HeddleModels *models, const char *embedding_model)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  HeddleKnowledge *knowledge = heddle_knowledge_new (":memory:", models, &error);

  g_assert_no_error (error);
  heddle_knowledge_set_base_async (knowledge, HEDDLE_HARNESS_BASE, NULL, embedding_model, NULL, ready_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  heddle_knowledge_set_base_finish (knowledge, result, &error);
  g_assert_no_error (error);
  return knowledge;
}
